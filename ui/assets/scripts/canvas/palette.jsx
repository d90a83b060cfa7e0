// The palette finds a node type by words: what was used last first, then what fits best. Enter puts the node on the canvas, connected to
// where the palette was opened from. The same list finds the node that a connection shall lead to.
import {useEffect, useMemo, useRef, useState} from "preact/hooks"
import {insert, freePlace, freshNode, nodeOf, openOutput, outputsOf, remove, step, addNode, refusal, connect, inputsOf} from "./model.js"
import {groupSelected} from "./actions.js"
import {isFrame, refit, within} from "./frames.js"
import {Icon} from "./icon.jsx"
import {commit, get, page, say, select, set, useStore} from "./store.js"
import {viewport} from "./viewport.js"

const memory = "node types"
const recent = () => JSON.parse(localStorage.getItem(memory) || "[]")
const remember = name => localStorage.setItem(memory, JSON.stringify([name, ...recent().filter(one => one !== name)].slice(0, 6)))

// openPalette opens it behind an output, on a connection, at a place of the canvas, or alone. Without any of them the node comes
// behind the one that is selected.
export function openPalette(where = {}) {
  const {graph, selected} = get()
  if (!where.from && !where.connection && !where.alone && selected.length === 1) {
    const node = nodeOf(graph, selected[0]), output = node && outputsOf(graph, node).length && openOutput(graph, page.types, node)
    if (output) where = {...where, from: node.id, output}
    else if (node && outputsOf(graph, node).length) {
      const onward = graph.connections.find(one => one.from_node === node.id)
      where = {...where, connection: onward?.id}
    }
  }
  set({palette: where, joining: false})
}

// openJoining lets the selected node be connected to one that is there.
export function openJoining() {
  const {graph, selected} = get(), node = selected.length === 1 && nodeOf(graph, selected[0])
  if (!node || !outputsOf(graph, node).length) return say("Select the node that the connection begins at.")
  set({palette: {from: node.id, output: openOutput(graph, page.types, node) ?? outputsOf(graph, node)[0]}, joining: true})
}

const rankOf = (words, title, rest) => {
  let rank = 0
  for (const word of words) {
    const name = title.toLowerCase(), place = name.indexOf(word)
    if (place === 0) rank += 4
    else if (place > 0) rank += name[place - 1] === " " ? 3 : 2
    else if (rest.toLowerCase().includes(word)) rank += 1
    else return -1
  }
  return rank
}

function found(words, options) {
  const split = words.toLowerCase().split(/\s+/).filter(Boolean)
  return options.map((option, index) => ({option, index, rank: rankOf(split, option.title, `${option.group} ${option.help} ${option.name}`)}))
    .filter(one => one.rank >= 0).sort((a, b) => b.rank - a.rank || a.index - b.index).map(one => one.option)
}

function typesFor(where) {
  const used = recent(), hasTrigger = get().graph.nodes.some(node => page.types.get(node.type)?.trigger)
  const follows = where.from || where.connection
  const all = [...page.types.values()]
  const order = type => {
    const place = used.indexOf(type.name)
    if (follows && (type.trigger || type.note)) return 100
    if (!hasTrigger && !follows) return type.trigger ? -100 : 0
    return place >= 0 ? place - 50 : type.trigger ? 50 : 0
  }
  return all.sort((a, b) => order(a) - order(b)).map(type => ({...type, key: type.name, isRecent: used.includes(type.name)}))
}

function nodesFor(where) {
  const {graph} = get()
  return graph.nodes.flatMap(node => inputsOf(graph, node.id).map(input => {
    const type = page.types.get(node.type), name = input === "main" ? node.name : `${node.name}, input ${input}`
    const there = graph.connections.find(one => one.from_node === where.from && one.from_output === where.output && one.to_node === node.id && one.to_input === input)
    if (there) {
      return {key: `${node.id} ${input}`, node: node.id, title: name, name: "disconnect", icon: "unlink", tone: "bad", group: "", help: "Is connected. Choose it to take the connection away.", there}
    }
    const refused = refusal(graph, page.types, {from: where.from, output: where.output, to: node.id, input})
    return {key: `${node.id} ${input}`, node: node.id, input, title: name, name: node.type, icon: type?.icon ?? "box", tone: type?.tone, group: type?.title ?? "", help: refused.split(". ")[0], refused}
  })).filter(option => option.node !== where.from)
}

export function Palette() {
  const where = useStore(state => state.palette)
  return where && <Open where={where} />
}

function Open({where}) {
  const joining = useStore(state => state.joining), dialog = useRef(), list = useRef()
  const [words, setWords] = useState(""), [index, setIndex] = useState(0), [output, setOutput] = useState(where.output)
  const options = useMemo(() => joining ? nodesFor({...where, output}) : typesFor(where), [where, joining, output])
  const shown = useMemo(() => found(words, options), [words, options])
  const chosen = shown[Math.min(index, shown.length - 1)]
  const {graph} = get(), source = where.from && nodeOf(graph, where.from), outputs = source ? outputsOf(graph, source) : []
  const close = () => set({palette: null})
  useEffect(() => {
    dialog.current.showModal()
    dialog.current.querySelector("input").focus()
  }, [])
  useEffect(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({block: "nearest"}), [chosen])
  const take = option => {
    if (!option || option.refused) return option && say(option.refused)
    close()
    if (option.there) part(option.there)
    else if (joining) join({from: where.from, output, to: option.node, input: option.input})
    else place(option, {...where, output})
    viewport.focus()
  }
  const onKeyDown = event => {
    const by = {ArrowDown: 1, ArrowUp: -1}[event.key]
    if (event.target.tagName === "SELECT") return
    if (by && shown.length) setIndex((Math.min(index, shown.length - 1) + by + shown.length) % shown.length)
    else if (event.key === "Enter") take(chosen)
    else return
    event.preventDefault()
  }
  const label = joining ? "Connect to" : "Add a node"
  return <dialog ref={dialog} class="palette node-palette" aria-label={label} onClose={close} onKeyDown={onKeyDown} onClick={event => event.target === dialog.current && close()}>
    <div class="form-like">
      <div class="search"><Icon name="search" /><input class="input" role="combobox" placeholder={label} aria-label={label} aria-autocomplete="list" aria-controls="node-types"
        aria-expanded={String(shown.length > 0)} aria-activedescendant={chosen ? `type-${shown.indexOf(chosen)}` : ""} autocomplete="off" spellcheck={false} value={words}
        onInput={event => {
          setWords(event.target.value)
          setIndex(0)
        }} /></div>
      {source && <p class="palette-from">{joining ? "From" : "After"} <b>{source.name}</b>{outputs.length > 1 && <select aria-label="Output" value={output} onChange={event => setOutput(event.target.value)}>
        {outputs.map(name => <option value={name}>{name}</option>)}</select>}</p>}
      {where.connection && <p class="palette-from">{between(where.connection)}</p>}
      {shown.length > 0 ? <div ref={list} id="node-types" class="offers" role="listbox" aria-label={joining ? "Nodes" : "Node types"}>
        {shown.map((option, place) => <div key={option.key} id={`type-${place}`} class={`entry type ${option.refused ? "refused" : ""}`} role="option" aria-selected={String(option === chosen)}
          aria-disabled={option.refused ? "true" : undefined} onClick={() => take(option)}>
          <span class={`tile ${option.tone || "idle"}`}><Icon name={option.icon} /></span>
          <span class="label"><b>{option.title}</b><span class="line">{option.help}</span></span>
          {option.isRecent && !words ? <small class="soft">recent</small> : <small class="soft">{option.group}</small>}</div>)}
      </div> : <p class="palette-none">Nothing is called “{words}”.</p>}
    </div>
  </dialog>
}

function part(connection) {
  const {graph} = get()
  commit("disconnect", remove(graph, [], [connection.id]))
  say(`${nodeOf(graph, connection.from_node).name} no longer leads to ${nodeOf(graph, connection.to_node).name}.`)
}

function between(id) {
  const {graph} = get(), wire = graph.connections.find(one => one.id === id)
  return <>Between <b>{nodeOf(graph, wire?.from_node)?.name}</b> and <b>{nodeOf(graph, wire?.to_node)?.name}</b></>
}

function join(wanted) {
  const {graph} = get()
  commit("connect", connect(graph, wanted))
  say(`${nodeOf(graph, wanted.from).name} is connected to ${nodeOf(graph, wanted.to).name}.`)
}

// place puts a node of a type where the palette was opened for.
export function place(type, where) {
  if (isFrame({type: type.name}) && get().selected.length && !where.at) return groupSelected()
  if (type.trigger || type.note) where = {at: where.at} // nothing leads to it
  const {graph} = get(), wire = where.connection && graph.connections.find(one => one.id === where.connection)
  const source = nodeOf(graph, wire?.from_node ?? where.from)
  let position = where.at ?? (source ? {x: source.position.x + step, y: source.position.y} : viewport.middle())
  if (source && !where.at && !wire) {
    const outputs = outputsOf(graph, source), shift = outputs.length > 1 ? (outputs.indexOf(where.output) - (outputs.length - 1) / 2) * 112 : 0
    position.y += Math.round(shift / 8) * 8
  }
  if (wire) {
    const target = nodeOf(graph, wire.to_node)
    if (target.position.x - source.position.x >= 2 * step) position = {x: Math.round((source.position.x + target.position.x) / 16) * 8, y: Math.round((source.position.y + target.position.y) / 16) * 8}
    else position.y = target.position.x > source.position.x ? target.position.y : position.y
  } else if (!where.at) position = freePlace(graph, position)
  const node = freshNode(graph, type, {x: Math.round(position.x), y: Math.round(position.y)})
  remember(type.name)
  const added = where.from || where.connection ? insert(graph, page.types, node, type.look, where) : addNode(graph, node, type.look)
  // What is added behind a node of a group belongs to it as well.
  const joins = frame => source && !where.at && within(graph, page.types, frame).includes(source.id) ? [node.id] : []
  commit(`add “${node.name}”`, refit(graph, added, page.types, true, joins))
  select([node.id])
  viewport.show(node.id)
  say(`${node.name} was added${source ? ` after ${source.name}` : ""}.`)
}

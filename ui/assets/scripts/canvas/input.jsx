// What a run by hand begins with: the items of a trigger, typed or taken from the last execution or a sample. They are pinned to the
// trigger, so that the next run has them too, or given to this run alone. What was typed is never lost while the page is open.
import {useEffect, useRef, useState} from "preact/hooks"
import {api, parse} from "./api.js"
import {Icon} from "./icon.jsx"
import {nodeOf, ordered, sorted, updateNode} from "./model.js"
import {flush} from "./panel.jsx"
import {start} from "./run.js"
import {stored} from "./save.js"
import {commit, get, page, set, useStore} from "./store.js"
import {viewport} from "./viewport.js"

const largestPin = 200_000, triggers = graph => ordered(graph, page.types).filter(node => page.types.get(node.type)?.trigger && !node.disabled)
const typed = new Map()

const written = items => JSON.stringify(items.length === 1 ? items[0] : items, null, 2)

// openInput opens the dialog for a trigger, or for the one that a run begins with.
export function openInput(id) {
  const {graph, run, selected} = get(), all = triggers(graph)
  if (!page.mayRun || run && !run.over || !all.length) return
  const wanted = all.find(node => node.id === (id ?? selected[0])) ?? all.find(node => node.type === "trigger.manual") ?? all[0]
  set({input: wanted.id})
}

// read gives the items of a text, or what is wrong with it and where.
export function read(text) {
  if (!text.trim()) return {items: null}
  let given
  try { given = parse(text) } catch (error) { return placed(error.message, text) }
  const items = Array.isArray(given) ? given : [given], isObject = one => one !== null && typeof one === "object" && !Array.isArray(one) && !JSON.isRawJSON?.(one)
  const other = items.findIndex(one => !isObject(one))
  if (other < 0) return {items}
  return {wrong: Array.isArray(given) ? `Entry ${other + 1} is no object: write a list of objects, one for each item.` : "Write an object, or a list of objects: one for each item."}
}

// Browsers say where a text is wrong, each in its own words.
function placed(message, text) {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? []
  const [, offset] = /position (\d+)/.exec(message) ?? [], rows = text.split("\n")
  const at = line ? rows.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + Number(column) - 1 : offset ? Number(offset) : /end of/i.test(message) ? text.length : undefined
  if (at === undefined) return {wrong: "This is not valid JSON."}
  const before = text.slice(0, at).split("\n")
  const hint = at >= text.trimEnd().length ? "it ends too early" : `something else is expected before ${JSON.stringify(text.slice(at, at + 12).trim().split("\n")[0])}`
  return {at, wrong: `This is not valid JSON: in line ${before.length}, at character ${before.at(-1).length + 1}, ${hint}.`}
}

const problemOf = (text, keep) => read(text).wrong ||
  (keep && text.length > largestPin ? "This is too much to be pinned. Take the check mark away to give it to this run alone." : "")

export const Input = () => {
  const id = useStore(({input, graph}) => input && nodeOf(graph, input) ? input : null)
  return id && <Open key={id} id={id} />
}

function useOpenings() {
  const [openings, setOpenings] = useState({})
  useEffect(() => {
    // What the settings of the trigger say is on the server once the draft is.
    flush().then(stored).catch(() => {}).then(() => api("GET", `workflows/${page.id}/inputs`))
      .then(all => setOpenings(Object.fromEntries(all.map(one => [one.node_id, one]))), error => setOpenings({refused: error.message}))
  }, [])
  return openings
}

function Open({id}) {
  const dialog = useRef(), field = useRef(), openings = useOpenings(), opening = openings[id]
  const graph = useStore(state => state.graph), node = nodeOf(graph, id), all = triggers(graph)
  const [text, setText] = useState(typed.get(id) ?? (node.pin ? written([node.pin].flat()) : "")), [before, setBefore] = useState(null)
  // What is wrong is told once somebody tried to run it, and then for each letter.
  const [refused, refuse] = useState(false), [keep, setKeep] = useState(true), wrong = refused && problemOf(text, keep)
  useEffect(() => {
    dialog.current.showModal()
    field.current.focus()
  }, [])
  const write = text => {
    typed.set(id, text)
    setText(text)
  }
  // Where nothing was typed or pinned, the dialog begins with what there is.
  useEffect(() => {
    if (opening && !typed.has(id) && !text) setText(written(opening.last?.items ?? opening.sample))
  }, [opening])
  const fill = items => {
    if (typed.has(id) && text.trim() && text !== written(items)) setBefore(text)
    write(written(items))
    field.current.focus()
  }
  const close = () => {
    set({input: null})
    viewport.focus()
  }
  const run = () => {
    const {items, at} = read(text)
    if (problemOf(text, keep)) {
      refuse(true)
      field.current.focus()
      if (at !== undefined) field.current.setSelectionRange(at, at)
      return
    }
    const pin = items && keep ? items : undefined
    if ((keep || !items) && sorted(pin) !== sorted(node.pin)) {
      commit(pin ? `pin “${node.name}”` : `unpin “${node.name}”`, updateNode(get().graph, id, {pin}))
    }
    close()
    start({trigger: id, ...items && !keep && {input: items}})
  }
  const onKeyDown = event => {
    if (event.key !== "Enter" || !event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    run()
  }
  return <dialog ref={dialog} class="wide run-input" aria-labelledby="run-input-title" onClose={close} onKeyDown={onKeyDown}>
    <h2 id="run-input-title">Run with an input</h2>
    {all.length > 1 && <p class="field"><label for="run-input-trigger">Begin with</label><select id="run-input-trigger" value={id} onChange={event => set({input: event.target.value})}>
      {all.map(one => <option value={one.id}>{one.name}</option>)}</select></p>}
    <div class="field"><label for="run-input-items">Items of “{node.name}”</label>
      <textarea ref={field} id="run-input-items" class="code" rows={12} spellcheck={false} autocapitalize="off" autocomplete="off" value={text} aria-invalid={wrong ? "true" : undefined}
        aria-describedby={`run-input-help ${wrong ? "run-input-error" : ""}`} onInput={event => write(event.target.value)} />
      {wrong && <p class="error" id="run-input-error" role="alert">{wrong}</p>}
      <p class="help" id="run-input-help">JSON: an object, or a list of objects, one for each item. Empty for none.</p></div>
    <p class="run-offers" role="group" aria-label="Fill in">
      {opening?.last?.items && <Offer icon="history" press={() => fill(opening.last.items)}>The last execution's</Offer>}
      {opening && <Offer icon="sparkles" press={() => fill(opening.sample)}>A sample</Offer>}
      {node.pin && <Offer icon="pin" press={() => fill([node.pin].flat())}>What is pinned</Offer>}
      {before !== null && before !== text && <Offer icon="undo-2" press={() => {
        write(before)
        setBefore(null)
      }}>What I typed</Offer>}
      {openings.refused && <span class="soft small">{openings.refused}</span>}
      {opening?.last && !opening.last.items && <span class="soft small">The last execution began with more than can be edited here.</span>}</p>
    <label class="choice"><input type="checkbox" checked={keep} onChange={event => setKeep(event.target.checked)} />Pin it to “{node.name}”, so that the next runs of the draft begin with it too</label>
    <div class="buttons"><button type="button" class="button" onClick={close}>Cancel</button>
      <button type="button" class="button primary" onClick={run}><Icon name="play" />Run</button></div>
  </dialog>
}

const Offer = ({icon, press, children}) => <button type="button" class="button small" onClick={press}><Icon name={icon} />{children}</button>

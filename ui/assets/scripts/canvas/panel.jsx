// The panel of the selected node. Its form comes from the server, which also reads it: this part only sends what was typed and takes the
// node that the server made of it. Beside it stand the items that came in and went out in the last run.
import {Idiomorph} from "idiomorph"
import {useEffect, useRef, useState} from "preact/hooks"
import {parse, post} from "./api.js"
import {complete} from "./complete.js"
import {Data} from "./data.jsx"
import {Icon} from "./icon.jsx"
import {nodeOf, sorted, updateNode} from "./model.js"
import {preview} from "./preview.js"
import {loadData} from "./run.js"
import {commit, get, page, say, set, useStore} from "./store.js"
import {viewport} from "./viewport.js"

// flush sends what was typed a moment ago and waits for what is on its way, so that nobody runs a node without it.
let sender, outstanding = Promise.resolve()
export async function flush() {
  sender?.()
  await outstanding
}

let lastField
export function insertExpression(text) {
  const field = lastField?.isConnected ? lastField : document.querySelector(".node-form [data-expression]")
  if (!field) return say("This node has no field that takes an expression.")
  field.focus()
  field.setRangeText(text, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, "end")
  field.dispatchEvent(new Event("input", {bubbles: true}))
}

// known is what the server can't know of a node that is not stored: the names of the others, and what it refused.
const known = id => ({
  taken: JSON.stringify(get().graph.nodes.filter(node => node.id !== id).map(node => node.name)), refused: JSON.stringify(get().broken[id] ?? {}),
})

// kept is the node that the server read, with what became another while that was on its way: its place, a pin, being off.
function kept(read, was, now) {
  const next = {...read, position: now.position}
  for (const name of new Set([...Object.keys(was), ...Object.keys(now)])) if (sorted(was[name]) !== sorted(now[name])) next[name] = now[name]
  return next
}

function useForm(id) {
  const host = useRef(), box = useRef(), own = useRef(), waiting = useRef(), edited = useRef(0), [refused, setRefused] = useState("")
  const node = useStore(({graph}) => nodeOf(graph, id))
  const problems = useStore(({problems, broken}) => JSON.stringify([problems.filter(one => one.node === id), broken[id]]))

  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".node-form")
    const form = host.current?.querySelector(".node-form")
    if (!fresh || !host.current) return fresh
    if (form) {
      Idiomorph.morph(form, fresh.cloneNode(true), {morphStyle: "outerHTML", ignoreActiveValue: true, callbacks: {
        beforeAttributeUpdated: (name, element, change) => !(change === "remove" && /^(open|hidden|aria-(a|c).*)$/.test(name)),
        beforeNodeRemoved: element => !element.matches?.(".expression-result, .completions"),
      }})
    } else host.current.replaceChildren(fresh.cloneNode(true))
    document.dispatchEvent(new CustomEvent("fragment", {detail: host.current.firstElementChild}))
    preview(id, host.current.firstElementChild)
    return fresh
  }

  async function load(node) {
    const asked = edited.current
    try {
      const html = await (await post("node", {node: JSON.stringify(node), ...known(id)})).text()
      if (asked === edited.current && !waiting.current) show(html)
      setRefused("")
    } catch (error) { setRefused(error.message) }
  }

  const send = name => outstanding = Promise.all([outstanding, take(name)])

  async function take(name) {
    clearTimeout(waiting.current)
    waiting.current = undefined
    const form = box.current?.querySelector(".node-form"), asked = ++edited.current // also when the panel is just gone
    const was = nodeOf(get().graph, id)
    if (!form || !was) return
    const body = new URLSearchParams(new FormData(form))
    for (const [name, value] of Object.entries(known(id))) body.set(name, value)
    try {
      const html = await (await post("node", body)).text()
      if (asked !== edited.current) return // what was typed since then is on its way
      const fresh = !waiting.current && host.current ? show(html) : new DOMParser().parseFromString(html, "text/html").querySelector(".node-form")
      const before = nodeOf(get().graph, id), read = parse(fresh.dataset.node)
      if (!before) return
      // A name that is taken waits until it is changed.
      if (!read.name || get().graph.nodes.some(one => one.id !== id && one.name === read.name)) read.name = before.name
      const next = kept(read, was, before)
      if (before === was) own.current = next
      if (sorted(next) !== sorted(before)) commit(`edit “${before.name}”`, replaceNode(get().graph, next, parse(fresh.dataset.look)), `${id} ${name}`)
      setRefused("")
    } catch (error) { setRefused(error.message) }
  }

  useEffect(() => {
    const {current} = host
    box.current = current
    const later = event => {
      if (event.target.role === "combobox" && event.target.closest("[data-lookup]") && event.type === "input") return
      clearTimeout(waiting.current)
      waiting.current = setTimeout(send, event.type === "change" ? 0 : 400, event.target.name)
    }
    const focus = event => event.target.matches("[data-expression]") && (lastField = event.target)
    current.addEventListener("input", later)
    current.addEventListener("change", later)
    current.addEventListener("focusin", focus)
    current.addEventListener("submit", event => event.preventDefault())
    const ended = complete(current, id)
    const typed = sender = () => waiting.current && send()
    return () => {
      ended()
      typed()
      if (sender === typed) sender = undefined
    }
  }, [id])
  const data = useStore(state => state.data)
  useEffect(() => { if (host.current?.firstElementChild) preview(id, host.current.firstElementChild) }, [data])
  // The form shows what is there: also after a step back, a key, or another problem.
  useEffect(() => { if (node && node !== own.current) load(node) }, [node])
  useEffect(() => { if (node && host.current?.firstElementChild) load(node) }, [problems])
  return {host, refused}
}

const replaceNode = (graph, node, look) => updateNode({...graph, nodes: graph.nodes.map(one => one.id === node.id ? node : one)}, node.id, {}, look)

export function Panel() {
  const id = useStore(({panel, selected}) => panel && selected.length === 1 ? selected[0] : null)
  const isThere = useStore(({graph}) => id && Boolean(nodeOf(graph, id)))
  return isThere ? <Open key={id} id={id} /> : null
}

// widen shows the data next to the settings, or hides it; the node stays in sight.
export function widen() {
  const {wide, selected} = get()
  if (selected.length !== 1) return
  set({panel: true, wide: !wide})
  viewport.show(selected[0])
}

export function closePanel() {
  set({panel: false, wide: false})
  viewport.focus()
}

function Open({id}) {
  const {host, refused} = useForm(id), [tab, setTab] = useState("settings"), whole = useRef()
  const node = useStore(({graph}) => nodeOf(graph, id)), wide = useStore(state => state.wide)
  const type = page.types.get(node.type)
  useEffect(() => { loadData() }, [id])
  const tabs = type?.note ? [] : [["settings", "Settings"], ["input", "Input"], ["output", "Output"]]
  return <aside class={`node-panel ${wide ? "wide" : ""}`} aria-label={`Settings of ${node.name}`} ref={whole} onKeyDown={event => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest("[role=combobox][aria-expanded=true]")) closePanel()
  }}>
    <header>
      <span class={`tile ${type?.tone || "idle"}`}><Icon name={type?.icon ?? "box"} /></span>
      <h2>{node.name}</h2>
      {type && <a class="button quiet small" href={type.docs} target="_blank" rel="noopener" aria-label={`Documentation of ${type.title}`}><Icon name="book-open" /></a>}
      {!type?.note && <button type="button" class="button quiet small square widens" aria-pressed={String(wide)} aria-label="Show input and output next to the settings" onClick={widen}><Icon name="columns-3" /></button>}
      <button type="button" class="button quiet small square" aria-label="Close the panel" onClick={closePanel}><Icon name="x" /></button>
    </header>
    {!wide && tabs.length > 0 && <div class="tabs" role="tablist" aria-label="Of this node">{tabs.map(([key, label]) =>
      <button type="button" role="tab" id={`tab-${key}`} aria-selected={String(tab === key)} aria-controls={`part-${key}`} tabIndex={tab === key ? 0 : -1} onClick={() => setTab(key)}
        onKeyDown={event => {
          const by = {ArrowRight: 1, ArrowLeft: -1}[event.key]
          if (!by) return
          event.preventDefault()
          const next = tabs[(tabs.findIndex(one => one[0] === tab) + by + 3) % 3][0]
          setTab(next)
          whole.current.querySelector(`#tab-${next}`).focus()
        }}>{label}</button>)}</div>}
    <div class="panel-parts">
      {(wide || tab === "input") && !type?.note && <Side id={id} side="input" title="Input" wide={wide} />}
      <section class="panel-part" id="part-settings" role={tabs.length && !wide ? "tabpanel" : undefined} aria-labelledby={tabs.length && !wide ? "tab-settings" : undefined}
        aria-label={tabs.length && !wide ? undefined : "Settings"} hidden={!wide && tab !== "settings"}>
        {type && <p class="soft small about">{type.help}</p>}
        {refused && <div class="strip bad" role="alert"><Icon name="circle-alert" /><div class="text">{refused}</div></div>}
        <div ref={host} />
      </section>
      {(wide || tab === "output") && !type?.note && <Side id={id} side="output" title="Output" wide={wide} />}
    </div>
  </aside>
}

// Side is what came in or went out: a tab, or a column of the wide panel.
const Side = ({id, side, title, wide}) => <section class="panel-part" id={`part-${side}`} role={wide ? undefined : "tabpanel"}
  aria-labelledby={wide ? undefined : `tab-${side}`} aria-label={wide ? title : undefined}>{wide && <h3>{title}</h3>}<Data id={id} side={side} /></section>

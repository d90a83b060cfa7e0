// The state of the island. Parts read it with useStore and are drawn again when what they read changed. Every change of the graph
// goes through commit, which is what makes undo whole.
import {useLayoutEffect, useReducer, useRef} from "preact/hooks"

let state = {
  graph: {nodes: [], connections: [], looks: {}}, past: [], future: [],
  // What is selected: the ids of nodes, and of connections.
  selected: [], wires: [],
  problems: [], listed: false, listening: null, broken: {}, ahead: false, saved: "saved", refused: "", conflict: null,
  // The panel is open for the selected node; wide shows its data on both sides.
  panel: false, wide: false, outline: false, palette: null, joining: false, help: false, input: null,
  // Who else has this editor open.
  others: [],
  notice: null, run: null, data: null, said: "",
}
const listeners = new Set()

export const get = () => state

export function set(change) {
  state = {...state, ...change}
  for (const listener of [...listeners]) listener()
}

export function subscribe(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useStore(select) {
  const [, redraw] = useReducer(count => count + 1, 0)
  const value = select(state), seen = useRef()
  seen.current = {select, value}
  useLayoutEffect(() => {
    const check = () => Object.is(seen.current.select(state), seen.current.value) || redraw()
    check()
    return subscribe(check)
  }, [])
  return value
}

// What the page says of itself and never changes: ids, the types of nodes, what the person may do.
export const page = {types: new Map()}

const mostSteps = 200
let lastKey, changed = () => {}

export const onChange = listener => { changed = listener }

// commit takes a new graph. Changes with the same key that follow one another are one step back.
export function commit(label, graph, key) {
  if (graph === state.graph) return
  const joins = key && key === lastKey && state.past.length
  lastKey = key
  set({graph, past: joins ? state.past : [...state.past.slice(-mostSteps), {label, graph: state.graph}], future: [], refused: ""})
  changed()
}

export function undo() {
  const last = state.past.at(-1)
  if (!last) return say("There is nothing to undo.")
  lastKey = undefined
  set({graph: last.graph, past: state.past.slice(0, -1), future: [{label: last.label, graph: state.graph}, ...state.future], ...kept(last.graph)})
  say(`Undone: ${last.label}`)
  changed()
}

export function redo() {
  const [next, ...rest] = state.future
  if (!next) return say("There is nothing to redo.")
  lastKey = undefined
  set({graph: next.graph, past: [...state.past, {label: next.label, graph: state.graph}], future: rest, ...kept(next.graph)})
  say(`Redone: ${next.label}`)
  changed()
}

// A step may take away what is selected.
function kept(graph) {
  const selected = state.selected.filter(id => graph.nodes.some(node => node.id === id))
  return {selected, wires: [], panel: state.panel && selected.length === 1}
}

export function select(nodes, wires = []) {
  set({selected: nodes, wires, panel: state.panel && nodes.length === 1})
}

// say is read out to those who listen, and is not shown.
export function say(text) { set({said: text}) }

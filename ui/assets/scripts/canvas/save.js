// The draft stores itself a moment after each change, with the version that it was made from. Where somebody else stored another one in
// between, nothing is overwritten: the canvas stops storing and asks which one to go on with.
import {api, fetched, outlives} from "./api.js"
import {sorted} from "./model.js"
import {get, onChange, page, say, set} from "./store.js"

const quiet = 1000, later = 5000
let timer, busy = false, dirty = false, version, base

// base is the drawing that the version has, so that a new version of the same one, such as a published one, is no conflict.
const drawing = ({nodes, connections}) => sorted([nodes, connections])

export function begin(first) {
  version = first
  base = get().graph
  onChange(schedule)
  addEventListener("beforeunload", event => {
    if (!dirty) return
    const {graph, saved} = get(), isLarge = JSON.stringify([graph.nodes, graph.connections]).length > outlives
    if (busy || isLarge || saved === "failed" || saved === "conflict") event.preventDefault()
    else store()
  })
  document.addEventListener("visibilitychange", () => document.hidden && dirty && store())
  addEventListener("online", () => dirty && store())
  document.querySelector("[data-changes]").addEventListener("live", follow)
}

// follow shows what somebody else stored, while there is nothing of one's own to lose.
async function follow() {
  if (dirty || busy || get().conflict) return
  const state = await read().catch(() => null)
  if (!state || dirty || busy || state.version === version) return
  version = state.version
  base = state
  const {graph, past, selected} = get(), nodes = state.nodes.filter(node => selected.includes(node.id)).map(node => node.id)
  const changed = drawing(state) !== drawing(graph)
  set({problems: state.problems, ahead: state.ahead})
  if (!changed) return
  set({
    graph: {nodes: state.nodes, connections: state.connections, looks: state.looks}, past: [...past, {label: "what somebody else changed", graph}], future: [],
    selected: nodes, wires: [], panel: get().panel && nodes.length === 1,
  })
  say("Somebody else changed this workflow. The canvas shows it.")
}

function schedule() {
  dirty = true
  if (get().saved !== "conflict") set({saved: "waiting"})
  clearTimeout(timer)
  timer = setTimeout(store, quiet)
}

// storeNow does not wait for the moment of quiet.
export const storeNow = () => dirty && store()

// stored resolves when everything that was changed until now is on the server, and fails when that was refused.
export async function stored() {
  while (dirty || busy) {
    await store()
    if (get().saved === "failed" || get().saved === "conflict") throw new Error(get().refused || "The draft could not be saved.")
  }
}

let running = Promise.resolve()

function store() {
  clearTimeout(timer)
  if (get().saved === "conflict") return running
  if (!busy) running = write()
  return running
}

async function write() {
  if (!dirty) return
  busy = true
  dirty = false
  const {graph} = get()
  set({saved: "saving"})
  try {
    const row = await api("PATCH", `workflows/${page.id}`, {nodes: graph.nodes, connections: graph.connections}, {"If-Match": `"${version}"`})
    version = row.version
    base = graph
    take(await read(), graph)
    set({saved: dirty ? "waiting" : "saved", refused: ""})
  } catch (error) {
    dirty = true
    if (error.status === 412) await oppose()
    else {
      set({saved: "failed", refused: error.message, broken: refusedNodes(error, graph)})
      if (error.status === 0 || error.status >= 500 || error.status === 429) timer = setTimeout(store, later)
    }
  }
  busy = false
  if (dirty && get().saved === "waiting") schedule()
}

const read = () => fetched("canvas")

// take adds what the server makes of the stored draft. What was changed since then stays.
function take(state, graph) {
  const looks = {...get().graph.looks}
  for (const node of graph.nodes) if (get().graph.nodes.includes(node)) looks[node.id] = state.looks[node.id] ?? looks[node.id]
  set({graph: {...get().graph, looks}, problems: state.problems, ahead: state.ahead, broken: {}})
}

// The server names a field by the place of its node; people know the node.
function refusedNodes(error, graph) {
  const broken = {}
  for (const one of Array.isArray(error.fields) ? error.fields : []) {
    const [, place] = /^nodes\.(\d+)\./.exec(one.field) ?? []
    const id = graph.nodes[place]?.id
    if (id) (broken[id] ??= {})[one.field.slice(`nodes.${place}.`.length)] = one.message
  }
  return broken
}

async function oppose() {
  const theirs = await read().catch(() => null)
  if (!theirs) return set({saved: "failed", refused: "The server can't be reached. The workflow is kept on this page."})
  if (drawing(theirs) === drawing(base)) {
    version = theirs.version
    return set({saved: "waiting"})
  }
  set({saved: "conflict", conflict: theirs, refused: "Somebody else changed this workflow."})
  say("Somebody else changed this workflow. Choose which one to go on with.")
}

// settle ends a conflict: with mine, which is stored over theirs, or with theirs, to which mine is one step back.
export function settle(mine) {
  const theirs = get().conflict
  version = theirs.version
  base = theirs
  set({saved: "waiting", conflict: null, refused: ""})
  if (mine) {
    dirty = true
    say("Your version is being stored.")
    return store()
  }
  dirty = false
  const {graph, past} = get()
  set({
    graph: {nodes: theirs.nodes, connections: theirs.connections, looks: theirs.looks}, past: [...past, {label: "take the stored version", graph}], future: [],
    problems: theirs.problems, ahead: theirs.ahead, saved: "saved", selected: [], wires: [], panel: false,
  })
  say("The stored version is shown.")
}

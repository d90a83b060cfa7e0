// Running the draft: starting it, following its events, and what they make of the nodes. The items come with one read at the end.
import {api} from "./api.js"
import {nodeOf} from "./model.js"
import {flush} from "./panel.jsx"
import {stored} from "./save.js"
import {get, page, say, set} from "./store.js"

let source

const finished = ["succeeded", "failed", "cancelled"]

// start runs the draft: the whole of it, from a trigger with an input, up to a node, from a node with what ran before it, or a node alone.
export async function start({to, from, trigger, input} = {}) {
  if (!page.mayRun || get().run && !get().run.over) return
  set({notice: null, run: {id: "", status: "starting", nodes: {}, items: {}, since: Date.now(), over: false}})
  try {
    await flush()
    await stored()
    const again = from && await lastFinished()
    const {id} = again
      ? await api("POST", `executions/${again}/retry`, {from: "node", node: from, version: "draft", ...to && {to}})
      : await api("POST", `workflows/${page.id}/execute`, {draft: true, ...to && {to}, ...trigger && {trigger}, ...input && {input}})
    set({run: {...get().run, id, status: "queued"}})
    follow(id)
  } catch (error) {
    set({run: null, listed: get().problems.length > 0, notice: {tone: "bad", text: `It can't run yet: ${error.message}`}})
  }
}

// What runs from a node takes what ran before it from an execution that is over.
async function lastFinished() {
  const id = page.last
  if (!id) throw new Error("Run the whole workflow first; what ran before the node is taken from there.")
  const view = get().data?.id === id ? get().data : await api("GET", `executions/${id}`)
  if (!finished.includes(view.status)) throw new Error("The last run is not over yet.")
  return id
}

export async function stop() {
  const {run} = get()
  if (!run?.id || run.over) return
  try {
    await api("POST", `executions/${run.id}/cancel`)
    say("The run is told to stop.")
  } catch (error) { set({notice: {tone: "bad", text: `It could not be stopped: ${error.message}`}}) }
}

// listenForCall lets the webhooks of the draft take one call at their test addresses. What that starts is shown like any other run.
export async function listenForCall() {
  set({notice: null})
  try {
    await flush()
    await stored()
    set({listening: await api("POST", `workflows/${page.id}/listen`)})
    say("The draft waits for one call.")
  } catch (error) { set({listed: get().problems.length > 0, notice: {tone: "bad", text: `It can't listen yet: ${error.message}`}}) }
}

// awaitCalls looks for the execution of such a call when the page is told that executions changed.
export function awaitCalls() {
  document.querySelector("[data-calls]").addEventListener("live", async () => {
    if (!get().listening) return
    const [newest] = await api("GET", `executions?filter[workflow_id]=${page.id}&limit=1`).catch(() => [])
    if (!newest || newest.id === page.last || !get().listening) return
    page.last = newest.id
    set({listening: null, run: {id: newest.id, status: "running", nodes: {}, items: {}, since: Date.now(), over: false}})
    say("The call came.")
    follow(newest.id)
  })
}

export function follow(id) {
  source?.close()
  source = new EventSource(`/api/v1/executions/${id}/stream`)
  source.addEventListener("execution", event => receive(JSON.parse(event.data)))
  source.addEventListener("end", () => {
    source.close()
    finish(id)
  })
  addEventListener("pagehide", () => source.close(), {once: true})
}

function receive({type, node_id: id, at, data}) {
  const {run, graph} = get()
  if (!run) return
  const change = step => set({run: {...get().run, status: step.status === "waiting" ? "waiting" : "running", nodes: {...run.nodes, [id]: {...run.nodes[id], ...step}}}})
  const name = nodeOf(graph, id)?.name ?? id
  switch (type) {
    case "node.started": change({status: "running", since: Date.parse(at)}); break
    case "node.finished":
      change({status: data.status === "skipped" ? "skipped" : "succeeded", ms: data.duration_ms})
      countSoon()
      break
    case "node.failed":
      change({status: "failed", error: {message: data.message}})
      say(`${name} failed: ${data.message}`)
      break
    case "execution.waiting":
      change({status: "waiting"})
      say(`${name} waits.`)
  }
}

// The events carry no items. While a run goes on, how many there are is asked for once in a while.
let counting
function countSoon() {
  counting ??= setTimeout(async () => {
    const id = get().run?.id, view = id && !get().run.over && await api("GET", `executions/${id}`).catch(() => null)
    counting = undefined
    if (view && get().run?.id === id && !get().run.over) set({run: {...get().run, items: itemsOf(view)}})
  }, 1000)
}

function itemsOf(view) {
  const items = {}
  for (const step of view.nodes) for (const [output, list] of Object.entries(step.output ?? {})) {
    const key = `${step.node_id} ${output}`
    items[key] = (items[key] ?? 0) + list.length
  }
  return items
}

async function finish(id) {
  try {
    const view = await api("GET", `executions/${id}`)
    page.last = id
    show(view)
    const words = {succeeded: "The run is done.", failed: "The run failed.", cancelled: "The run was stopped."}
    say(words[view.status] ?? "")
  } catch (error) { set({run: {...get().run, over: true}, notice: {tone: "bad", text: error.message}}) }
}

// show takes a whole execution: what became of each node, and how many items left through each output.
export function show(view) {
  const nodes = {}
  for (const step of view.nodes) {
    const before = nodes[step.node_id]
    nodes[step.node_id] = {status: step.status, ms: (before?.ms ?? 0) + step.duration_ms, error: step.error, runs: (before?.runs ?? 0) + 1}
  }
  const over = finished.includes(view.status)
  set({data: view, run: {id: view.id, status: view.status, nodes, items: itemsOf(view), error: view.error, ms: view.duration_ms, over, since: get().run?.since}})
}

// loadData reads the last execution where nothing was run on this page yet.
let loading
export async function loadData() {
  if (get().data || !page.last || loading) return
  loading = true
  const view = await api("GET", `executions/${page.last}`).catch(() => null)
  if (view && !get().data) set({data: view})
  loading = false
}

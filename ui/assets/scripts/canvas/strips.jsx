// What the page has to say stands above the canvas until its cause is gone: a conflict, a draft that could not be saved, a failed run, a
// refused connection, and what keeps the draft from being published.
import {openNode} from "./actions.js"
import {Icon} from "./icon.jsx"
import {nodeOf, refusedText, sorted} from "./model.js"
import {start} from "./run.js"
import {settle} from "./save.js"
import {counted} from "./states.js"
import {page, set, useStore} from "./store.js"

const icons = {bad: "circle-alert", warn: "triangle-alert", info: "info"}

const Strip = ({tone, children, buttons, role}) => <div class={`strip ${tone}`} role={role ?? (tone === "bad" ? "alert" : "status")}>
  <Icon name={icons[tone]} /><div class="text">{children}</div>{buttons && <div class="buttons">{buttons}</div>}</div>

export function Strips() {
  return <div class="strips"><Conflict /><Unsaved /><Listening /><Notice /><Failure /><Waiting /><Problems /></div>
}

// compare lists what two graphs do not have alike, in the names of their nodes.
export function compare(mine, theirs) {
  const plain = ({position, ...node}) => sorted(node), whole = sorted
  const only = (a, b) => a.nodes.filter(node => !nodeOf(b, node.id)).map(node => node.name)
  const both = mine.nodes.map(node => [node, nodeOf(theirs, node.id)]).filter(([node, other]) => other && whole(node) !== whole(other))
  const wires = graph => new Set(graph.connections.map(one => `${one.from_node} ${one.from_output} ${one.to_node} ${one.to_input}`))
  return {
    mine: only(mine, theirs), theirs: only(theirs, mine), changed: both.filter(([node, other]) => plain(node) !== plain(other)).map(([node]) => node.name),
    moved: both.filter(([node, other]) => plain(node) === plain(other)).map(([node]) => node.name),
    mineWires: [...wires(mine)].filter(one => !wires(theirs).has(one)).length, theirWires: [...wires(theirs)].filter(one => !wires(mine).has(one)).length,
  }
}

function Side({title, graph, alone, wires, shared}) {
  return <section class="conflict-side"><h2>{title}</h2><ul>
    <li>{counted(graph.nodes.length, "node")}, {counted(graph.connections.length, "connection")}</li>
    {alone.length > 0 && <li>Only here: {alone.join(", ")}</li>}
    {wires > 0 && <li>{counted(wires, "connection")} only here</li>}
    {shared.changed.length > 0 && <li>Other settings: {shared.changed.join(", ")}</li>}
    {shared.moved.length > 0 && <li>Other places: {shared.moved.join(", ")}</li>}</ul></section>
}

function Conflict() {
  const theirs = useStore(state => state.conflict), mine = useStore(state => state.graph)
  if (!theirs) return null
  const differ = compare(mine, theirs)
  return <Strip tone="bad"><b>Somebody else changed this workflow while you did.</b> Nothing of yours or theirs is lost yet. Choose which one to go on with; yours can be brought back with Ctrl+Z.
    <div class="conflict">
      <Side title="Yours, on this page" graph={mine} alone={differ.mine} wires={differ.mineWires} shared={differ} />
      <Side title="Theirs, as it is stored" graph={theirs} alone={differ.theirs} wires={differ.theirWires} shared={differ} />
      <button type="button" class="button small" onClick={() => settle(true)}>Keep mine and store it</button>
      <button type="button" class="button small" onClick={() => settle(false)}>Take theirs</button>
    </div></Strip>
}

function Unsaved() {
  const saved = useStore(state => state.saved), refused = useStore(state => state.refused)
  return saved === "failed" && <Strip tone="bad">The draft is not saved. {refused}</Strip>
}

function Listening() {
  const listening = useStore(state => state.listening), graph = useStore(state => state.graph)
  if (!listening) return null
  const until = new Date(listening[0].until).toLocaleTimeString([], {hour: "2-digit", minute: "2-digit"})
  return <Strip tone="info" buttons={<button type="button" class="button small" onClick={() => set({listening: null})}>Close</button>}>The draft takes one call until {until}. Call:
    <ul>{listening.map(one => <li>{nodeOf(graph, one.node_id)?.name}: <button type="button" class="copy code" data-copy={page.url + one.path}>
      {page.url + one.path}<Icon name="copy" label="Copy" /></button></li>)}</ul></Strip>
}

function Notice() {
  const notice = useStore(state => state.notice)
  return notice && <Strip tone={notice.tone} buttons={<button type="button" class="button small" onClick={() => set({notice: null})}>Close</button>}>{notice.text}
    {notice.items && <ul>{notice.items.map(text => <li>{text}</li>)}</ul>}</Strip>
}

function Failure() {
  const run = useStore(state => state.run), graph = useStore(state => state.graph)
  if (run?.status !== "failed" || !run.over) return null
  const id = run.error?.node || Object.keys(run.nodes).find(one => run.nodes[one].status === "failed"), node = nodeOf(graph, id)
  return <Strip tone="bad" buttons={<>
    {node && <button type="button" class="button small" onClick={() => openNode(id)}>Open</button>}
    {node && page.mayRetry && <button type="button" class="button small" onClick={() => start({from: id})}>Retry from here</button>}
    <a class="button small" href={`/executions/${run.id}`}>Show the execution</a></>}>{node ? <>“{node.name}” failed: </> : "The run failed: "}{run.error?.message}</Strip>
}

function Waiting() {
  const run = useStore(state => state.run), graph = useStore(state => state.graph)
  const id = run && !run.over && run.status === "waiting" && Object.keys(run.nodes).find(one => run.nodes[one].status === "waiting")
  return id && <Strip tone="warn" buttons={<a class="button small" href={`/executions/${run.id}`}>Show the execution</a>}>“{nodeOf(graph, id)?.name ?? id}” waits. The run goes on by itself when that is over.</Strip>
}

function Problems() {
  const problems = useStore(state => state.problems), graph = useStore(state => state.graph), broken = useStore(state => state.broken), listed = useStore(state => state.listed)
  const all = [...Object.entries(broken).map(([node, fields]) => ({node, text: refusedText(fields)})), ...problems]
  if (!listed || !all.length || !graph.nodes.length) return null
  return <Strip tone="warn" buttons={<button type="button" class="button small" onClick={() => set({listed: false})}>Close the list</button>}>To solve before this draft can be published:
    <ul class="problems">{all.map(one => <li><Problem one={one} text={name(graph, one) + one.text} /></li>)}</ul></Strip>
}

function Problem({one, text}) {
  if (one.href) return <a href={one.href}>{text}</a>
  return one.node ? <button type="button" class="as-link" onClick={() => openNode(one.node)}>{text}</button> : text
}

const name = (graph, {node}) => node ? `${nodeOf(graph, node)?.name ?? node}: ` : ""

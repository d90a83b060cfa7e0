// The items that a node received or put out in the last run, as their fields, as a table or as JSON. A field can be dragged or pressed
// into a parameter, where it becomes an expression. From here an output is pinned, so that the draft is tried without the node.
import {useState} from "preact/hooks"
import {openInput} from "./input.jsx"
import {nodeOf, updateNode} from "./model.js"
import {insertExpression} from "./panel.jsx"
import {Icon} from "./icon.jsx"
import {counted} from "./states.js"
import {commit, get, page, say, useStore} from "./store.js"

const mostRows = 100, mostColumns = 12, mostFields = 200, longestText = 20_000

const short = value => {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? ""
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

const isPlain = name => /^[A-Za-z_$][\w$]*$/.test(name)

// fieldsOf lists what the first item holds, each with the way to it.
export function fieldsOf(value, way = "$json", depth = 0, list = []) {
  if (list.length > mostFields) return list
  for (const [name, inner] of Object.entries(value ?? {})) {
    const path = Array.isArray(value) ? `${way}[${name}]` : isPlain(name) ? `${way}.${name}` : `${way}[${JSON.stringify(name)}]`
    const isDeep = inner && typeof inner === "object" && !JSON.isRawJSON?.(inner)
    list.push({path, name, depth, value: isDeep ? null : inner, many: isDeep && Array.isArray(inner) ? inner.length : undefined})
    if (isDeep && depth < 4) fieldsOf(Array.isArray(inner) ? inner.slice(0, 1) : inner, path, depth + 1, list)
  }
  return list
}

// A node that the last run did not reach would have received what the node before it put out.
export function outputsOf(step, side, data, wire) {
  if (side === "output") return step?.output ?? {}
  const items = step?.input?.length ? step.input : wire && data?.nodes.filter(one => one.node_id === wire.from_node).at(-1)?.output?.[wire.from_output || "main"]
  return items?.length ? {main: items} : {}
}

// pin keeps items as the output of a node; without any it takes them away.
export function togglePin(id) {
  const {graph, data} = get(), node = nodeOf(graph, id)
  if (!node) return
  if (node.pin) {
    commit(`unpin “${node.name}”`, updateNode(graph, id, {pin: undefined}))
    return say(`The output of ${node.name} is no longer pinned.`)
  }
  const step = data?.nodes.filter(one => one.node_id === id).at(-1)
  const items = Object.values(step?.output ?? {}).flat().map(item => item.json)
  if (!items.length) return say(`${node.name} has put out nothing that could be pinned. Run it first.`)
  commit(`pin “${node.name}”`, updateNode(graph, id, {pin: items}))
  say(`The output of ${node.name} is pinned: ${counted(items.length, "item")}.`)
}

export function Data({id, side}) {
  const data = useStore(state => state.data), node = useStore(({graph}) => nodeOf(graph, id))
  const [view, setView] = useState("fields"), [chosen, choose] = useState("")
  const wire = useStore(({graph}) => graph.connections.find(one => one.to_node === id)), [run, setRun] = useState()
  const isTrigger = page.types.get(node.type)?.trigger
  const steps = data?.nodes.filter(one => one.node_id === id) ?? [], step = steps[run] ?? steps.at(-1)
  const outputs = outputsOf(step, side, data, wire), names = Object.keys(outputs)
  const name = names.includes(chosen) ? chosen : names.find(one => outputs[one].length) ?? names[0]
  const items = outputs[name]?.map(item => item.json) ?? []
  return <div class="node-data">
    {side === "output" && !page.readOnly && (node.pin || items.length > 0) && <p class="pin-line">
      <button type="button" class="button small" aria-pressed={String(Boolean(node.pin))} onClick={() => togglePin(id)}><Icon name="pin" />{node.pin ? "Unpin the output" : "Pin this output"}</button>
      {node.pin && <span class="soft small">{isTrigger ? "A run of the draft begins with the pinned items." : "A run of the draft takes the pinned items and leaves this node out."}</span>}</p>}
    {side === "input" && isTrigger && page.mayRun && <p><button type="button" class="button small" onClick={() => openInput(id)}><Icon name="braces" />Run with an input</button></p>}
    {step?.error && side === "output" && <div class="strip bad"><Icon name="circle-alert" /><div class="text">{step.error.message}</div></div>}
    {step?.too_large ? <p class="soft">The execution holds more than the canvas shows. Its page has the whole.</p> : !items.length ? <p class="soft">{nothing(data, step, side)}</p> : <>
      <div class="data-bar">
        <span class="soft small">{counted(items.length, "item")}</span>
        {steps.length > 1 && <select aria-label="Run of the node" value={run ?? steps.length - 1} onChange={event => setRun(Number(event.target.value))}>
          {steps.map((one, place) => <option value={place}>Run {place + 1} of {steps.length}</option>)}</select>}
        {names.length > 1 && <select aria-label="Output shown" value={name} onChange={event => choose(event.target.value)}>{names.map(one => <option value={one}>{one}</option>)}</select>}
        <span class="views" role="group" aria-label="Shown as">{[["fields", "Fields"], ["table", "Table"], ["json", "JSON"]].map(([key, label]) =>
          <button type="button" class="button quiet small" aria-pressed={String(view === key)} onClick={() => setView(key)}>{label}</button>)}</span>
      </div>
      {view === "fields" ? <Fields items={items} side={side} /> : view === "table" ? <Table items={items} side={side} /> : <pre class="data-json" tabIndex={0}>{bounded(items)}</pre>}
    </>}
  </div>
}

function nothing(data, step, side) {
  if (!data) return "There is no run yet. Run the workflow to see its items here."
  if (!step || step.status === "pending" || step.status === "skipped") return "The last run did not reach this node."
  return side === "input" ? "It received no items." : "It put out no items."
}

function bounded(items) {
  const text = JSON.stringify(items, null, 2)
  return text.length > longestText ? `${text.slice(0, longestText)}\n… the page of the execution has more.` : text
}

// What stands in the input is called $json in the parameters of this node; what it puts out is not there yet when they are read.
function Key({path, children, side}) {
  if (side !== "input" || page.readOnly) return <code>{children}</code>
  const text = `{{ ${path} }}`
  return <button type="button" class="data-key" draggable title={`Put ${text} into the field`} onClick={() => insertExpression(text)}
    onDragStart={event => event.dataTransfer.setData("text/plain", text)}>{children}</button>
}

function Fields({items, side}) {
  return <dl class="data-fields">{fieldsOf(items[0]).map(one => <div key={one.path} class={`depth-${one.depth}`}>
    <dt><Key path={one.path} side={side}>{one.name}</Key></dt><dd>{one.many !== undefined ? counted(one.many, "entry").replace("entrys", "entries") : one.value === null ? "" : short(one.value)}</dd></div>)}</dl>
}

function Table({items, side}) {
  const columns = [...new Set(items.slice(0, mostRows).flatMap(item => Object.keys(item ?? {})))].slice(0, mostColumns)
  return <div class="data-table" tabIndex={0} role="region" aria-label="Items as a table"><table><thead><tr>{columns.map(name =>
    <th scope="col"><Key path={isPlain(name) ? `$json.${name}` : `$json[${JSON.stringify(name)}]`} side={side}>{name}</Key></th>)}</tr></thead>
  <tbody>{items.slice(0, mostRows).map(item => <tr>{columns.map(name => <td>{short(item?.[name])}</td>)}</tr>)}</tbody></table>
  {items.length > mostRows && <p class="soft small">{items.length - mostRows} more are not shown.</p>}</div>
}

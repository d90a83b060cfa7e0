// What a graph is and how it changes. Every function gives a new graph and leaves the old one as it is, so that a step back is
// only a matter of keeping it. A graph is {nodes, connections, looks}; looks are what the server says of each configuration.

export const cardWidth = 208, step = 288

// With more nodes a workflow is large: what is not seen of it is not drawn.
export const manyNodes = 120

const main = "main"

// The same values in another order are the same.
export const sorted = value => JSON.stringify(value, (key, inner) =>
  inner && typeof inner === "object" && !Array.isArray(inner) && !JSON.isRawJSON?.(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1)) : inner)

// What the server refused of a node is its fields with a message each; the sentence names the field as people read it.
export const refusedText = fields => fields && Object.entries(fields).map(([field, message]) => `${field.split(".").at(-1).replaceAll("_", " ")} ${message}`).join("; ")

export const nodeOf = (graph, id) => graph.nodes.find(node => node.id === id)

export const inputsOf = (graph, id) => graph.looks[id]?.inputs ?? []

export function outputsOf(graph, node) {
  const outputs = graph.looks[node.id]?.outputs ?? []
  return node.on_error === "output" ? [...outputs, "error"] : outputs
}

// A connection may hang on an output or input that its node no longer has. It is still drawn, so that people can take it away.
export const goneOutputs = (graph, node) => gone(graph.connections, "from_node", "from_output", node.id, outputsOf(graph, node))
export const goneInputs = (graph, id) => gone(graph.connections, "to_node", "to_input", id, inputsOf(graph, id))

function gone(connections, end, port, id, there) {
  const names = at(connections, end, id).filter(one => one[port] && !there.includes(one[port])).map(one => one[port])
  return names.length ? [...new Set(names)] : names
}

// at gives the connections at one end of a node. A list of connections never changes, so that its index is made once: each card asks.
const indexes = new WeakMap(), none = []
export function at(connections, end, id) {
  let index = indexes.get(connections)
  if (!index) {
    indexes.set(connections, index = {from_node: new Map(), to_node: new Map()})
    for (const one of connections) for (const side of ["from_node", "to_node"]) {
      const list = index[side].get(one[side])
      if (list) list.push(one)
      else index[side].set(one[side], [one])
    }
  }
  return index[end].get(id) ?? none
}

// The card grows with its outputs, so that each has room for its name.
export const heightOf = (graph, node) => Math.max(56, (outputsOf(graph, node).length + goneOutputs(graph, node).length) * 24 + 8,
  (inputsOf(graph, node.id).length + goneInputs(graph, node.id).length) * 24 + 8)

// What notes and groups have where nobody said it.
const usualSizes = {note: [240, 160], group: [480, 240]}

export function noteSize({type, config}) {
  const [width, height] = usualSizes[type] ?? usualSizes.note
  return {width: Number(config?.width) || width, height: Number(config?.height) || height}
}

export function freeName(name, taken, between = " ") {
  if (!taken.has(name)) return name
  const base = name.replace(/[ _]\d+$/, "")
  for (let n = 2; ; n++) if (!taken.has(base + between + n)) return base + between + n
}

// freshNode makes a node of a type with an id and a name that the graph does not have yet.
export function freshNode(graph, type, position) {
  const ids = new Set(graph.nodes.map(node => node.id)), names = new Set(graph.nodes.map(node => node.name))
  return {
    id: freeName(type.name.split(".").at(-1), ids, "_"), type: type.name, type_version: type.version,
    name: freeName(type.title, names), position, config: {},
  }
}

export const addNode = (graph, node, look) => ({...graph, nodes: [...graph.nodes, node], looks: {...graph.looks, [node.id]: look}})

export const updateNode = (graph, id, change, look) => ({
  ...graph, nodes: graph.nodes.map(node => node.id === id ? {...node, ...change} : node),
  looks: look ? {...graph.looks, [id]: look} : graph.looks,
})

export function moveNodes(graph, places) {
  return {...graph, nodes: graph.nodes.map(node => places[node.id] ? {...node, position: places[node.id]} : node)}
}

// free finds a place near the wanted one that no card covers.
export function freePlace(graph, {x, y}) {
  const isTaken = () => graph.nodes.some(node => Math.abs(node.position.x - x) < cardWidth && Math.abs(node.position.y - y) < 72)
  while (isTaken()) y += 96
  return {x, y}
}

// refusal says why a connection can't be, in a sentence; it is empty where it can.
export function refusal(graph, types, {from, output, to, input}) {
  const source = nodeOf(graph, from), target = nodeOf(graph, to)
  if (!source || !target) return "This node is not there."
  if (types.get(target.type)?.trigger) return `“${target.name}” is a trigger: it starts the workflow, so nothing leads to it.`
  if (types.get(target.type)?.note || types.get(source.type)?.note) return "A note has no connections."
  if (graph.connections.some(one => one.from_node === from && one.from_output === output && one.to_node === to && one.to_input === input)) {
    return "This connection is already there."
  }
  if (from === to || circles(graph, types, {from, output, to})) {
    return `That would make a circle that never ends. Only the output “loop” of a loop may lead back: connect “${source.name}” to a loop.`
  }
  return ""
}

// Without what leaves through the output of a loop's rounds, no way may lead back to where it began.
function circles(graph, types, {from, output, to}) {
  const isRound = (id, output) => output === "loop" && types.get(nodeOf(graph, id)?.type)?.loops
  if (isRound(from, output)) return false
  const seen = new Set(), open = [to]
  while (open.length) {
    const id = open.pop()
    if (id === from) return true
    if (seen.has(id)) continue
    seen.add(id)
    for (const one of graph.connections) if (one.from_node === id && !isRound(id, one.from_output)) open.push(one.to_node)
  }
  return false
}

export function connect(graph, {from, output, to, input}) {
  const id = freeName("c1", new Set(graph.connections.map(one => one.id)), "_")
  return {...graph, connections: [...graph.connections, {id, from_node: from, from_output: output, to_node: to, to_input: input}]}
}

// remove takes nodes and connections away. A node that stands alone between two others leaves them connected.
export function remove(graph, nodes, connections = []) {
  let left = {...graph, connections: graph.connections.filter(one => !connections.includes(one.id))}
  if (nodes.length === 1) left = bridge(left, nodes[0])
  return {
    ...left, nodes: left.nodes.filter(node => !nodes.includes(node.id)),
    connections: left.connections.filter(one => !nodes.includes(one.from_node) && !nodes.includes(one.to_node)),
  }
}

function bridge(graph, id) {
  const before = graph.connections.filter(one => one.to_node === id), after = graph.connections.filter(one => one.from_node === id)
  if (before.length !== 1 || after.length !== 1 || before[0].from_node === after[0].to_node) return graph
  const joined = {from: before[0].from_node, output: before[0].from_output, to: after[0].to_node, input: after[0].to_input}
  const isThere = graph.connections.some(one => one.from_node === joined.from && one.from_output === joined.output && one.to_node === joined.to)
  return isThere ? graph : connect(graph, joined)
}

// insert puts a new node behind an output. Where that led somewhere and the new node should stand between, it leads on from the new
// one, and what stands behind it makes room.
export function insert(graph, types, node, look, {from, output, connection}) {
  let next = addNode(graph, node, look)
  const old = connection && graph.connections.find(one => one.id === connection)
  if (old) {
    next = {...next, connections: next.connections.filter(one => one.id !== connection)}
    from = old.from_node
    output = old.from_output
  }
  const source = nodeOf(graph, from), input = look.inputs[0]
  if (!source || !input) return next
  next = connect(next, {from, output, to: node.id, input})
  if (old && look.outputs.length) {
    const leaves = types.get(node.type)?.loops ? "done" : look.outputs[0]
    next = connect(next, {from: node.id, output: leaves, to: old.to_node, input: old.to_input})
    next = makeRoom(next, node, old.to_node)
  }
  return next
}

function makeRoom(graph, node, behind) {
  const target = nodeOf(graph, behind)
  if (target.position.x - node.position.x >= step || target.position.x + cardWidth < node.position.x) return graph
  const by = step - (target.position.x - node.position.x), moved = {}
  const visit = id => {
    const at = nodeOf(graph, id)
    if (moved[id] || id === node.id || at.position.x < node.position.x) return
    moved[id] = {x: at.position.x + by, y: at.position.y}
    for (const one of graph.connections) if (one.from_node === id) visit(one.to_node)
  }
  visit(behind)
  return moveNodes(graph, moved)
}

// The output that a new node behind this one would leave from: the first that leads nowhere, of a loop that of its rounds.
export function openOutput(graph, types, node) {
  const outputs = outputsOf(graph, node)
  const isOpen = output => output !== "error" && !graph.connections.some(one => one.from_node === node.id && one.from_output === output)
  const first = types.get(node.type)?.loops ? [...outputs].reverse() : outputs
  return first.find(isOpen)
}

// parts are what the clipboard takes of some nodes.
export function parts(graph, ids) {
  return {
    nodes: graph.nodes.filter(node => ids.includes(node.id)),
    connections: graph.connections.filter(one => ids.includes(one.from_node) && ids.includes(one.to_node)),
  }
}

// paste adds parts under new ids and names, moved by an offset or so that they begin at a place.
export function paste(graph, {nodes, connections, looks}, place) {
  const ids = new Set(graph.nodes.map(node => node.id)), names = new Set(graph.nodes.map(node => node.name)), renamed = {}
  const left = Math.min(...nodes.map(node => node.position?.x ?? 0)), top = Math.min(...nodes.map(node => node.position?.y ?? 0))
  let next = graph
  for (const node of nodes) {
    const id = freeName(node.id, ids, "_"), name = freeName(node.name || node.id, names)
    ids.add(id)
    names.add(name)
    renamed[node.id] = id
    const position = {x: Math.round((node.position?.x ?? 0) - left + place.x), y: Math.round((node.position?.y ?? 0) - top + place.y)}
    next = addNode(next, {...node, id, name, position}, looks[node.id] ?? {line: "", outputs: [main], inputs: [main]})
  }
  for (const one of connections) {
    if (!renamed[one.from_node] || !renamed[one.to_node]) continue
    next = connect(next, {from: renamed[one.from_node], output: one.from_output || main, to: renamed[one.to_node], input: one.to_input || main})
  }
  return {graph: next, ids: Object.values(renamed)}
}

// ordered are the nodes as they run, for the outline: triggers first, then what they lead to, top to bottom.
export function ordered(graph, types) {
  const byPlace = (a, b) => a.position.y - b.position.y || a.position.x - b.position.x
  const seen = new Set(), list = [], nodes = new Map(graph.nodes.map(node => [node.id, node]))
  const visit = node => {
    if (!node || seen.has(node.id)) return
    seen.add(node.id)
    list.push(node)
    const next = at(graph.connections, "from_node", node.id).map(one => nodes.get(one.to_node)).filter(Boolean)
    for (const one of next.sort(byPlace)) visit(one)
  }
  const fed = new Set(graph.connections.map(one => one.to_node))
  const isNote = node => types.get(node.type)?.note
  for (const node of graph.nodes.filter(node => types.get(node.type)?.trigger).sort(byPlace)) visit(node)
  for (const node of graph.nodes.filter(node => !fed.has(node.id) && !isNote(node)).sort(byPlace)) visit(node)
  for (const node of [...graph.nodes].filter(node => !isNote(node)).sort(byPlace)) visit(node)
  return list
}

// A simple layered layout: a node stands one column behind the last of those that lead to it, and in its column near the middle of
// them. Lines that lead back to a loop are left out of the count. Notes stay where they are.
import {heightOf, moveNodes, nodeOf, ordered, step} from "./model.js"

const gap = 40

export function tidy(graph, types) {
  const list = ordered(graph, types), place = new Map(list.map((node, index) => [node.id, index]))
  const ahead = graph.connections.filter(one => place.get(one.from_node) < place.get(one.to_node))
  const column = new Map()
  for (const node of list) {
    const before = ahead.filter(one => one.to_node === node.id).map(one => column.get(one.from_node) ?? 0)
    column.set(node.id, before.length ? Math.max(...before) + 1 : 0)
  }
  const columns = []
  for (const node of list) (columns[column.get(node.id)] ??= []).push(node)
  const places = {}, bottoms = []
  const middle = node => {
    const before = ahead.filter(one => one.to_node === node.id && places[one.from_node])
    if (!before.length) return null
    return before.reduce((sum, one) => {
      const source = nodeOf(graph, one.from_node), outputs = graph.looks[source.id]?.outputs ?? []
      const shift = outputs.length > 1 ? (outputs.indexOf(one.from_output) - (outputs.length - 1) / 2) * 96 : 0
      return sum + places[one.from_node].y + shift
    }, 0) / before.length
  }
  columns.forEach((nodes, index) => {
    const wanted = nodes.map(node => ({node, y: middle(node)}))
    wanted.sort((a, b) => (a.y ?? Infinity) - (b.y ?? Infinity))
    for (const {node, y} of wanted) {
      const least = bottoms[index] ?? -Infinity
      const top = Math.max(y ?? (least === -Infinity ? 0 : least), least)
      places[node.id] = {x: index * step, y: Math.round(top / 8) * 8}
      bottoms[index] = places[node.id].y + heightOf(graph, node) + gap
    }
  })
  return moveNodes(graph, places)
}

// align puts nodes on one line: of a row their tops are the same, of a column their left sides.
export function align(graph, ids) {
  const nodes = graph.nodes.filter(node => ids.includes(node.id))
  const xs = nodes.map(node => node.position.x), ys = nodes.map(node => node.position.y)
  const isRow = Math.max(...xs) - Math.min(...xs) >= Math.max(...ys) - Math.min(...ys)
  return moveNodes(graph, Object.fromEntries(nodes.map(node => [node.id, isRow ? {...node.position, y: Math.min(...ys)} : {...node.position, x: Math.min(...xs)}])))
}

// A group is a frame behind nodes. What belongs to it follows from where it stands, so that nothing has to be kept in step: what lies
// within a frame goes with it.
import {addNode, cardWidth, freshNode, heightOf, moveNodes, noteSize, updateNode} from "./model.js"

export const isFrame = node => node?.type === "group"

const room = 24, title = 40, snap = value => Math.round(value / 8) * 8

// boxOf is where a node stands and how large it is: a card, a note or a frame.
export function boxOf(graph, types, node) {
  const {x, y} = node.position, {width, height} = types.get(node.type)?.note ? noteSize(node) : {width: cardWidth, height: heightOf(graph, node)}
  return {left: x, top: y, right: x + width, bottom: y + height, width, height}
}

// within gives the ids of what lies in a frame: nodes by their middle, other frames only as a whole, so that two never carry each other.
export function within(graph, types, frame) {
  const outer = boxOf(graph, types, frame)
  return graph.nodes.filter(node => {
    if (node.id === frame.id) return false
    const {left, top, right, bottom} = boxOf(graph, types, node), x = (left + right) / 2, y = (top + bottom) / 2
    if (isFrame(node)) return left >= outer.left && right <= outer.right && top >= outer.top && bottom <= outer.bottom && right - left < outer.width
    return x > outer.left && x < outer.right && y > outer.top && y < outer.bottom
  }).map(node => node.id)
}

// carried are nodes with what lies in the frames among them.
export function carried(graph, types, ids) {
  const frames = graph.nodes.filter(node => isFrame(node) && ids.includes(node.id))
  return [...new Set([...ids, ...frames.flatMap(frame => within(graph, types, frame))])]
}

// framesOf names, by node, the smallest group that it lies in.
export function framesOf(graph, types) {
  const names = new Map(), frames = graph.nodes.filter(isFrame).map(node => ({node, ...boxOf(graph, types, node)}))
  for (const {node} of frames.sort((a, b) => b.width * b.height - a.width * a.height)) for (const id of within(graph, types, node)) names.set(id, node.name)
  return names
}

const areaOf = frame => {
  const {width, height} = noteSize(frame)
  return width * height
}

function around(graph, types, ids) {
  const boxes = graph.nodes.filter(node => ids.includes(node.id)).map(node => boxOf(graph, types, node))
  const left = snap(Math.min(...boxes.map(box => box.left)) - room), top = snap(Math.min(...boxes.map(box => box.top)) - title)
  return {left, top, width: snap(Math.max(...boxes.map(box => box.right)) + room - left), height: snap(Math.max(...boxes.map(box => box.bottom)) + room - top)}
}

// group puts a frame around nodes and gives it with the graph.
export function group(graph, types, ids) {
  const {left, top, width, height} = around(graph, types, ids), type = types.get("group")
  const frame = {...freshNode(graph, type, {x: left, y: top}), config: {width, height}}
  return {graph: addNode(graph, frame, type.look), frame}
}

// refit lays each frame around what was in it before nodes moved, the inner ones first. Where it only grows, it stays where it was as far
// as it can.
export function refit(before, after, types, growing, also = () => []) {
  let next = after
  for (const frame of before.nodes.filter(isFrame).sort((one, other) => areaOf(one) - areaOf(other))) {
    const members = [...within(before, types, frame), ...also(frame)]
    if (!members.length || !after.nodes.some(node => node.id === frame.id)) continue
    const fit = around(next, types, members), is = boxOf(before, types, frame)
    const left = growing ? Math.min(fit.left, is.left) : fit.left, top = growing ? Math.min(fit.top, is.top) : fit.top
    const width = growing ? Math.max(fit.left + fit.width, is.right) - left : fit.width, height = growing ? Math.max(fit.top + fit.height, is.bottom) - top : fit.height
    if (width === is.width && height === is.height && left === is.left && top === is.top) continue
    next = updateNode(moveNodes(next, {[frame.id]: {x: left, y: top}}), frame.id, {config: {...frame.config, width, height}})
  }
  return next
}

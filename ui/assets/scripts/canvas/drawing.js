// What React Flow is given of a graph: a card for each node and a wire for each connection.
import {boxOf, isFrame} from "./frames.js"
import {cardWidth, goneInputs, goneOutputs, heightOf, inputsOf, noteSize, outputsOf} from "./model.js"
import {page} from "./store.js"

const blank = {line: "", outputs: [], inputs: []}
const frame = {dragHandle: ".frame-title", style: {pointerEvents: "none"}}

// React Flow draws a node whose points it does not know, only to measure them; of a large workflow that is most of the work. So it is
// told where they are: as in card.jsx, 24 pixels from one to the next, round the middle of a side.
function pointsOf(graph, node) {
  const of = (type, position, x, names) => names.map((id, index) => ({id, type, position, x: x - 5, shift: (index - (names.length - 1) / 2) * 24 - 5, width: 10, height: 10}))
  return [...of("target", "left", 1, [...inputsOf(graph, node.id), ...goneInputs(graph, node.id)]),
    ...of("source", "right", cardWidth - 1, [...outputsOf(graph, node), ...goneOutputs(graph, node)])]
}

const placed = (points, height) => points.map(({shift, ...point}) => ({...point, y: height / 2 + shift}))

const sameNames = (handles, points) => handles.length === points.length && points.every((point, index) => point.id === handles[index].id)

// A card that did not change stays the same object, so that it is not drawn again.
export function cardsOf(graph, selected, before) {
  const old = new Map(before.map(one => [one.id, one]))
  // The larger a frame, the further behind it stands.
  const areas = graph.nodes.filter(isFrame).map(node => ({id: node.id, ...boxOf(graph, page.types, node)})).sort((a, b) => a.width * a.height - b.width * b.height)
  const behind = new Map(areas.map(({id}, index) => [id, -2 - index]))
  return graph.nodes.map(node => {
    const look = graph.looks[node.id] ?? blank, last = old.get(node.id), isSelected = selected.includes(node.id)
    const isSame = last?.data.node === node && last.data.look === look, isNote = page.types.get(node.type)?.note
    const zIndex = behind.get(node.id) ?? (isNote ? -1 : 0), points = isNote ? [] : pointsOf(graph, node)
    if (isSame && sameNames(last.handles, points) && last.selected === isSelected && last.zIndex === zIndex && last.position.x === node.position.x && last.position.y === node.position.y) return last
    const size = isNote ? noteSize(node) : {width: cardWidth, height: heightOf(graph, node)}
    return {
      ...last, id: node.id, type: isFrame(node) ? "frame" : isNote ? "note" : "card", position: node.position, data: isSame ? last.data : {node, look}, selected: isSelected,
      ...size, handles: placed(points, size.height), zIndex, ...isFrame(node) && frame, domAttributes: {"aria-roledescription": undefined},
    }
  })
}

// A connection that leads back runs below all cards between its ends, each on a height of its own.
function lowest(graph, {from, to}, count) {
  const between = graph.nodes.filter(node => node.position.x + cardWidth > to.position.x && node.position.x < from.position.x + cardWidth && !page.types.get(node.type)?.note)
  return Math.max(...between.map(node => node.position.y + heightOf(graph, node))) + 24 + 14 * count
}

export function wiresOf(graph, picked) {
  const names = new Map(graph.nodes.map(node => [node.id, node.name])), nodes = new Map(graph.nodes.map(node => [node.id, node]))
  const back = graph.connections.map(one => ({id: one.id, from: nodes.get(one.from_node), to: nodes.get(one.to_node)}))
    .filter(({from, to}) => from && to && to.position.x <= from.position.x + cardWidth - 24).sort((a, b) => a.from.position.x - b.from.position.x)
  const below = new Map(back.map((one, count) => [one.id, lowest(graph, one, count)]))
  return graph.connections.map(one => ({
    id: one.id, type: "wire", source: one.from_node, target: one.to_node, selected: picked.includes(one.id), domAttributes: {"aria-roledescription": undefined},
    sourceHandle: one.from_output || graph.looks[one.from_node]?.outputs[0], targetHandle: one.to_input || graph.looks[one.to_node]?.inputs[0],
    data: {from: names.get(one.from_node), to: names.get(one.to_node), below: below.get(one.id)}, ariaRole: "group", ariaLabel: `${names.get(one.from_node)} leads to ${names.get(one.to_node)}`,
  }))
}

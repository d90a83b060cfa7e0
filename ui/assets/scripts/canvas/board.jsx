// The drawing itself: React Flow with our cards and wires. The store holds the graph; what React Flow keeps are only the places while
// something is dragged. It is one stop for the keyboard, whose keys are in keys.js.
import {applyNodeChanges, Background, MiniMap, ReactFlow, ReactFlowProvider, useReactFlow} from "@xyflow/react"
import {useEffect, useLayoutEffect, useMemo, useRef, useState} from "preact/hooks"
import {Card, isAllowed, wordsFor} from "./card.jsx"
import {cardsOf, wiresOf} from "./drawing.js"
import {boxOf, carried} from "./frames.js"
import {Icon} from "./icon.jsx"
import {cardWidth, connect, heightOf, manyNodes, moveNodes, nodeOf, ordered, refusal} from "./model.js"
import {Frame, Note} from "./notes.jsx"
import {openPalette} from "./palette.jsx"
import {commit, get, page, select, set, useStore} from "./store.js"
import {tidyUp} from "./actions.js"
import {viewport} from "./viewport.js"
import {Wire} from "./wire.jsx"

const nodeTypes = {card: Card, note: Note, frame: Frame}, edgeTypes = {wire: Wire}
const calm = matchMedia("(prefers-reduced-motion: reduce)")
const grid = [8, 8], leastZoom = 0.65, startZoom = 0.9

function useViewport() {
  const flow = useReactFlow()
  useLayoutEffect(() => {
    const duration = () => calm.matches ? 0 : 160
    const box = () => document.querySelector(".board").getBoundingClientRect()
    viewport.middle = () => {
      const {left, top, width, height} = box(), at = flow.screenToFlowPosition({x: left + width / 2, y: top + height / 2})
      return {x: Math.round((at.x - cardWidth / 2) / 8) * 8, y: Math.round((at.y - 28) / 8) * 8}
    }
    viewport.fit = () => flow.fitView({padding: 0.12, maxZoom: 1, duration: duration()})
    viewport.zoom = by => by > 0 ? flow.zoomIn({duration: duration()}) : by < 0 ? flow.zoomOut({duration: duration()}) : flow.zoomTo(1, {duration: duration()})
    viewport.focus = () => document.querySelector(".board")?.focus({preventScroll: true})
    // A frame later the new card and the new width of the board are there.
    viewport.show = id => requestAnimationFrame(() => requestAnimationFrame(() => {
      const node = nodeOf(get().graph, id)
      if (!node) return
      const {zoom} = flow.getViewport(), {left, top, right, bottom} = box(), height = heightOf(get().graph, node)
      const start = flow.flowToScreenPosition(node.position), end = flow.flowToScreenPosition({x: node.position.x + cardWidth, y: node.position.y + height})
      const isSeen = start.x >= left + 8 && start.y >= top + 8 && end.x <= right - 48 && end.y <= bottom - 8
      if (!isSeen) flow.setCenter(node.position.x + cardWidth / 2, node.position.y + height / 2, {zoom, duration: duration()})
    }))
    viewport.place = (x, y) => flow.screenToFlowPosition({x, y})
  }, [flow])
}

function Tools() {
  return <div class="board-tools" role="group" aria-label="View">
    <button type="button" class="button small square" aria-label="Zoom in" title="Zoom in (+)" onClick={() => viewport.zoom(1)}><Icon name="plus" /></button>
    <button type="button" class="button small square" aria-label="Zoom out" title="Zoom out (-)" onClick={() => viewport.zoom(-1)}><Icon name="minus" /></button>
    <button type="button" class="button small square" aria-label="Show everything" title="Show everything (F)" onClick={() => viewport.fit()}><Icon name="maximize" /></button>
    {!page.readOnly && <button type="button" class="button small square" aria-label="Tidy up" title="Tidy up (T)" onClick={tidyUp}><Icon name="wand-sparkles" /></button>}
  </div>
}

function Flow() {
  const graph = useStore(state => state.graph), selected = useStore(state => state.selected), picked = useStore(state => state.wires)
  const [cards, setCards] = useState(() => cardsOf(graph, selected, []))
  const dragging = useRef(false), lifted = useRef([])
  useLayoutEffect(() => { if (!dragging.current) setCards(before => cardsOf(graph, selected, before)) }, [graph, selected])
  const wires = useMemo(() => wiresOf(graph, picked), [graph.nodes, graph.connections, graph.looks, picked])
  const only = selected.length === 1 ? selected[0] : null
  const words = useStore(state => only && nodeOf(state.graph, only) ? wordsFor(nodeOf(state.graph, only), state) : "")
  useViewport()
  const [first] = useState(opening), {hasWires, hasMap} = useStages()

  const onNodesChange = changes => {
    const kept = changes.filter(change => change.type !== "remove")
    if (kept.some(change => change.type === "select")) {
      const chosen = new Set(get().selected)
      for (const change of kept) if (change.type === "select") chosen[change.selected ? "add" : "delete"](change.id)
      select([...chosen], chosen.size ? [] : get().wires)
    }
    const moves = kept.filter(change => change.type !== "select")
    if (moves.length) setCards(before => applyNodeChanges(moves, before))
  }
  const onEdgesChange = changes => {
    const chosen = new Set(get().wires)
    for (const change of changes) if (change.type === "select") chosen[change.selected ? "add" : "delete"](change.id)
    set({wires: [...chosen]})
  }
  const lift = nodes => {
    dragging.current = true
    const {graph} = get(), ids = nodes.map(one => one.id)
    lifted.current = carried(graph, page.types, ids).filter(id => !ids.includes(id)).map(id => [id, nodeOf(graph, id).position])
  }
  // How far what lies in a frame goes with it.
  const follow = ([first]) => {
    const was = nodeOf(get().graph, first.id)?.position ?? first.position, by = {x: Math.round(first.position.x - was.x), y: Math.round(first.position.y - was.y)}
    return Object.fromEntries(lifted.current.map(([id, at]) => [id, {x: at.x + by.x, y: at.y + by.y}]))
  }
  const carry = nodes => {
    if (!lifted.current.length) return
    const places = follow(nodes)
    setCards(before => before.map(one => places[one.id] ? {...one, position: places[one.id]} : one))
  }
  const moved = nodes => {
    dragging.current = false
    const places = follow(nodes)
    lifted.current = []
    for (const one of nodes) {
      const was = nodeOf(get().graph, one.id)?.position, at = {x: Math.round(one.position.x), y: Math.round(one.position.y)}
      if (was && (was.x !== at.x || was.y !== at.y)) places[one.id] = at
    }
    if (Object.keys(places).length) commit(nodes.length === 1 ? `move “${nodes[0].data.node.name}”` : "move nodes", moveNodes(get().graph, places))
  }
  const onConnect = ({source, sourceHandle, target, targetHandle}) => {
    set({notice: null})
    commit("connect", connect(get().graph, {from: source, output: sourceHandle, to: target, input: targetHandle}))
  }
  const onConnectEnd = (event, {isValid, fromHandle, toNode, toHandle}) => {
    if (isValid || !fromHandle) return
    if (toNode) {
      const back = fromHandle.type === "target"
      const [from, to] = back ? [toHandle, fromHandle] : [fromHandle, toHandle]
      const why = from && to && from.type !== to.type ? refusal(get().graph, page.types, {from: from.nodeId, output: from.id, to: to.nodeId, input: to.id}) : "A connection leads from an output to an input."
      return set({notice: {tone: "warn", text: why}})
    }
    if (fromHandle.type === "target") return
    const point = event.changedTouches?.[0] ?? event, at = viewport.place(point.clientX, point.clientY)
    openPalette({from: fromHandle.nodeId, output: fromHandle.id, at: {x: Math.round(at.x / 8) * 8, y: Math.round(at.y / 8) * 8 - 28}})
  }
  const onReconnect = (old, {source, sourceHandle, target, targetHandle}) => {
    const {graph} = get(), without = {...graph, connections: graph.connections.filter(one => one.id !== old.id)}
    const wanted = {from: source, output: sourceHandle, to: target, input: targetHandle}, why = refusal(without, page.types, wanted)
    if (why) return set({notice: {tone: "warn", text: why}})
    commit("move a connection", connect(without, wanted))
  }
  const onDoubleClick = event => {
    if (page.readOnly || !event.target.matches(".react-flow__pane")) return
    const at = viewport.place(event.clientX, event.clientY)
    openPalette({alone: true, at: {x: Math.round(at.x / 8) * 8, y: Math.round(at.y / 8) * 8}})
  }
  const editing = page.readOnly ? {nodesDraggable: false, nodesConnectable: false, edgesReconnectable: false} : {
    onNodeDragStart: (event, node, nodes) => lift(nodes), onNodeDrag: (event, node, nodes) => carry(nodes), onNodeDragStop: (event, node, nodes) => moved(nodes),
    onSelectionDragStart: (event, nodes) => lift(nodes), onSelectionDrag: (event, nodes) => carry(nodes), onSelectionDragStop: (event, nodes) => moved(nodes), onConnect, onConnectEnd, onReconnect, isValidConnection: isAllowed,
  }
  const wheel = page.readOnly ? {zoomOnScroll: false, preventScrolling: false} : {panOnScroll: true}
  return <ReactFlow className="board" nodes={cards} edges={hasWires ? wires : noWires} nodeTypes={nodeTypes} edgeTypes={edgeTypes} onNodesChange={onNodesChange} onEdgesChange={onEdgesChange}
    onNodeClick={(event, node) => event.ctrlKey || event.metaKey || event.shiftKey || page.choose(node.id)} {...editing} {...wheel}
    onDoubleClick={onDoubleClick} zoomOnDoubleClick={false} nodesFocusable={false} edgesFocusable={false} disableKeyboardA11y deleteKeyCode={null} elevateNodesOnSelect={false} multiSelectionKeyCode={["Control", "Meta"]} connectionRadius={32}
    minZoom={0.15} maxZoom={2} {...first} fitViewOptions={{padding: 0.12, maxZoom: 1, minZoom: leastZoom}} onInit={shown} snapToGrid snapGrid={grid} onlyRenderVisibleElements={cards.length > manyNodes}
    proOptions={{hideAttribution: true}} tabIndex={0} aria-label={`Canvas of ${page.name}`} aria-describedby="canvas-keys" aria-activedescendant={only ? `node-${only}` : undefined}>
    <Background gap={16} size={1} />
    {hasMap && graph.nodes.length > 4 && !page.readOnly && <MiniMap pannable zoomable ariaLabel="Map of the workflow" nodeBorderRadius={12} nodeClassName={node => `map-${node.type}`} />}
    <p id="canvas-keys" class="unseen">{words || "Arrow keys go from node to node."} {page.readOnly ? "" : "Enter opens a node, N adds one, and ? lists all keys."}</p>
  </ReactFlow>
}

// opening is what is seen first: everything where that can be read, else where the workflow begins.
function opening() {
  const {graph} = get(), {width, height} = document.querySelector(page.readOnly ? "[data-view]" : "[data-board]").getBoundingClientRect()
  const boxes = graph.nodes.map(node => boxOf(graph, page.types, node)), first = ordered(graph, page.types)[0]
  const wide = Math.max(...boxes.map(box => box.right)) - Math.min(...boxes.map(box => box.left))
  const high = Math.max(...boxes.map(box => box.bottom)) - Math.min(...boxes.map(box => box.top))
  if (!first || Math.min(width / wide, height / high) * 0.88 >= leastZoom) return {fitView: true}
  return {defaultViewport: {x: 64 - first.position.x * startZoom, y: height / 2 - (first.position.y + 28) * startZoom, zoom: startZoom}}
}

const shown = () => page.show && viewport.show(page.show)

// A large workflow is drawn in three pieces of work, between which the browser can answer: its cards, its wires, and when there is time the
// map, which is as much work as all that is seen.
function useStages() {
  const [stage, setStage] = useState(get().graph.nodes.length > manyNodes ? 0 : 2)
  useEffect(() => {
    if (stage === 2) return
    const later = window.requestIdleCallback ?? (act => setTimeout(act, 500))
    if (stage === 0) setTimeout(setStage, 0, 1)
    else later(() => setStage(2), {timeout: 3000})
  }, [stage])
  return {hasWires: stage > 0, hasMap: stage > 1}
}

const noWires = []

export const Board = () => <div class="board-frame"><ReactFlowProvider><Flow /><Tools /></ReactFlowProvider></div>

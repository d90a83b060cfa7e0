// The keys of the canvas. They act while the focus is on the canvas or on nothing, single ones never while somebody types, and people who
// turned single keys off for Zygo have them off here too.
import {alignSelected, copySelected, cutSelected, duplicate, focusField, groupSelected, nudge, openNode, pasteText, removeSelected, rename, tidyUp, toggleDisabled, ungroup} from "./actions.js"
import {togglePin} from "./data.jsx"
import {openInput} from "./input.jsx"
import {nodeOf, ordered} from "./model.js"
import {openJoining, openPalette} from "./palette.jsx"
import {closePanel, flush, widen} from "./panel.jsx"
import {start, stop} from "./run.js"
import {storeNow} from "./save.js"
import {get, page, redo, say, select, set, undo} from "./store.js"
import {viewport} from "./viewport.js"
import {wordsFor} from "./card.jsx"

const isTyping = target => target.isContentEditable || target.matches("input:not([type=checkbox],[type=radio]), textarea, select")
const isOnBoard = target => target === document.body || target.matches(".board, #content")
const only = () => get().selected.length === 1 ? get().selected[0] : null

// beside is the node that an arrow leads to: along the connections of one, and those next to it.
function beside(key, id) {
  const {graph} = get(), at = id && nodeOf(graph, id)
  if (!at) return ordered(graph, page.types)[0]
  const along = (from, to) => graph.connections.filter(one => one[from] === id).map(one => nodeOf(graph, one[to])).filter(Boolean)
  if (key === "ArrowRight") return along("from_node", "to_node").sort((a, b) => a.position.y - b.position.y)[0]
  if (key === "ArrowLeft") return along("to_node", "from_node").sort((a, b) => b.position.x - a.position.x || a.position.y - b.position.y)[0]
  const sign = key === "ArrowDown" ? 1 : -1, cost = node => Math.abs(node.position.x - at.position.x) * 2 + Math.abs(node.position.y - at.position.y)
  return graph.nodes.filter(node => (node.position.y - at.position.y) * sign > 8).sort((a, b) => cost(a) - cost(b))[0]
}

const walk = key => choose(beside(key, only()))

// extend selects the next node too.
function extend(key) {
  const {selected} = get()
  choose(beside(key, selected.at(-1)), selected)
}

function choose(node, others = []) {
  if (!node) return say("There is nothing in this direction.")
  select([...others.filter(id => id !== node.id), node.id])
  viewport.show(node.id)
  const {graph} = get(), next = graph.connections.filter(one => one.from_node === node.id).map(one => nodeOf(graph, one.to_node)?.name)
  say(wordsFor(node, get()) + (next.length ? `, leads to ${next.join(", ")}` : ""))
  if (page.readOnly) page.choose(node.id)
}

const moves = {ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8]}

const onBoard = {
  Enter: () => {
    if (!only()) return false
    openNode(only())
    focusField()
  },
  Escape: () => {
    const {panel, selected, wires, notice} = get()
    if (panel) closePanel()
    else if (selected.length || wires.length) select([])
    else if (notice) set({notice: null})
    else return false
  },
  Delete: removeSelected, Backspace: removeSelected,
}

const single = {
  n: () => openPalette(), "/": () => openPalette(), c: openJoining, d: toggleDisabled, t: tidyUp, a: alignSelected,
  p: () => only() && togglePin(only()), r: () => only() && start({to: only()}), F2: rename,
  i: () => openInput(), o: () => set({outline: !get().outline}), w: widen, s: () => stop(),
}

const everywhere = {
  f: () => viewport.fit(), "+": () => viewport.zoom(1), "=": () => viewport.zoom(1), "-": () => viewport.zoom(-1), "0": () => viewport.zoom(0),
}

const withControl = {
  Enter: () => start(), s: () => flush().then(storeNow), z: undo, y: redo, Z: redo, d: duplicate, g: groupSelected, G: ungroup,
  a: () => select(get().graph.nodes.map(node => node.id)),
}

let going = 0

function act(event) {
  const {target, key} = event
  if (document.querySelector("dialog[open]") || target.closest(".sidebar, .menu")) return false
  // After g a letter goes to another page.
  if (key === "g" && !isTyping(target) && !event.ctrlKey && !event.metaKey) going = Date.now()
  else if (Date.now() - going < 1500 && /^[a-z]$/.test(key)) return going = 0
  const free = document.documentElement.dataset.keys !== "off"
  if (event.ctrlKey || event.metaKey) {
    if (moves[key] && isOnBoard(target) && !page.readOnly && !event.shiftKey) return run(() => extend(key))
    if (page.readOnly || event.altKey || isTyping(target) && key !== "Enter" && key !== "s" || target.closest(".strips, .outline") && key === "a") return false
    return run(withControl[event.shiftKey && /^[zg]$/i.test(key) ? key.toUpperCase() : key.toLowerCase() === key ? key : key.length === 1 ? key.toLowerCase() : key])
  }
  if (event.altKey || isTyping(target)) return false
  if (isOnBoard(target) && !page.readOnly | target.matches(".board")) {
    if (event.shiftKey && moves[key] && !page.readOnly) return run(() => nudge(...moves[key]))
    if (moves[key]) return run(() => walk(key))
    if (!page.readOnly && onBoard[key]) return run(onBoard[key])
  }
  if (key === "F2" && !page.readOnly) return run(rename)
  if (page.readOnly) return target.matches(".board") && free ? run(everywhere[key]) : false
  if (key === "?") return run(() => set({help: true}))
  return free && !event.shiftKey | key === "+" ? run(single[key] ?? everywhere[key]) : false
}

function run(action) {
  return action ? action() !== false : false
}

// In the capture phase: on this page the canvas takes its keys before those that work on every page.
export function listen() {
  document.addEventListener("keydown", event => {
    if (!act(event)) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }, true)
  if (page.readOnly) return
  const isFree = event => !isTyping(event.target) && !document.querySelector("dialog[open]") && String(getSelection()) === ""
  document.addEventListener("copy", event => isFree(event) && copySelected(event) && event.preventDefault())
  document.addEventListener("cut", event => {
    if (!isFree(event) || !copySelected(event)) return
    event.preventDefault()
    cutSelected()
  })
  document.addEventListener("paste", event => {
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return
    event.preventDefault()
    pasteText(event.clipboardData.getData("text/plain"))
  })
}

// What a key, a button of the bar and a button next to the selected nodes do alike.
import {parse, post} from "./api.js"
import {carried, group, isFrame, refit, within} from "./frames.js"
import {align, tidy} from "./layout.js"
import {moveNodes, nodeOf, parts, paste, remove, updateNode} from "./model.js"
import {commit, get, page, say, select, set} from "./store.js"
import {counted} from "./states.js"
import {viewport} from "./viewport.js"

const named = (graph, ids) => ids.length === 1 ? `“${nodeOf(graph, ids[0])?.name}”` : counted(ids.length, "node")

export function openNode(id) {
  select([id])
  set({panel: true})
  viewport.show(id)
}

// cutSelected also takes away what lies in a group, which was copied with it.
export function cutSelected() {
  const {graph, selected} = get()
  select(carried(graph, page.types, selected))
  removeSelected()
}

export function removeSelected() {
  const {graph, selected, wires} = get()
  if (!selected.length && !wires.length) return
  const label = selected.length ? `delete ${named(graph, selected)}` : "delete a connection"
  const before = selected.length === 1 && graph.connections.find(one => one.to_node === selected[0])?.from_node
  commit(label, remove(graph, selected, wires))
  select(before ? [before] : [])
  say(`Done: ${label}. Ctrl+Z takes it back.`)
}

export function toggleDisabled() {
  const {graph, selected} = get(), nodes = carried(graph, page.types, selected).map(id => nodeOf(graph, id)).filter(node => node && !page.types.get(node.type)?.note)
  if (!nodes.length) return
  const disabled = !nodes.every(node => node.disabled)
  commit(`turn ${named(graph, selected)} ${disabled ? "off" : "on"}`, nodes.reduce((next, node) => updateNode(next, node.id, {disabled: disabled || undefined}), graph))
  say(`${named(graph, selected)} ${nodes.length === 1 ? "is" : "are"} ${disabled ? "off" : "on"}.`)
}

// Ungrouping takes the frames away and leaves what lies in them.
export function ungroup() {
  const {graph, selected} = get(), frames = selected.map(id => nodeOf(graph, id)).filter(isFrame)
  if (!frames.length) return say("Select a group to take it away.")
  const ids = frames.map(frame => frame.id), inside = frames.flatMap(frame => within(graph, page.types, frame)).filter(id => !ids.includes(id))
  commit(`ungroup ${named(graph, ids)}`, remove(graph, ids))
  select([...new Set(inside)])
  say(`${named(graph, ids)} is no group any more. What lay in it stays.`)
}

export function groupSelected() {
  const {graph, selected} = get()
  if (!selected.length) return say("Select the nodes to group.")
  const made = group(graph, page.types, carried(graph, page.types, selected))
  commit(`group ${named(graph, selected)}`, made.graph)
  select([made.frame.id])
  say(`${named(graph, selected)} grouped as ${made.frame.name}. F2 renames the group.`)
}

// paint gives notes and groups a colour.
export function paint(colour) {
  const {graph, selected} = get(), nodes = selected.map(id => nodeOf(graph, id)).filter(node => page.types.get(node?.type)?.note)
  commit(`colour ${named(graph, selected)}`, nodes.reduce((next, node) => updateNode(next, node.id, {config: {...node.config, colour}}), graph), `colour ${selected}`)
}

export function duplicate() {
  const {graph} = get(), selected = carried(graph, page.types, get().selected)
  if (!selected.length) return
  const nodes = graph.nodes.filter(node => selected.includes(node.id)), copied = parts(graph, selected)
  const place = {x: Math.min(...nodes.map(node => node.position.x)) + 40, y: Math.max(...nodes.map(node => node.position.y)) + 96}
  add(`duplicate ${named(graph, selected)}`, {...copied, looks: graph.looks}, place)
}

function add(label, copied, place) {
  const made = paste(get().graph, copied, place)
  commit(label, made.graph)
  select(made.ids)
  if (made.ids.length) viewport.show(made.ids[0])
  say(`${counted(made.ids.length, "node")} added.`)
}

export function copySelected(event) {
  const {graph} = get(), selected = carried(graph, page.types, get().selected)
  if (!selected.length) return false
  event.clipboardData.setData("text/plain", JSON.stringify(parts(graph, selected), null, 2))
  say(`Copied: ${named(graph, selected)}`)
  return true
}

// pasteText adds what is on the clipboard; the server reads it, because it knows the nodes of n8n too.
export async function pasteText(text) {
  if (!/^\s*[{[]/.test(text)) return
  try {
    const read = parse(await (await post("paste", {text})).text()), middle = viewport.middle()
    if (!read.nodes.length) return
    add(`paste ${counted(read.nodes.length, "node")}`, read, middle)
    if (read.notes.length) set({notice: {tone: "warn", text: "Look at these nodes; they came from n8n and are not the same here:", items: read.notes.slice(0, 12)}})
  } catch (error) { set({notice: {tone: "bad", text: `This can't be pasted: ${error.message}`}}) }
}

export function tidyUp() {
  const {graph} = get()
  commit("tidy up", refit(graph, tidy(graph, page.types), page.types))
  requestAnimationFrame(() => requestAnimationFrame(() => viewport.fit()))
  say("The nodes are in order.")
}

export function alignSelected() {
  const {graph, selected} = get()
  if (selected.length < 2) return say("Select two or more nodes to align.")
  commit("align nodes", align(graph, selected))
}

export function nudge(x, y) {
  const {graph, selected} = get()
  if (!selected.length) return
  const places = Object.fromEntries(carried(graph, page.types, selected).map(id => [id, nodeOf(graph, id)]).filter(([, node]) => node)
    .map(([id, {position}]) => [id, {x: position.x + x, y: position.y + y}]))
  commit(`move ${named(graph, selected)}`, moveNodes(graph, places), `nudge ${selected}`)
}

export function rename() {
  const {selected} = get()
  if (selected.length !== 1) return
  set({panel: true})
  focusField(`[name="nodes.0.name"]`)
}

// focusField waits for the form, which comes from the server.
export function focusField(selector = "textarea, input.input, select") {
  const look = tries => {
    const field = [...document.querySelectorAll(`.node-form :is(${selector})`)].find(one => one.checkVisibility())
    if (field) {
      field.focus()
      field.select?.()
    } else if (tries) requestAnimationFrame(() => look(tries - 1))
  }
  look(300)
}

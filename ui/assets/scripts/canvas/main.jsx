// The workflow canvas, the one island of the face: the only pages that load it are those with a drawing to work on. It begins here.
import {render} from "preact"
import {openNode} from "./actions.js"
import {parse} from "./api.js"
import {begin as beginBar} from "./bar.js"
import {Board} from "./board.jsx"
import {Help} from "./help.jsx"
import {Input} from "./input.jsx"
import {listen} from "./keys.js"
import {manyNodes, nodeOf} from "./model.js"
import {Outline} from "./outline.jsx"
import {Palette} from "./palette.jsx"
import {Panel} from "./panel.jsx"
import {begin as beginPresence, Others} from "./presence.jsx"
import {begin as beginSaving} from "./save.js"
import {awaitCalls} from "./run.js"
import {Selection} from "./selection.jsx"
import {get, page, select, set, useStore} from "./store.js"
import {Strips} from "./strips.jsx"

const Said = () => <p class="unseen" role="status">{useStore(state => state.said)}</p>

function edit(root) {
  const given = parse(root.dataset.canvas)
  Object.assign(page, {
    id: given.id, name: given.name, token: given.token, url: given.url, sprite: root.dataset.sprite, last: given.last, readOnly: false,
    mayRun: given.may_run, mayRetry: given.may_retry, mayStop: given.may_stop, choose: openNode,
    types: new Map(given.types.map(type => [type.name, type])),
  })
  set({graph: {nodes: given.nodes, connections: given.connections, looks: given.looks}, problems: given.problems, ahead: given.ahead})
  beginSaving(given.version)
  render(<Strips />, root.querySelector("[data-strips]"))
  const draw = () => render(<><Outline /><div class="board-place"><Board /><Selection /></div><Panel /><Palette /><Input /><Help /><Said /></>, root.querySelector("[data-board]"))
  render(<Others />, root.querySelector("[data-others]"))
  beginBar(root)
  beginPresence()
  awaitCalls()
  listen()
  // An address may lead to a node.
  const lead = () => {
    const id = decodeURIComponent(location.hash.replace(/^#node-/, ""))
    if (nodeOf(get().graph, id)) openNode(id)
  }
  addEventListener("hashchange", lead)
  const begin = () => {
    draw()
    lead()
  }
  // Reading the page and drawing a large workflow are two pieces of work, between which the browser can answer.
  if (given.nodes.length > manyNodes) setTimeout(begin)
  else begin()
}

// view shows an execution on its page. The page is fetched again while it goes on, and the island takes from it what became of the nodes;
// what is chosen here, or in the list of steps, is one selection, which the server answers for.
function view(root) {
  const given = parse(root.dataset.view)
  let timer
  const choose = path => {
    clearTimeout(timer)
    timer = setTimeout(() => document.dispatchEvent(new CustomEvent("choose", {detail: path})), 120)
  }
  Object.assign(page, {
    name: given.name, sprite: root.dataset.sprite, readOnly: true, types: new Map(given.types.map(type => [type.name, type])),
    choose: id => given.path ? choose(`${given.path}?step=${encodeURIComponent(id)}`) : select([id]),
  })
  const take = () => {
    const run = parse(document.getElementById("run-state").dataset.run)
    set({run, selected: run.chosen ? [run.chosen] : []})
    page.show = run.chosen
  }
  set({graph: {nodes: given.nodes, connections: given.connections, looks: given.looks}})
  take()
  root.dataset.filled = "" // so that a refresh leaves it alone
  root.replaceChildren()
  render(<><Board /><Said /></>, root)
  new MutationObserver(take).observe(document.getElementById("detail"), {subtree: true, attributeFilter: ["data-run"]})
  document.addEventListener("click", event => {
    const link = event.target.closest(".steps a[href]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault()
    choose(link.getAttribute("href"))
  })
  listen()
}

const editor = document.querySelector("[data-canvas]"), viewer = document.querySelector("[data-view]")
if (editor) edit(editor)
if (viewer) view(viewer)

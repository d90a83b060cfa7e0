// The workflow canvas, the one island of the face: the only pages that load it are those with a drawing to work on. It begins here.
import {render} from "preact"
import {openNode} from "./actions.js"
import {parse} from "./api.js"
import {begin as beginBar} from "./bar.js"
import {Board} from "./board.jsx"
import {Help} from "./help.jsx"
import {listen} from "./keys.js"
import {Outline} from "./outline.jsx"
import {Palette} from "./palette.jsx"
import {Panel} from "./panel.jsx"
import {begin as beginSaving} from "./save.js"
import {Selection} from "./selection.jsx"
import {page, set, useStore} from "./store.js"
import {Strips} from "./strips.jsx"
import {nodeOf} from "./model.js"
import {get} from "./store.js"

const Said = () => <p class="unseen" role="status">{useStore(state => state.said)}</p>

function edit(root) {
  const given = parse(root.dataset.canvas)
  Object.assign(page, {
    id: given.id, name: given.name, token: given.token, sprite: root.dataset.sprite, last: given.last, readOnly: false,
    mayRun: given.may_run, mayRetry: given.may_retry, mayStop: given.may_stop, choose: openNode,
    types: new Map(given.types.map(type => [type.name, {...type, anchor: type.name}])),
  })
  set({graph: {nodes: given.nodes, connections: given.connections, looks: given.looks}, problems: given.problems, ahead: given.ahead})
  beginSaving(given.version)
  render(<Strips />, root.querySelector("[data-strips]"))
  render(<><Outline /><div class="board-place"><Board /><Selection /></div><Panel /><Palette /><Help /><Said /></>, root.querySelector("[data-board]"))
  beginBar(root)
  listen()
  // An address may lead to a node.
  const id = decodeURIComponent(location.hash.replace(/^#node-/, ""))
  if (nodeOf(get().graph, id)) openNode(id)
}

const root = document.querySelector("[data-canvas]")
if (root) edit(root)

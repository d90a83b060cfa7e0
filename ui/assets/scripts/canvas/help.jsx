// The list of keys, which ? opens.
import {useEffect, useRef} from "preact/hooks"
import {set, useStore} from "./store.js"
import {viewport} from "./viewport.js"

const keys = [
  ["Go from node to node", ["←", "→", "↑", "↓"]], ["Open the node", ["Enter"]], ["Back to the canvas", ["Esc"]], ["Add a node", ["N"]],
  ["Connect to another node, or disconnect", ["C"]], ["Delete", ["Del"]], ["Rename", ["F2"]], ["Turn off or on", ["D"]], ["Pin or unpin the output", ["P"]],
  ["Run the draft", ["Ctrl", "Enter"]], ["Run with an input", ["I"]], ["Run up to this node", ["R"]], ["Stop the run", ["S"]], ["Undo", ["Ctrl", "Z"]], ["Redo", ["Shift", "Ctrl", "Z"]],
  ["Copy, cut, paste", ["Ctrl", "C", "X", "V"]], ["Duplicate", ["Ctrl", "D"]], ["Group", ["Ctrl", "G"]], ["Ungroup", ["Shift", "Ctrl", "G"]], ["Select everything", ["Ctrl", "A"]], ["Select the next node too", ["Ctrl", "→"]], ["Move the node", ["Shift", "→"]],
  ["Align the selected nodes", ["A"]], ["Tidy up", ["T"]], ["Show everything", ["F"]], ["Zoom", ["+", "-", "0"]], ["Outline", ["O"]], ["Widen the panel", ["W"]],
]

export const Help = () => useStore(state => state.help) ? <Open /> : null

function Open() {
  const dialog = useRef()
  useEffect(() => dialog.current.showModal(), [])
  const close = () => {
    set({help: false})
    viewport.focus()
  }
  return <dialog ref={dialog} class="wide" aria-labelledby="canvas-keys-title" onClose={close}><form method="dialog">
    <h2 id="canvas-keys-title">Keys of the canvas</h2>
    <dl class="keys">{keys.map(([what, names]) => <div><dt>{what}</dt><dd>{names.map(name => <kbd>{name}</kbd>)}</dd></div>)}</dl>
    <div class="buttons"><button class="button primary">Close</button></div></form></dialog>
}

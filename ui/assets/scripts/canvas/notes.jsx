// What stands among the nodes for people alone: notes, which say something, and frames, which show what belongs together.
import {NodeResizeControl} from "@xyflow/react"
import {useCallback} from "preact/hooks"
import {Icon} from "./icon.jsx"
import {nodeOf, moveNodes, updateNode} from "./model.js"
import {commit, get, page, useStore} from "./store.js"

// A change from one version to another is shown at its border.
const useChange = id => useStore(({run}) => run?.nodes[id]?.status ?? "")

// Corner is where a note or a frame is drawn larger.
function Corner({id, least}) {
  const resized = useCallback((event, {x, y, width, height}) => {
    const {graph} = get(), node = nodeOf(graph, id), config = {...node.config, width: Math.round(width), height: Math.round(height)}
    commit(`resize “${node.name}”`, updateNode(moveNodes(graph, {[id]: {x: Math.round(x), y: Math.round(y)}}), id, {config}))
  }, [id])
  return <NodeResizeControl position="bottom-right" minWidth={least[0]} minHeight={least[1]} onResizeEnd={resized} className="corner" />
}

// A note shows what the server formatted. Nothing in it takes the focus, so that the canvas stays one stop.
export function Note({id, data: {node, look}, selected}) {
  const text = node.config?.text, change = useChange(id)
  return <div id={`node-${id}`} class={`note-card colour-${node.config?.colour || 1} ${change} ${selected ? "selected" : ""}`} role="img" aria-label={`Note: ${text || "empty"}`}>
    {text ? <div class="prose" inert dangerouslySetInnerHTML={{__html: look.html ?? ""}} /> : <span class="soft">Empty note. Press Enter to write.</span>}
    {selected && !page.readOnly && <Corner id={id} least={[80, 40]} />}
  </div>
}

// Of a frame only the title and the corner take the pointer: what lies in it, and the canvas under it, work as without it.
export function Frame({id, data: {node}, selected}) {
  const change = useChange(id)
  return <div id={`node-${id}`} class={`frame colour-${node.config?.colour || 1} ${change} ${selected ? "selected" : ""}`} role="img" aria-label={`Group: ${node.name}`}>
    <b class="frame-title"><Icon name="group" />{node.name}</b>
    {selected && !page.readOnly && <Corner id={id} least={[120, 80]} />}
  </div>
}

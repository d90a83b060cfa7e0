// A connection. It leaves and arrives level, one that leads back runs below its nodes, and it carries the number of items after a run; an output
// with a name says it itself.
// Under the pointer it shows a + that puts a node between its ends.
import {BaseEdge, getBezierPath} from "@xyflow/react"
import {openPalette} from "./palette.jsx"
import {counted} from "./states.js"
import {page, useStore} from "./store.js"

function pathOf({sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data}) {
  if (!data.below) return getBezierPath({sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition}).slice(0, 3)
  const {below} = data, turn = 40
  return [`M${sourceX} ${sourceY}C${sourceX + turn} ${sourceY} ${sourceX + turn} ${below} ${sourceX} ${below}L${targetX} ${below}` +
    `C${targetX - turn} ${below} ${targetX - turn} ${targetY} ${targetX} ${targetY}`, (sourceX + targetX) / 2, below]
}

export function Wire({id, source, sourceHandleId, target, data, selected, ...ends}) {
  const edit = useStore(({run}) => run?.wires?.[`${source} ${sourceHandleId} ${target}`] ?? "")
  const [path, x, y] = pathOf({...ends, data})
  const items = useStore(({run}) => run?.items[`${source} ${sourceHandleId}`])
  const state = useStore(({run}) => !run ? "" : run.items[`${source} ${sourceHandleId}`] > 0 ? "done" : run.over ? "not-reached" : "")
  return <g class={`wire ${state} ${edit} ${sourceHandleId === "error" ? "error" : ""} ${selected ? "selected" : ""}`}>
    <BaseEdge id={id} path={path} interactionWidth={24} />
    {items > 0 && sourceHandleId === "main" && <text class="wire-label" x={x} y={y - 8}>{counted(items, "item")}</text>}
    {!page.readOnly && <g class="insert" role="button" aria-label={`Insert a node between ${data.from} and ${data.to}`} onClick={event => {
      event.stopPropagation()
      openPalette({connection: id})
    }}><circle cx={x} cy={y} r="10" /><path d={`M${x - 4} ${y}h8M${x} ${y - 4}v8`} /></g>}
  </g>
}

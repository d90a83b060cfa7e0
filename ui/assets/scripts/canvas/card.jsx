// A node on the canvas: a card with its icon, its name and one line of what it does, a point for each input and output, and what
// became of it in the last run.
import {Handle, Position} from "@xyflow/react"
import {useEffect, useState} from "preact/hooks"
import {Icon} from "./icon.jsx"
import {at as connectionsAt, goneInputs, goneOutputs, outputsOf, refusal, refusedText} from "./model.js"
import {openPalette} from "./palette.jsx"
import {counted, states, took} from "./states.js"
import {get, page, useStore} from "./store.js"

// Points stand so far apart that each has room for its name and its +.
const at = (index, count) => ({top: `calc(50% + ${(index - (count - 1) / 2) * 24}px)`})

// wordsFor says a card in one sentence, for those who listen.
export function wordsFor(node, {run, problems, broken}) {
  const type = page.types.get(node.type), state = states[run?.nodes[node.id]?.status]
  const wrong = problems.filter(one => one.node === node.id).length + (broken[node.id] ? 1 : 0)
  return [
    node.name, node.name !== type?.title && (type?.title ?? node.type), node.disabled && "off", node.pin && "pinned", state?.word,
    wrong && (wrong === 1 ? "1 problem" : `${wrong} problems`),
  ].filter(Boolean).join(", ")
}

function Output({node, name, index, count, isGone}) {
  const isFree = useStore(({graph}) => !connectionsAt(graph.connections, "from_node", node.id).some(one => one.from_output === name))
  const items = useStore(({run}) => run?.items[`${node.id} ${name}`])
  const label = isGone ? `${name}, which is gone` : name === "main" ? "" : name
  return <>
    <Handle type="source" position={Position.Right} id={name} style={at(index, count)} className={isGone || name === "error" ? "error" : ""} />
    <span class="output" style={at(index, count)}>
      {label && <span class={`output-name ${isGone || name === "error" ? "error" : ""}`}>{label}{items > 0 && `, ${counted(items, "item")}`}</span>}
      {isFree && !page.readOnly && <button type="button" class="plus nodrag nopan" tabIndex={-1}
        aria-label={`Add a node after ${node.name}${label && `, ${label}`}`} onClick={() => openPalette({from: node.id, output: name})}><Icon name="plus" /></button>}
      {isFree && !label && items > 0 && <span class="output-name done">{counted(items, "item")}</span>}
    </span>
  </>
}

// Elapsed counts the seconds of a node that runs.
function Elapsed({since}) {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(clock)
  }, [])
  const seconds = Math.floor((now - since) / 1000)
  return seconds > 0 ? <span class="took">{took(seconds * 1000).replace(".0", "")}</span> : null
}

export function Card({data: {node, look}, selected}) {
  const type = page.types.get(node.type)
  const step = useStore(({run}) => run?.nodes[node.id])
  const wrong = useStore(({problems, broken}) => refusedText(broken[node.id]) || problems.find(one => one.node === node.id)?.text)
  const words = useStore(state => wordsFor(node, state))
  const lost = useStore(({graph}) => goneOutputs(graph, node).join("\n")).split("\n").filter(Boolean)
  const lostInputs = useStore(({graph}) => goneInputs(graph, node.id).join("\n")).split("\n").filter(Boolean)
  const outputs = outputsOf({looks: {[node.id]: look}}, node), inputs = [...look.inputs, ...lostInputs], all = [...outputs, ...lost], state = states[step?.status]
  const line = step?.error?.message || look.line
  const classes = ["card", state && `ran ${step.status}`, node.disabled && "off", node.pin && "pinned", wrong && "wrong", type?.trigger && "trigger", selected && "selected"]
  return <div id={`node-${node.id}`} class={classes.filter(Boolean).join(" ")} role="group" aria-label={words} title={wrong || `${node.name}\n${line}`}>
    {inputs.map((name, index) => <>
      <Handle type="target" position={Position.Left} id={name} style={at(index, inputs.length)} className={lostInputs.includes(name) ? "error" : ""} />
      {inputs.length > 1 && <span class="input-name" style={at(index, inputs.length)}>{name}</span>}
    </>)}
    <span class={`tile ${type?.tone || "idle"}`}><Icon name={type?.icon ?? "box"} /></span>
    <span class="words"><b>{node.name}</b><span class="line">{line}</span></span>
    <span class="marks">
      {step?.status === "running" && step.since ? <Elapsed since={step.since} /> : state && step.ms > 0 && <span class="took">{took(step.ms)}</span>}
      {node.pin && <Icon name="pin" label="pinned" />}
      {node.disabled && <Icon name="ban" label="off" />}
      {wrong && !state && <span class="warn"><Icon name="triangle-alert" label="problem" /></span>}
      {state && <span class={state.tone}><Icon name={state.icon} label={state.word} /></span>}
    </span>
    {all.map((name, index) => <Output key={name} node={node} name={name} index={index} count={all.length} isGone={lost.includes(name)} />)}
  </div>
}

export const isAllowed = ({source, sourceHandle, target, targetHandle}) =>
  !refusal(get().graph, page.types, {from: source, output: sourceHandle, to: target, input: targetHandle})

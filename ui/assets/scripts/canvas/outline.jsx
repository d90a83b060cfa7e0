// The nodes as a list in the order in which they run: the second way through a workflow, for screen readers, phones and long ones.
import {useEffect, useState} from "preact/hooks"
import {openNode} from "./actions.js"
import {framesOf} from "./frames.js"
import {Icon} from "./icon.jsx"
import {at, nodeOf, ordered, refusedText} from "./model.js"
import {states, took} from "./states.js"
import {page, useStore} from "./store.js"
import {openPalette} from "./palette.jsx"

const phone = matchMedia("(max-width: 767px)")

export function Outline() {
  const shown = useStore(state => state.outline), [narrow, setNarrow] = useState(phone.matches)
  useEffect(() => {
    const follow = () => setNarrow(phone.matches)
    phone.addEventListener("change", follow)
    return () => phone.removeEventListener("change", follow)
  }, [])
  return shown || narrow ? <List shown={shown} /> : null
}

function List({shown}) {
  const graph = useStore(state => state.graph), groups = framesOf(graph, page.types)
  return <nav class={`outline ${shown ? "shown" : ""}`} aria-label="Outline of the nodes">
    <h2>Outline</h2>
    {graph.nodes.length === 0 && <p class="soft">There are no nodes yet.</p>}
    <ol>{ordered(graph, page.types).map(node => <Row key={node.id} node={node} look={graph.looks[node.id]} group={groups.get(node.id)} />)}</ol>
    {!page.readOnly && <button type="button" class="button small" onClick={() => openPalette()}><Icon name="plus" />Add a node</button>}
  </nav>
}

function Row({node, look, group}) {
  const isCurrent = useStore(({selected}) => selected.length === 1 && selected[0] === node.id)
  const step = useStore(({run}) => run?.nodes[node.id]), state = states[step?.status]
  const wrong = useStore(({problems, broken}) => refusedText(broken[node.id]) || problems.find(one => one.node === node.id)?.text)
  const next = useStore(({graph}) => at(graph.connections, "from_node", node.id).map(one => nodeOf(graph, one.to_node)?.name).join(", "))
  const type = page.types.get(node.type)
  return <li><button type="button" class="outline-row" aria-current={isCurrent ? "true" : undefined} onClick={() => openNode(node.id)}>
    <span class={`tile ${type?.tone || "idle"}`}><Icon name={type?.icon ?? "box"} /></span>
    <span class="words"><b>{node.name}</b><span class="line">{step?.error?.message || (!state && wrong) || look?.line}</span>
      {next && <span class="unseen">, leads to {next}</span>}</span>
    {group && <small class="soft in-group" title={`In the group ${group}`}><span class="unseen">, in the group </span>{group}</small>}
    {node.disabled && <small class="soft">off</small>}{node.pin && <small class="soft">pinned</small>}
    {state ? <span class={`outline-state ${state.tone}`}><Icon name={state.icon} />{state.word}{step.ms > 0 && `, ${took(step.ms)}`}</span>
      : wrong && <span class="outline-state warn"><Icon name="triangle-alert" />problem</span>}
  </button></li>
}

// What can be done with the selected nodes, as buttons: the same that the keys do, for the pointer and for touch.
import {alignSelected, duplicate, openNode, removeSelected, toggleDisabled} from "./actions.js"
import {Icon} from "./icon.jsx"
import {openInput} from "./input.jsx"
import {nodeOf} from "./model.js"
import {openJoining} from "./palette.jsx"
import {listenForCall, start} from "./run.js"
import {page, useStore} from "./store.js"

const Tool = ({icon, label, press, keyName, spelt}) => <button type="button" class={`button small ${spelt ? "" : "square"}`} aria-label={spelt ? undefined : label}
  title={keyName ? `${label} (${keyName})` : label} onClick={press}><Icon name={icon} />{spelt && <span class="label">{label}</span>}</button>

export function Selection() {
  const selected = useStore(state => state.selected), graph = useStore(state => state.graph), wires = useStore(state => state.wires)
  const isOpen = useStore(state => state.panel), running = useStore(({run}) => run && !run.over)
  if (page.readOnly || !selected.length && !wires.length) return null
  const node = selected.length === 1 && nodeOf(graph, selected[0]), type = node && page.types.get(node.type), isStep = node && !type?.note
  return <div class="selection-tools" role="group" aria-label={node ? `Actions on ${node.name}` : "Actions on the selection"}>
    {node && !isOpen && <Tool icon="pencil" label="Open" keyName="Enter" press={() => openNode(node.id)} />}
    {isStep && page.mayRun && !running && <>
      <Tool icon="play" label="Run to here" keyName="R" spelt press={() => start({to: node.id})} />
      {type?.trigger && !node.disabled && <Tool icon="braces" label="Give it an input" keyName="I" spelt press={() => openInput(node.id)} />}
      {node.type === "trigger.webhook" && <Tool icon="webhook" label="Listen for a test call" spelt press={listenForCall} />}
      {!type?.trigger && page.mayRetry && <Tool icon="skip-forward" label="Run from here" spelt press={() => start({from: node.id})} />}
      {!type?.trigger && page.mayRetry && <Tool icon="circle-dot" label="Run this node" spelt press={() => start({from: node.id, to: node.id})} />}</>}
    {isStep && <Tool icon="link" label="Connect" keyName="C" press={openJoining} />}
    {selected.length > 1 && <Tool icon="layout-list" label="Align" keyName="A" press={alignSelected} />}
    {selected.length > 0 && <Tool icon="copy" label="Duplicate" keyName="Ctrl+D" press={duplicate} />}
    {(isStep || selected.length > 1) && <Tool icon="ban" label={node?.disabled ? "Turn on" : "Turn off"} keyName="D" press={toggleDisabled} />}
    <Tool icon="trash-2" label="Delete" keyName="Del" press={removeSelected} />
  </div>
}

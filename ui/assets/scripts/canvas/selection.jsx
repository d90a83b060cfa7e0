// What can be done with the selected nodes, as buttons: the same that the keys do, for the pointer and for touch.
import {alignSelected, duplicate, groupSelected, openNode, paint, removeSelected, toggleDisabled, ungroup} from "./actions.js"
import {isFrame} from "./frames.js"
import {Icon} from "./icon.jsx"
import {openInput} from "./input.jsx"
import {nodeOf} from "./model.js"
import {openJoining} from "./palette.jsx"
import {listenForCall, start} from "./run.js"
import {page, useStore} from "./store.js"

const Tool = ({icon, label, press, keyName, spelt}) => <button type="button" class={`button small ${spelt ? "" : "square"}`} aria-label={spelt ? undefined : label}
  title={keyName ? `${label} (${keyName})` : label} onClick={press}><Icon name={icon} />{spelt && <span class="label">{label}</span>}</button>

// A note has seven colours in what comes from n8n; these are those that look different here.
const colours = [[1, "yellow"], [2, "blue"], [3, "red"], [4, "green"], [5, "grey"]]

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
    {selected.length > 0 && !isFrame(node) && <Tool icon="group" label="Group" keyName="Ctrl+G" press={groupSelected} />}
    {isFrame(node) && <Tool icon="ungroup" label="Ungroup" keyName="Shift+Ctrl+G" press={ungroup} />}
    {selected.length > 0 && <Tool icon="copy" label="Duplicate" keyName="Ctrl+D" press={duplicate} />}
    {type?.note && colours.map(([colour, word]) => <button key={word} type="button" class="button small square swatch" aria-label={`Colour: ${word}`} title={word}
      aria-pressed={String((node.config?.colour || 1) === colour)} onClick={() => paint(colour)}><span class={`dot colour-${colour}`} /></button>)}
    {(isStep || isFrame(node) || selected.length > 1) && <Tool icon="ban" label={isFrame(node) ? "Turn its nodes off or on" : node?.disabled ? "Turn on" : "Turn off"} keyName="D" press={toggleDisabled} />}
    <Tool icon="trash-2" label={isFrame(node) ? "Delete the group, not its nodes" : "Delete"} keyName="Del" press={removeSelected} />
  </div>
}

// The bar above the canvas comes with the page. This part presses its buttons and keeps its words true: whether the draft is saved, how far
// the run is, and what there is to undo.
import {openPalette} from "./palette.jsx"
import {openInput} from "./input.jsx"
import {start, stop} from "./run.js"
import {counted} from "./states.js"
import {get, page, redo, set, subscribe, undo} from "./store.js"

const actions = {
  add: () => openPalette(), run: () => start(), input: () => openInput(), stop, undo, redo,
  problems: () => set({listed: !get().listed}),
  outline: () => set({outline: !get().outline}), keys: () => set({help: true}),
}

const saved = {saved: "Saved", waiting: "Not saved yet", saving: "Saving", failed: "Not saved", conflict: "Not saved"}

export function begin(root) {
  const part = name => root.querySelector(`[data-do="${name}"]`), word = name => root.querySelector(`[data-shows="${name}"]`)
  document.addEventListener("click", event => actions[event.target.closest("[data-do]")?.dataset.do]?.())
  let clock
  const show = () => {
    const {past, future, run, graph, problems, ahead, saved: state} = get()
    const running = run && !run.over
    word("saved").textContent = saved[state]
    for (const [name, can] of [["undo", past.length], ["redo", future.length]]) part(name)?.setAttribute("aria-disabled", String(!can))
    for (const name of ["run", "input"]) part(name)?.toggleAttribute("hidden", Boolean(running))
    part("stop")?.toggleAttribute("hidden", !running || !page.mayStop)
    part("outline").setAttribute("aria-pressed", String(get().outline))
    word("progress").textContent = running ? progress(run, graph) : ""
    const wrong = graph.nodes.length ? problems.length + Object.keys(get().broken).length : 0
    part("problems").hidden = !wrong
    part("problems").setAttribute("aria-expanded", String(get().listed))
    word("problems").textContent = counted(wrong, "problem")
    root.querySelector("[data-empty]").hidden = graph.nodes.length > 0
    word("publish")?.toggleAttribute("hidden", !ahead || problems.length > 0 || !graph.nodes.length || state !== "saved")
    if (running) clock ??= setInterval(show, 1000)
    else clock = clearInterval(clock)
  }
  subscribe(show)
  show()
}

function progress(run, graph) {
  const all = graph.nodes.filter(node => !page.types.get(node.type)?.note).length
  const done = Object.values(run.nodes).filter(step => step.status !== "running" && step.status !== "waiting").length
  const seconds = Math.max(0, Math.floor((Date.now() - run.since) / 1000))
  return `Node ${Math.min(done + 1, all)} of ${all}, ${seconds} s`
}

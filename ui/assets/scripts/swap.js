// htmx and its answers. Options stand in the page's htmx-config tag, so that they are there before the first request.
import htmx from "htmx.org"
import {Idiomorph} from "idiomorph"
import {unfold} from "./unfold.js"

// What scripts added to the page and the server does not know. Taking a tabindex away would take the focus with it.
const ours = ["tabindex", "role", "aria-selected", "aria-multiselectable", "open"]
const keepOurs = (name, node, change) => !(change === "remove" && ours.includes(name)) && !(node.getAttribute?.("role") === "combobox" && name.startsWith("aria-"))
// What a script fills while somebody types stays as it is, and what was unfolded stays unfolded.
function keepFilled(node, fresh) {
  if (node.matches?.("details[open]")) unfold(fresh)
  return !node.matches?.("[data-filled]")
}

// The extension keeps focus, selection and open menus over a refresh, because it changes only what differs.
htmx.defineExtension("morph", {
  isInlineSwap: style => style === "morph",
  handleSwap(style, target, fragment) {
    if (style !== "morph") return false
    return Idiomorph.morph(target, fragment.children, {
      morphStyle: "outerHTML", ignoreActiveValue: true, callbacks: {beforeAttributeUpdated: keepOurs, beforeNodeMorphed: keepFilled},
    })
  },
})

// What is chosen on a canvas stands in the address, and the rest of the page follows it.
document.addEventListener("choose", async ({detail: path}) => {
  await htmx.ajax("GET", path, {source: "#detail", target: "#detail", swap: "morph", select: "#detail"})
  history.replaceState(history.state, "", path)
})

// A refused request leaves the page as it is and says so above it, with the id that leads to the log line.
document.addEventListener("htmx:responseError", event => {
  const answer = event.detail.xhr
  const id = answer.getResponseHeader("X-Request-Id")
  if (answer.status === 401) return setTimeout(() => location.reload(), 5000) // unless the page is on its way to another one, with another session
  showStrip(`The answer was ${answer.status}. Nothing was changed.` + (id ? ` Request ${id}.` : ""))
})
document.addEventListener("htmx:sendError", () => showStrip("The server can't be reached. What you typed is kept."))
document.addEventListener("htmx:timeout", () => showStrip("The server took too long to answer. Try again."))
document.addEventListener("htmx:beforeRequest", () => showStrip(""))

function showStrip(text) {
  const strip = document.getElementById("request-strip")
  if (!strip) return
  strip.hidden = text === ""
  strip.querySelector(".text").textContent = text
}

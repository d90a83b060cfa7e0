// Keys that work anywhere. An element says its key in data-key; going somewhere is g and then the letter in data-go.
import {closeMenus} from "./menu.js"
import {unfold} from "./unfold.js"

let going = 0

export function isTyping(target) {
  return target.isContentEditable || target.matches("input:not([type=checkbox],[type=radio]), textarea, select")
}

// isFree tells whether single keys may act: nobody is typing, no dialog is open, and the person did not turn them off.
export function isFree(event) {
  return !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target) &&
    !document.querySelector("dialog[open]") && document.documentElement.dataset.keys !== "off"
}

document.addEventListener("keydown", event => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey) return withControl(event)
  if (!isFree(event)) return
  if (Date.now() - going < 1500 && /^[a-z]$/.test(event.key)) {
    going = 0
    return press(event, `[data-go="${event.key}"]`)
  }
  switch (event.key) {
    case "g": going = Date.now(); return
    case "/": return focus(event, "[data-search]") || press(event, "[data-find]")
    case "?": return openHelp(event)
    case "Escape": return closeMenus() || event.target.closest("tr") || document.querySelector(":popover-open") || press(event, "#detail > .crumbs li:last-child > a")
  }
  if (/^[a-z]$/.test(event.key)) press(event, `[data-key="${event.key}"]`)
})

function withControl(event) {
  const form = event.target.closest("form") || document.querySelector("form[data-save]")
  if (!form) return
  if (event.key === "Enter" || (event.key === "s" && form.matches("[data-save]"))) {
    event.preventDefault()
    form.requestSubmit()
  }
}

function press(event, selector) {
  // What waits in a closed menu or is folded in the sidebar can be pressed too, and what only a phone's bar shows: the key is the short way to it.
  const all = [...document.querySelectorAll(selector)]
  const element = all.find(one => one.checkVisibility() || one.closest("details.menu, .sidebar")?.checkVisibility()) || all.find(one => one.closest(".bottom"))
  if (!element) return
  event.preventDefault()
  element.click()
}

function focus(event, selector) {
  const element = [...document.querySelectorAll(selector)].find(one => one.checkVisibility())
  if (!element) return false
  event.preventDefault()
  element.focus()
  element.select?.()
  return true
}

function openHelp(event) {
  event.preventDefault()
  openDialog("keys")
}

function openDialog(id) {
  const dialog = document.getElementById(id)
  if (!dialog) return
  unfold(dialog)
  dialog.showModal()
}

document.addEventListener("click", event => {
  const opener = event.target.closest("[data-opens]")
  if (opener) openDialog(opener.dataset.opens)
})

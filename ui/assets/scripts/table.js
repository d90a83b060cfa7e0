// A table is one stop of the Tab key. Inside, j and k or the arrows move between rows, right and left between the
// controls of a row, x selects, e edits, Enter opens. Without this script each link is its own stop, as usual.
import {isFree} from "./keys.js"

// What the server selected is selected from the start.
const chosen = new Set([...document.querySelectorAll("td.primary > input[checked]")].map(box => box.value))
const rowsOf = table => [...table.tBodies[0].rows]
const controlsOf = row => [...row.querySelectorAll("a, button, summary, input:not([type=hidden])")]
const tables = () => document.querySelectorAll("table[data-rows]")

function enhance() {
  for (const table of tables()) {
    table.setAttribute("role", "grid")
    table.setAttribute("aria-multiselectable", "true")
    const rows = rowsOf(table)
    const current = rows.find(row => row.tabIndex === 0) || rows[0]
    for (const row of rows) {
      row.tabIndex = row === current ? 0 : -1
      for (const control of controlsOf(row)) control.tabIndex = -1
      const box = boxOf(row)
      if (box) box.checked = chosen.has(box.value)
    }
    showChosen(table)
  }
}

function boxOf(row) { return row.querySelector("td.primary > input[type=checkbox]") }

function current(table) { return rowsOf(table).find(row => row.tabIndex === 0) }

function moveTo(table, row) {
  if (!row) return
  const before = current(table)
  if (before) before.tabIndex = -1
  row.tabIndex = 0
  row.focus()
}

function step(table, by) {
  const rows = rowsOf(table)
  const at = rows.findIndex(row => row.contains(document.activeElement))
  const start = at < 0 ? rows.indexOf(current(table)) - by : at
  moveTo(table, rows[Math.min(rows.length - 1, Math.max(0, start + by))])
}

function toggle(row, on = !boxOf(row)?.checked) {
  const box = boxOf(row)
  if (!box) return
  box.checked = on
  if (on) chosen.add(box.value)
  else chosen.delete(box.value)
  showChosen(row.closest("table"))
}

function showChosen(table) {
  const rows = rowsOf(table).filter(boxOf)
  const on = rows.filter(row => boxOf(row).checked)
  for (const row of rows) row.setAttribute("aria-selected", String(boxOf(row).checked))
  const all = table.tHead?.querySelector("input[data-all]")
  if (all) {
    all.checked = on.length > 0 && on.length === rows.length
    all.indeterminate = on.length > 0 && on.length < rows.length
  }
  const bar = document.querySelector(".bulk")
  if (!bar) return
  bar.hidden = on.length === 0
  bar.querySelector(".chosen").textContent = `${on.length} selected`
  for (const form of bar.querySelectorAll("form")) {
    form.querySelectorAll("input[name=id]").forEach(input => input.remove())
    for (const row of on) form.append(Object.assign(document.createElement("input"), {type: "hidden", name: "id", value: boxOf(row).value}))
    if (form.dataset.confirm) {
      form.dataset.confirmOne ||= form.dataset.confirm
      form.dataset.confirm = on.length === 1 ? form.dataset.confirmOne : form.dataset.confirmMany.replace("#", on.length)
    }
  }
}

document.addEventListener("keydown", event => {
  const table = event.target.closest?.("table[data-rows]") || tables()[0]
  if (!table || !isFree(event) || event.target.closest("details.menu[open]")) return
  const row = event.target.closest("tr[tabindex]")
  const inside = row && table.contains(row)
  // On the page of a row j and k lead to its neighbours, whatever tables it has.
  const leads = document.querySelector(".place")
  const act = {
    j: () => (inside || !leads) && step(table, 1),
    k: () => (inside || !leads) && step(table, -1),
    ArrowDown: () => inside && step(table, 1),
    ArrowUp: () => inside && step(table, -1),
    Home: () => inside && moveTo(table, rowsOf(table)[0]),
    End: () => inside && moveTo(table, rowsOf(table).at(-1)),
    x: () => inside && toggle(row),
    e: () => inside && (location.href = row.dataset.edit || row.querySelector("td.primary a").href),
    Enter: () => inside && event.target === row && row.querySelector("td.primary a")?.click(),
    ArrowRight: () => inside && across(row, 1),
    ArrowLeft: () => inside && across(row, -1),
    Escape: () => inside && (event.target === row ? clear() : row.focus()),
  }[event.key]
  if (!act || act() === false) return
  if (inside || event.key === "j" || event.key === "k") {
    event.preventDefault()
    event.stopImmediatePropagation()
  }
})

function across(row, by) {
  const stops = [row, ...controlsOf(row).filter(one => one.checkVisibility())]
  stops[Math.min(stops.length - 1, Math.max(0, stops.indexOf(document.activeElement) + by))].focus()
}

function clear() {
  chosen.clear()
  enhance()
}

document.addEventListener("change", event => {
  const table = event.target.closest("table[data-rows]")
  if (!table) return
  const on = event.target.checked
  if (event.target.matches("[data-all]")) for (const row of rowsOf(table)) toggle(row, on)
  else if (event.target.matches("td.primary > input")) toggle(event.target.closest("tr"), on)
})

document.addEventListener("click", event => {
  if (event.target.closest("[data-clear-selection]")) return clear()
  const row = event.target.closest("table[data-rows] tbody tr")
  if (!row || event.target.closest("a, button, input, details, label") || String(getSelection())) return
  row.querySelector("td.primary a")?.click()
})

document.addEventListener("htmx:afterSwap", enhance)

// The skip link of a list leads into it, so that a row is reached with two keys.
document.addEventListener("click", event => {
  const skip = event.target.closest("a.skip")
  const table = skip && document.querySelector(skip.hash)?.querySelector("table[data-rows]")
  if (!table) return
  event.preventDefault()
  moveTo(table, current(table))
})

// A list remembers the row that somebody comes back from, and what was selected when they left. The path above a row names it in
// the address; the browser's own way back does not.
const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward"
const from = location.hash.slice(1) || isBack && "row-" + sessionStorage.opened
const list = document.querySelector("#list table[data-rows]")
const opened = document.querySelector("#detail")?.dataset.live.match(/:(\S+)/)?.[1]
const returned = list && rowsOf(list).find(row => row.id === from)
if (returned && sessionStorage.list === location.pathname) for (const id of sessionStorage.chosen.split(",")) chosen.add(id)
if (opened || list) sessionStorage.opened = opened || ""
if (list) addEventListener("pagehide", () => Object.assign(sessionStorage, {list: location.pathname, chosen: [...chosen].join()}))

enhance()
if (returned) moveTo(list, returned)

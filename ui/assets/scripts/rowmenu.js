// The menu of a row. There is one for the whole page: it goes to the row that the pointer or the focus is on, and fetches that
// row's actions when it opens, because fifty menus would be most of the page.
import htmx from "htmx.org"

const menu = document.createElement("details")
menu.className = "menu row-menu"
menu.innerHTML = `<summary class="button quiet small square">⋯</summary><div class="panel"></div>`
const summary = menu.querySelector("summary")
const panel = menu.querySelector(".panel")

function goTo(row) {
  if (!row?.dataset.menu || menu.parentElement?.parentElement === row || menu.open) return
  summary.setAttribute("aria-label", "Actions for " + row.querySelector("td.primary").innerText)
  summary.tabIndex = -1
  row.lastElementChild.append(menu)
}

menu.addEventListener("toggle", async () => {
  // A question closes the menu, and its form has to be there for the answer.
  if (!menu.open) return
  panel.replaceChildren()
  await htmx.ajax("GET", menu.closest("tr").dataset.menu, {target: panel, swap: "innerHTML"})
  if (summary.matches(":focus")) panel.querySelector("a, button")?.focus()
})

const rowOf = event => event.target.closest?.("table[data-rows] tbody tr")
document.addEventListener("pointerover", event => event.pointerType === "mouse" && goTo(rowOf(event)))
document.addEventListener("focusin", event => goTo(rowOf(event)))
goTo(rowOf({target: document.activeElement})) // the row that somebody came back to

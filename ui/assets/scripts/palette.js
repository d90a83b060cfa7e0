// Ctrl or Cmd with K opens the palette anywhere. What this page offers is read from it, pages and actions are fetched once and filtered here, rows come from the
// server while somebody types, and the rows seen last from this browser. Without an offer Enter opens the search page.
import {recent} from "./recent.js"
import {unfold} from "./unfold.js"

const palette = document.getElementById("palette")
let timer

const part = selector => palette.querySelector(selector)
const typed = () => part("input").value.trim()
const options = () => [...palette.querySelectorAll("[role=option]")]
const shown = () => options().filter(option => !option.hidden)
const chosen = () => shown().find(option => option.ariaSelected === "true")

function optionOf({path, title}) {
  const option = part("template[data-row]").content.firstElementChild.cloneNode(true)
  option.setAttribute("href", path)
  option.querySelector(".label").textContent = title
  return option
}

// What can be done on this page is on it already: its buttons, what waits in its menu, its tabs. Creating stands among the
// actions of every page.
function here() {
  const seen = new Set()
  return [...document.querySelectorAll("main .heading-row > .buttons :is(a, button), main .tabs > a:not([aria-current]), main .place > a")].filter(one => {
    const label = one.textContent.trim()
    return label && !seen.has(label) && seen.add(label) && one.ariaDisabled !== "true" && !one.getAttribute("href")?.endsWith("/new")
  }).map(one => {
    const option = optionOf({path: "#", title: one.textContent.trim()})
    const icon = one.querySelector(".icon use")?.getAttribute("href")
    if (icon) option.querySelector("use").setAttribute("href", icon)
    else option.querySelector(".icon").remove()
    option.addEventListener("click", event => {
      event.preventDefault()
      palette.close()
      one.click()
    })
    return option
  })
}

async function fill(holder, words) {
  const answer = await fetch(`/search/palette?q=${encodeURIComponent(words)}`, {headers: {"HX-Request": "true"}}).catch(() => null)
  if (!answer?.ok || (words && words !== typed())) return // it is lost or late, and Enter searches without it
  part(holder).innerHTML = await answer.text()
  filter()
}

function filter() {
  const words = typed().toLowerCase().split(/\s+/)
  for (const option of palette.querySelectorAll(":is([data-recent], [data-here], [data-places]) [role=option]")) {
    const text = option.querySelector(".label").textContent.toLowerCase()
    option.hidden = !words.every(word => text.includes(word))
  }
  for (const [index, option] of options().entries()) option.id = `palette-${index}`
  choose(chosen() || shown()[0])
}

function choose(next) {
  for (const option of options()) option.ariaSelected = String(option === next)
  part("input").setAttribute("aria-activedescendant", next?.id || "")
  part("input").setAttribute("aria-expanded", String(Boolean(next)))
  part("[role=listbox]").hidden = !next
  next?.scrollIntoView({block: "nearest"})
}

function open() {
  unfold(palette)
  part("form").reset()
  part("[data-found]").replaceChildren()
  part("[data-recent] > [role=group]").replaceChildren(...recent().filter(row => row.path !== location.pathname).map(optionOf))
  part("[data-here] > [role=group]").replaceChildren(...here())
  filter()
  palette.showModal()
  if (!part("[data-places]").firstChild) fill("[data-places]", "")
}

palette?.addEventListener("input", () => {
  clearTimeout(timer)
  part("[data-found]").replaceChildren() // Enter must not open what other words found
  if (typed()) timer = setTimeout(fill, 60, "[data-found]", typed())
  choose()
  filter()
})

palette?.addEventListener("keydown", event => {
  const list = shown(), step = {ArrowDown: 1, ArrowUp: -1}[event.key]
  if (event.key === "Enter" ? !chosen() : !step) return
  event.preventDefault()
  if (step) choose(list.at((list.indexOf(chosen()) + step) % list.length))
  else chosen().click()
})

palette?.addEventListener("click", event => event.target === palette && palette.close())

document.addEventListener("keydown", event => {
  if (!palette || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
  event.preventDefault()
  if (palette.open) palette.close()
  else if (!document.querySelector("dialog[open]")) open()
})

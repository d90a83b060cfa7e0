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

function optionOf({path, title, words = ""}) {
  const option = part("template[data-row]").content.firstElementChild.cloneNode(true)
  option.setAttribute("href", path)
  option.querySelector(".label").textContent = title
  option.dataset.words = words
  return option
}

// What can be done on this page is on it already: its buttons, what waits in its menu, its tabs; and what a person can do
// anywhere waits in theirs. Creating stands among the actions of every page.
const onPage = "main .heading-row > .buttons :is(a, button), main .tabs > a:not([aria-current]), main .place > a"
const ofPerson = ".sidebar > .foot .entry"

function commands(selector) {
  const seen = new Set()
  return [...document.querySelectorAll(selector)].filter(one => {
    const label = one.textContent.trim()
    return label && !seen.has(label) && seen.add(label) && one.ariaDisabled !== "true" && !one.getAttribute("href")?.endsWith("/new")
  }).map(one => {
    const option = optionOf({path: "#", title: one.dataset.command || one.querySelector(".label")?.textContent || one.textContent.trim(), words: one.dataset.words})
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
  // To words commands answer before rows do; without words the rows seen last are the likeliest.
  part(typed() ? "[data-found]" : "[data-here]").before(part("[data-recent]"))
  for (const option of palette.querySelectorAll(":is([data-recent], [data-here], [data-places], [data-person]) [role=option]")) {
    const text = (option.querySelector(".label").textContent + " " + (option.dataset.words || "")).toLowerCase()
    option.hidden = !words.every(word => text.includes(word))
  }
  const fits = shown().some(option => !option.closest("[data-found]"))
  for (const option of palette.querySelectorAll("[data-corrected] [role=option]")) option.hidden = fits
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
  unfold(document.querySelector(".sidebar > .foot"))
  part("[data-here] > [role=group]").replaceChildren(...commands(onPage))
  part("[data-person] > [role=group]").replaceChildren(...commands(ofPerson))
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

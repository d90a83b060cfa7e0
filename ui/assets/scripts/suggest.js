// A list's search field suggests how a typed filter can go on ("state:" and then its states). The server knows both and
// answers options that carry the whole text in data-value.
import {step} from "./options.js"

const wait = 80
let timer

const listOf = input => document.getElementById(input.getAttribute("aria-controls"))
const options = input => [...listOf(input).querySelectorAll("[role=option]")]

function show(input, html) {
  const list = listOf(input)
  list.innerHTML = html
  list.hidden = list.children.length === 0
  input.setAttribute("aria-expanded", String(!list.hidden))
  input.removeAttribute("aria-activedescendant")
  for (const [index, option] of options(input).entries()) option.id = `suggestion-${index}`
}

async function suggest(input) {
  const text = input.value
  const answer = await fetch(`${input.dataset.suggestions}?search=${encodeURIComponent(text)}`, {headers: {"HX-Request": "true"}}).catch(() => null)
  if (answer?.ok && input.value === text && document.activeElement === input) show(input, await answer.text())
}

function take(input, option) {
  input.value = option.dataset.value
  show(input, "")
  input.dispatchEvent(new Event("input", {bubbles: true}))
}

// What may become a filter waits until it is whole: a space or Enter ends it.
const unfinished = text => /(^|\s)-?[\p{L}_][\p{L}\d_-]*:("[^"]*"?|\S*)$/u.test(text)

document.addEventListener("htmx:configRequest", event => {
  const input = event.target.querySelector?.("[data-suggestions]")
  if (input && event.detail.triggeringEvent?.type !== "submit" && unfinished(input.value)) event.preventDefault()
})

// The server turned what was typed into filters: what is left of it are the words. The field has the focus, so the new page
// did not touch it.
document.addEventListener("htmx:afterSwap", event => {
  const {finalRequestPath: asked, responsePath: answered} = event.detail.pathInfo || {}
  const input = document.querySelector("[data-suggestions]")
  if (!input || !asked || !answered) return
  const words = address => new URL(address, location.href).searchParams.get("search") || ""
  if (words(asked) !== words(answered) && input.value === words(asked)) input.value = words(answered)
})

document.addEventListener("input", event => {
  if (!event.target.matches("[data-suggestions]")) return
  clearTimeout(timer)
  for (const option of options(event.target)) option.ariaSelected = "false" // Enter must not take what other words found
  if (event.target.value === "") show(event.target, "")
  else timer = setTimeout(suggest, wait, event.target)
})

document.addEventListener("keydown", event => {
  const input = event.target
  if (!input.matches?.("[data-suggestions]")) return
  const offered = options(input), at = offered.findIndex(option => option.ariaSelected === "true")
  const by = {ArrowDown: 1, ArrowUp: -1}[event.key]
  if (by && offered.length === 0) {
    event.preventDefault()
    suggest(input)
  } else if (by) {
    event.preventDefault()
    step(input, offered, by)
  } else if (event.key === "Enter" && at >= 0) {
    event.preventDefault()
    take(input, offered[at])
  } else if (event.key === "Enter" || (event.key === "Escape" && offered.length > 0)) {
    if (event.key === "Escape") event.preventDefault()
    clearTimeout(timer)
    show(input, "")
  }
})

document.addEventListener("pointerdown", event => {
  const option = event.target.closest("#suggestions [role=option]")
  if (!option) return
  event.preventDefault()
  take(option.closest("form").querySelector("[data-suggestions]"), option)
})

document.addEventListener("focusout", event => event.target.matches?.("[data-suggestions]") && show(event.target, ""))

// A suggested word goes into a list of words, once.
for (const chips of document.querySelectorAll(".suggested")) chips.hidden = false
document.addEventListener("click", event => {
  const chip = event.target.closest("[data-adds]")
  if (!chip) return
  const input = document.getElementById(chip.dataset.adds)
  const words = input.value.split(",").map(word => word.trim()).filter(Boolean)
  input.value = (words.includes(chip.value) ? words.filter(word => word !== chip.value) : [...words, chip.value]).join(", ")
  input.dispatchEvent(new Event("input", { bubbles: true }))
  input.focus()
})

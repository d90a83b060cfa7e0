// A field that finds its value by what is typed. The server answers options as list items with data-value; the hidden input
// carries the value, the visible one the words. Where several can be chosen a list of choices carries them, and each chosen
// one stands as a button that takes it off again; without an address the choices themselves are searched.
import {step} from "./options.js"

document.addEventListener("input", async event => {
  const box = event.target.closest("[data-lookup]")
  if (!box || !event.target.matches("[role=combobox]")) return
  const words = event.target.value
  if (words === "") {
    if (!isMany(box)) choose(box, null)
    return show(box, "")
  }
  if (box.dataset.lookup === "") return show(box, "", offered(box, words))
  box.dataset.awaits = "options"
  const answer = await fetch(`${box.dataset.lookup}?search=${encodeURIComponent(words)}`, {headers: {"HX-Request": "true"}}).catch(() => null)
  const html = answer?.ok ? await answer.text() : ""
  // Answers can overtake each other, and come after the choice.
  if (event.target.value !== words || !box.dataset.awaits) return
  const entered = box.dataset.awaits === "choice"
  show(box, html)
  if (entered && html) choose(box, box.querySelector("[role=option]"))
})

const isMany = box => "many" in box.dataset
const optionOf = (select, value) => [...select.options].find(one => one.value === value)
const choices = box => box.parentElement.querySelector("select")

// The choices that begin with the words come before those that hold them elsewhere.
function offered(box, words) {
  const place = option => option.text.toLowerCase().indexOf(words.toLowerCase())
  const found = [...choices(box).options].filter(option => !option.selected && place(option) >= 0)
  return found.sort((a, b) => Math.min(place(a), 1) - Math.min(place(b), 1)).slice(0, 10).map(option => {
    const item = document.createElement("li")
    item.setAttribute("role", "option")
    item.dataset.value = option.value
    item.textContent = option.text
    return item
  })
}

function show(box, html, items = []) {
  delete box.dataset.awaits
  const list = box.querySelector("[role=listbox]")
  const input = box.querySelector("[role=combobox]")
  list.innerHTML = html
  list.append(...items)
  const options = [...list.children]
  list.hidden = !options.length
  input.setAttribute("aria-expanded", String(!list.hidden))
  options.forEach((option, index) => option.id = list.id + index)
  if (!list.hidden) step(input, options, 1) // so that Enter takes the first
}

function choose(box, option) {
  if (isMany(box)) return add(box, option.dataset.value, option.textContent.trim())
  const hidden = box.querySelector("input[type=hidden]")
  hidden.value = option ? option.dataset.value : ""
  if (option) box.querySelector("[role=combobox]").value = option.textContent.trim()
  show(box, "")
  hidden.dispatchEvent(new Event("change", {bubbles: true}))
}

function add(box, value, label) {
  const select = choices(box)
  let option = optionOf(select, value)
  if (!option) select.add(option = new Option(label, value))
  option.selected = true
  box.querySelector("[role=combobox]").value = ""
  show(box, "")
  showChosen(select)
  select.dispatchEvent(new Event("input", {bubbles: true}))
}

// The buttons of what is chosen follow the list that carries it.
export function showChosen(select) {
  const box = select.parentElement.querySelector("[data-many]")
  box.querySelector(".chips").replaceChildren(...[...select.selectedOptions].map(option => {
    const chip = box.querySelector("template").content.firstElementChild.cloneNode(true)
    chip.dataset.value = option.value
    chip.querySelector("span").textContent = option.text
    return chip
  }))
}

document.addEventListener("click", event => {
  const chip = event.target.closest("[data-many] .chip")
  if (!chip) return
  const box = chip.closest("[data-many]")
  optionOf(choices(box), chip.dataset.value).selected = false
  showChosen(choices(box))
  box.querySelector("[role=combobox]").focus()
  choices(box).dispatchEvent(new Event("input", {bubbles: true}))
})

document.addEventListener("keydown", event => {
  const box = event.target.closest?.("[data-lookup]")
  if (!box) return
  const options = [...box.querySelectorAll("[role=option]")]
  if (event.key === "Enter" && event.target.value) event.preventDefault()
  if (event.key === "Enter" && box.dataset.awaits) return box.dataset.awaits = "choice" // what is shown was found by other words
  if (!options.length) return
  if (event.key === "Enter") return choose(box, options.find(option => option.ariaSelected === "true"))
  const by = {ArrowDown: 1, ArrowUp: -1, Escape: 0}[event.key]
  if (by === undefined) return
  event.preventDefault()
  if (by) step(event.target, options, by)
  else show(box, "")
})

document.addEventListener("pointerdown", event => {
  const option = event.target.closest("[data-lookup] [role=option]")
  if (!option) return
  event.preventDefault()
  choose(option.closest("[data-lookup]"), option)
})

// Words without a value would be lost silently; what was chosen before comes back with the page.
document.addEventListener("focusout", event => {
  const box = event.target.closest?.("[data-lookup]")
  if (!box || !event.target.matches("[role=combobox]")) return
  if (isMany(box) || box.querySelector("input[type=hidden]").value === "") event.target.value = ""
  show(box, "")
})

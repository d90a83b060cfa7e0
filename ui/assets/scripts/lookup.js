// A field that finds its value by what is typed. The server answers options as list items with data-value; the hidden input
// carries the value, the visible one the words.
const count = new WeakMap()

document.addEventListener("input", async event => {
  const box = event.target.closest("[data-lookup]")
  if (!box || !event.target.matches("[role=combobox]")) return
  const words = event.target.value
  const turn = (count.get(box) || 0) + 1
  count.set(box, turn)
  if (words === "") {
    choose(box, null)
    return show(box, "")
  }
  const answer = await fetch(`${box.dataset.lookup}?search=${encodeURIComponent(words)}`, {headers: {"HX-Request": "true"}})
  // Answers can overtake each other.
  if (answer.ok && count.get(box) === turn) show(box, await answer.text())
})

function show(box, html) {
  const list = box.querySelector("[role=listbox]")
  const input = box.querySelector("[role=combobox]")
  list.innerHTML = html
  list.hidden = list.children.length === 0
  input.setAttribute("aria-expanded", String(!list.hidden))
  input.removeAttribute("aria-activedescendant")
  for (const [index, option] of [...list.children].entries()) option.id = `${list.id}-${index}`
}

function choose(box, option) {
  const hidden = box.querySelector("input[type=hidden]")
  hidden.value = option ? option.dataset.value : ""
  if (option) box.querySelector("[role=combobox]").value = option.textContent.trim()
  show(box, "")
}

document.addEventListener("keydown", event => {
  const box = event.target.closest?.("[data-lookup]")
  const options = box ? [...box.querySelectorAll("[role=option]")] : []
  if (options.length === 0) return
  const at = options.findIndex(option => option.ariaSelected === "true")
  if (event.key === "Enter" && at >= 0) {
    event.preventDefault()
    return choose(box, options[at])
  }
  if (event.key === "Escape") {
    event.preventDefault()
    return show(box, "")
  }
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key]
  if (!step) return
  event.preventDefault()
  const next = options.at((at + step + (at < 0 && step < 0 ? 1 : 0)) % options.length)
  for (const option of options) option.ariaSelected = String(option === next)
  event.target.setAttribute("aria-activedescendant", next.id)
  next.scrollIntoView({block: "nearest"})
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
  if (!box) return
  if (box.querySelector("input[type=hidden]").value === "") event.target.value = ""
  show(box, "")
})

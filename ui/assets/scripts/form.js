// The save bar of a form that changes something appears with the first change and says how much changed.
const valueOf = field => {
  if (field.type === "checkbox" || field.type === "radio") return String(field.checked)
  return field.type === "select-multiple" ? [...field.selectedOptions].map(option => option.value).join() : field.value
}
const first = new WeakMap()

function changes(form) {
  const names = new Set()
  for (const field of form.elements) {
    if (first.has(field) && first.get(field) !== valueOf(field)) names.add(field.name)
  }
  return names.size
}

export function showChanges(form) {
  const bar = form.querySelector(".save-bar[data-dirty]")
  if (!bar) return
  const count = changes(form)
  bar.classList.toggle("dirty", count > 0)
  bar.querySelector(".changed").textContent = count === 1 ? "1 field changed" : `${count} fields changed`
}

for (const form of document.querySelectorAll("form[data-save]")) {
  for (const field of form.elements) if (field.name && field.type !== "hidden") first.set(field, valueOf(field))
  // After a refused save the fields already differ from what is stored.
  if (form.querySelector("[aria-invalid=true], .strip:not([hidden])")) form.querySelector(".save-bar")?.classList.add("dirty")
}
document.addEventListener("input", event => event.target.form?.matches("[data-save]") && showChanges(event.target.form))
document.addEventListener("reset", event => setTimeout(() => showChanges(event.target)))

// A second press while the first is on its way would create twice.
document.addEventListener("submit", event => {
  if (event.defaultPrevented || event.target.method !== "post") return
  if (event.target.dataset.sent) return event.preventDefault()
  event.target.dataset.sent = "yes"
  event.submitter?.setAttribute("aria-disabled", "true")
})
function allowAgain() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent
  for (const button of document.querySelectorAll("[type=submit][aria-disabled]")) button.removeAttribute("aria-disabled")
}
addEventListener("pageshow", allowAgain)
document.addEventListener("htmx:afterRequest", allowAgain)

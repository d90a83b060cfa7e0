// Keeps what was typed until it was sent. Secrets and files are never kept.
import {showChanges} from "./form.js"
import {showChosen} from "./lookup.js"

const prefix = "draft:"
const sent = "draft-sent"
const kept = field => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !field.matches("[data-secret]")

function read(form) {
  const values = {}
  for (const field of form.elements) {
    if (!kept(field)) continue
    if (field.type === "checkbox" || field.type === "radio") (values[field.name] ||= []).push(...(field.checked ? [field.value] : []))
    else if (field.type === "select-multiple") values[field.name] = [...field.selectedOptions].map(option => [option.value, option.text])
    else values[field.name] = field.value
  }
  return values
}

function fill(form, values) {
  for (const field of form.elements) {
    if (!kept(field) || !(field.name in values)) continue
    const value = values[field.name]
    if (field.type === "checkbox" || field.type === "radio") field.checked = Array.isArray(value) && value.includes(field.value)
    else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = false
      for (const [id, label] of value) ([...field.options].find(option => option.value === id) || field.appendChild(new Option(label, id))).selected = true
      showChosen(field)
    } else field.value = value
  }
  showChanges(form)
}

const forms = [...document.querySelectorAll("form[data-draft]")]

// A draft ends on the first page after sending that is not its form again: only then it was accepted.
const accepted = sessionStorage.getItem(sent)
sessionStorage.removeItem(sent)
if (accepted && !forms.some(form => form.dataset.draft === accepted)) sessionStorage.removeItem(prefix + accepted)

for (const form of forms) {
  const key = prefix + form.dataset.draft
  const fresh = read(form)
  const stored = sessionStorage.getItem(key)
  const refused = accepted === form.dataset.draft
  if (stored && !refused && stored !== JSON.stringify(fresh)) {
    fill(form, JSON.parse(stored))
    const notice = form.querySelector("[data-draft-notice]")
    if (notice) {
      notice.hidden = false
      notice.querySelector("button").addEventListener("click", () => {
        sessionStorage.removeItem(key)
        fill(form, fresh)
        notice.hidden = true
      })
    }
  }
  form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify(read(form))))
  form.addEventListener("submit", () => sessionStorage.setItem(sent, form.dataset.draft))
}

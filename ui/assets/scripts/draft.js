// Keeps what was typed in this browser until the server took it: through a lost session, a server that is away, a refusal, and a
// closed tab. Secrets and files are never kept.
import {showChanges} from "./form.js"
import {showChosen} from "./lookup.js"
import {owner} from "./recent.js"

const keyOf = name => `draft:${owner}:${name}`
const fields = form => [...form.elements].filter(field => field.name && !/hidden|password|file|submit|button/.test(field.type) && !field.matches("[data-secret]"))

const read = form => fields(form).map(field => [field.name, field.type === "select-multiple" ? [...field.selectedOptions].map(option => [option.value, option.text])
  : /checkbox|radio/.test(field.type) ? field.checked : field.value])

function fill(form, values) {
  fields(form).forEach((field, place) => {
    const [name, value] = values[place] || []
    if (name !== field.name) return
    if (typeof value === "boolean") return field.checked = value
    if (typeof value === "string") return field.value = value
    for (const option of field.options) option.selected = false
    for (const [id, label] of value) ([...field.options].find(option => option.value === id) || field.appendChild(new Option(label, id))).selected = true
    showChosen(field)
  })
  showChanges(form)
}

// The server says of each form that it took which draft that ends; whatever else follows a submission ends none.
localStorage.removeItem(keyOf(document.documentElement.dataset.saved))

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = keyOf(form.dataset.draft), version = form.elements.version?.value
  const fresh = read(form)
  const drop = () => localStorage.removeItem(key)
  const keep = () => localStorage.setItem(key, JSON.stringify({version, values: read(form)}))
  const stored = JSON.parse(localStorage.getItem(key))
  const notice = form.querySelector("[data-draft-notice]") // a refused form has none: it shows what was sent by itself
  if (stored && notice && `${stored.values}` !== `${fresh}`) {
    const [take, anew] = notice.querySelectorAll("button")
    const show = (values, then) => () => {
      fill(form, values)
      then()
      notice.hidden = true
    }
    notice.hidden = false
    if (stored.version === version) fill(form, stored.values)
    else take.hidden = false
    take.addEventListener("click", show(stored.values, keep))
    anew.addEventListener("click", show(fresh, drop))
  }
  form.addEventListener("input", keep)
  form.querySelector("[data-draft-end]")?.addEventListener("click", drop)
}

// Keeps what was typed in this browser until the server took it: through a lost session, a server that is away, a refusal, and a
// closed tab. Secrets and files are never kept.
import {showChanges} from "./form.js"
import {showChosen} from "./lookup.js"

const prefix = "draft:", longest = 30 * 24 * 60 * 60 * 1000
const owner = document.getElementById("palette")?.dataset.owner || ""
const keyOf = name => `${prefix}${owner}:${name}`
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

// The server says of each form that it took which draft that ends; whatever else follows a submission ends none.
const saved = document.cookie.match(/(?:^|; )saved=([^;]*)/)
if (saved) {
  localStorage.removeItem(keyOf(decodeURIComponent(saved[1])))
  document.cookie = "saved=; Max-Age=0; Path=/"
}

const parsed = text => JSON.parse(text || "null")
for (const key of Object.keys(localStorage)) {
  if (key.startsWith(prefix) && !(Date.now() - parsed(localStorage.getItem(key))?.at < longest)) localStorage.removeItem(key)
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const name = form.dataset.draft, key = keyOf(name)
  const version = form.elements.version?.value || ""
  const fresh = read(form)
  const drop = () => localStorage.removeItem(key)
  const keep = () => localStorage.setItem(key, JSON.stringify({at: Date.now(), version, values: read(form)}))
  const stored = parsed(localStorage.getItem(key))
  // A refused form shows what was sent by itself.
  if (stored && !("refused" in form.dataset) && JSON.stringify(stored.values) !== JSON.stringify(fresh)) {
    const notice = form.querySelector("[data-draft-notice]"), take = notice.querySelector("[data-draft-take]")
    const stale = stored.version !== version
    notice.querySelector(stale ? "[data-draft-stale]" : "[data-draft-same]").hidden = notice.hidden = false
    take.hidden = !stale
    if (!stale) fill(form, stored.values)
    take.addEventListener("click", () => {
      fill(form, stored.values)
      keep()
      notice.hidden = true
    })
    notice.querySelector("[data-draft-drop]").addEventListener("click", () => {
      drop()
      fill(form, fresh)
      notice.hidden = true
    })
  }
  form.addEventListener("input", keep)
  form.addEventListener("formdata", event => {
    event.formData.set("draft", name)
    event.formData.set("draft_page", location.pathname + location.search)
  })
  form.querySelector("[data-draft-end]")?.addEventListener("click", drop)
}

document.addEventListener("submit", event => {
  if (!event.target.matches("[action='/sign-out']")) return
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key)
})

// Under each field with an expression stands what it gives on the first item of the last execution. The server works it out, with the
// same code that runs the node; where there was no execution yet, nothing is shown.
import {parse, post} from "./api.js"
import {get, page} from "./store.js"

let asked = 0

export async function preview(id, form) {
  const fields = [...form.querySelectorAll("[data-expression]")].filter(field => field.value.includes("{{"))
  for (const old of form.querySelectorAll(".expression-result")) if (!fields.some(field => field.id === old.dataset.of)) old.remove()
  const {graph} = get(), wire = graph.connections.find(one => one.to_node === id)
  if (!fields.length || !page.last || !get().data) return
  const mine = ++asked, body = new URLSearchParams({execution: page.last, node: id, before: wire?.from_node ?? "", output: wire?.from_output ?? ""})
  for (const field of fields) body.append("text", field.value)
  const results = await post("preview", body).then(async answer => parse(await answer.text())).catch(() => null)
  if (mine !== asked || !form.isConnected) return
  fields.forEach((field, index) => show(field, results?.[index]))
}

function show(field, result) {
  const holder = field.closest(".field")
  let line = holder.querySelector(".expression-result")
  if (!result) return line?.remove()
  if (!line) {
    line = document.createElement("p")
    line.className = "expression-result"
    line.dataset.of = field.id
    holder.append(line)
  }
  line.classList.toggle("refused", Boolean(result.error))
  line.textContent = result.error ? `No result: ${result.error}` : `Gives: ${result.text}`
}

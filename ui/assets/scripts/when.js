// A field that has a meaning only with some values of another one says so in data-when ("name:a|b") and hides otherwise. Without
// this script all fields are there.
function show(form) {
  for (const field of form.querySelectorAll("[data-when]")) {
    const at = field.dataset.when.lastIndexOf(":")
    const other = form.elements[field.dataset.when.slice(0, at)]
    if (other) field.hidden = !field.dataset.when.slice(at + 1).split("|").includes(other.value)
  }
  for (const row of form.querySelectorAll(".field-row:has(> [data-when])")) row.hidden = [...row.children].every(field => field.hidden)
}

for (const form of document.querySelectorAll("form:has([data-when])")) show(form)
document.addEventListener("change", event => event.target.form?.querySelector("[data-when]") && show(event.target.form))
// A form that a script put on the page.
document.addEventListener("fragment", event => show(event.detail))

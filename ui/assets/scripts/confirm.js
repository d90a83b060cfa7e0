// Asks before what can't be undone. The form says what will happen in data-confirm, more in data-confirm-body, and in
// data-confirm-name the name to type. The server asks again by itself when the answer does not come with the form.
const dialog = document.getElementById("confirm")
let waiting

document.addEventListener("submit", event => {
  const form = event.target
  if (!dialog || !form.matches("[data-confirm]") || form.elements.confirm?.value) return
  event.preventDefault()
  event.stopImmediatePropagation()
  waiting = {form, button: event.submitter}
  const name = form.dataset.confirmName || ""
  const input = dialog.querySelector("input")
  const button = dialog.querySelector(".button.primary")
  dialog.querySelector("h2").textContent = form.dataset.confirm
  dialog.querySelector(".body").textContent = form.dataset.confirmBody || ""
  dialog.querySelector(".field").hidden = name === ""
  dialog.querySelector(".name").textContent = name
  button.textContent = form.dataset.confirmButton || form.dataset.confirm
  button.disabled = name !== ""
  input.value = ""
  input.oninput = () => { button.disabled = input.value !== name }
  dialog.returnValue = "no" // what Escape leaves is no answer
  dialog.showModal()
}, true)

// Enter after the name is typed goes on, so that cancelling is no button that sends the form.
dialog?.querySelector("[data-cancel]").addEventListener("click", () => dialog.close("no"))

dialog?.addEventListener("close", () => {
  const {form, button} = waiting || {}
  waiting = undefined
  // A button in a menu that closed meanwhile can't take the focus back; what opens the menu can.
  if (!form || dialog.returnValue !== "yes") return (button?.checkVisibility() ? button : button?.closest("details").querySelector("summary"))?.focus()
  const answer = form.elements.confirm || form.appendChild(Object.assign(document.createElement("input"), {type: "hidden", name: "confirm"}))
  answer.value = form.dataset.confirmName || "yes"
  form.requestSubmit(button)
  answer.value = ""
})

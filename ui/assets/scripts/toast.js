// A toast offers to undo, for ten seconds, and nothing else: errors and notices stand where they belong.
const seconds = 10

function start(toast) {
  let timer
  const wait = () => { timer = setTimeout(() => toast.remove(), seconds * 1000) }
  const hold = () => clearTimeout(timer)
  toast.addEventListener("pointerenter", hold)
  toast.addEventListener("focusin", hold)
  toast.addEventListener("pointerleave", wait)
  toast.addEventListener("focusout", wait)
  toast.addEventListener("click", event => event.target.closest("[data-dismiss]") && toast.remove())
  wait()
}

for (const toast of document.querySelectorAll(".toast")) start(toast)

// The server sends {"undo": {"text": "…", "action": "/path"}} in HX-Trigger after a change that can be taken back.
document.addEventListener("undo", event => {
  const template = document.getElementById("toast")
  const {text, action} = event.detail
  if (!template || !action?.startsWith("/") || action.startsWith("//")) return
  const toast = template.content.firstElementChild.cloneNode(true)
  toast.querySelector(".text").textContent = text
  toast.querySelector("form").action = action
  document.querySelector(".toasts").append(toast)
  start(toast)
})

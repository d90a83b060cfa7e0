// Show and hide, caps lock while typing, and a meter of length: length is the only rule.
document.addEventListener("click", event => {
  const button = event.target.closest("[data-reveals]")
  if (!button) return
  const input = document.getElementById(button.dataset.reveals)
  const shown = input.type === "password"
  input.type = shown ? "text" : "password"
  button.setAttribute("aria-pressed", String(shown))
})

document.addEventListener("keyup", event => {
  if (!event.target.matches?.("input[data-password]")) return
  const notice = document.getElementById(event.target.id + "-caps")
  if (notice) notice.hidden = !event.getModifierState?.("CapsLock")
})

document.addEventListener("input", event => {
  const meter = event.target.matches("input[data-password]") && document.getElementById(event.target.id + "-meter")
  if (meter) meter.value = [...event.target.value].length
})

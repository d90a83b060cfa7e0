// Copies the text in data-copy, or that of the element it names in data-copies.
document.addEventListener("click", async event => {
  const button = event.target.closest("[data-copy], [data-copies]")
  if (!button) return
  const text = button.dataset.copy ?? document.getElementById(button.dataset.copies)?.textContent ?? ""
  try {
    await navigator.clipboard.writeText(text)
    say("Copied")
    button.classList.add("done")
    setTimeout(() => button.classList.remove("done"), 1500)
  } catch {
    say("Copying was refused by the browser")
  }
})

// say tells a screen reader and shows it at the foot of the page for a moment.
function say(text) {
  const region = document.getElementById("said")
  if (!region) return
  region.textContent = text
  setTimeout(() => { region.textContent = "" }, 1500)
}

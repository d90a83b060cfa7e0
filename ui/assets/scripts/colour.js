// The picture of a colour and its numbers say the same.
document.addEventListener("input", event => {
  const picture = event.target.closest("[data-colour]")
  if (picture) {
    const text = document.getElementById(picture.dataset.colour)
    text.value = picture.value
    return text.dispatchEvent(new Event("input", {bubbles: true}))
  }
  const written = event.target.closest(".colour > .input")
  if (written && /^#[0-9a-f]{6}$/i.test(written.value)) written.previousElementSibling.value = written.value
})

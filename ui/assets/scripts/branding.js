// The preview of a branding wears the colour that is chosen and not stored yet, which no stylesheet of the page knows.
const sheet = new CSSStyleSheet()
document.adoptedStyleSheets.push(sheet)

function wear() {
  const preview = document.getElementById("preview")
  if (preview) sheet.replaceSync(`#preview{${preview.dataset.accent}}`)
}

wear()
document.addEventListener("htmx:afterSwap", wear)

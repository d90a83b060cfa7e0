// What works only with script, and is rarely looked at, waits in a template until it is opened for the first time.
export function unfold(holder) {
  const template = holder.querySelector("template[data-unfold]")
  template?.replaceWith(template.content)
}

document.addEventListener("toggle", event => event.target.matches("details") && event.target.open && unfold(event.target), true)

// The options below a field are moved through with the arrows while the focus stays in the field.
export function step(input, options, by) {
  const at = options.findIndex(option => option.ariaSelected === "true")
  const next = options.at((at + by + (at < 0 && by < 0 ? 1 : 0)) % options.length)
  for (const option of options) option.ariaSelected = String(option === next)
  input.setAttribute("aria-activedescendant", next.id)
  next.scrollIntoView({block: "nearest"})
}

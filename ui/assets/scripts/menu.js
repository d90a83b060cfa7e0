// A menu is a <details>: it opens without script. This adds closing from outside, Escape and the arrow keys.
const open = () => document.querySelectorAll("details.menu[open]")
const entries = menu => [...menu.querySelectorAll(".panel :is(a, button, input, select)")].filter(one => one.checkVisibility())

export function closeMenus(except) {
  const menus = open()
  for (const menu of menus) {
    if (menu === except) continue
    const held = menu.contains(document.activeElement)
    menu.open = false
    if (held) menu.querySelector("summary").focus()
  }
  return menus.length > 0
}

document.addEventListener("pointerdown", event => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false
})

document.addEventListener("focusin", event => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false
})

document.addEventListener("keydown", event => {
  const menu = event.target.closest?.("details.menu")
  if (!menu) return
  if (event.key === "Escape" && menu.open) {
    event.preventDefault()
    return closeMenus()
  }
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key]
  if (!step || event.target.matches("select, input:not([type=checkbox])")) return
  event.preventDefault()
  menu.open = true
  const list = entries(menu)
  const at = list.indexOf(document.activeElement)
  list.at(at < 0 && step < 0 ? -1 : (at + step) % list.length)?.focus()
})

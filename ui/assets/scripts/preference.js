// What a person chose for this browser. It lives in cookies, because the server then sends the right page at once and
// nothing flashes; the account's own preference, where there is one, is the server's to prefer.
const year = 365 * 24 * 3600
const root = document.documentElement

export function remember(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : ""
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${value ? year : 0}; samesite=lax${secure}`
}

function show(name, value) {
  if (value) root.setAttribute(`data-${name}`, value)
  else root.removeAttribute(`data-${name}`)
  for (const button of document.querySelectorAll(`[data-preference="${name}"]`)) {
    button.setAttribute("aria-pressed", String((button.dataset.value || "") === value))
  }
}

document.addEventListener("click", event => {
  const button = event.target.closest("[data-preference]")
  if (!button) return
  const name = button.dataset.preference
  const wanted = button.dataset.value || ""
  const current = root.getAttribute(`data-${name}`) || ""
  // A toggle names its one value; pressed again it goes back to the usual.
  const value = button.hasAttribute("data-toggle") && current === wanted ? "" : wanted
  remember(name, value)
  show(name, value)
})

if (!root.dataset.zone) remember("zone", Intl.DateTimeFormat().resolvedOptions().timeZone || "")

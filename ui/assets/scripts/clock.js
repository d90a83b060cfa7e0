// Relative times grow older while the page is open. The words are those of the server (ui/time.go).
const units = [["d", 86400], ["h", 3600], ["min", 60]]

export function relative(seconds) {
  const age = Math.abs(seconds)
  if (age < 45) return "now"
  if (age >= 7 * 86400) return ""
  const [name, size] = units.find(([, size]) => age >= size) || ["min", 60]
  const count = Math.max(1, Math.floor(age / size))
  return seconds < 0 ? `in ${count} ${name}` : `${count} ${name} ago`
}

function refresh() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const text = relative((Date.now() - Date.parse(element.dateTime)) / 1000)
    if (text && text !== element.textContent) element.textContent = text
  }
}

setInterval(() => document.hidden || refresh(), 30_000)
document.addEventListener("visibilitychange", () => document.hidden || refresh())

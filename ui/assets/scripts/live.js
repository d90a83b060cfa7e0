// Live pages. One tab of the browser holds the stream and tells the others, because a browser allows a server six
// connections and each tab would take one. A fragment names in data-live what it shows ("incident", "incident:ID"); when
// that changes, htmx fetches the fragment again. The stream carries names only, so it can tell nobody what they may not see.
import htmx from "htmx.org"

const address = document.documentElement.dataset.live
// Where the stream begins differs from page to page; whose it is does not.
const name = "live " + (address || "").split("?")[0]
const patience = 3000
const stale = new Set()
let lostTimer, refreshTimer

function receive({kind, id, state}) {
  if (state === "lost") return showLost(true)
  if (state === "open") {
    showLost(false)
    // Whatever happened in between was missed.
    return refresh(document.querySelectorAll("[data-live][hx-get]"))
  }
  refresh([...document.querySelectorAll("[data-live][hx-get]")].filter(element => {
    const names = element.dataset.live.split(" ")
    return names.includes(kind) || names.includes(`${kind}:${id}`)
  }))
}

function refresh(elements) {
  for (const element of elements) stale.add(element)
  if (stale.size === 0 || document.hidden) return
  // Many changes at once cost one request.
  clearTimeout(refreshTimer)
  refreshTimer = setTimeout(() => {
    for (const element of stale) if (element.isConnected) htmx.trigger(element, "live")
    stale.clear()
  }, 250)
}

function showLost(lost) {
  const strip = document.getElementById("connection")
  if (strip) strip.hidden = !lost
}

function listen(channel) {
  const source = new EventSource(address)
  let wasLost = false
  const tell = message => {
    receive(message)
    channel.postMessage(message)
  }
  source.addEventListener("change", event => tell(JSON.parse(event.data)))
  source.onopen = () => {
    clearTimeout(lostTimer)
    lostTimer = undefined
    if (wasLost) tell({state: "open"})
    wasLost = false
  }
  source.onerror = () => {
    lostTimer ||= setTimeout(() => {
      wasLost = true
      tell({state: "lost"})
    }, patience)
  }
  return source
}

function start() {
  const channel = new BroadcastChannel(name)
  channel.onmessage = event => receive(event.data)
  let source, release
  // Locks exist on secure origins only; elsewhere each tab listens for itself.
  const lead = () => new Promise(resolve => {
    source = listen(channel)
    release = resolve
  })
  const stopping = new AbortController()
  if (navigator.locks) navigator.locks.request(name, {signal: stopping.signal}, lead).catch(() => {})
  else lead()
  addEventListener("pagehide", () => {
    stopping.abort()
    source?.close()
    release?.()
    channel.close()
  }, {once: true})
}

if (address) {
  start()
  addEventListener("pageshow", event => event.persisted && start())
  document.addEventListener("visibilitychange", () => document.hidden || refresh([]))
}

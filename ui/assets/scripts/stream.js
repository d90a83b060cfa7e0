// A page with a stream of its own is fetched again with each of its events, so that it moves while the thing moves. The last
// event ends the stream; the page that comes then has none.
import htmx from "htmx.org"

let source, timer

function follow() {
  const element = document.querySelector("[data-stream]")
  if (!element || source) return
  source = new EventSource(element.dataset.stream)
  source.addEventListener("execution", refresh)
  source.addEventListener("end", () => {
    stop()
    refresh()
  })
}

// Events come faster than anybody looks: those within a moment cost one request.
function refresh() {
  timer ||= setTimeout(() => {
    timer = undefined
    const element = document.querySelector("[data-stream]")
    if (element) htmx.trigger(element, "live")
  }, 100)
}

function stop() {
  source?.close()
  source = undefined
}

follow()
addEventListener("pagehide", stop)
addEventListener("pageshow", event => event.persisted && follow())

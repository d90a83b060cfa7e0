// Who else has this workflow's editor open. A page that somebody looks at holds a stream, by which the others know it; a page in the background
// holds none, because browsers allow few connections.
import {useStore, get, page, say, set} from "./store.js"

// A stream is opened anew from time to time. Who comes back by then was never gone.
const patience = 4000, most = 4
let source, leaving

const named = people => people.map(one => one.name).join(", ")

function take(people) {
  const {others} = get(), isIn = list => one => list.some(other => other.id === one.id)
  const came = people.filter(one => !isIn(others)(one)), gone = others.filter(one => !isIn(people)(one))
  clearTimeout(leaving)
  set({others: [...people, ...gone]})
  if (came.length) say(`${named(came)} opened this workflow too.`)
  if (gone.length) leaving = setTimeout(() => {
    set({others: people})
    say(`${named(gone)} left.`)
  }, patience)
}

function follow() {
  if (document.hidden || source) return
  source = new EventSource(`/api/v1/workflows/${page.id}/editors/stream`)
  source.addEventListener("editors", event => take(JSON.parse(event.data)))
}

function leave() {
  source?.close()
  source = undefined
}

export function begin() {
  follow()
  document.addEventListener("visibilitychange", () => document.hidden ? leave() : follow())
  addEventListener("pagehide", leave)
  addEventListener("pageshow", event => event.persisted && follow())
}

const initials = name => {
  const words = name.split(/\s+/).filter(Boolean)
  return [words[0], words.length > 1 ? words.at(-1) : ""].map(word => [...word ?? ""][0] ?? "").join("").toUpperCase()
}

export function Others() {
  const others = useStore(state => state.others)
  if (!others.length) return null
  const shown = others.length > most ? others.slice(0, most - 1) : others, rest = others.slice(shown.length)
  return <ul class="others" aria-label="Also in this editor">
    {shown.map(({id, name, picture}) => <li key={id} title={name}>
      {picture ? <img class="avatar" src={`/api/v1/users/${id}/avatar`} alt="" /> : <span class="avatar" aria-hidden="true">{initials(name)}</span>}<span class="unseen">{name}</span></li>)}
    {rest.length > 0 && <li title={named(rest)}><span class="avatar" aria-hidden="true">+{rest.length}</span><span class="unseen">{named(rest)}</span></li>}
  </ul>
}

// While an expression is typed, what it may go on with is offered below the field: the fields of the item that the node received, those of
// earlier nodes, and the names of the language. Arrows choose, Enter or Tab takes, Escape closes.
import {fieldsOf, outputsOf} from "./data.jsx"
import {get} from "./store.js"

const names = [
  ["$json", "the current item"], ["$now", "the time"], ["$today", "the start of the day"], ["$itemIndex", "the number of the item"],
  ["$input.all()", "all items of the input"], ["$workflow.name", "the name of the workflow"], ["$execution.id", "the id of the execution"],
  ["$jmespath($json, \"\")", "what a query finds"], ["$if(true, \"\", \"\")", "one of two values"],
]
const most = 8

// typedPart is what stands between {{ and the caret and could go on, null outside of an expression.
function typedPart(field) {
  const before = field.value.slice(0, field.selectionStart), open = before.lastIndexOf("{{")
  if (open < 0 || before.indexOf("}}", open) >= 0 || field.selectionStart !== field.selectionEnd) return null
  return /[$\w.[\]"'()-]*$/.exec(before.slice(open + 2))[0]
}

const short = value => value === null || value === undefined ? "" : String(typeof value === "object" ? JSON.stringify(value) : value).slice(0, 40)

function offered(id, part) {
  const {data, graph} = get(), wire = graph.connections.find(one => one.to_node === id)
  const step = data?.nodes.filter(one => one.node_id === id).at(-1)
  const own = fieldsOf(outputsOf(step, "input", data, wire).main?.[0]?.json).map(one => [one.path, short(one.value)])
  const others = graph.nodes.filter(node => node.id !== id).flatMap(node => {
    const items = Object.values(data?.nodes.filter(one => one.node_id === node.id).at(-1)?.output ?? {}).find(list => list.length)
    return items ? fieldsOf(items[0].json, `$('${node.name.replaceAll("'", "\\'")}').item.json`).map(one => [one.path, short(one.value)]) : []
  })
  const words = part.toLowerCase()
  return [...own, ...names, ...others].filter(([text]) => text.toLowerCase().startsWith(words) && text !== part || words.length > 2 && !words.includes(".") && text.toLowerCase().includes(words))
    .slice(0, most)
}

let list, field, part, options = [], place = 0

function close() {
  list?.remove()
  for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) field?.removeAttribute(name)
  list = field = undefined
}

function choose(next) {
  place = (next + options.length) % options.length
  for (const [index, option] of [...list.children].entries()) option.ariaSelected = String(index === place)
  field.setAttribute("aria-activedescendant", `completion-${place}`)
  list.children[place].scrollIntoView({block: "nearest"})
}

function take(index) {
  const [text] = options[index], at = field.selectionStart, target = field, rest = field.value.slice(at)
  const isClosed = /^[^{]*\}\}/.test(rest)
  target.setRangeText(text, at - part.length, at, "end")
  const end = target.selectionStart
  if (!isClosed) target.setRangeText(" }}", end, end, "start")
  if (target.value[end - text.length - 1] === "{") target.setRangeText(" ", end - text.length, end - text.length, "preserve")
  close()
  target.dispatchEvent(new Event("input", {bubbles: true}))
  close() // what was taken needs no offer
}

function offer(target, id) {
  const typed = typedPart(target)
  options = typed === null || typed === "" ? [] : offered(id, typed)
  if (!options.length) return close()
  if (field !== target) close()
  field = target
  part = typed
  if (!list) {
    list = document.createElement("ul")
    list.id = "completions"
    list.className = "completions"
    list.setAttribute("role", "listbox")
    list.setAttribute("aria-label", "Offers for the expression")
    target.closest(".field").append(list)
  }
  list.replaceChildren(...options.map(([text, example], index) => {
    const option = document.createElement("li")
    option.id = `completion-${index}`
    option.setAttribute("role", "option")
    option.append(Object.assign(document.createElement("code"), {textContent: text}), Object.assign(document.createElement("small"), {className: "soft", textContent: example}))
    option.addEventListener("pointerdown", event => {
      event.preventDefault()
      take(index)
    })
    return option
  }))
  field.setAttribute("aria-autocomplete", "list")
  field.setAttribute("aria-controls", list.id)
  choose(0)
}

// complete offers for the fields of a form that a host holds, and gives what ends that.
export function complete(host, id) {
  const input = event => event.target.matches("[data-expression]") && event.isTrusted && offer(event.target, id)
  const keydown = event => {
    if (!list || event.target !== field) return
    const by = {ArrowDown: 1, ArrowUp: -1}[event.key]
    if (by) choose(place + by)
    else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey && !event.shiftKey) take(place)
    else if (event.key === "Escape") close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  host.addEventListener("input", input)
  host.addEventListener("keydown", keydown)
  host.addEventListener("focusout", close)
  return () => {
    close()
    for (const [name, listener] of [["input", input], ["keydown", keydown], ["focusout", close]]) host.removeEventListener(name, listener)
  }
}

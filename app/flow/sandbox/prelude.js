// Everything that the prelude itself needs is taken before a script can change it.
const { parse, stringify, rawJSON } = JSON
const AsyncFunction = (async () => {}).constructor
const wellFormed = Function.prototype.call.bind(String.prototype.toWellFormed)
const cut = Function.prototype.call.bind(String.prototype.slice)
const matches = Function.prototype.call.bind(RegExp.prototype.test)
const [has, get, set] = [Map.prototype.has, Map.prototype.get, Map.prototype.set].map(f => Function.prototype.call.bind(f))
const EXPRESSION = 0, ALL = 1, EACH = 2, CHECK = 3
const MOST_LOGS = 65536

// A number keeps its digits where a double doesn't hold them: a whole one is a BigInt, and a fraction that comes out as the
// double that went in is written as it was.
const exact = new Map()
const read = (_, value, { source }) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  if (matches(/^-?[0-9]+$/, source)) return BigInt(source)
  set(exact, value, has(exact, value) && get(exact, value) !== source ? undefined : source)
  return value
}
const restore = (_, value) => typeof value === 'number' && get(exact, value) !== undefined ? rawJSON(get(exact, value)) : value
BigInt.prototype.toJSON = function () { return rawJSON(this.toString()) }

const lines = []
let logged = 0
const write = (...parts) => {
  if (logged >= MOST_LOGS) return
  let line = ''
  for (const part of parts) {
    let text
    if (typeof part === 'string') text = part
    else try { text = part instanceof Error ? String(part) : stringify(part) ?? String(part) } catch { text = '[unreadable]' }
    line += (line && ' ') + cut(text, 0, MOST_LOGS)
  }
  line = wellFormed(cut(line, 0, MOST_LOGS - logged))
  logged += line.length + 1
  lines[lines.length] = line
}
const console = { log: write, info: write, warn: write, error: write, debug: write }

// names are what a script can use; at tells for which of the items it runs.
const names = (data, at, makeDateTime) => {
  const input = data.input ?? (data.item ? [data.item] : [])
  const item = data.input ? input[at ?? data.index] : data.item
  const node = name => {
    const known = Object.hasOwn(data.nodes, name) ? data.nodes[name] : undefined
    if (known === undefined) throw new Error(`the node "${name}" is not known here: write its name as text, $('${name}')`)
    const items = () => {
      if (known === null) throw new Error(`the node "${name}" has not run`)
      return known.all
    }
    const own = {
      all: items, first: () => items()[0], last: () => items()[items().length - 1], itemMatching: i => items()[i],
      get isExecuted() { return known !== null },
      get item() {
        items()
        const found = known.at[at ?? 0]
        if (!found) throw new Error(`this item was made from no item of the node "${name}": use .first(), .last() or .all()`)
        return found
      },
      get json() { return own.item.json }, get files() { return own.item.files }, get binary() { return own.item.files },
    }
    return new Proxy(own, { get: (_, key) => key in own ? own[key] : own.item.json[key] })
  }
  const values = {
    $json: item?.json, $files: item?.files, $binary: item?.files, item, items: input,
    $input: { all: () => input, first: () => input[0], last: () => input[input.length - 1], item },
    $: node, $node: new Proxy({}, { get: (_, name) => node(name).item }),
    $itemIndex: at ?? data.index, $vars: data.$vars ?? {}, $env: data.$env ?? {}, $secrets: data.$secrets ?? {},
    $workflow: data.$workflow ?? {}, $execution: data.$execution ?? {}, console,
  }
  if (makeDateTime) {
    values.DateTime = makeDateTime(data.zone)
    values.$now = values.DateTime.fromMillis(data.now)
    values.$today = values.$now.startOf('day')
  }
  return values
}

// A property of nothing makes an expression undefined, as it does for compiled expressions.
const lenient = run => {
  try { return run() } catch (error) {
    if (error instanceof TypeError && String(error.message).startsWith('cannot read property')) return undefined
    throw readable(error)
  }
}

// readable is an error that says what was thrown, also where that is a plain object.
const readable = thrown => {
  if (typeof thrown !== 'object' || thrown === null || thrown instanceof Error) return thrown
  let text
  try { text = stringify(thrown) } catch {}
  return new Error(text ?? 'an object that can\'t be shown')
}

// The engine knows no languages: a text that looks right and isn't would be worse than none.
for (const [prototype, methods] of [[Number.prototype, ['toLocaleString']], [BigInt.prototype, ['toLocaleString']],
  [Date.prototype, ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']]]) {
  for (const name of methods) {
    prototype[name] = function () { throw new Error(`${name} knows no languages here: use toFixed, toISOString, or toFormat of a DateTime`) }
  }
}

return (mode, source, text, makeDateTime) => {
  const data = matches(/[0-9.]{16}|[0-9]e[+]?[0-9]{3}/i, text) ? parse(text, read) : parse(text)
  const first = names(data, mode === EACH ? 0 : undefined, makeDateTime)
  const parameters = Object.keys(first)
  let state = 'pending', outcome
  const settle = (name, value) => { state = name; outcome = value }
  if (mode === EXPRESSION || mode > CHECK) {
    const body = new Function(...parameters, `return (${source.trim().replace(/;$/, '')}\n)`)
    if (mode === EXPRESSION) {
      const value = lenient(() => body(...Object.values(first)))
      if (value instanceof Promise) value.then(v => settle('done', v), e => settle('failed', e))
      else settle('done', value)
    } else settle('done')
  } else {
    const body = new AsyncFunction(...parameters, source)
    const run = async () => {
      if (mode === CHECK) return
      if (mode === ALL) return body(...Object.values(first))
      const results = []
      let forgotten = true // a return; an item that code doesn't return is left out else
      for (let at = 0; at < data.input.length; at++) {
        results[at] = await body(...Object.values(names(data, at, makeDateTime)))
        forgotten &&= results[at] === undefined
      }
      if (forgotten && results.length) throw new Error('the code returned nothing for any item: return an object, or null to leave an item out')
      return results
    }
    run().then(v => settle('done', v), e => settle('failed', e))
  }
  // Without an argument it gives the logs, else the result as JSON of at most so many characters.
  return most => {
    if (most === undefined) return lines.join('\n')
    if (state === 'failed') throw readable(outcome)
    if (state === 'pending') throw new Error('the script waits for a promise that nothing will settle, or found no memory to settle it')
    const json = stringify(outcome, exact.size ? restore : undefined) ?? ''
    return json.length > most ? null : json
  }
}

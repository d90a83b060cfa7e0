// Everything that the prelude itself needs is taken before a script can change it.
const { parse, stringify, rawJSON } = JSON
const AsyncFunction = (async () => {}).constructor
const wellFormed = Function.prototype.call.bind(String.prototype.toWellFormed)
const cut = Function.prototype.call.bind(String.prototype.slice)
const matches = Function.prototype.call.bind(RegExp.prototype.test)
const [has, get, set] = [Map.prototype.has, Map.prototype.get, Map.prototype.set].map(f => Function.prototype.call.bind(f))
const EXPRESSION = 0, ALL = 1, EACH = 2, CHECK = 3
const MOST_LOGS = 65536, LINES_BEFORE = 2 // those that the engine's Function puts before a body

// A number keeps its digits where a double doesn't hold them: a whole one is a BigInt, and a fraction that comes out as the
// double that went in is written as it was.
const exact = new Map()
const remember = (value, source) => set(exact, value, has(exact, value) && get(exact, value) !== source ? undefined : source)
const read = (_, value, { source }) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  if (matches(/^-?[0-9]+$/, source)) return BigInt(source)
  remember(value, source)
  return value
}
const restore = (_, value) => typeof value === 'number' && get(exact, value) !== undefined ? rawJSON(get(exact, value)) : value
// Where errors are hidden, a calculation that refuses a long number would go unseen: it is a double, which keeps its digits only
// if it comes out unchanged.
const readDouble = (_, value, { source }) => {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) remember(value, source)
  return value
}

delete globalThis.$$host
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

// Reported is an error of a name that Zygo gives. A workflow that hides the errors of its expressions hides the others alone.
class Reported extends Error {}

// Code loads no modules and reaches no network, which it learns from the functions that have both in n8n.
const refuse = module => {
  const line = /<input>:([0-9]+)/.exec(new Error().stack)?.[1] - LINES_BEFORE
  throw new Error(`Module '${module}' is disallowed` + (line > 0 ? ` [line ${line}]` : ''))
}
const offline = () => { throw new Error('code reaches no network here: put the node HTTP request before it') }
const surroundings = { helpers: { httpRequest: offline, httpRequestWithAuthentication: offline } }

// names are what a script can use; at tells for which of the items it runs.
const names = (data, at, tools) => {
  const input = data.input ?? (data.item ? [data.item] : [])
  const item = data.input ? input[at ?? data.index] : data.item
  const node = name => {
    const known = Object.hasOwn(data.nodes, name) ? data.nodes[name] : undefined
    if (known === undefined) throw new Reported(`the node "${name}" is not known here: write its name as text, $('${name}')`)
    if (known === false) throw new Reported("Referenced node doesn't exist")
    const items = (output, run = -1) => {
      if (known === null) throw new Reported(tools.hide || data.asInN8n ? `Node '${name}' hasn't been executed` : `the node "${name}" has not run`)
      if (output === undefined && run === -1) return known.all
      if (!known.runs) throw new Reported(`write the whole call to ask for an output or a run: $('${name}').all(0, 0)`)
      const found = known.runs.at(run)
      if (!found) throw new Reported(`the node "${name}" has ${known.runs.length} runs, and none of the number ${run}`)
      if (!found[output ?? 0]) throw new Reported(`the node "${name}" has no output of the number ${output}`)
      return found[output ?? 0]
    }
    const nth = i => items()[i]
    const own = {
      all: items, first: (output, run) => items(output, run)[0], last: (output, run) => items(output, run).at(-1),
      itemMatching: nth, pairedItem: i => i === undefined ? own.item : nth(i),
      get isExecuted() { return known !== null },
      get item() {
        items()
        const found = known.at[at ?? 0]
        if (found === false) return undefined // as in n8n, where the way back ends before that node
        if (!found) throw new Reported(`this item was made from no item of the node "${name}": use .first(), .last() or .all()`)
        return found
      },
      get json() { return own.item.json }, get files() { return own.item.files }, get binary() { return own.item.files },
      context: {}, runIndex: 0, get params() { return data.parameters?.[name] ?? {} }, get parameter() { return own.params },
    }
    return new Proxy(own, { get: (_, key) => key in own ? own[key] : own.item.json[key] })
  }
  const values = {
    $json: item?.json, $files: item?.files, $binary: item?.files, item, items: input,
    $input: {
      all: () => input, first: () => input[0], last: () => input[input.length - 1], item,
      context: {}, params: data.parameters?.[data.previous] ?? {},
    },
    $: node, $node: new Proxy({}, { get: (_, name) => node(name) }),
    $itemIndex: at ?? data.index, $vars: data.$vars ?? {}, $env: data.$env ?? {},
    $workflow: data.$workflow ?? {}, $execution: data.$execution ?? {}, console,
  }
  if (data.$secrets) values.$secrets = data.$secrets
  if (tools.times) Object.assign(values, tools.times)
  const all = tools.names ? tools.names({ ...tools, data, values, Reported }) : values
  if (data.asInN8n) {
    delete all[at === undefined ? 'item' : 'items']
    Object.assign(all, { require: refuse, module: { exports: {} } })
  }
  return all
}

// A property of nothing makes an expression undefined, as it does for compiled expressions.
const lenient = run => {
  try { return run() } catch (error) {
    if (error instanceof TypeError && String(error.message).startsWith('cannot read property')) return undefined
    throw readable(error)
  }
}

// An engine without memory throws an error of its own, or null.
const hidden = run => {
  try { return run() } catch (error) {
    if (error === null || error instanceof Reported || error?.message === 'out of memory') throw error
  }
}

// inText is what a value is between the letters of a text.
const inText = value => value === undefined || value === null || value !== value ? '' : String(value)

// What can't leave the sandbox is refused where n8n refuses it, instead of being left out without a word.
const passable = value => {
  if (typeof value === 'function' || typeof value === 'symbol' || value instanceof Promise) {
    throw new Reported('the result is a function, a symbol or a promise, which no field can hold')
  }
  return value?.isLuxonDateTime && !value.isValid ? String(value) : value
}
const asN8n = (key, value) => {
  if (typeof value === 'string') return wellFormed(value)
  return typeof value === 'bigint' ? String(value) : restore(key, passable(value))
}

// What code returned and JSON can't hold is told apart from what it threw.
class Unwritable extends Error { name = 'Unwritable' }
const unwritable = (mode, error) => {
  if (mode !== ALL && mode !== EACH || error === null || error.message === 'out of memory') return error
  return new Unwritable(`the result can't be written as JSON: ${error.message}`)
}

// readable is an error that says what was thrown, also where that is a plain object.
const readable = thrown => {
  if (typeof thrown !== 'object' || thrown === null || thrown instanceof Error) return thrown
  let text
  try { text = stringify(thrown) } catch {}
  return new Error(text ?? 'an object that can\'t be shown')
}

// Without Intl the engine knows no languages: a text that looks right and isn't would be worse than none.
if (!globalThis.Intl) for (const [prototype, methods] of [[Number.prototype, ['toLocaleString']], [BigInt.prototype, ['toLocaleString']],
  [Date.prototype, ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']]]) {
  for (const name of methods) {
    prototype[name] = function () { throw new Error(`${name} knows no languages here: use toFixed, toISOString, or toFormat of a DateTime`) }
  }
}

return (mode, source, text, long, asText, hide, goesOn, makeTimes, makeHelpers, makeNames, jmespath) => {
  const data = !long ? parse(text) : parse(text, hide ? readDouble : read)
  if (!hide) BigInt.prototype.toJSON = function () { return rawJSON(this.toString()) }
  if (data.zones && globalThis.Intl) {
    Intl.knowZones(data.zones)
    delete Intl.knowZones
  }
  const tools = { hide, jmespath, names: makeNames, times: makeTimes?.(data) }
  if (makeHelpers) tools.helpers = makeHelpers({ times: tools.times, Reported })
  const first = names(data, mode === EACH ? 0 : undefined, tools)
  let state = 'pending', outcome
  const settle = (name, value) => { state = name; outcome = value }
  const expression = () => {
    const own = { ...tools.helpers?.own, ...first }
    if (!hide) {
      const body = new Function(...Object.keys(own), `return (${source.trim().replace(/;$/, '')}\n)`)
      return () => lenient(() => body(...Object.values(own)))
    }
    const body = new Function(...Object.keys(own), `with (scope) return (${source.trim().replace(/;$/, '')}\n)`)
    return () => {
      const value = hidden(() => body.apply(own.scope, Object.values(own)))
      return value === own.scope ? {} : value
    }
  }
  if (mode === EXPRESSION || mode > CHECK) {
    const run = expression()
    if (mode === EXPRESSION) {
      let value = run()
      if (hide && !asText) value = passable(value)
      if (value instanceof Promise && !hide) value.then(v => settle('done', asText ? inText(v) : v), e => settle('failed', e))
      else settle('done', asText ? inText(value) : value)
    } else settle('done')
  } else {
    const body = new AsyncFunction(...Object.keys(first), source)
    const run = async () => {
      if (mode === CHECK) return
      if (mode === ALL) return body.apply(surroundings, Object.values(first))
      const results = []
      let forgotten = true // a return; an item that code doesn't return is left out else
      for (let at = 0; at < data.input.length; at++) {
        try {
          const value = await body.apply(surroundings, Object.values(names(data, at, tools)))
          results[at] = goesOn ? { value } : value
          forgotten &&= value === undefined
        } catch (error) {
          if (!goesOn || error === null || error.message === 'out of memory') throw error
          results[at] = { failed: String(readable(error)) }
          forgotten = false
        }
      }
      if (forgotten && results.length && !goesOn) throw new Error('the code returned nothing for any item: return an object, or null to leave an item out')
      return results
    }
    run().then(v => settle('done', v), e => settle('failed', e))
  }
  // Without an argument it gives the logs, else the result as JSON of at most so many characters.
  return most => {
    if (most === undefined) return lines.join('\n')
    if (state === 'failed') throw readable(outcome)
    if (state === 'pending') throw new Error('the script waits for a promise that nothing will settle, or found no memory to settle it')
    if (hide && typeof outcome === 'number' && outcome - outcome !== 0) return `${outcome}` // NaN, or an infinity
    let json
    try { json = stringify(outcome, hide ? asN8n : exact.size ? restore : undefined) ?? '' } catch (error) { throw unwritable(mode, error) }
    if (hide && !asText && outcome instanceof Date && json !== 'null') return `Date${json}`
    return json.length > most ? null : json
  }
}

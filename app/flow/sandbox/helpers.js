// n8n's functions on values, with n8n's answers. An expression's call of one is rewritten to $$call, because such a function
// works on undefined and null too, and because nothing may be added to the values themselves: $json.tags.first stays undefined.
const host = globalThis.$$host
return ({ times, Reported }) => {
  const fail = message => { throw new Reported(message) }
  const isNothing = v => v === undefined || v === null
  const isObject = v => typeof v === 'object' && v !== null
  const same = (a, b) => {
    if (Object.is(a, b)) return true
    if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false
    const keys = Object.keys(a)
    return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && same(a[key], b[key]))
  }
  const holds = (list, v) => list.some(other => same(other, v))
  const distinct = (list, ...keys) => {
    const part = v => keys.length && isObject(v) ? keys.map(key => v[key]) : v
    const seen = [], kept = []
    for (const v of list) {
      const own = part(v)
      if (holds(seen, own)) continue
      seen.push(own)
      kept.push(v)
    }
    return kept
  }
  const isNone = v => isNothing(v) || v === '' || v === 'nil'
  const isBare = v => isObject(v) && !isDate(v) && Object.keys(v).length === 0
  const compacted = object => {
    const kept = {}
    for (const [key, v] of Object.entries(object)) {
      if (!isNone(v) && !isBare(v)) kept[key] = isObject(v) && !isDate(v) ? compacted(v) : v
    }
    return kept
  }
  // joined adds what an object lacks of another.
  const joined = (object, other) => {
    for (const [key, v] of Object.entries(other)) if (!(key in object)) object[key] = v
    return object
  }
  const numbers = (name, list) => {
    if (list.some(v => typeof v !== 'number')) fail(`${name}(): all elements of the list must be numbers`)
    return list
  }
  const another = (name, list) => Array.isArray(list) ? list : fail(`${name}(): give a list, as in .${name}([1, 2, 3])`)
  const sum = list => list.reduce((a, b) => a + b, 0)
  const most = (list, pick) => list.reduce((a, b) => pick(a, b), pick())

  const lists = {
    first: l => l[0],
    last: l => l[l.length - 1],
    randomItem: l => l[Math.floor(Math.random() * l.length)],
    isEmpty: l => l.length === 0,
    isNotEmpty: l => l.length > 0,
    append: (l, ...more) => [...l, ...more],
    reverse: l => l.reverse(),
    chunk: (l, size) => {
      if (typeof size !== 'number' || !(size > 0)) fail('chunk(): give a number above 0, as in .chunk(5)')
      const parts = []
      for (let at = 0; at < l.length; at += size) parts.push(l.slice(at, at + size))
      return parts
    },
    compact: l => l.filter(v => !isNone(v) && !isBare(v)).map(v => isObject(v) && !isDate(v) ? compacted(v) : v),
    removeDuplicates: distinct,
    unique: distinct,
    union: (l, other) => distinct([...l, ...another('union', other)]),
    intersection: (l, other) => (another('intersection', other), distinct(l.filter(v => holds(other, v)))),
    difference: (l, other) => (another('difference', other), distinct(l.filter(v => !holds(other, v)))),
    pluck: (l, ...keys) => !keys.length ? l : l.filter(isObject).flatMap(v => {
      const found = keys.filter(key => v[key] !== undefined).map(key => v[key])
      return found.length > 1 ? [found] : found
    }),
    smartJoin: (l, key, value) => {
      if (!key || !value || typeof key !== 'string' || typeof value !== 'string') fail('smartJoin(): give the names of two fields')
      const joined = {}
      for (const v of l) if (isObject(v) && v[key] !== undefined && v[value] !== undefined) joined[v[key]] = v[value]
      return joined
    },
    renameKeys: (l, ...names) => {
      if (!names.length || names.length % 2) fail('renameKeys(): give pairs of names: from, to')
      return l.map(v => {
        if (!isObject(v)) return v
        const renamed = { ...v }
        for (let i = 0; i < names.length; i += 2) {
          if (!Object.hasOwn(renamed, names[i])) continue
          const kept = renamed[names[i]]
          delete renamed[names[i]]
          renamed[names[i + 1]] = kept
        }
        return renamed
      })
    },
    merge: (l, other) => {
      const all = other === undefined ? l : l.flatMap((v, i) => [v, another('merge', other)[i]])
      return all.filter(isObject).reduce(joined, {})
    },
    sum: l => sum(numbers('sum', l)),
    min: l => most(numbers('min', l), Math.min),
    max: l => most(numbers('max', l), Math.max),
    average: l => numbers('average', l).length ? sum(l) / l.length : 0,
    toJsonString: l => JSON.stringify(l),
  }

  const textArgument = (name, text) => typeof text === 'string' && text ? text : fail(`${name}(): give a text that is not empty`)
  const within = (object, keep) => Object.fromEntries(Object.entries(object).filter(keep))
  const objects = {
    isEmpty: o => Object.keys(o).length === 0,
    isNotEmpty: o => Object.keys(o).length > 0,
    hasField: (o, name) => name in o,
    removeField: (o, name) => within(o, ([key]) => key !== name),
    removeFieldsContaining: (o, text) => textArgument('removeFieldsContaining', text) &&
      within(o, ([, v]) => typeof v !== 'string' || !v.includes(text)),
    keepFieldsContaining: (o, text) => textArgument('keepFieldsContaining', text) &&
      within(o, ([, v]) => typeof v === 'string' && v.includes(text)),
    compact: compacted,
    keys: o => Object.keys(o),
    values: o => Object.values(o),
    urlEncode: o => Object.entries(o).map(pair => pair.map(form).join('=')).join('&'),
    toJsonString: o => JSON.stringify(o),
  }
  const form = v => encodeURIComponent(String(v)).replace(/%20/g, '+')
    .replace(/[!'()~]/g, c => '%' + c.charCodeAt(0).toString(16).toUpperCase())

  const round = (n, digits = 0) => Number(n.toFixed(digits))
  const whole = (name, n) => Number.isInteger(n) ? n : fail(`${name}(): works on whole numbers alone`)
  const numeric = {
    abs: n => Math.abs(n),
    ceil: n => Math.ceil(n),
    floor: n => Math.floor(n),
    round,
    isInteger: n => Number.isInteger(n),
    isEven: n => whole('isEven', n) % 2 === 0,
    isOdd: n => Math.abs(whole('isOdd', n)) % 2 === 1,
    toBoolean: n => n !== 0,
    toInt: n => round(n), toWholeNumber: n => round(n),
    toFloat: n => n, toNumber: n => n, toDecimalNumber: n => n,
    toDateTime: (n, unit) => dates.of(n, unit),
    format: (n, languages, options) => new Intl.NumberFormat(languages ?? 'en-US', options).format(n),
  }
  const truth = v => Number(v)
  const booleans = { toBoolean: v => v, toInt: truth, toNumber: truth, toFloat: truth, toWholeNumber: truth, toDecimalNumber: truth }
  // What these would give of a list or an object nobody can say.
  const vague = Object.fromEntries(`toBoolean toInt toFloat toNumber toWholeNumber toDecimalNumber toDate toDateTime`.split(' ')
    .map(name => [name, () => undefined]))
  const anything = { isEmpty: v => !v, isNotEmpty: v => !!v, toJsonString: v => JSON.stringify(v) }

  const dates = makeDates({ times, fail })
  const isDate = v => v instanceof Date || !!v?.isLuxonDateTime
  const texts = makeTexts({ host, fail, dates })
  const tables = { String: texts, Number: numeric, Boolean: booleans, Array: lists, Object: objects, Date: dates.functions }
  // A text that is a full time has the functions of times, which then find that it is none.
  const isoTime = /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d+Z$/
  const tableOf = (v, name) => {
    if (Array.isArray(v)) return [lists, vague]
    if (isDate(v)) return [dates.functions]
    if (typeof v === 'string') return isoTime.test(v) && name !== 'toDate' && name !== 'toDateTime' ? [dates.functions, texts] : [texts]
    if (typeof v === 'number') return [numeric]
    if (typeof v === 'boolean') return [booleans]
    return isObject(v) ? [objects, vague] : []
  }
  // What is no plain object, such as a Map, has its own functions first.
  const hasOwn = (v, name) => isObject(v) && !Array.isArray(v) && !isDate(v) && typeof v[name] === 'function' && !Object.hasOwn(v, name)
  const find = (v, name) => {
    if (hasOwn(v, name)) return (...given) => v[name](...given)
    const table = tableOf(v, name).find(t => Object.hasOwn(t, name))
    if (table) return (...given) => table[name](v, ...given)
    if (!isNothing(v) && typeof v[name] === 'function') return (...given) => v[name](...given)
    if (Object.hasOwn(anything, name) && (!isNothing(v) || name !== 'toJsonString')) return () => anything[name](v)
    if (isNothing(v)) fail(`${name} can't be used on ${v}`)
    const types = Object.keys(tables).filter(type => Object.hasOwn(tables[type], name))
    throw types.length ? new Reported(`${name}() is a function of ${types.join(', ')}`) : new TypeError(`${name} is not a function`)
  }
  const forbidden = new Set(host('forbidden').split(' '))
  const own = {
    $$call: (v, name, ...given) => find(v, name)(...given),
    $$bind: (v, name) => isNothing(v) ? undefined : find(v, name),
    $$key: key => {
      const name = typeof key === 'symbol' || typeof key === 'number' ? key : String(key)
      return forbidden.has(name) ? fail(`an expression can't use ${name}`) : name
    },
  }

  const range = (from, to) => Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from <= to ? from + i : from - i)
  const average = (...all) => all.length ? sum(all) / all.length : 0
  const not = v => !v
  const functions = {
    $ifEmpty: (...given) => {
      if (given.length !== 2) fail('$ifEmpty needs two arguments: a value, and what stands in for it')
      const [v] = given
      return isNothing(v) || v === '' || isBare(v) ? given[1] : v
    },
    $min: Math.min, $max: Math.max, $average: average, $not: not, min: Math.min, max: Math.max, average, not,
    numberList: range,
    zip: (keys, values) => {
      if (keys.length !== values.length) fail('zip(): the two lists must be equally long')
      return Object.fromEntries(keys.map((key, i) => [key, values[i]]))
    },
  }
  return { own, functions }
}

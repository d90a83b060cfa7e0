// Writes what the sandbox's Intl knows of languages, from the data of the Node that runs it: node ui/assets/locales/generate.mjs
// in the root of the repository. The data are Unicode's CLDR; the file was made with version 48 (Node 20.20, ICU 78).
import { writeFileSync } from 'node:fs'

const TAGS = `en-US en-GB en-AU en-CA en-IN en-IE de de-AT de-CH fr fr-CA fr-CH es es-MX es-AR it nl pt pt-PT sv da nb fi is pl cs sk sl hr
  sr hu ro bg el tr ru uk et lv lt ca ja zh zh-TW ko he ar hi id vi`.split(/\s+/)
const UTC = { timeZone: 'UTC' }
// A day and an hour that show whether numbers are padded, and an hour of the afternoon.
const DAY = Date.UTC(2024, 1, 3, 4, 5, 6), LATE = Date.UTC(2024, 1, 3, 16, 5, 6)
const one = (tag, options, type, at = DAY) => new Intl.DateTimeFormat(tag, { ...UTC, ...options }).formatToParts(at).find(p => p.type === type)?.value
const all = (n, name) => Array.from({ length: n }, (_, i) => name(i))

const names = tag => {
  const month = options => all(12, i => one(tag, options, 'month', Date.UTC(2024, i, 3)))
  const weekday = options => all(7, i => one(tag, options, 'weekday', Date.UTC(2024, 0, 1 + i)))
  return {
    MMMM: month({ month: 'long', day: 'numeric' }), LLLL: month({ month: 'long' }),
    MMM: month({ month: 'short', day: 'numeric' }), LLL: month({ month: 'short' }), LLLLL: month({ month: 'narrow' }),
    EEEE: weekday({ weekday: 'long', day: 'numeric', month: 'long' }), EEE: weekday({ weekday: 'short' }), EEEEE: weekday({ weekday: 'narrow' }),
    cccc: weekday({ weekday: 'long' }),
    a: [DAY, LATE].map(at => one(tag, { hour: 'numeric', hour12: true }, 'dayPeriod', at)),
    G: ['short', 'long'].map(era => one(tag, { era, year: 'numeric' }, 'era')),
  }
}

// pattern is a format as text, in which {…} stands for a part.
const pattern = (tag, known, options) => {
  const late = new Intl.DateTimeFormat(tag, { ...UTC, ...options })
  const hours = late.formatToParts(LATE).find(p => p.type === 'hour')?.value
  return late.formatToParts(DAY).map(({ type, value }) => {
    const named = keys => keys.find(key => known[key].includes(value))
    switch (type) {
      case 'day': return value === '03' ? '{dd}' : '{d}'
      case 'year': return value.length === 2 ? '{yy}' : '{y}'
      case 'month': return value === '02' ? '{MM}' : value === '2' ? '{M}' : `{${named(['MMMM', 'LLLL', 'MMM', 'LLL']) ?? 'M'}}`
      case 'weekday': return `{${named(['EEEE', 'cccc', 'EEE']) ?? 'EEEE'}}`
      case 'hour': return `{${(hours === '16' ? 'H' : 'h').repeat(value === '04' ? 2 : 1)}}`
      case 'minute': return '{mm}'
      case 'second': return '{ss}'
      case 'dayPeriod': return '{a}'
      case 'timeZoneName': return '{z}'
      case 'era': return '{G}'
    }
    return value
  }).join('')
}

const dates = (tag, known) => {
  const found = {}
  const letters = { n: 'numeric', 2: '2-digit', s: 'short', l: 'long' }
  for (const w of ['', 's', 'l']) for (const y of ['', 'n']) for (const m of ['', 'n', '2', 's', 'l']) for (const d of ['', 'n', '2']) {
    if (!w && !y && !m && !d) continue
    const options = { weekday: letters[w], year: letters[y], month: letters[m], day: letters[d] }
    found[`${w || '-'}${y || '-'}${m || '-'}${d || '-'}`] = pattern(tag, known, options)
  }
  return found
}
const times = (tag, known) => {
  const found = {}
  for (const cycle of ['', '12', '24']) for (const hour of ['n', '2']) for (const parts of ['h', 'hm', 'hms']) {
    const options = { hour: hour === 'n' ? 'numeric' : '2-digit', minute: parts.length > 1 ? '2-digit' : undefined, second: parts.length > 2 ? '2-digit' : undefined }
    if (cycle) options.hour12 = cycle === '12'
    found[hour + parts + cycle] = pattern(tag, known, options)
  }
  return found
}
const styles = (tag, known) => Object.fromEntries(['full', 'long', 'medium', 'short'].flatMap(style => [
  ['d' + style, pattern(tag, known, { dateStyle: style })],
  ['t' + style, pattern(tag, known, { timeStyle: style })],
]))
// glue is what stands between a date and a time: for styles, and for parts by how the month is written.
const glue = (tag, known) => {
  const between = (date, time) => {
    const [a, b] = [pattern(tag, known, date), pattern(tag, known, time)]
    const both = pattern(tag, known, { ...date, ...time })
    if (both.startsWith(a) && both.endsWith(b)) return both.slice(a.length, both.length - b.length)
    return both.startsWith(b) && both.endsWith(a) ? '<' + both.slice(b.length, both.length - a.length) : ', '
  }
  const time = { hour: 'numeric', minute: '2-digit' }
  const day = { year: 'numeric', day: 'numeric' }
  return {
    dfull: between({ dateStyle: 'full' }, { timeStyle: 'short' }), dlong: between({ dateStyle: 'long' }, { timeStyle: 'short' }),
    dmedium: between({ dateStyle: 'medium' }, { timeStyle: 'short' }), dshort: between({ dateStyle: 'short' }, { timeStyle: 'short' }),
    full: between({ ...day, weekday: 'long', month: 'long' }, time), l: between({ ...day, month: 'long' }, time),
    s: between({ ...day, month: 'short' }, time), n: between({ ...day, month: 'numeric' }, time),
  }
}

const numbers = tag => {
  const parts = new Intl.NumberFormat(tag).formatToParts(-12345678.5)
  const part = type => parts.find(p => p.type === type)?.value
  const sizes = parts.filter(p => p.type === 'integer').map(p => p.value.length)
  const around = (options, ...types) => new Intl.NumberFormat(tag, options).formatToParts(1)
    .map(p => types.includes(p.type) ? '¤' : p.type === 'integer' ? '#' : p.type === 'literal' ? p.value : '').join('')
  const symbols = {}
  for (const currency of `USD EUR GBP JPY CAD AUD NZD CHF CNY INR BRL MXN KRW SEK NOK DKK PLN CZK HUF RON BGN RUB UAH TRY ILS ZAR SGD HKD
    TWD THB VND IDR`.split(/\s+/)) {
    const symbol = new Intl.NumberFormat(tag, { style: 'currency', currency }).formatToParts(1).find(p => p.type === 'currency').value
    if (symbol !== currency) symbols[currency] = symbol
  }
  return {
    decimal: part('decimal'), group: part('group') ?? '', minus: part('minusSign'), wide: sizes.length > 3,
    least: new Intl.NumberFormat(tag).format(1234).length === 4 ? 2 : 1,
    percent: around({ style: 'percent' }, 'percentSign').replace('¤', '%'),
    currency: around({ style: 'currency', currency: 'EUR' }, 'currency'), symbols,
    compact: Object.fromEntries(['short', 'long'].map(compactDisplay => [compactDisplay, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(power => {
      const found = new Intl.NumberFormat(tag, { notation: 'compact', compactDisplay, maximumFractionDigits: 0 }).formatToParts(2 * 10 ** power)
      const digits = found.filter(p => p.type === 'integer').map(p => p.value).join('').length
      return [digits, found.map(p => p.type === 'integer' ? '#' : p.type === 'group' ? '' : p.value).join('').replace(/#+/, '#')]
    })])),
  }
}

const lists = tag => Object.fromEntries(['conjunction', 'disjunction', 'unit'].map(type => {
  const between = list => new Intl.ListFormat(tag, { type }).formatToParts(list).filter(p => p.type === 'literal').map(p => p.value)
  const [start, middle, end] = between(['A', 'B', 'C', 'D'])
  return [type, [between(['A', 'B'])[0], start, middle, end]]
}))

const plurals = tag => {
  const rules = new Intl.PluralRules(tag)
  const sample = {}
  for (const n of [1, 2, 3, 5, 11, 20, 100, 0, 1.5, 1000000]) sample[rules.select(n)] ??= n
  return sample
}
const relative = tag => {
  const found = {}
  const always = new Intl.RelativeTimeFormat(tag), auto = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  for (const unit of ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']) {
    const forms = {}
    for (const [category, n] of Object.entries(plurals(tag))) {
      const written = m => always.formatToParts(m, unit).map(p => p.type === 'literal' ? p.value : p.type === 'integer' ? '#' : '').join('').replace(/#+/, '#')
      forms[category] = [written(-n), written(n)]
    }
    forms.auto = Object.fromEntries([-2, -1, 0, 1, 2].map(n => [n, auto.format(n, unit)]).filter(([n, text]) => text !== always.format(n, unit)))
    found[unit] = forms
  }
  return found
}

const out = {}
for (const tag of TAGS) {
  const known = names(tag)
  out[tag] = { names: known, dates: dates(tag, known), times: times(tag, known), styles: styles(tag, known), glue: glue(tag, known),
    numbers: numbers(tag), lists: lists(tag), relative: relative(tag) }
}
writeFileSync('app/flow/sandbox/locales.json', '{\n' + Object.entries(out).map(([tag, data]) => `${JSON.stringify(tag)}:${JSON.stringify(data)}`).join(',\n') + '\n}\n')

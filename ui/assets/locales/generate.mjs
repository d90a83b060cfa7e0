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
    EEEE: weekday({ weekday: 'long', day: 'numeric', month: 'long' }), EEE: weekday({ weekday: 'short' }),
    eee: weekday({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }), EEEEE: weekday({ weekday: 'narrow' }),
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
      case 'month': return value === '02' ? '{MM}' : value === '2' ? '{M}' : `{${named(options.day || options.dateStyle ? ['MMMM', 'LLLL', 'MMM', 'LLL'] : ['LLLL', 'MMMM', 'LLL', 'MMM']) ?? 'M'}}`
      case 'weekday': return `{${named(['EEEE', 'cccc', 'EEE', 'eee']) ?? 'EEEE'}}`
      case 'hour': return `{${(hours === '16' ? 'H' : 'h').repeat(value === '04' ? 2 : 1)}}`
      case 'minute': return value === '05' ? '{mm}' : '{m}'
      case 'second': return value === '06' ? '{ss}' : '{s}'
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
  for (const cycle of ['', '12', '24']) for (const hour of ['n', '2']) for (const parts of ['h', 'hm', 'hms', 'hmn', 'hmsn']) {
    const rest = parts.endsWith('n') ? 'numeric' : '2-digit'
    const options = { hour: hour === 'n' ? 'numeric' : '2-digit', minute: parts.includes('m') ? rest : undefined, second: parts.includes('s') ? rest : undefined }
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
  const around = (options, sign) => [1, -1].map(n => new Intl.NumberFormat(tag, options).formatToParts(n)
    .map(p => p.type === sign ? '¤' : p.type === 'minusSign' ? '-' : p.type === 'integer' ? '#' : p.type === 'literal' ? p.value : '').join('').replace(/#+/, '#'))
  const money = new Intl.NumberFormat(tag, { style: 'currency', currency: 'EUR' }).formatToParts(12345678.5)
  const symbols = {}
  for (const currency of `USD EUR GBP JPY CAD AUD NZD CHF CNY INR BRL MXN KRW SEK NOK DKK PLN CZK HUF RON BGN RUB UAH TRY ILS ZAR SGD HKD
    TWD THB VND IDR`.split(/\s+/)) {
    const symbol = new Intl.NumberFormat(tag, { style: 'currency', currency }).formatToParts(1).find(p => p.type === 'currency').value
    if (symbol !== currency) symbols[currency] = symbol
  }
  return {
    decimal: part('decimal'), group: part('group') ?? '', minus: part('minusSign'), wide: sizes.length > 3,
    least: new Intl.NumberFormat(tag).format(1234).length === 4 ? 2 : 1,
    moneyGroup: money.find(p => p.type === 'group')?.value ?? '', percent: around({ style: 'percent' }, 'percentSign'),
    currency: around({ style: 'currency', currency: 'EUR' }, 'currency'), symbols,
    compact: Object.fromEntries(['short', 'long'].map(compactDisplay => [compactDisplay, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(power => {
      const found = new Intl.NumberFormat(tag, { notation: 'compact', compactDisplay, maximumFractionDigits: 0 }).formatToParts(2 * 10 ** power)
      const digits = found.filter(p => p.type === 'integer').map(p => p.value).join('').length
      return [digits, found.map(p => p.type === 'integer' ? '#' : p.type === 'group' ? '' : p.value).join('').replace(/#+/, '#')]
    })])),
  }
}

const lists = tag => Object.fromEntries(['conjunction', 'disjunction', 'unit'].flatMap(type => ['long', 'short', 'narrow'].map(style => {
  const between = list => new Intl.ListFormat(tag, { type, style }).formatToParts(list).filter(p => p.type === 'literal').map(p => p.value)
  const [start, middle, end] = between(['A', 'B', 'C', 'D'])
  return [type + style, [between(['A', 'B'])[0], start, middle, end]]
})))

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

// Zones that share their names, each by one of them.
const ZONES = `Europe/London Europe/Lisbon Europe/Berlin Europe/Athens Europe/Moscow Asia/Dubai Asia/Karachi Asia/Kolkata Asia/Dhaka
  Asia/Bangkok Asia/Jakarta Asia/Singapore Asia/Shanghai Asia/Hong_Kong Asia/Tokyo Asia/Seoul Asia/Manila Asia/Jerusalem Asia/Riyadh
  Australia/Sydney Australia/Brisbane Australia/Adelaide Australia/Perth Pacific/Auckland America/New_York America/Chicago America/Denver
  America/Phoenix America/Los_Angeles America/Anchorage Pacific/Honolulu America/Halifax America/St_Johns America/Sao_Paulo
  America/Argentina/Buenos_Aires America/Santiago America/Bogota America/Lima America/Caracas Africa/Johannesburg Africa/Lagos
  Africa/Nairobi`.split(/\s+/)
const WINTER = Date.UTC(2024, 0, 15), SUMMER = Date.UTC(2024, 6, 15)
const zoneNames = (tag, timeZone) => ['long', 'short'].flatMap(timeZoneName => [WINTER, SUMMER].map(at => one(tag, { timeZone, timeZoneName }, 'timeZoneName', at)))
// offsets are the words of an offset behind UTC and of one ahead of it.
const offsets = tag => ['America/New_York', 'Asia/Tokyo'].map(timeZone =>
  one(tag, { timeZone, timeZoneName: 'shortOffset' }, 'timeZoneName', WINTER).replace(/\d.*/, ''))
const isOffset = name => /^[^\d+−-]*[+−-]?\d/.test(name)
const zones = tag => Object.fromEntries(ZONES.map(zone => [zone, zoneNames(tag, zone).map(name => isOffset(name) ? 0 : name)]))
const sameNames = () => {
  const shared = new Map(ZONES.map(zone => [zoneNames('en-US', zone).join() + zoneNames('en-GB', zone).join(), zone]))
  const found = {}
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const known = shared.get(zoneNames('en-US', zone).join() + zoneNames('en-GB', zone).join())
    if (known) found[zone] = known
  }
  return { ...found, ...Object.fromEntries(ZONES.map(zone => [zone, zone])) }
}

const out = {}
for (const tag of TAGS) {
  const known = names(tag)
  out[tag] = { names: known, dates: dates(tag, known), times: times(tag, known), styles: styles(tag, known), glue: glue(tag, known),
    numbers: numbers(tag), lists: lists(tag), relative: relative(tag), zones: zones(tag), offsets: offsets(tag) }
}
out.zones = sameNames()
writeFileSync('app/flow/sandbox/locales.json', '{\n' + Object.entries(out).map(([tag, data]) => `${JSON.stringify(tag)}:${JSON.stringify(data)}`).join(',\n') + '\n}\n')

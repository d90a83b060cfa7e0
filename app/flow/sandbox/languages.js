// Intl for the languages of locales.json. How a number is rounded and cut comes from the English Intl that the engine's module
// brings; what is written around it, and all of dates, lists and comparisons, comes from the data.
const host = globalThis.$$host
const English = Intl.NumberFormat
const loaded = new Map()
const language = tag => {
  if (!loaded.has(tag)) {
    const text = host('locale', tag)
    loaded.set(tag, text && JSON.parse(text))
  }
  return loaded.get(tag)
}
// Languages that people name otherwise.
const others = { en: 'en-US', no: 'nb', nn: 'nb', iw: 'he', in: 'id', 'zh-HK': 'zh-TW', 'zh-Hant': 'zh-TW', 'zh-MO': 'zh-TW' }
const resolve = locales => {
  const tags = locales === undefined ? [] : [].concat(locales)
  for (const given of tags) {
    const tag = String(given?.baseName ?? given)
    if (!/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(tag)) throw new RangeError(`Incorrect locale information provided`)
    const [name, ...rest] = tag.replace(/-[a-z0-9]-.*$/i, '').split('-')
    const part = rest.map(p => p.length === 2 ? p.toUpperCase() : p.length === 4 ? p[0].toUpperCase() + p.slice(1).toLowerCase() : p)
    const own = [name.toLowerCase(), ...part].join('-')
    for (const candidate of [own, own.split('-').slice(0, 2).join('-'), name.toLowerCase()]) {
      const data = language(others[candidate] ?? candidate)
      if (data) return { tag: own, data }
    }
  }
  return { tag: 'en-US', data: language('en-US') }
}

let zones = {}
Intl.knowZones = known => { zones = known ?? {} }
const zoneOf = name => {
  if (name === undefined || /^(etc\/)?(utc|gmt)$/i.test(name)) return { name: 'UTC', at: () => [0, 0] }
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(name)
  if (offset) {
    const seconds = (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 3600 + Number(offset[3] ?? 0) * 60)
    return { name, at: () => [0, seconds] }
  }
  const changes = Object.hasOwn(zones, name) && zones[name]
  if (!changes) throw new RangeError(`Invalid time zone specified: ${name}`)
  return { name, at: ms => changes.findLast(change => change[0] <= ms) ?? changes[0] }
}
const offsetName = (seconds, wide, offsets) => {
  if (!seconds) return 'GMT'
  const minutes = Math.abs(seconds) / 60, hours = Math.trunc(minutes / 60), rest = Math.round(minutes % 60)
  const two = n => String(n).padStart(2, '0')
  return `${offsets[seconds < 0 ? 0 : 1]}${wide ? `${two(hours)}:${two(rest)}` : hours + (rest ? ':' + two(rest) : '')}`
}
// zoneName is what people call a zone, in summer otherwise where its clocks are then ahead.
const zoneName = (style, { zone, instant, data }) => {
  const wide = style.startsWith('long'), [, seconds] = zone.at(instant)
  if (!style.endsWith('Offset')) {
    if (zone.name === 'UTC') return wide ? 'Coordinated Universal Time' : 'UTC'
    const names = data.zones[language('zones')[zone.name]]
    const year = new Date(instant).getUTCFullYear()
    const ahead = seconds > Math.min(...[0, 6].map(month => zone.at(Date.UTC(year, month, 15))[1]))
    const [january, july] = [0, 6].map(month => zone.at(Date.UTC(year, month, 15))[1])
    const name = names?.[(wide ? 0 : 2) + (january > july ? Number(!ahead) : Number(ahead))]
    if (name) return name
  }
  return offsetName(seconds, wide, data.offsets)
}

const DATE = ['weekday', 'year', 'month', 'day', 'era'], TIME = ['hour', 'minute', 'second', 'fractionalSecondDigits', 'dayPeriod']
const letter = { numeric: 'n', '2-digit': '2', short: 's', long: 'l', narrow: 's' }
// datePattern and timePattern give what the data say of the wanted parts.
const datePattern = (data, o) => {
  if (o.dateStyle) return data.styles['d' + o.dateStyle]
  let pattern = data.dates[['weekday', 'year', 'month', 'day'].map((part, i) => {
    const l = letter[o[part]]
    return l === undefined ? '-' : i === 1 ? 'n' : l
  }).join('')] ?? ''
  if (o.year === '2-digit') pattern = pattern.replace('{y}', '{yy}')
  if (o.month === 'narrow') pattern = pattern.replace(/\{[ML]{3}\}/, '{LLLLL}')
  if (o.weekday === 'narrow') pattern = pattern.replace('{EEE}', '{EEEEE}')
  return o.era ? (pattern ? pattern + ' ' : '') + '{G}' : pattern
}
const cycleOf = o => o.hour12 !== undefined ? (o.hour12 ? '12' : '24') : { h11: '12', h12: '12', h23: '24', h24: '24' }[o.hourCycle] ?? ''
const timePattern = (data, o) => {
  const cycle = cycleOf(o)
  let pattern = ''
  if (o.timeStyle) {
    pattern = data.styles['t' + o.timeStyle]
    if (cycle) {
      const key = (/\{(HH|hh)\}/.test(pattern) ? '2' : 'n') + (o.timeStyle === 'short' ? 'hm' : 'hms') + cycle
      pattern = data.times[key] + (pattern.includes('{z}') ? ' {z}' : '')
    }
  } else if (o.hour) {
    const parts = (o.minute || o.second ? 'm' : '') + (o.second ? 's' : '') + (o.minute === 'numeric' ? 'n' : '')
    pattern = data.times[letter[o.hour] + 'h' + parts + cycle]
  } else if (o.minute && o.second) pattern = '{mm}:{ss}'
  else if (o.minute) pattern = '{m}'
  else if (o.second) pattern = '{s}'
  if (o.fractionalSecondDigits) pattern = pattern.includes('{ss}') ? pattern.replace('{ss}', `{ss}${data.numbers.decimal}{S}`) : '{S}'
  if (o.timeZoneName && !pattern.includes('{z}')) pattern += pattern ? ' {z}' : '{z}'
  return pattern
}
const wholePattern = (data, o) => {
  const date = datePattern(data, o), time = timePattern(data, o)
  if (!date || !time) return date || time
  if (!o.dateStyle && !o.hour && !o.minute && !o.second) return `${date}, ${time}`
  const glue = data.glue[o.dateStyle ? 'd' + o.dateStyle : o.month === 'long' && o.weekday ? 'full' : letter[o.month] ?? 'n'] ?? data.glue.n
  return glue.startsWith('<') ? time + glue.slice(1) + date : date + glue + time
}
const types = {
  d: 'day', M: 'month', L: 'month', y: 'year', E: 'weekday', e: 'weekday', c: 'weekday', h: 'hour', H: 'hour', m: 'minute', s: 'second',
  S: 'fractionalSecond', a: 'dayPeriod', z: 'timeZoneName', G: 'era',
}
const written = (token, date, own) => {
  const { data, options } = own
  const [month, day, hour] = [date.getUTCMonth(), (date.getUTCDay() + 6) % 7, date.getUTCHours()]
  const two = n => String(n).padStart(2, '0')
  if (data.names[token] && token !== 'a' && token !== 'G') return data.names[token][/[EC]/i.test(token) ? day : month]
  const year = date.getUTCFullYear()
  switch (token) {
    case 'd': return String(date.getUTCDate())
    case 'dd': return two(date.getUTCDate())
    case 'M': return String(month + 1)
    case 'MM': return two(month + 1)
    case 'y': return String(year > 0 ? year : 1 - year)
    case 'yy': return two(Math.abs(year) % 100)
    case 'H': return String(hour)
    case 'HH': return two(hour)
    case 'h': return String(hour % 12 || 12)
    case 'hh': return two(hour % 12 || 12)
    case 'm': return String(date.getUTCMinutes())
    case 'mm': return two(date.getUTCMinutes())
    case 's': return String(date.getUTCSeconds())
    case 'ss': return two(date.getUTCSeconds())
    case 'S': return String(date.getUTCMilliseconds()).padStart(3, '0').slice(0, options.fractionalSecondDigits)
    case 'a': return data.names.a[hour < 12 ? 0 : 1]
    case 'G': return data.names.G[options.era === 'long' ? 1 : 0]
    case 'z': return zoneName(own.options.timeZoneName ?? (own.options.timeStyle === 'full' ? 'long' : 'short'), own)
  }
}

const needs = (options, parts) => parts.some(part => options[part] !== undefined)
const complete = (given, wanted = 'date') => {
  const options = { ...given }
  if (options.dateStyle || options.timeStyle) return options
  const has = wanted === 'time' ? needs(options, TIME) : wanted === 'date only' ? needs(options, DATE) : needs(options, [...DATE, ...TIME])
  if (!has && wanted !== 'time') Object.assign(options, { year: 'numeric', month: 'numeric', day: 'numeric' })
  if (!has && wanted !== 'date' && wanted !== 'date only') Object.assign(options, { hour: 'numeric', minute: 'numeric', second: 'numeric' })
  return options
}
class DateTimeFormat {
  #own
  constructor(locales, given, wanted) {
    const { tag, data } = resolve(locales)
    const options = complete(given, wanted)
    this.#own = { tag, data, options, zone: zoneOf(given?.timeZone), pattern: wholePattern(data, options).replaceAll('\u202f', ' ') }
    this.format = date => this.formatToParts(date).map(part => part.value).join('')
  }
  formatToParts(given) {
    const instant = given === undefined ? Date.now() : Number(given)
    if (Number.isNaN(new Date(instant).getTime())) throw new RangeError('Invalid time value')
    const own = { ...this.#own, instant }
    const local = new Date(instant + own.zone.at(instant)[1] * 1000)
    return own.pattern.split(/(\{\w+\})/).filter(Boolean).map(piece => piece[0] === '{'
      ? { type: types[piece[1]], value: written(piece.slice(1, -1), local, own) } : { type: 'literal', value: piece })
  }
  formatRange(from, to) { return `${this.format(from)}\u2009–\u2009${this.format(to)}` }
  resolvedOptions() {
    const { tag, options, zone, pattern } = this.#own
    const hourCycle = /\{h/.test(pattern) ? 'h12' : /\{H/.test(pattern) ? 'h23' : undefined
    const { timeZone, hour12, hourCycle: _, ...shown } = options
    const cycle = hourCycle && { hourCycle, hour12: hourCycle === 'h12' }
    return { locale: tag, calendar: 'gregory', numberingSystem: 'latn', timeZone: zone.name, ...cycle, ...shown }
  }
}

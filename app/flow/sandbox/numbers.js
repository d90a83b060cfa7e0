// Numbers, lists and order in the languages of locales.json.
const grouped = (digits, { group, wide, least }) => {
  if (digits.length < 3 + least) return digits
  const head = digits.slice(0, -3), size = wide ? 2 : 3
  const first = head.length % size || size
  return [head.slice(0, first), ...head.slice(first).match(new RegExp(`.{${size}}`, 'g')) ?? [], digits.slice(-3)].join(group)
}
class NumberFormat {
  #own
  constructor(locales, options = {}) {
    const { tag, data } = resolve(locales)
    const compact = options.notation === 'compact'
    const { notation, ...rest } = options
    const english = new English('en-US', compact && !isEnglish(tag) ? rest : options)
    this.#own = { tag, options, numbers: data.numbers, compact, english }
    this.format = n => this.formatToParts(n).map(part => part.value).join('')
  }
  formatToParts(given) {
    const { tag, options, numbers, compact, english } = this.#own
    if (compact && !isEnglish(tag)) return short(Number(given), options, numbers, tag)
    const parts = english.formatToParts(given)
    const digits = parts.filter(part => part.type === 'integer').map(part => part.value).join('')
    let put = false
    const own = parts.flatMap(({ type, value }) => {
      switch (type) {
        case 'group': return []
        case 'integer':
          if (put) return []
          put = true
          if (options.useGrouping === false || options.useGrouping === 'false') return [{ type, value: digits }]
          return [{ type, value: grouped(digits, options.style === 'currency' ? { ...numbers, group: numbers.moneyGroup } : numbers) }]
        case 'decimal': return [{ type, value: numbers.decimal }]
        case 'minusSign': return [{ type, value: numbers.minus }]
        case 'currency': return [{ type, value: symbolOf(value, options, numbers) }]
      }
      return [{ type, value }]
    })
    return placed(own, options, numbers)
  }
  formatRange(from, to) { return `${this.format(from)}–${this.format(to)}` }
  resolvedOptions() {
    const { english, tag, compact } = this.#own
    return { ...english.resolvedOptions(), locale: tag, ...compact && { notation: 'compact' } }
  }
}
const isEnglish = tag => /^en(-US)?$/.test(tag)
const symbolOf = (value, { currency, currencyDisplay = 'symbol' }, { symbols }) => {
  const code = String(currency).toUpperCase()
  return currencyDisplay === 'symbol' ? symbols[code] ?? code : value
}
// placed puts the sign of percent or the currency where the language has it.
const placed = (parts, { style, currencyDisplay }, numbers) => {
  const type = { percent: 'percentSign', currency: 'currency' }[style]
  const sign = parts.find(part => part.type === type)
  if (!sign || currencyDisplay === 'name') return parts
  const minus = parts.filter(part => part.type === 'minusSign' || part.type === 'plusSign')
  const number = parts.filter(part => part !== sign && part.type !== 'literal' && !minus.includes(part))
  const [before, after] = numbers[style][minus[0]?.type === 'minusSign' ? 1 : 0].split('#')
  const around = text => text.split(/([-¤])/).filter(Boolean)
    .map(value => value === '¤' ? sign : value === '-' ? minus[0] : { type: 'literal', value })
  const lead = around(before)
  // A code of letters keeps its distance from the digits.
  if (lead.at(-1) === sign && /[A-Z]$/.test(sign.value) && type === 'currency') lead.push({ type: 'literal', value: '\u00a0' })
  return [...minus.filter(part => part.type === 'plusSign'), ...lead, ...number, ...around(after)]
}
// short writes a number with the word of its size, such as 1,2 Mio.
const short = (n, options, numbers, tag) => {
  const size = Math.abs(n) >= 1 ? Math.floor(Math.log10(Math.abs(n)) + 1e-12) : 0
  const sizes = numbers.compact[options.compactDisplay ?? 'short']
  const [digits, pattern] = size < 3 ? [size + 1, '#'] : sizes[Math.min(size, 12) - 3]
  const scaled = n / 10 ** (Math.min(size, Math.max(12, size)) + 1 - digits)
  const { notation, compactDisplay, ...rest } = options
  const fine = Math.abs(scaled) < 100 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 }
  const inner = new NumberFormat(tag, { ...fine, ...Math.abs(scaled) < 10000 && { useGrouping: false }, ...rest })
  const [before, after] = pattern.split('#')
  const literal = value => value ? [{ type: 'literal', value }] : []
  return [...literal(before), ...inner.formatToParts(scaled), ...literal(after)]
}

// Which form of a word goes with a number, by language; most have one for 1 and another for the rest.
const slavic = n => n % 10 === 1 && n % 100 !== 11 ? 'one' : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 'few' : 'many'
const millions = n => n && n % 1000000 === 0 ? 'many' : 'other'
const czech = n => n % 1 ? 'many' : n === 1 ? 'one' : n >= 2 && n <= 4 ? 'few' : 'other'
const forms = {
  ja: () => 'other', zh: () => 'other', ko: () => 'other', vi: () => 'other', id: () => 'other',
  fr: n => n >= 0 && n < 2 ? 'one' : millions(n), pt: n => n >= 0 && n < 2 ? 'one' : millions(n),
  da: n => n > 0 && n < 2 ? 'one' : 'other', he: n => n === 1 ? 'one' : n === 2 ? 'two' : 'other',
  hi: n => n >= 0 && n <= 1 ? 'one' : 'other', es: n => n === 1 ? 'one' : millions(n), it: n => n === 1 ? 'one' : millions(n),
  ru: n => n % 1 ? 'other' : slavic(n), uk: n => n % 1 ? 'other' : slavic(n),
  pl: n => n % 1 ? 'other' : n === 1 ? 'one' : slavic(n) === 'few' ? 'few' : 'many',
  cs: czech, sk: czech,
  ar: n => n === 0 ? 'zero' : n === 1 ? 'one' : n === 2 ? 'two' : n % 100 >= 3 && n % 100 <= 10 ? 'few' : n % 100 >= 11 ? 'many' : 'other',
}
const ordinal = n => {
  const [ones, tens] = [n % 10, n % 100]
  return ones === 1 && tens !== 11 ? 'one' : ones === 2 && tens !== 12 ? 'two' : ones === 3 && tens !== 13 ? 'few' : 'other'
}
class PluralRules {
  #own
  constructor(locales, { type = 'cardinal' } = {}) { this.#own = { tag: resolve(locales).tag, type } }
  select(n) {
    const { tag, type } = this.#own
    const name = tag.split('-')[0]
    if (type === 'ordinal') return name === 'en' ? ordinal(Math.abs(n)) : 'other'
    return (forms[name] ?? (m => m === 1 ? 'one' : 'other'))(Math.abs(n))
  }
  resolvedOptions() { return { locale: this.#own.tag, type: this.#own.type } }
}
class ListFormat {
  #own
  constructor(locales, options = {}) { this.#own = { ...resolve(locales), options } }
  formatToParts(given) {
    const list = [...given]
    const [pair, start, middle, end] = this.#own.data.lists[(this.#own.options.type ?? 'conjunction') + (this.#own.options.style ?? 'long')]
    const between = i => list.length === 2 ? pair : i === list.length - 1 ? end : i === 1 ? start : middle
    return list.flatMap((value, i) => [...i ? [{ type: 'literal', value: between(i) }] : [], { type: 'element', value }])
  }
  format(list) { return this.formatToParts(list).map(part => part.value).join('') }
}
class RelativeTimeFormat {
  #own
  constructor(locales, options = {}) {
    const found = resolve(locales)
    this.#own = { ...found, options, rules: new PluralRules(found.tag), numbers: new NumberFormat(found.tag) }
  }
  format(n, given) {
    const { data, options, rules, numbers } = this.#own
    const unit = data.relative[String(given).replace(/s$/, '')]
    if (!unit) throw new RangeError(`Invalid unit argument for format() '${given}'`)
    if (options.numeric === 'auto' && Object.hasOwn(unit.auto, n)) return unit.auto[n]
    const form = unit[rules.select(n)] ?? unit.other
    return form[n < 0 || Object.is(n, -0) ? 0 : 1].replace('#', numbers.format(Math.abs(n)))
  }
  formatToParts(n, unit) { return [{ type: 'literal', value: this.format(n, unit) }] }
  resolvedOptions() {
    return { locale: this.#own.tag, numeric: this.#own.options.numeric ?? 'always', style: 'long', numberingSystem: 'latn' }
  }
}
class Collator {
  constructor(locales, { sensitivity = 'variant', numeric = false } = {}) {
    const { tag } = resolve(locales)
    this.compare = (a, b) => Number(host('compare', String(a), String(b), tag, sensitivity, numeric ? 'numeric' : ''))
    this.resolvedOptions = () => ({ locale: tag, usage: 'sort', sensitivity, numeric })
  }
}

for (const type of [DateTimeFormat, NumberFormat, PluralRules, ListFormat, RelativeTimeFormat, Collator]) {
  const isKnown = tag => language(others[tag] ?? tag) || language(String(tag).split('-')[0])
  type.supportedLocalesOf = locales => [].concat(locales ?? []).filter(isKnown)
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: 'Intl.' + type.name, configurable: true })
  // Two of them may be called without new.
  Intl[type.name] = new Proxy(type, { apply: (of, _, given) => new of(...given) })
}
const method = (prototype, name, value) => Object.defineProperty(prototype, name, { value, writable: true, configurable: true })
for (const type of [Number, BigInt]) {
  method(type.prototype, 'toLocaleString', function (locales, options) { return new NumberFormat(locales, options).format(this.valueOf()) })
}
for (const [name, wanted] of [['toLocaleString', 'any'], ['toLocaleDateString', 'date only'], ['toLocaleTimeString', 'time']]) {
  method(Date.prototype, name, function (locales, options) {
    return Number.isNaN(this.getTime()) ? 'Invalid Date' : new DateTimeFormat(locales, options, wanted).format(this)
  })
}
method(String.prototype, 'localeCompare', function (other, locales, options) { return new Collator(locales, options).compare(this, other) })
method(Array.prototype, 'toLocaleString', function (...given) { return Array.from(this, v => v?.toLocaleString(...given) ?? '').join() })
const [upper, lower] = [String.prototype.toUpperCase, String.prototype.toLowerCase]
const isTurkic = locales => /^(tr|az)(-|$)/i.test([].concat(locales ?? '')[0])
method(String.prototype, 'toLocaleUpperCase', function (locales) {
  return upper.call(isTurkic(locales) ? this.replaceAll('i', 'İ') : this)
})
method(String.prototype, 'toLocaleLowerCase', function (locales) {
  return lower.call(isTurkic(locales) ? this.replaceAll('I', 'ı').replaceAll('İ', 'i') : this)
})
return Intl

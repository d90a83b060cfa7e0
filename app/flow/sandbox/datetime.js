// A DateTime with the names of Luxon's, as far as workflows use them: immutable, in the workflow's time zone or a fixed
// one. The zone comes as data, because the engine knows none.
return zone => {
  const UNITS = { millisecond: 1, second: 1000, minute: 60000, hour: 3600000, day: 86400000, week: 604800000 }
  const MONTHS_IN = { month: 1, quarter: 3, year: 12 }
  const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
  const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
  const pad = (n, width) => (n < 0 ? '-' : '') + String(Math.abs(n)).padStart(width, '0')
  const unitOf = name => {
    const unit = String(name).toLowerCase().replace(/s$/, '')
    if (Object.hasOwn(UNITS, unit) || Object.hasOwn(MONTHS_IN, unit)) return unit
    throw new Error(`"${name}" is no unit of time`)
  }
  const fixed = minutes => ({ name: minutes ? 'UTC' + offsetText(minutes, ':').replace(/:00$/, '').replace(/([+-])0/, '$1') : 'UTC', changes: [[0, minutes * 60]] })
  const zoneOf = name => {
    if (typeof name === 'object' && name) return name
    if (name === undefined || name === 'local' || name === 'system' || name === zone.name) return zone
    if (/^(utc|gmt|z|etc\/utc)$/i.test(name)) return fixed(0)
    const match = /^(?:utc)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(name)
    if (match) return fixed((match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)))
    throw new Error(`the time zone "${name}" is not known here: there are the workflow's (${zone.name}), utc and offsets such as UTC+2`)
  }
  const offsetAt = (z, ms) => {
    let low = 0, high = z.changes.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (z.changes[middle][0] <= ms) low = middle
      else high = middle - 1
    }
    return z.changes[low][1] * 1000
  }
  // A time that the clock skips is moved forward, of one that it shows twice the first counts.
  const fromLocal = (z, local) => {
    const guess = local - offsetAt(z, local - offsetAt(z, local))
    const earlier = local - offsetAt(z, local - 86400000)
    return earlier < guess && earlier + offsetAt(z, earlier) === local ? earlier : guess
  }
  const offsetText = (minutes, colon) => (minutes < 0 ? '-' : '+') + pad(Math.trunc(Math.abs(minutes) / 60), 2) + colon + pad(Math.abs(minutes) % 60, 2)
  const utc = (year, month, day, hour, minute, second, ms) => {
    const date = new Date(0)
    date.setUTCFullYear(year, month - 1, day)
    date.setUTCHours(hour, minute, second, ms)
    return date.getTime()
  }
  const daysIn = (year, month) => new Date(utc(year, month + 1, 0, 0, 0, 0, 0)).getUTCDate()

  // after tells how many milliseconds remain behind so many months; only the two dates know.
  class Duration {
    constructor(ms, inMonths, units, after) { Object.assign(this, { ms, inMonths, units, after }) }
    as(name) {
      const unit = unitOf(name)
      const months = MONTHS_IN[unit]
      return months ? this.inMonths / months : this.ms / UNITS[unit]
    }
    toObject() {
      const out = {}
      let months = 0, rest = this.ms
      this.units.forEach((unit, i) => {
        const size = MONTHS_IN[unit], last = i === this.units.length - 1
        const exact = size ? (this.inMonths - months) / size : rest / UNITS[unit]
        const n = last ? exact : Math.trunc(exact)
        out[unit + 's'] = n
        if (last) return
        if (size) rest = this.after(months += n * size)
        else rest -= n * UNITS[unit]
      })
      return out
    }
    toMillis() { return this.ms }
    valueOf() { return this.ms }
    toJSON() { return this.toObject() }
  }
  for (const unit of [...Object.keys(UNITS), ...Object.keys(MONTHS_IN)]) {
    Object.defineProperty(Duration.prototype, unit + 's', { get() { return this.toObject()[unit + 's'] ?? 0 } })
  }

  class DateTime {
    constructor(ms, z) {
      this.ms = ms
      this.zone = z
      this.local = new Date(ms + offsetAt(z, ms))
    }
    static now() { return new DateTime(Date.now(), zone) }
    static utc() { return new DateTime(Date.now(), fixed(0)) }
    static fromMillis(ms, options) { return new DateTime(Number(ms), zoneOf(options?.zone)) }
    static fromSeconds(s, options) { return new DateTime(Number(s) * 1000, zoneOf(options?.zone)) }
    static fromJSDate(date, options) { return new DateTime(date.getTime(), zoneOf(options?.zone)) }
    static fromObject(parts, options) { return DateTime.now().setZone(zoneOf(options?.zone)).startOf('day').set(parts) }
    static local(...parts) {
      if (!parts.length) return DateTime.now()
      const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0] = parts
      return new DateTime(fromLocal(zone, utc(year, month, day, hour, minute, second, ms)), zone)
    }
    static fromISO(text, options) {
      const z = zoneOf(options?.zone)
      const match = /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i.exec(String(text).trim())
      if (!match) return new DateTime(NaN, z)
      const [, year, month = 1, day = 1, hour = 0, minute = 0, second = 0, fraction = '0', suffix] = match
      const local = utc(+year, +month, +day, +hour, +minute, +second, Math.trunc(Number('0.' + fraction) * 1000))
      if (+month < 1 || +month > 12 || +day < 1 || +day > daysIn(+year, +month) || +hour > 24 || +minute > 59 || +second > 59) return new DateTime(NaN, z)
      if (!suffix) return new DateTime(fromLocal(z, local), z)
      const given = zoneOf(suffix.toUpperCase() === 'Z' ? 'utc' : suffix)
      return new DateTime(local - given.changes[0][1] * 1000, options?.setZone ? given : z)
    }
    get isValid() { return !Number.isNaN(this.ms) }
    get year() { return this.local.getUTCFullYear() }
    get month() { return this.local.getUTCMonth() + 1 }
    get day() { return this.local.getUTCDate() }
    get hour() { return this.local.getUTCHours() }
    get minute() { return this.local.getUTCMinutes() }
    get second() { return this.local.getUTCSeconds() }
    get millisecond() { return this.local.getUTCMilliseconds() }
    get quarter() { return Math.ceil(this.month / 3) }
    get weekday() { return (this.local.getUTCDay() + 6) % 7 + 1 }
    get weekNumber() { return this.week()[1] }
    get weekYear() { return this.week()[0] }
    get ordinal() { return Math.round((utc(this.year, this.month, this.day, 0, 0, 0, 0) - utc(this.year, 1, 1, 0, 0, 0, 0)) / UNITS.day) + 1 }
    get daysInMonth() { return daysIn(this.year, this.month) }
    get monthLong() { return MONTHS[this.month - 1] }
    get monthShort() { return this.monthLong.slice(0, 3) }
    get weekdayLong() { return DAYS[this.weekday - 1] }
    get weekdayShort() { return this.weekdayLong.slice(0, 3) }
    get offset() { return offsetAt(this.zone, this.ms) / 60000 }
    get zoneName() { return this.zone.name }
    week() {
      const thursday = new Date(utc(this.year, this.month, this.day + 4 - this.weekday, 0, 0, 0, 0))
      const start = utc(thursday.getUTCFullYear(), 1, 1, 0, 0, 0, 0)
      return [thursday.getUTCFullYear(), Math.floor((thursday.getTime() - start) / UNITS.week) + 1]
    }
    set(parts) {
      const now = { year: this.year, month: this.month, day: this.day, hour: this.hour, minute: this.minute, second: this.second, millisecond: this.millisecond }
      for (const [name, n] of Object.entries(parts)) now[unitOf(name)] = Number(n)
      const day = parts.day ?? parts.days ?? Math.min(now.day, daysIn(now.year, now.month))
      return new DateTime(fromLocal(this.zone, utc(now.year, now.month, day, now.hour, now.minute, now.second, now.millisecond)), this.zone)
    }
    setZone(name) { return new DateTime(this.ms, zoneOf(name)) }
    toUTC() { return this.setZone('utc') }
    toLocal() { return this.setZone() }
    plus(amount, unit) { return this.shift(amount, unit, 1) }
    minus(amount, unit) { return this.shift(amount, unit, -1) }
    // Years to days move the calendar and keep the clock; hours and less move along the line of time.
    shift(amount, unit, sign) {
      if (amount instanceof Duration) amount = { milliseconds: amount.ms }
      const parts = typeof amount === 'object' && amount ? amount : { [unit ?? 'milliseconds']: amount }
      let months = 0, days = 0, ms = 0
      for (const [name, n] of Object.entries(parts)) {
        const u = unitOf(name)
        const by = sign * Number(n)
        if (u === 'year') months += 12 * by
        else if (u === 'quarter') months += 3 * by
        else if (u === 'month') months += by
        else if (u === 'week') days += 7 * by
        else if (u === 'day') days += by
        else ms += by * UNITS[u]
      }
      if (!months && !days) return new DateTime(this.ms + ms, this.zone)
      const total = this.year * 12 + this.month - 1 + Math.trunc(months)
      const year = Math.floor(total / 12), month = total - year * 12 + 1
      const day = Math.min(this.day, daysIn(year, month)) + Math.trunc(days)
      const local = utc(year, month, day, this.hour, this.minute, this.second, this.millisecond)
      return new DateTime(fromLocal(this.zone, local) + (days - Math.trunc(days)) * UNITS.day + ms, this.zone)
    }
    startOf(name) {
      const unit = unitOf(name)
      const n = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'].indexOf(unit)
      const month = n === 0 ? 1 : n === 1 ? this.month - (this.month - 1) % 3 : this.month
      const day = n <= 2 ? 1 : n === 3 ? this.day - this.weekday + 1 : this.day
      if (n > 4) {
        const offset = offsetAt(this.zone, this.ms)
        return new DateTime(Math.floor((this.ms + offset) / UNITS[unit]) * UNITS[unit] - offset, this.zone)
      }
      return new DateTime(fromLocal(this.zone, utc(this.year, month, day, 0, 0, 0, 0)), this.zone)
    }
    endOf(name) { return this.startOf(name).plus({ [name]: 1 }).minus({ milliseconds: 1 }) }
    diff(other, units = 'milliseconds') {
      const from = other instanceof DateTime ? other : DateTime.fromISO(other)
      let months = (this.year - from.year) * 12 + this.month - from.month
      if (months > 0 && from.plus({ months }) > this) months--
      if (months < 0 && from.plus({ months }) < this) months++
      const rest = this - from.plus({ months })
      const next = Math.abs(from.plus({ months: months + (rest < 0 ? -1 : 1) }) - from.plus({ months }))
      return new Duration(this.ms - from.ms, months + rest / next, [].concat(units).map(unitOf), n => this.ms - from.plus({ months: n }).ms)
    }
    diffNow(units) { return this.diff(DateTime.now(), units) }
    hasSame(other, unit) { return +this.startOf(unit) === +other.setZone(this.zone).startOf(unit) }
    equals(other) { return other instanceof DateTime && other.ms === this.ms && other.zone.name === this.zone.name }
    toMillis() { return this.ms }
    toSeconds() { return this.ms / 1000 }
    toUnixInteger() { return Math.floor(this.ms / 1000) }
    toJSDate() { return new Date(this.ms) }
    valueOf() { return this.ms }
    toISODate() { return this.toFormat('yyyy-MM-dd') }
    toISOTime() { return this.toISO().slice(11) }
    toISO() {
      if (!this.isValid) return null
      const offset = this.offset ? offsetText(this.offset, ':') : 'Z'
      return this.toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS") + offset
    }
    toString() { return this.toISO() ?? 'Invalid DateTime' }
    toJSON() { return this.toISO() }
    format(pattern) { return this.toFormat(pattern) }
    toFormat(pattern) {
      if (!this.isValid) return 'Invalid DateTime'
      return String(pattern).replace(/'([^']*)'|([A-Za-z])\2*/g, (token, literal) => literal ?? this.token(token))
    }
    token(t) {
      const hour = this.hour % 12 || 12
      switch (t) {
        case 'yyyy': case 'y': return pad(this.year, t.length)
        case 'yy': return pad(this.year % 100, 2)
        case 'M': case 'L': return String(this.month)
        case 'MM': case 'LL': return pad(this.month, 2)
        case 'MMM': case 'LLL': return this.monthShort
        case 'MMMM': case 'LLLL': return this.monthLong
        case 'd': case 'dd': return pad(this.day, t.length)
        case 'o': case 'ooo': return pad(this.ordinal, t.length)
        case 'q': return String(this.quarter)
        case 'W': case 'WW': return pad(this.weekNumber, t.length)
        case 'kkkk': return pad(this.weekYear, 4)
        case 'E': case 'c': return String(this.weekday)
        case 'EEE': case 'ccc': return this.weekdayShort
        case 'EEEE': case 'cccc': return this.weekdayLong
        case 'H': case 'HH': return pad(this.hour, t.length)
        case 'h': case 'hh': return pad(hour, t.length)
        case 'm': case 'mm': return pad(this.minute, t.length)
        case 's': case 'ss': return pad(this.second, t.length)
        case 'S': return String(this.millisecond)
        case 'SSS': case 'u': return pad(this.millisecond, 3)
        case 'a': return this.hour < 12 ? 'AM' : 'PM'
        case 'Z': return offsetText(this.offset, ':').replace(/([+-])0/, '$1').replace(/:00$/, '')
        case 'ZZ': return offsetText(this.offset, ':')
        case 'ZZZ': return offsetText(this.offset, '')
        case 'z': return this.zone.name
        case 'X': return String(this.toUnixInteger())
        case 'x': return String(this.ms)
      }
      throw new Error(`"${t}" is no part of a time format`)
    }
  }
  return DateTime
}

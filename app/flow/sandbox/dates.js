// n8n's functions on times. A Date comes back as a Date, a DateTime as a DateTime.
const makeDates = ({ times, fail }) => {
  const { DateTime } = times ?? {}
  const day = 86400000
  const ofNumber = (n, unit = 'ms') => {
    switch (unit) {
      case 's': return DateTime.fromSeconds(n)
      case 'us': return DateTime.fromMillis(n / 1000)
      // Day 0 of a sheet is the 30th of December 1899.
      case 'excel': return DateTime.fromMillis(Math.round((n - 25569) * day))
    }
    return DateTime.fromMillis(n)
  }
  const ofText = (text, format) => {
    if (['s', 'ms', 'us', 'excel'].includes(format)) return ofNumber(Number(text), format)
    if (format) return DateTime.fromFormat(text, format)
    for (const read of ['fromISO', 'fromHTTP', 'fromRFC2822', 'fromSQL']) {
      const found = DateTime[read](text, { setZone: true })
      if (found.isValid) return found
    }
    const parsed = DateTime.fromMillis(Date.parse(text))
    return parsed.isValid ? parsed : fail(`"${text}" can't be read as a time`)
  }
  const timeOf = v => v?.isLuxonDateTime ? v : DateTime.fromJSDate(v)
  const other = v => typeof v === 'string' ? ofText(v) : timeOf(v)
  const span = (amount, unit) => {
    if (amount === undefined || typeof amount === 'object' && amount !== null) return amount ?? {}
    return { [unit ?? 'milliseconds']: amount }
  }
  // alike gives what was made of a time in the form in which it came.
  const alike = (v, made) => v?.isLuxonDateTime ? made : made.toJSDate()
  const instant = v => v?.isLuxonDateTime ? v.toMillis() : new Date(v).getTime()
  const parts = { week: 'weekNumber', day: 'day', weekday: 'weekday' }
  const functions = {
    plus: (v, amount, unit) => alike(v, timeOf(v).plus(span(amount, unit))),
    minus: (v, amount, unit) => alike(v, timeOf(v).minus(span(amount, unit))),
    beginningOf: (v, unit = 'week') => alike(v, timeOf(v).startOf(unit)),
    endOfMonth: v => alike(v, timeOf(v).endOf('month')),
    extract: (v, unit = 'week') => timeOf(v)[parts[unit] ?? unit],
    format: (v, pattern, options) => timeOf(v).toFormat(pattern, options),
    isWeekend: v => timeOf(v).weekday > 5,
    isDst: v => timeOf(v).isInDST,
    isBetween: (v, ...bounds) => {
      if (bounds.length !== 2) fail('isBetween() needs two times')
      const [first, last] = bounds.map(instant).sort((a, b) => a - b)
      return instant(v) > first && instant(v) < last
    },
    isInLast: (v, amount = 0, unit = 'minutes') => {
      const now = DateTime.now()
      return timeOf(v) > now.minus(span(amount, unit)) && timeOf(v) <= now
    },
    toDateTime: v => timeOf(v),
    toInt: v => instant(v), toNumber: v => instant(v), toFloat: v => instant(v),
    toBoolean: () => undefined,
    isEmpty: () => false, isNotEmpty: () => true,
  }
  // Only a DateTime has these.
  for (const [name, call] of Object.entries({
    diffTo: (v, to, unit = 'days') => {
      const span = v.diff(to === undefined ? DateTime.invalid('missing') : other(to), unit)
      return Array.isArray(unit) ? span.toObject() : span.as(unit)
    },
    diffToNow: (v, unit = 'days') => Array.isArray(unit) ? v.diffNow(unit).toObject() : v.diffNow(unit).as(unit),
  })) {
    functions[name] = (v, ...given) => {
      if (!v?.isLuxonDateTime) throw new TypeError(`${name} is not a function`)
      return call(v, ...given)
    }
  }
  return { of: ofNumber, read: ofText, functions }
}

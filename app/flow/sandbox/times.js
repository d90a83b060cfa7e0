// Luxon with the zones that come as data: the engine knows none, and the worker has no files to read them from.
const { DateTime, Duration, Interval, Settings, IANAZone, SystemZone } = library
return ({ now, zone, zones }) => {
  const changeAt = (changes, ms) => {
    let low = 0, high = changes.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (changes[middle][0] <= ms) low = middle
      else high = middle - 1
    }
    return changes[low]
  }
  const text = (minutes, wide) => {
    const hours = Math.trunc(Math.abs(minutes) / 60), rest = Math.abs(minutes) % 60
    if (wide) return `GMT${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
    return minutes === 0 ? 'GMT' : `GMT${minutes < 0 ? '-' : '+'}${hours}${rest ? ':' + String(rest).padStart(2, '0') : ''}`
  }
  IANAZone.isValidZone = name => Object.hasOwn(zones, name)
  Object.assign(IANAZone.prototype, {
    offset(ms) { return this.isValid && !Number.isNaN(ms) ? changeAt(zones[this.name], ms)[1] / 60 : NaN },
    offsetName(ms, { format = 'short', locale } = {}) {
      if (!this.isValid) return null
      if (!globalThis.Intl) return text(this.offset(ms), format === 'long')
      const parts = new Intl.DateTimeFormat(locale, { timeZone: this.name, timeZoneName: format }).formatToParts(ms)
      return parts.find(part => part.type === 'timeZoneName').value
    },
  })
  Object.defineProperty(SystemZone.prototype, 'name', { get: () => 'UTC' })
  Settings.defaultZone = zone === 'Local' ? 'UTC' : zone
  Settings.defaultLocale = 'en-US'
  if (Settings.defaultZone.name === 'UTC') {
    // Databases that don't read a Z read an offset.
    const { toSQL } = DateTime.prototype
    DateTime.prototype.toSQL = function (options) { return toSQL.call(this, options)?.replace(/ Z$/, ' +00:00') ?? null }
  }
  const $now = DateTime.fromMillis(now)
  return { DateTime, Duration, Interval, $now, $today: $now.startOf('day') }
}

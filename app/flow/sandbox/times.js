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
    offsetName(ms, { format } = {}) {
      if (!this.isValid) return null
      return (format !== 'long' && changeAt(zones[this.name], ms)[2]) || text(this.offset(ms), format === 'long')
    },
  })
  Object.defineProperty(SystemZone.prototype, 'name', { get: () => 'UTC' })
  Settings.defaultZone = zone === 'Local' ? 'UTC' : zone
  Settings.defaultLocale = 'en-US'
  const $now = DateTime.fromMillis(now)
  return { DateTime, Duration, Interval, $now, $today: $now.startOf('day') }
}

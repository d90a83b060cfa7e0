// What scripts know from Node: bytes that become texts and back, and timers. Nothing waits here: a timer runs when nothing else is
// left to do, the earliest first.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const fromText = text => {
  const bytes = []
  for (const letter of String(text)) {
    const code = letter.codePointAt(0)
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | code >> 6, 0x80 | code & 63)
    else if (code >= 0xd800 && code < 0xe000) bytes.push(0xef, 0xbf, 0xbd)
    else if (code < 0x10000) bytes.push(0xe0 | code >> 12, 0x80 | code >> 6 & 63, 0x80 | code & 63)
    else bytes.push(0xf0 | code >> 18, 0x80 | code >> 12 & 63, 0x80 | code >> 6 & 63, 0x80 | code & 63)
  }
  return bytes
}

const toText = bytes => {
  let text = ''
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i]
    const more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1
    let code = more === 0 ? first : first & (0x3f >> more), end = i + 1
    while (end <= i + more && end < bytes.length && (bytes[end] & 0xc0) === 0x80) code = code << 6 | bytes[end++] & 63
    const wrong = more < 0 || end !== i + more + 1 || code > 0x10ffff || code >= 0xd800 && code < 0xe000 ||
      code < [0, 0x80, 0x800, 0x10000][more]
    text += wrong ? '\ufffd' : String.fromCodePoint(code)
    i = end
  }
  return text
}

const fromBase64 = text => {
  const bytes = []
  let bits = 0, held = 0
  for (const letter of String(text).replace(/-/g, '+').replace(/_/g, '/')) {
    const at = ALPHABET.indexOf(letter)
    if (at < 0) continue
    held = (held << 6 | at) & 0xffffff
    if ((bits += 6) >= 8) bytes.push(held >> (bits -= 8) & 255)
  }
  return bytes
}

const toBase64 = bytes => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const three = bytes[i] << 16 | (bytes[i + 1] ?? 0) << 8 | (bytes[i + 2] ?? 0)
    for (let k = 0; k < 4; k++) text += i + k > bytes.length ? '=' : ALPHABET[three >> 18 - 6 * k & 63]
  }
  return text
}

const letters = text => Array.from(String(text), letter => letter.charCodeAt(0) & 255)

class Buffer extends Uint8Array {
  static from(given, encoding = 'utf8') {
    if (typeof given !== 'string') return super.from(given)
    switch (String(encoding).toLowerCase()) {
      case 'base64': case 'base64url': return super.from(fromBase64(given))
      case 'hex': return super.from((given.match(/^(?:[0-9a-f]{2})+/i)?.[0].match(/../g) ?? []).map(pair => parseInt(pair, 16)))
      case 'latin1': case 'binary': case 'ascii': return super.from(letters(given))
    }
    return super.from(fromText(given))
  }
  static alloc(size, fill = 0) { return new Buffer(size).fill(fill) }
  static concat(list) { return super.from(list.flatMap(part => Array.from(part))) }
  static isBuffer(value) { return value instanceof Buffer }
  static byteLength(text, encoding) { return Buffer.from(text, encoding).length }
  toString(encoding = 'utf8') {
    switch (String(encoding).toLowerCase()) {
      case 'base64': return toBase64(this)
      case 'base64url': return toBase64(this).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
      case 'hex': return Array.from(this, byte => byte.toString(16).padStart(2, '0')).join('')
      case 'latin1': case 'binary': return Array.from(this, byte => String.fromCharCode(byte)).join('')
      case 'ascii': return Array.from(this, byte => String.fromCharCode(byte & 127)).join('')
    }
    return toText(this)
  }
  toJSON() { return { type: 'Buffer', data: Array.from(this) } }
}

class TextEncoder {
  get encoding() { return 'utf-8' }
  encode(text = '') { return new Uint8Array(fromText(text)) }
}

class TextDecoder {
  constructor(label = 'utf-8') {
    if (!/^utf-?8$/i.test(label)) throw new RangeError(`texts are UTF-8 here, not ${label}`)
  }
  get encoding() { return 'utf-8' }
  decode(bytes = []) {
    return toText(bytes.buffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes)).replace(/^\ufeff/, '')
  }
}

const waiting = []
let clock = 0, started = 0, busy = false

const settled = async () => { for (let i = 0; i < 20; i++) await null }

const work = async () => {
  busy = true
  try {
    for (await settled(); waiting.length; await settled()) {
      waiting.sort((a, b) => a.at - b.at || a.id - b.id)
      const next = waiting.shift()
      clock = next.at
      if (next.every !== undefined) waiting.push({ ...next, at: clock + next.every })
      next.run(...next.given)
    }
  } finally { busy = false }
}

const start = (run, after, every, given) => {
  if (typeof run !== 'function') throw new TypeError('a timer takes a function')
  waiting.push({ id: ++started, run, at: clock + (Number(after) > 0 ? Number(after) : 0), every, given })
  if (!busy) work()
  return started
}

const stop = id => {
  const at = waiting.findIndex(timer => timer.id === id)
  if (at >= 0) waiting.splice(at, 1)
}

Object.assign(globalThis, {
  Buffer, TextEncoder, TextDecoder,
  setTimeout: (run, after, ...given) => start(run, after, undefined, given),
  setImmediate: (run, ...given) => start(run, 0, undefined, given),
  setInterval: (run, every, ...given) => start(run, every, Math.max(1, Number(every) || 1), given),
  clearTimeout: stop, clearInterval: stop, clearImmediate: stop,
  atob: text => Buffer.from(text, 'base64').toString('latin1'),
  btoa: text => Buffer.from(text, 'latin1').toString('base64'),
})

// n8n's functions on texts.
const makeTexts = ({ host, fail, dates }) => {
  const number = (text, read, what) => {
    const n = read(text.replace(/\p{Sc}/gu, ''))
    return Number.isNaN(n) ? fail(`"${text}" can't be read as ${what}`) : n
  }
  const whole = text => number(text, t => parseInt(t, /^\s*[+-]?0x/i.test(t) ? 16 : 10), 'a whole number')
  const float = text => number(text, parseFloat, 'a number')
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  const domain = `(?:${label}\\.)+${label}`
  const named = `(?:${label}\\.)+[a-z]{2,63}`
  const isDomain = new RegExp(`^${domain}$`, 'i')
  const address = `[a-z0-9.!#$%&'*+/=?^_\`{|}~-]+@${named}`
  const email = new RegExp(address, 'i'), isEmail = new RegExp(`^${address}$`, 'i')
  const place = `(?:${named}|\\d{1,3}(?:\\.\\d{1,3}){3})(?::\\d{1,5})?`
  const url = new RegExp(`https?://${place}(?:[/?#][^\\s<>"'()]*)?`, 'i'), isUrl = /^https?:\/\/[^\s/?#\\^|<>%"]+(?:[/?#][^]*)?$/i
  // A few small words of titles stay small within a title.
  const small = new Set(`a an and as at because but by en for if in neither nor of on only or over per so some than that the to up
    upon v versus via vs when with without yet`.split(/\s+/))
  const titled = word => /.[A-Z]|\../.test(word) ? word : word.replace(/[\p{L}\d]/u, c => c.toUpperCase())
  const title = text => {
    const words = text.split(/([\s:–—-])/)
    return words.map((word, i) => i > 0 && i < words.length - 1 && small.has(word.toLowerCase()) ? word : titled(word)).join('')
  }
  const marks = [
    [/^([ \t]*)(?:[*+-]|\d\.)\s+/gm, '$1'], [/~~/g, ''], [/^`{3}.*\n?/gm, ''], [/<[^>]*>/g, ''], [/^[=-]{2,}\s*$/gm, ''],
    [/!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])/g, ''],
    [/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1'], [/>/g, ''],
    [/^#{1,6}[ \t]*([^#\n]*?)[ \t]*#*$/gm, '$1'], [/([*_]{1,3})(\S.*?\S)\1/g, '$2'], [/`([^`]+)`/g, '$1'], [/\n{2,}/g, '\n\n'],
  ]
  const bytes = text => {
    const clean = text.replace(/[\t\n\f\r ]/g, '').replace(/={1,2}$/, '')
    if (/[^A-Za-z0-9+/]/.test(clean) || clean.length % 4 === 1) throw new TypeError('the text is not in base64')
    return host('base64Decode', clean)
  }
  return {
    length: t => t.length,
    isEmpty: t => t === '',
    isNotEmpty: t => t !== '',
    hash: (t, algorithm = 'md5') => host('hash', algorithm.toLowerCase(), t) || fail(`there is no hash "${algorithm}"`),
    base64Encode: t => host('base64Encode', t),
    base64Decode: t => bytes(t),
    urlEncode: (t, whole) => whole ? encodeURI(t) : encodeURIComponent(t),
    urlDecode: (t, whole) => whole ? decodeURI(t) : decodeURIComponent(t),
    parseJson: t => { try { return JSON.parse(t) } catch { fail('the text is not JSON') } },
    toJsonString: t => JSON.stringify(t),
    quote: (t, mark = '"') => mark + t.replaceAll('\\', '\\\\').replaceAll(mark, '\\' + mark) + mark,
    removeTags: t => t.replace(/<[^>]*>/g, ''),
    removeMarkdown: t => marks.reduce((text, [mark, by]) => text.replace(mark, by), t),
    replaceSpecialChars: t => host('plain', t),
    toTitleCase: title,
    toSentenceCase: t => t.toLowerCase().replace(/((?:^|[.?!])[^\p{L}.?!]*)(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
    toSnakeCase: t => t.toLowerCase().replace(/[ \-]/g, '_').replace(/[^\p{L}\p{M}\p{N}_]/gu, ''),
    toBoolean: t => !['', '0', 'no', 'false'].includes(t.toLowerCase()),
    toNumber: t => number(t, Number, 'a number'),
    toInt: whole, toWholeNumber: whole, toFloat: float, toDecimalNumber: float,
    toDate: t => {
      const read = new Date(t)
      return Number.isNaN(read.getTime()) ? fail(`"${t}" can't be read as a time`) : read
    },
    toDateTime: (t, format) => dates.read(t, format),
    isNumeric: t => !Number.isNaN(Number(t)) && !Number.isNaN(parseFloat(t)),
    isDomain: t => isDomain.test(t),
    isEmail: t => isEmail.test(t),
    isUrl: t => isUrl.test(t),
    extractEmail: t => email.exec(t)?.[0],
    extractUrl: t => url.exec(t)?.[0],
    extractDomain: t => {
      const at = /^[^\s@]+@([^\s@/]+)$/.exec(t)?.[1]
      const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^\s/?#@]*@)?([^\s/:?#]+)/i.exec(t)?.[1] ?? at ?? t
      return isDomain.test(host) || host === 'localhost' ? host : undefined
    },
    extractUrlPath: t => {
      const path = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]+([^?#]*)/i.exec(t)?.[1]
      return path === undefined ? undefined : path.replace(/[^\x21-\x7e]+/g, c => encodeURIComponent(c)) || '/'
    },
  }
}

// The names that only n8n's expressions and scripts use, and what an expression sees where a workflow hides its errors as n8n
// does: every name is known, those of the surroundings are empty, and what nobody declared is undefined.
return ({ data, values, Reported, jmespath, helpers, hide }) => {
  const input = values.items
  const named = () => { throw new Reported('expected two arguments (Object, string) for this function') }
  const search = (from, query) => {
    if (typeof from !== 'object' || from === null || typeof query !== 'string') named()
    return jmespath.search(from, query)
  }
  const itemsOf = (name, output, run) => name === undefined ? input : values.$(name).all(output, run)
  const kept = {} // static data lives as long as the script
  Object.assign(values, {
    $data: values.$json, $runIndex: data.run, $position: values.$itemIndex, $mode: data.mode, $executionId: values.$execution.id,
    $prevNode: { name: data.previous, outputIndex: 0, runIndex: 0 }, $parameter: data.parameters?.[''] ?? {},
    $items: itemsOf, $item: i => ({ ...values, $json: input[i]?.json, $binary: input[i]?.files ?? {} }),
    $getWorkflowStaticData: kind => kept[kind] ??= {}, $jmespath: search, $jmesPath: search,
    $self: {}, $tool: {}, $binary: values.$binary ?? {}, ...helpers?.functions,
  })
  if (!hide) return values

  values.$execution = { ...values.$execution, mode: data.mode === 'manual' ? 'test' : 'production' }
  const node = values.$
  values.$ = name => name === undefined ? {} : node(name)
  values.$env = new Proxy(values.$env, { get: (env, name) => {
    if (typeof name === 'symbol' || Object.hasOwn(env, name)) return env[name]
    throw new Reported(`there is no environment variable "${name}" for workflows`)
  } })
  values.$getPairedItem = () => undefined
  for (const name of ['item', 'items', 'console']) delete values[name]

  // Names of the surroundings in which n8n runs. A use of one as a function fails, and the failure is hidden.
  const known = new Set(`Object Array String Number Boolean Math JSON Date RegExp Map Set WeakMap WeakSet WeakRef Symbol BigInt Intl Error
    EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError parseInt parseFloat isNaN isFinite encodeURI
    encodeURIComponent decodeURI decodeURIComponent NaN Infinity undefined ArrayBuffer SharedArrayBuffer Atomics DataView Int8Array
    Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array
    BigUint64Array Iterator`.split(/\s+/))
  const empty = new Set(`globalThis global process require module setTimeout setInterval setImmediate clearTimeout clearInterval
    clearImmediate queueMicrotask fetch XMLHttpRequest document eval Function Promise Reflect Proxy WebAssembly alert prompt confirm
    uneval GeneratorFunction AsyncFunction AsyncGenerator Generator`.split(/\s+/))
  delete Error.captureStackTrace
  for (const name of ['toString', 'toTimeString']) {
    const plain = Date.prototype[name]
    Date.prototype[name] = function () {
      const text = plain.call(this)
      return text === 'Invalid Date' ? text : text + ' (Coordinated Universal Time)'
    }
  }
  const own = Object.assign(Object.create(null), values)
  const scope = new Proxy(own, {
    has: (_, name) => typeof name !== 'symbol' && !name.startsWith('$$'),
    get: (_, name) => {
      if (typeof name === 'symbol') return undefined
      if (name in own) return own[name]
      if (known.has(name)) return globalThis[name]
      if (name === 'process') return Object.defineProperty({}, 'env', { value: {} })
      return empty.has(name) ? {} : undefined
    },
  })
  return { scope }
}

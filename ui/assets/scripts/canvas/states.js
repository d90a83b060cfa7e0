// The words, colours and icons of what became of a node, in a run or from one version to the next: the same as on every other page.
export const states = {
  running: {word: "running", tone: "info", icon: "loader"},
  succeeded: {word: "done", tone: "good", icon: "circle-check"},
  failed: {word: "failed", tone: "bad", icon: "circle-x"},
  waiting: {word: "waiting", tone: "warn", icon: "clock"},
  added: {word: "added", tone: "good", icon: "plus"},
  changed: {word: "changed", tone: "warn", icon: "pencil"},
  removed: {word: "removed", tone: "bad", icon: "minus"},
  skipped: {word: "not reached", tone: "idle", icon: "circle-dashed"},
}

export function took(ms) {
  if (ms < 1000) return `${ms} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.floor(ms / 1000) % 60} s`
}

export const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`

// What the island asks of the server. A refusal becomes an Error with the server's own words.
import {page} from "./store.js"

// Browsers send so many bytes for a page that is gone.
export const outlives = 40_000

export class Refusal extends Error {
  constructor(status, error) {
    super(error?.message || (status ? `The server answered ${status}.` : "The server can't be reached. The workflow is kept on this page."))
    this.status = status
    this.fields = error?.details?.fields ?? error?.details ?? []
  }
}

// parse keeps numbers as they are written where the browser can: one with more digits than a script counts would come back as another.
export const parse = text => JSON.parse(text, JSON.rawJSON && ((key, value, context) =>
  typeof value === "number" && String(value) !== context.source ? JSON.rawJSON(context.source) : value))

async function send(path, options) {
  const answer = await fetch(path, options).catch(() => { throw new Refusal(0) })
  if (!answer.ok) throw new Refusal(answer.status, (await answer.json().catch(() => null))?.error)
  return answer
}

// api calls an operation of the API and gives its data.
export async function api(method, path, body, headers = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body)
  // What is small enough is sent to its end, also when the page is left meanwhile.
  const keepalive = method === "PATCH" && text.length < outlives
  const answer = await send(`/api/v1/${path}`, {method, headers: text === undefined ? headers : {"Content-Type": "application/json", ...headers}, body: text, keepalive})
  return parse(await answer.text()).data
}

// post sends a form to a page of this workflow, fetched gives what a page says.
export function post(path, fields) {
  const body = fields instanceof URLSearchParams ? fields : new URLSearchParams(fields)
  body.set("form_token", page.token)
  return send(`/workflows/${page.id}/${path}`, {method: "POST", body})
}

export const fetched = async path => parse(await (await send(`/workflows/${page.id}/${path}`, {})).text())

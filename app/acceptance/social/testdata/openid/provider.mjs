// A real OpenID provider in the shapes of Google, Microsoft and Apple, each at its own address. Who signs in types an id; what
// the tokens say of it is set by PUT /accounts/ID. The first line on the standard output says where everything is; the process
// ends with its standard input.
import { createServer } from 'node:http'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { jwtVerify } from 'jose'
import Provider from 'oidc-provider'

const accounts = new Map()
const tenant = randomUUID()
const apple = { team: 'TEAM000001', key: 'KEY0000001', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) }

// listen gives a server's port; what it answers is set afterwards, because an issuer names its own port.
const listen = async host => {
  const server = createServer((request, response) => server.answer(request, response))
  await new Promise(ready => server.listen(0, host, ready))
  return server
}

const providerAt = (issuer, name) => {
  const provider = new Provider(issuer, {
    clients: ['zygo', 'other'].map(client_id => ({
      client_id, client_secret: 'secret of ' + client_id, redirect_uris: ['http://127.0.0.1/any'],
      token_endpoint_auth_method: 'client_secret_post', grant_types: ['authorization_code'], response_types: ['code'],
    })),
    findAccount: (_, id) => accounts.has(id) && { accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) },
    claims: { openid: ['sub', 'tid', 'oid'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    scopes: ['openid', 'email', 'profile', 'name'],
    conformIdTokenClaims: false, // all of them share an address in the token, as the three do
    pkce: { required: () => true },
    cookies: { keys: [randomUUID()], names: Object.fromEntries(['session', 'interaction', 'resume'].map(cookie => [cookie, `_${name}_${cookie}`])) },
    // Consent is not what is tested: everybody has agreed.
    loadExistingGrant: async ctx => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
      grant.addOIDCScope('openid email profile name')
      await grant.save()
      return grant
    },
  })
  // Each instance under test has another port.
  provider.Client.prototype.redirectUriAllowed = uri => uri.startsWith('http://127.0.0.1:')
  return provider
}

const google = await listen('127.0.0.1')
const googleAt = `http://127.0.0.1:${google.address().port}`
const googleAnswers = providerAt(googleAt, 'google').callback()
google.answer = (request, response) => {
  // Google knows select_account and no login; this provider's own pages know login.
  request.url = request.url.replace('prompt=select_account', 'prompt=login')
  googleAnswers(request, response)
}

// Microsoft's common address names an issuer in which each token puts its tenant.
const microsoft = await listen('127.0.0.1')
const microsoftAt = `http://127.0.0.1:${microsoft.address().port}`
const tenantAnswers = providerAt(`${microsoftAt}/${tenant}/v2.0`, 'microsoft').callback()
microsoft.answer = async (request, response) => {
  if (request.url === '/common/v2.0/.well-known/openid-configuration') {
    const described = await (await fetch(`${microsoftAt}/${tenant}/v2.0/.well-known/openid-configuration`)).json()
    response.end(JSON.stringify({ ...described, issuer: `${microsoftAt}/{tenantid}/v2.0` }))
    return
  }
  request.originalUrl = request.url
  request.url = request.url.replace(`/${tenant}/v2.0`, '')
  tenantAnswers(request, response)
}

// Apple stands at another site than the instance, posts its answer from there, and takes a signed token for a secret.
const appleServer = await listen('localhost')
const appleAt = `http://localhost:${appleServer.address().port}`
const appleProvider = providerAt(appleAt, 'apple')
appleProvider.Client.prototype.compareClientSecret = async function (secret) {
  const { protectedHeader } = await jwtVerify(secret, apple.publicKey, { algorithms: ['ES256'], issuer: apple.team, subject: this.clientId, audience: appleAt, maxTokenAge: '1h' })
  return protectedHeader.kid === apple.key
}
appleServer.answer = appleProvider.callback()

const control = await listen('127.0.0.1')
control.answer = async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  accounts.set(decodeURIComponent(request.url.slice('/accounts/'.length)), JSON.parse(body))
  response.end()
}

process.stdin.on('end', () => process.exit()).resume()
console.log(JSON.stringify({
  google: googleAt, microsoft: microsoftAt, apple: appleAt, control: `http://127.0.0.1:${control.address().port}`, tenant,
  team: apple.team, key: apple.key, private_key: apple.privateKey.export({ type: 'pkcs8', format: 'pem' }),
}))

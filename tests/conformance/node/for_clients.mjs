// npm's oidc-provider, with all that clients may want of it, for clients that a test names.
//
// Usage: node for_clients.mjs CLIENTS    prints `listening on http://…` when it answers
//
// CLIENTS is a JSON array, as its documentation has `clients`. Two addresses are not oidc-provider's own:
// POST /control/rotate puts another provider with new keys in front of what is stored, as a restart would;
// GET /control/requests tells what was asked so far, and with which status it was answered.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'

import { Provider } from 'oidc-provider'

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const answered = []
  let answer = reign(issuer)
  server.on('request', (request, response) => {
    const [path] = request.url.split('?')
    if (path === '/control/rotate') {
      answer = reign(issuer)
      return response.end()
    }
    if (path === '/control/requests') {
      return response.end(JSON.stringify(answered))
    }
    response.on('finish', () => answered.push(`${request.method} ${path} ${response.statusCode}`))
    return answer(request, response)
  })
  console.log(`listening on ${issuer}`)
})

/** Another provider with new keys, over what was granted so far. */
function reign(issuer) {
  const provider = new Provider(issuer, { ...configuration, jwks: { keys: keys() } })
  provider.on('server_error', (_, error) => console.error(error))
  return provider.callback()
}

const anyAlgorithm = [
  ...['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA', 'HS256', 'HS384', 'HS512'],
  ...['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
]

/** oidc-provider's storage, the same for every provider of this process. */
class Adapter {
  static #kept = new Map()

  constructor(model) {
    this.model = model
  }

  async upsert(id, payload) {
    Adapter.#kept.set(`${this.model} ${id}`, payload)
  }

  async find(id) {
    return Adapter.#kept.get(`${this.model} ${id}`)
  }

  async findByUid(uid) {
    return this.#one((payload) => payload.uid === uid)
  }

  async findByUserCode(userCode) {
    return this.#one((payload) => payload.userCode === userCode)
  }

  async consume(id) {
    Adapter.#kept.get(`${this.model} ${id}`).consumed = Math.floor(Date.now() / 1000)
  }

  async destroy(id) {
    Adapter.#kept.delete(`${this.model} ${id}`)
  }

  async revokeByGrantId(grantId) {
    for (const [key, payload] of Adapter.#kept) {
      if (payload.grantId === grantId) {
        Adapter.#kept.delete(key)
      }
    }
  }

  #one(fits) {
    const own = [...Adapter.#kept].filter(([key]) => key.startsWith(`${this.model} `))
    return own.map(([, payload]) => payload).find(fits)
  }
}

const configuration = {
  adapter: Adapter,
  clients: JSON.parse(process.argv[2]),
  cookies: { keys: [randomBytes(32).toString('hex')] },
  enabledJWA: {
    clientAuthSigningAlgValues: anyAlgorithm,
    idTokenSigningAlgValues: anyAlgorithm,
    userinfoSigningAlgValues: anyAlgorithm,
    dPoPSigningAlgValues: anyAlgorithm.filter((algorithm) => !algorithm.startsWith('HS')),
  },
  features: {
    claimsParameter: { enabled: true },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    introspection: { enabled: true },
    jwtUserinfo: { enabled: true },
    registration: { enabled: true, initialAccessToken: 'whoever-has-this-may-register' },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: 'reports:read',
        audience: resource,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
    revocation: { enabled: true },
  },
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  findAccount: (_, accountId) => ({
    accountId,
    claims: () => ({ sub: accountId, name: 'Ada Lovelace', email: 'ada@ada.test', email_verified: true }),
  }),
  rotateRefreshToken: true,
}

/** One of each kind. They do not say by which algorithm they sign, so each signs by all that it can. */
function keys() {
  return [
    key('rsa', { modulusLength: 2048 }),
    key('ec', { namedCurve: 'P-256' }),
    key('ec', { namedCurve: 'P-384' }),
    key('ec', { namedCurve: 'P-521' }),
    key('ed25519'),
  ]
}

function key(type, options) {
  // Exporting a key that was just made hangs Node.js 20 now and then, which writing it down at once does not.
  const asJwk = { privateKeyEncoding: { format: 'jwk' }, publicKeyEncoding: { format: 'jwk' } }
  const { privateKey } = generateKeyPairSync(type, { ...options, ...asJwk })
  return { ...privateKey, use: 'sig' }
}

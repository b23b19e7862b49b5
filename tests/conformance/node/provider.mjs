// npm's oidc-provider with its own pages for development, as somebody would run it to try it out.
//
// Usage: node provider.mjs    prints `listening on http://…` when it answers

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'

import { Provider } from 'oidc-provider'

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, configuration)
  provider.on('server_error', (_, error) => console.error(error))
  server.on('request', provider.callback())
  console.log(`listening on ${issuer}`)
})

// tests/conformance/node/clients.toml says the same.
const configuration = {
  clients: [
    client('first', 'client_secret_basic'),
    client('second', 'client_secret_basic'),
    client('poster', 'client_secret_post'),
  ],
  jwks: { keys: [key('rsa', { modulusLength: 2048 }, 'RS256'), key('ec', { namedCurve: 'P-256' }, 'ES256')] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  features: { claimsParameter: { enabled: true } },
  claims: {
    openid: ['sub'],
    profile: Object.keys(profile()),
    email: ['email', 'email_verified'],
    address: ['address'],
    phone: ['phone_number', 'phone_number_verified'],
  },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...profile(), ...contact() }) }),
}

function client(client_id, token_endpoint_auth_method) {
  return {
    client_id,
    client_secret: `secret-of-${client_id}-0123456789abcdef`,
    token_endpoint_auth_method,
    redirect_uris: [`https://${client_id}.test/callback`],
    post_logout_redirect_uris: [`https://${client_id}.test/goodbye`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
}

function profile() {
  return {
    name: 'Ada Lovelace',
    family_name: 'Lovelace',
    given_name: 'Ada',
    middle_name: 'King',
    nickname: 'Ada',
    preferred_username: 'ada',
    profile: 'https://ada.test/',
    picture: 'https://ada.test/portrait.png',
    website: 'https://ada.test/',
    gender: 'female',
    birthdate: '1815-12-10',
    zoneinfo: 'Europe/London',
    locale: 'en-GB',
    updated_at: 1700000000,
  }
}

function contact() {
  return {
    email: 'ada@ada.test',
    email_verified: true,
    phone_number: '+44 20 7946 0000',
    phone_number_verified: false,
    address: { formatted: 'St James’s Square, London', country: 'UK' },
  }
}

function key(type, options, alg) {
  // Exporting a key that was just made hangs Node.js 20 now and then, which writing it down at once does not.
  const asJwk = { privateKeyEncoding: { format: 'jwk' }, publicKeyEncoding: { format: 'jwk' } }
  const { privateKey } = generateKeyPairSync(type, { ...options, ...asJwk })
  return { ...privateKey, alg, use: 'sig', kid: alg }
}

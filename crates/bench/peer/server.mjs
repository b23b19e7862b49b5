// npm's oidc-provider as somebody would run it who wants his grants to outlive a power cut.
//
// Usage: node server.mjs FOLDER    prints `listening on http://…` when it answers

import './quiet.mjs'

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { join } from 'node:path'

import { DatabaseSync } from '@photostructure/sqlite'
import { Provider } from 'oidc-provider'

import { adapterOver } from './adapter.mjs'

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const database = new DatabaseSync(join(process.argv[2], 'peer.db'))
  const provider = new Provider(issuer, configuration(issuer, adapterOver(database)))
  provider.on('server_error', (_, error) => console.error(error))
  server.on('request', provider.callback())
  console.log(`listening on ${issuer}`)
})

function configuration(issuer, adapter) {
  return {
    adapter,
    clients: [client('bench', 'ES256'), client('bench-rs256', 'RS256')],
    jwks: { keys: [key('ec', { namedCurve: 'P-256' }, 'ES256'), key('rsa', { modulusLength: 2048 }, 'RS256')] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    features: {
      clientCredentials: { enabled: true },
      // Signed access tokens, as ours are; without a resource they would be random strings.
      resourceIndicators: {
        enabled: true,
        defaultResource: () => `${issuer}/api`,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => ({
          scope: 'api',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
  }
}

function client(client_id, id_token_signed_response_alg) {
  return {
    client_id,
    client_secret: 'a-secret-of-the-bench-0123456789abcdef',
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: ['https://client.example/callback'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    id_token_signed_response_alg,
  }
}

function key(type, options, alg) {
  // Exporting a key that was just made hangs Node.js 20 now and then, which writing it down at once does not.
  const asJwk = { privateKeyEncoding: { format: 'jwk' }, publicKeyEncoding: { format: 'jwk' } }
  const { privateKey } = generateKeyPairSync(type, { ...options, ...asJwk })
  return { ...privateKey, alg, use: 'sig', kid: alg }
}

// openid-client, unmodified, signs a person in at the issuer under test.
//
//   node openid_client.mjs ISSUER BOOTSTRAP_JSON
//
// Prints one JSON line for each step; exits non-zero at the first that fails.

import { readFile } from 'node:fs/promises'
import * as client from 'openid-client'
import { Person } from './person.mjs'

const [issuer, bootstrapFile] = process.argv.slice(2)
if (!bootstrapFile) {
  console.error('usage: node openid_client.mjs ISSUER BOOTSTRAP_JSON')
  process.exit(2)
}
const bootstrap = JSON.parse(await readFile(bootstrapFile, 'utf8'))
const { confidential, public: native } = bootstrap.applications

const secret = confidential.client_secret
await application('confidential', confidential, client.ClientSecretBasic(secret), signsInAndRefreshes)
await application('confidential', confidential, client.ClientSecretBasic(secret), actsForItself)
await application('confidential', confidential, client.ClientSecretBasic(secret), isRefusedAWrongCode)
await application('public', native, client.None(), signsInAndRefreshes)
await application('public', native, client.None(), isRefusedAWrongCode)

async function application(kind, registered, authentication, story) {
  const config = await client.discovery(new URL(issuer), registered.client_id, undefined, authentication, {
    execute: [client.allowInsecureRequests],
  })
  // Without this the library trusts the connection and leaves the ID token's signature unread.
  client.enableNonRepudiationChecks(config)
  const step = (name, facts) => console.log(JSON.stringify({ application: kind, step: name, ...facts }))
  await story(config, registered, step)
}

async function signsInAndRefreshes(config, registered, step) {
  const server = config.serverMetadata()
  step('discovery', { issuer: server.issuer, pkce: server.supportsPKCE('S256') })

  const { callback, checks } = await authorize(config, registered)
  step('callback', { parameters: [...callback.searchParams.keys()].sort() })

  const tokens = await client.authorizationCodeGrant(config, callback, { ...checks, idTokenExpected: true })
  const claims = tokens.claims()
  step('code', { token_type: tokens.token_type, expires_in: tokens.expires_in, scope: tokens.scope, claims })

  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
  expect(userinfo.email === bootstrap.account.email, 'userinfo names the email of the account', userinfo)
  step('userinfo', { members: Object.keys(userinfo).sort() })

  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token)
  expect(renewed.claims().sub === claims.sub, 'a refreshed ID token is about the same person', renewed.claims())
  await client.fetchUserInfo(config, renewed.access_token, claims.sub)
  step('refresh', { scope: renewed.scope, rotated: renewed.refresh_token !== tokens.refresh_token })

  // Whoever cannot prove who he is may not ask what a token is good for.
  if (registered.client_secret) {
    for (const token of [renewed.access_token, renewed.refresh_token]) {
      const said = await client.tokenIntrospection(config, token)
      expect(said.active && said.sub === claims.sub, 'a good token is active and about the person', said)
    }
    step('introspection', {})
  }

  await client.tokenRevocation(config, renewed.refresh_token)
  const refusals = [
    await refusal(client.refreshTokenGrant(config, renewed.refresh_token)),
    await refusal(client.fetchUserInfo(config, renewed.access_token, claims.sub)),
  ]
  expect(refusals.every(Boolean), 'what was revoked buys and opens nothing', refusals)
  if (registered.client_secret) {
    const said = await client.tokenIntrospection(config, renewed.access_token)
    expect(said.active === false, 'what was revoked is not active', said)
  }
  step('revocation', { error: refusals[0].error })
}

async function actsForItself(config, _registered, step) {
  const tokens = await client.clientCredentialsGrant(config)

  expect(tokens.refresh_token === undefined, 'a client that acts for itself gets no refresh token', {})
  expect(tokens.id_token === undefined, 'a client that acts for itself gets no ID token', {})
  step('client_credentials', { token_type: tokens.token_type, expires_in: tokens.expires_in })
}

async function isRefusedAWrongCode(config, registered, step) {
  const { callback, checks } = await authorize(config, registered)
  callback.searchParams.set('code', `${callback.searchParams.get('code')}x`)

  const refused = await refusal(client.authorizationCodeGrant(config, callback, checks))

  expect(refused?.error === 'invalid_grant', 'a wrong code is an invalid_grant', refused)
  step('wrong_code', { error: refused.error, status: refused.status })
}

/** The error that a promise comes to; nothing if it comes to something. */
function refusal(promise) {
  return promise.then(
    () => undefined,
    (error) => error,
  )
}

/** Sends a person through the pages, and returns where the browser came out. */
async function authorize(config, registered) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() }
  const redirectUri = onAnyPort(registered.redirect_uris[0])
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const callback = await new Person(bootstrap.account).follow(url, redirectUri)
  return { callback, checks }
}

/** A native application asks for a port when it starts, so the one in its registration says nothing. */
function onAnyPort(registered) {
  const url = new URL(registered)
  url.port = '45117'
  return url.href
}

function expect(holds, sentence, seen) {
  if (!holds) {
    throw new Error(`expected that ${sentence}, but saw ${JSON.stringify(seen)}`)
  }
}

// jose, unmodified, reads our tokens and keys and makes its own.
//
//   node jose_tokens.mjs < OURS
//
// OURS is a JSON array with, for each algorithm, `alg`, a `token`, its key (`secret` in base64url, or
// `public_jwk`, `public_pem` and `private_pem`). For each it prints one JSON line with the same of its
// own, and its new private key in every form it can write; exits non-zero at the first it refuses.

import { createPrivateKey } from 'node:crypto'
import { text } from 'node:stream/consumers'
import * as jose from 'jose'

for (const ours of JSON.parse(await text(process.stdin))) {
  const theirs = ours.secret ? await symmetric(ours) : await asymmetric(ours)
  console.log(JSON.stringify({ alg: ours.alg, ...theirs }))
}

async function symmetric({ alg, token, secret }) {
  const key = jose.base64url.decode(secret)
  await accept(alg, token, key)
  return { token: await sign(alg, key) }
}

async function asymmetric({ alg, token, public_jwk, public_pem, private_pem }) {
  await accept(alg, token, await jose.importJWK(public_jwk, alg))
  await accept(alg, token, await jose.importSPKI(public_pem, alg))
  await refuse(alg, token, await jose.importSPKI(public_pem, alg))
  const ours = await jose.importPKCS8(private_pem, alg)

  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true })
  return {
    token: await sign(alg, privateKey),
    public_jwk: await jose.exportJWK(publicKey),
    signed_with_ours: await sign(alg, ours),
    private_keys: await written(privateKey),
  }
}

/** The key in every form that jose and Node.js write. */
async function written(privateKey) {
  const pkcs8 = await jose.exportPKCS8(privateKey)
  const key = createPrivateKey(pkcs8)
  const forms = { pkcs8, jwk: JSON.stringify(await jose.exportJWK(privateKey)) }
  const own = { rsa: 'pkcs1', ec: 'sec1' }[key.asymmetricKeyType]
  if (own) {
    forms[own] = key.export({ type: own, format: 'pem' })
  }
  for (const type of ['pkcs8', own].filter(Boolean)) {
    forms[`${type}_der`] = jose.base64url.encode(key.export({ type, format: 'der' }))
  }
  return forms
}

function sign(alg, key) {
  return new jose.SignJWT({ sub: 'ada' }).setProtectedHeader({ alg, typ: 'JWT' }).sign(key)
}

async function accept(alg, token, key) {
  const { payload } = await jose.jwtVerify(token, key, { algorithms: [alg], typ: 'JWT' })
  if (payload.sub !== 'ada') {
    throw new Error(`${alg}: ${JSON.stringify(payload)} is not what was signed`)
  }
}

async function refuse(alg, token, key) {
  const [header, , signature] = token.split('.')
  const changed = [header, jose.base64url.encode('{"sub":"eve"}'), signature].join('.')
  const fault = await jose.jwtVerify(changed, key, { algorithms: [alg] }).catch((fault) => fault)
  if (fault.code !== 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') {
    throw new Error(`${alg}: a changed token was not refused for its signature: ${fault}`)
  }
}

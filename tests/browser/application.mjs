// An application on this machine: sends people to the issuer, takes them back, redeems their codes.

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

export class Application {
  #issuer
  #registered
  #callback
  #listener
  #posted = new Map()

  /** `registered` is one of the applications in bootstrap.json, whose redirects may have any port. */
  static async listen(issuer, registered) {
    const application = new Application()
    application.#issuer = issuer
    application.#registered = registered
    application.#listener = createServer((request, response) =>
      application.#answer(request, response),
    ).listen(0, '127.0.0.1')
    await once(application.#listener, 'listening')
    const callback = new URL(registered.redirect_uris[0])
    callback.port = application.#listener.address().port
    application.#callback = callback.href
    return application
  }

  async #answer(request, response) {
    if (request.method === 'POST') {
      const answer = new URLSearchParams(await text(request))
      this.#posted.set(answer.get('state'), answer)
      // As applications do, and to another site at that: no policy of the issuer's may stand in the way.
      response.writeHead(303, { location: this.elsewhere('/arrived') }).end()
    } else {
      const form = new URL(request.url, this.#callback).searchParams.get('posts')
      response.setHeader('content-type', 'text/html').end(form ? posting(this.#issuer, form) : PAGE)
    }
  }

  /** The same application under the name of another site. */
  elsewhere(path) {
    const url = new URL(path, this.#callback)
    url.hostname = 'localhost'
    return url.href
  }

  close() {
    this.#listener.close()
    this.#listener.closeAllConnections()
  }

  /** A sign-in of its own: where to send the person, and what to hold the answer against. */
  ask(more = {}) {
    const [state, nonce, verifier] = [random(), random(), random()]
    const url = new URL('/oauth/authorize', this.#issuer)
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: this.#registered.client_id,
      redirect_uri: this.#callback,
      scope: 'openid email',
      state,
      nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    })
    return { url: url.href, state, nonce, verifier }
  }

  /** Waits until the person is back, and returns the ID token. */
  async finish(page, asked) {
    await page.waitForURL((url) => url.href.startsWith(this.#callback))
    return this.redeem(new URL(page.url()).searchParams, asked)
  }

  /** Waits until the browser has posted the answer and is where that leads. */
  async finishPosted(page, asked) {
    await page.waitForURL(this.elsewhere('/arrived'))
    return this.redeem(this.#posted.get(asked.state), asked)
  }

  async redeem(answer, { state, nonce, verifier }) {
    assert.equal(answer.get('state'), state)
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: this.#registered.client_id,
      code: answer.get('code'),
      redirect_uri: this.#callback,
      code_verifier: verifier,
    })
    if (this.#registered.client_secret) {
      form.set('client_secret', this.#registered.client_secret)
    }
    const response = await fetch(new URL('/oauth/token', this.#issuer), { method: 'POST', body: form })
    const tokens = await response.json()
    assert.equal(response.status, 200, JSON.stringify(tokens))
    const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url').toString())
    assert.equal(claims.nonce, nonce)
    assert.equal(claims.aud, this.#registered.client_id)
    return tokens.id_token
  }
}

const random = () => randomBytes(32).toString('base64url')

/** A page that posts these parameters to the issuer's end of a sign-in. */
const posting = (issuer, parameters) => {
  const fields = [...new URLSearchParams(parameters)].map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
  )
  const form = `<form method="post" action="${new URL('/oauth/logout', issuer)}">${fields.join('')}`
  return `${PAGE}${form}<button>Leave</button></form>`
}

// With an icon, or the browser would ask for one.
const PAGE = '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Back</title><h1>Back</h1>'

// A person with a browser: keeps cookies, follows redirects, fills in whatever form the page shows.
// Knows the pages only by what HTML says of them, as a password manager does.

import { parse } from 'parse5'

export class Person {
  #account
  #cookies = new Map()

  constructor(account) {
    this.#account = account
  }

  /** Goes to `url` and does what the pages ask until the browser is sent to `redirectUri`. */
  async follow(url, redirectUri) {
    let request = { method: 'GET', url: new URL(url) }
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      if (isAt(request.url, redirectUri)) {
        return request.url
      }
      request = await this.#next(request)
    }
    throw new Error(`still not back at ${redirectUri} after ${MOST_HOPS} pages and redirects`)
  }

  async #next(request) {
    const response = await this.#send(request)
    const location = response.headers.get('location')
    if (location && REDIRECTS.has(response.status)) {
      return { method: 'GET', url: new URL(location, request.url) }
    }
    const html = await response.text()
    const form = formIn(html)
    if (response.status !== 200 || !form) {
      throw new Error(`${request.method} ${request.url} answered ${response.status} without a form:\n${html}`)
    }
    return this.#fill(form, request.url)
  }

  async #send({ method, url, body }) {
    const headers = { accept: 'text/html', cookie: this.#cookieHeader() }
    if (method === 'POST') {
      headers.origin = url.origin
    }
    const response = await fetch(url, {
      method,
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    response.headers.getSetCookie().forEach((line) => this.#keep(line))
    return response
  }

  #fill(form, page) {
    const fields = new URLSearchParams()
    for (const input of form.inputs) {
      const value = this.#answer(input)
      if (value !== undefined) {
        fields.append(input.name, value)
      }
    }
    const button = form.buttons.find((b) => b.name === 'consented' && b.value === 'true') ?? form.buttons[0]
    if (button?.name) {
      fields.append(button.name, button.value ?? '')
    }
    const url = new URL(form.action || page.href, page)
    if (form.method.toUpperCase() === 'POST') {
      return { method: 'POST', url, body: fields }
    }
    url.search = fields
    return { method: 'GET', url }
  }

  #answer(input) {
    if (!input.name) {
      return undefined
    }
    if (input.type === 'password') {
      return this.#account.password
    }
    if (input.type === 'checkbox' || input.type === 'radio') {
      return 'checked' in input ? (input.value ?? 'on') : undefined
    }
    const asksForMe = `${input.autocomplete} ${input.type} ${input.name}`.match(/username|email|login/)
    return input.type !== 'hidden' && asksForMe ? this.#account.username : (input.value ?? '')
  }

  #keep(line) {
    const [pair, ...attributes] = line.split(';').map((part) => part.trim())
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(name.length + 1)
    const dead = attributes.some((a) => /^max-age=0$/i.test(a) || /^expires=thu, 01 jan 1970/i.test(a))
    dead ? this.#cookies.delete(name) : this.#cookies.set(name, value)
  }

  #cookieHeader() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}

/** The first form of the page: where it goes and what is in it. */
function formIn(html) {
  const form = elements(parse(html)).find((e) => e.nodeName === 'form')
  if (!form) {
    return undefined
  }
  const inside = elements(form).map((e) => ({ tag: e.nodeName, ...attributes(e) }))
  const presses = (e) => e.type === 'submit' || (e.tag === 'button' && e.type === undefined)
  return {
    action: '',
    method: 'GET',
    ...attributes(form),
    inputs: inside.filter((e) => e.tag === 'input' && e.type !== 'submit'),
    buttons: inside.filter((e) => (e.tag === 'button' || e.tag === 'input') && presses(e)),
  }
}

function elements(node) {
  return (node.childNodes ?? []).flatMap((child) => [child, ...elements(child)])
}

function attributes(element) {
  return Object.fromEntries((element.attrs ?? []).map(({ name, value }) => [name, value]))
}

function isAt(url, redirectUri) {
  return url.origin + url.pathname === redirectUri
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const MOST_HOPS = 20
const PATIENCE_MS = 30_000

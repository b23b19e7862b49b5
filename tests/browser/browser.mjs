// Chromium, and everything it complains of.

import { chromium } from 'playwright-core'

export class Browser {
  #process
  #issuer
  #complaints = []

  constructor(process, issuer) {
    this.#process = process
    this.#issuer = issuer
  }

  /** With a profile of its own, which goes with it, and nothing that asks anybody but us. */
  static async start(executablePath, issuer) {
    return new Browser(await chromium.launch({ executablePath, args: QUIET, timeout: PATIENCE_MS }), issuer)
  }

  stop() {
    return this.#process.close()
  }

  /**
   * A new person: no cookies, no history, one tab.
   *
   * `mayAnswer` lists the statuses from 400 on that belong to the scenario; every other one, and every
   * error or warning in the console, is a complaint.
   */
  async person({ mayAnswer = [], ...options } = {}) {
    const context = await this.#process.newContext({ baseURL: this.#issuer, ...options })
    context.setDefaultTimeout(PATIENCE_MS)
    context.on('console', (message) => {
      const isSaidOfTheAnswer = message.text().startsWith(ANSWERED)
      if (['error', 'warning'].includes(message.type()) && !isSaidOfTheAnswer) {
        this.#complaints.push(`console: ${message.text()}`)
      }
    })
    context.on('weberror', (fault) => this.#complaints.push(`script: ${fault.error()}`))
    context.on('response', (response) => {
      if (response.status() >= 400 && !mayAnswer.includes(response.status())) {
        this.#complaints.push(`${response.request().method()} ${response.url()} answered ${response.status()}`)
      }
    })
    return context.newPage()
  }

  expectNoComplaint() {
    if (this.#complaints.length > 0) {
      throw new Error(`the browser complained:\n${this.#complaints.join('\n')}`)
    }
  }

  /** Takes the complaints that were to be expected out of the way. */
  takeComplaints() {
    return this.#complaints.splice(0)
  }

  /** Where everybody stands, for whoever reads why a scenario failed. */
  async scene() {
    const pages = this.#process.contexts().flatMap((context) => context.pages())
    const views = pages.map(async (page) => {
      const text = await page.locator('body').innerText({ timeout: GLANCE_MS }).catch((fault) => `${fault}`)
      return `at ${page.url()}\n${text.replace(/^/gm, '  | ')}`
    })
    return [...(await Promise.all(views)), ...this.#complaints].join('\n')
  }
}

const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--no-proxy-server',
]

/** Said of every such answer, whether it is to be expected or not: statuses are judged by themselves. */
const ANSWERED = 'Failed to load resource: the server responded with a status of '
const PATIENCE_MS = 60_000
const GLANCE_MS = 1_000

// Plays one scenario in Chromium, at the issuer under test.
//
//   node play.mjs CHROMIUM SCENARIO URL [BOOTSTRAP_JSON [PROVIDER]]
//
// URL is the issuer, or the link that it printed where it made no demo data; PROVIDER, an address of
// somebody else that a scenario leads to.
// Exits non-zero if it does not go as told, or if the browser complained of anything on the way.

import { readFile } from 'node:fs/promises'
import { Browser } from './browser.mjs'

const [chromium, scenario, url, bootstrapFile, provider] = process.argv.slice(2)
if (!url) {
  console.error('usage: node play.mjs CHROMIUM SCENARIO URL [BOOTSTRAP_JSON [PROVIDER]]')
  process.exit(2)
}
const { play } = await import(`./scenarios/${scenario}.mjs`)
const bootstrap = bootstrapFile ? JSON.parse(await readFile(bootstrapFile, 'utf8')) : {}

const issuer = new URL(url).origin
const browser = await Browser.start(chromium, issuer)
try {
  await play({ ...bootstrap, browser, url, issuer, provider })
  browser.expectNoComplaint()
} catch (fault) {
  console.error(await browser.scene())
  throw fault
} finally {
  await browser.stop()
}

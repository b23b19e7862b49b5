// Plays one scenario in Chromium, at the issuer under test.
//
//   node play.mjs CHROMIUM SCENARIO ISSUER BOOTSTRAP_JSON
//
// Exits non-zero if it does not go as told, or if the browser complained of anything on the way.

import { readFile } from 'node:fs/promises'
import { Browser } from './browser.mjs'

const [chromium, scenario, issuer, bootstrapFile] = process.argv.slice(2)
if (!bootstrapFile) {
  console.error('usage: node play.mjs CHROMIUM SCENARIO ISSUER BOOTSTRAP_JSON')
  process.exit(2)
}
const { play } = await import(`./scenarios/${scenario}.mjs`)
const bootstrap = JSON.parse(await readFile(bootstrapFile, 'utf8'))

const browser = await Browser.start(chromium, issuer)
try {
  await play({ browser, issuer, ...bootstrap })
  browser.expectNoComplaint()
} catch (fault) {
  console.error(await browser.scene())
  throw fault
} finally {
  await browser.stop()
}

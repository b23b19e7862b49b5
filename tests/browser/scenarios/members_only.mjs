import assert from 'node:assert/strict'
import { arrive, press, signIn } from '../steps.mjs'

export async function play({ browser, account, issuer: httpd }) {
  const page = await browser.person()

  await page.goto(`${httpd}/private`)
  await signIn(page, account)
  await arrive(page, 'Members asks for access')
  await press(page, 'Allow')
  await arrive(page, 'For members only')

  // By its own session from now on.
  for (let visit = 0; visit < 2; visit += 1) {
    const again = await page.reload()
    assert.equal(again.headers()['x-person'], account.email)
  }

  await page.goto(`${httpd}/private/callback?logout=${encodeURIComponent(`${httpd}/bye`)}`)
  await arrive(page, 'Signed out here too')
  await page.goto(`${httpd}/private`)
  await arrive(page, 'Sign in')
}

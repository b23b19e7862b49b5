import assert from 'node:assert/strict'
import { listen } from '../single_page.mjs'
import { arrive, press, signIn } from '../steps.mjs'

export async function play({ browser, issuer, account, applications }) {
  const application = await listen(issuer, applications.public)
  const page = await browser.person()

  await page.goto(application.address)
  await press(page, 'Enter')
  await signIn(page, account)
  await arrive(page, 'Demo native application asks for access')
  await press(page, 'Allow')
  const first = await told(page, 'arrived')
  assert.equal(first.email, account.email)

  await press(page, 'Renew')
  const renewed = await told(page, 'renewed')
  assert.equal(renewed.sub, first.sub)

  // It gives its tokens back first, and shows its ID token.
  const [givenBack] = await Promise.all([
    page.waitForResponse((response) => response.url() === `${issuer}/oauth/token/revoke`),
    press(page, 'Leave'),
  ])
  assert.equal(givenBack.status(), 200)
  await arrive(page, 'You are signed out')
  application.close()
}

async function told(page, what) {
  const output = page.locator('output')
  await output.filter({ hasText: /./ }).waitFor()
  await page.waitForFunction(
    (what) => JSON.parse(document.querySelector('output').textContent || '{}').what === what,
    what,
  )
  return JSON.parse(await output.innerText())
}

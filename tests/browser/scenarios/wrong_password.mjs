import assert from 'node:assert/strict'
import { CONSENT, arrive, expectAlert, expectToBeKnown, press, signIn } from '../steps.mjs'

export async function play({ browser, account }) {
  const page = await browser.person({ mayAnswer: [422] })

  await page.goto('/demo/start')
  await signIn(page, { ...account, password: 'sesame' })

  await expectAlert(page, /That did not work/)
  assert.equal(await page.getByLabel('Username or email address').inputValue(), account.username)
  assert.equal(await page.getByLabel('Password').inputValue(), '')
  // The name stands there already, so the person is where he has to go on.
  await page.getByLabel('Password').and(page.locator(':focus')).waitFor()
  await page.keyboard.type(account.password)
  await press(page, 'Sign in')
  await arrive(page, CONSENT)
  await press(page, 'Allow')
  await expectToBeKnown(page, account)
}

import assert from 'node:assert/strict'
import { CONSENT, arrive, expectToBeKnown } from '../steps.mjs'

export async function play({ browser, account }) {
  const page = await browser.person()
  const { keyboard } = page

  await page.goto('/demo')
  await arrive(page, 'Try a sign-in')
  await keyboard.press('Tab')
  await expectFocus(page, page.getByRole('link', { name: 'Sign in with the demo account' }))
  await keyboard.press('Enter')

  await arrive(page, 'Sign in')
  await expectFocus(page, page.getByLabel('Username or email address'))
  await keyboard.type(account.username)
  await keyboard.press('Tab')
  await expectFocus(page, page.getByLabel('Password'))
  await keyboard.type(account.password)
  await keyboard.press('Tab')
  await expectFocus(page, page.getByRole('button', { name: 'Sign in' }))
  await keyboard.press('Shift+Tab')
  await keyboard.press('Enter')

  await arrive(page, CONSENT)
  await keyboard.press('Tab')
  await expectFocus(page, page.getByRole('button', { name: 'Allow', exact: true }))
  await keyboard.press('Tab')
  await expectFocus(page, page.getByRole('button', { name: 'Do not allow' }))
  await keyboard.press('Shift+Tab')
  await keyboard.press('Enter')
  await expectToBeKnown(page, account)
}

/** It has the focus, and one sees so. */
async function expectFocus(page, element) {
  await element.and(page.locator(':focus-visible')).waitFor()
  const outline = await element.evaluate((e) => getComputedStyle(e).outlineStyle)
  assert.notEqual(outline, 'none')
}

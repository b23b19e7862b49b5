import assert from 'node:assert/strict'
import { BARE, SCREENS, expectNoBarrier, expectToFit } from '../looks.mjs'
import { CONSENT, arrive, expectAlert, expectToBeKnown, follow, press, reachConsent, signIn } from '../steps.mjs'

export async function play({ browser, account }) {
  const elsewhere = await browser.person()
  await reachConsent(elsewhere, account)
  await press(elsewhere, 'Allow')
  await expectToBeKnown(elsewhere, account)

  const page = await browser.person({ javaScriptEnabled: false, mayAnswer: [422] })
  await page.goto('/sign-in')
  await signIn(page, account)
  await follow(page, 'Your account')
  await arrive(page, 'Your account')
  await page.getByText('see your postal address', { exact: true }).waitFor()
  await page.getByText('with your password').first().waitFor()
  await look(browser, account, expectToFit, SCREENS)
  await look(browser, account, expectNoBarrier, BARE)

  await endTheOthers(page, elsewhere)
  await takeBackAccess(page)
  await changeThePassword(page, account)
  await byKeyboardInGerman(browser, account)
}

/** Every state that has looks of its own; nothing is changed on the way. */
async function look(browser, account, expectation, screens) {
  for (const screen of screens) {
    const page = await browser.person({ ...screen, mayAnswer: [422] })
    await page.goto('/account')
    await signIn(page, account)
    await arrive(page, 'Your account')
    await expectation('account', page)
    await fillInPasswords(page, 'sesame', NEW)
    await press(page, 'Change the password')
    await expectAlert(page, /The current password is not right/)
    await expectation('account-wrong-password', page)
    await page.goto('/account')
    await press(page, 'Sign out')
    await arrive(page, 'Sign in')
    await page.context().close()
  }
}

async function endTheOthers(page, elsewhere) {
  await page.goto('/account')
  await press(page, 'Sign out everywhere else')
  await said(page, 'You are signed out everywhere else.')
  await page.getByText('You are signed in nowhere else.', { exact: true }).waitFor()
  await elsewhere.goto('/account')
  await arrive(elsewhere, 'Sign in')
}

async function takeBackAccess(page) {
  await press(page, 'Take back access of Grantway demo page')
  await said(page, 'The access is taken back. The application has to ask you again.')
  await page.getByText('You have given no application access to your account.', { exact: true }).waitFor()
  await page.goto('/demo/start')
  await arrive(page, CONSENT)
}

async function changeThePassword(page, account) {
  await page.goto('/account')
  await fillInPasswords(page, account.password, NEW)
  await press(page, 'Change the password')
  await said(page, 'The password is changed, and you are signed out everywhere else.')
  await page.reload()
  await arrive(page, 'Your account')
  await press(page, 'Sign out')
  await signIn(page, { ...account, password: NEW })
  await arrive(page, 'Signed in')
}

/** With nothing but the keyboard, and in another language. */
async function byKeyboardInGerman(browser, account) {
  const page = await browser.person({ locale: 'de', viewport: { width: 360, height: 740 } })
  await page.goto('/account')
  await arrive(page, 'Anmelden')
  await page.keyboard.type(account.username)
  await page.keyboard.press('Tab')
  await page.keyboard.type(NEW)
  await page.keyboard.press('Enter')
  await arrive(page, 'Ihr Konto')
  await expectToFit('account-in-german', page)
  const others = page.getByRole('button', { name: 'Überall sonst abmelden', exact: true })
  for (let pressed = 0; pressed < 20; pressed += 1) {
    await page.keyboard.press('Tab')
    if (await others.evaluate((button) => button === document.activeElement)) break
  }
  await page.keyboard.press('Enter')
  await said(page, 'Sie sind überall sonst abgemeldet.')
  assert.equal(await page.locator('html').getAttribute('lang'), 'de')
}

async function fillInPasswords(page, current, chosen) {
  await page.getByLabel('Current password', { exact: true }).fill(current)
  await page.getByLabel('New password', { exact: true }).fill(chosen)
}

async function said(page, words) {
  await page.getByRole('status').filter({ hasText: words }).waitFor()
}

const NEW = 'a password of another day'

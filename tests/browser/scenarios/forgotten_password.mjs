import assert from 'node:assert/strict'
import { createInterface } from 'node:readline'
import { BARE, PHONE, SCREENS, expectGoodLooks, expectNoBarrier, expectToFit } from '../looks.mjs'
import { CONSENT, arrive, expectAlert, expectToBeKnown, follow, press, signIn } from '../steps.mjs'

// Whoever started this reads the mail, and tells the links in it.
const links = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

export async function play({ browser, account, issuer }) {
  const elsewhere = await browser.person()
  await elsewhere.goto('/sign-in')
  await signIn(elsewhere, account)
  await arrive(elsewhere, 'Signed in')

  const page = await browser.person({ ...PHONE, mayAnswer: [410, 422] })
  await page.goto('/demo/start')
  await follow(page, 'Forgot your password?')
  await arrive(page, 'Set a new password')
  await page.getByLabel('Username or email address').and(page.locator(':focus')).waitFor()
  await page.keyboard.type(account.username)
  await page.keyboard.press('Enter')
  await arrive(page, 'Look into your mail')
  await expectGoodLooks('reset-on-its-way', page)

  const link = await nextLink(issuer, '/reset-password')
  await everywhere(browser, {
    'forgot-password': '/forgot-password',
    'reset-password': link,
    'reset-password-over': `${link}x`,
  })
  await page.goto(link)
  await arrive(page, 'Choose a new password')
  assert.equal(await page.getByLabel('Account').inputValue(), account.username)
  const field = page.getByLabel('New password')
  await field.and(page.locator(':focus')).waitFor()
  await page.keyboard.type('too short')
  await page.keyboard.press('Enter')
  // The browser itself says what is wrong, and sends nothing.
  assert.equal(await field.evaluate((field) => field.validity.tooShort), true)
  await field.evaluate((field) => field.removeAttribute('minlength'))
  await page.keyboard.press('Enter')
  await expectAlert(page, /too short/)
  await expectGoodLooks('reset-password-again', page)
  await page.getByLabel('New password').and(page.locator(':focus')).waitFor()
  await page.keyboard.type(NEW)
  await page.keyboard.press('Enter')
  await arrive(page, 'The password is set')
  await expectGoodLooks('password-set', page)

  // She goes on to the application for which she came.
  await follow(page, 'Sign in')
  await signIn(page, { ...account, password: NEW })
  await arrive(page, CONSENT)
  await press(page, 'Allow')
  await expectToBeKnown(page, account)
  await page.goto(link)
  await arrive(page, 'This link does not work any more')
  await follow(page, 'Ask for a new link')
  await arrive(page, 'Set a new password')
  await elsewhere.reload()
  await arrive(elsewhere, 'Sign in')

  await verifies(browser, issuer)
}

async function verifies(browser, issuer) {
  const page = await browser.person(PHONE)
  await page.goto('/sign-in')
  await signIn(page, EVE)
  await arrive(page, 'Signed in')
  await page.getByText('Your email address is not verified yet.').waitFor()
  await press(page, 'Send me a link')
  await arrive(page, 'Look into your mail')
  const link = await nextLink(issuer, '/verify-email')
  await everywhere(browser, { 'verify-email': link, 'verify-email-over': `${link}x` })
  await page.goto(link)
  await arrive(page, 'Verify your email address')
  await press(page, 'Yes, it is mine')
  await arrive(page, 'The email address is verified')
  await expectGoodLooks('email-verified', page)
  await follow(page, 'Go on')
  await arrive(page, 'Signed in')
  assert.equal(await page.getByText('is not verified').count(), 0)
}

/** Looking uses no link up. */
async function everywhere(browser, addresses) {
  for (const [screens, look] of [[SCREENS, expectToFit], [BARE, expectNoBarrier]]) {
    for (const screen of screens) {
      const visitor = await browser.person({ ...screen, mayAnswer: [410] })
      for (const [name, address] of Object.entries(addresses)) {
        await visitor.goto(address)
        await visitor.getByRole('heading', { level: 1 }).waitFor()
        await look(name, visitor)
      }
      await visitor.context().close()
    }
  }
}

/** The links are of the issuer: the mail is opened where it is played. */
async function nextLink(issuer, path) {
  const { value: link } = await links.next()
  assert.equal(new URL(link).origin, issuer)
  assert.equal(new URL(link).pathname, path)
  return link
}

const NEW = 'an entirely new password'
const EVE = { username: 'eve', password: 'correct horse battery staple' }

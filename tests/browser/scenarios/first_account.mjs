import assert from 'node:assert/strict'
import { BARE, PHONE, SCREENS, expectGoodLooks, expectNoBarrier, expectToFit } from '../looks.mjs'
import { arrive, expectAlert, follow, press, signIn } from '../steps.mjs'

export async function play({ browser, url: link }) {
  for (const [screens, look] of [[SCREENS, expectToFit], [BARE, expectNoBarrier]]) {
    for (const screen of screens) {
      const visitor = await browser.person(screen)
      await visitor.goto(link)
      await arrive(visitor, FORM)
      await look('first-account', visitor)
    }
  }

  const page = await browser.person({ ...PHONE, mayAnswer: [403, 422] })
  await page.goto(link)
  await arrive(page, FORM)
  await fillIn(page, { ...ADA, password: 'short' })
  await press(page, 'Make the account')
  // The browser itself says what is wrong, and sends nothing.
  assert.equal(await page.getByLabel('Password').evaluate((field) => field.validity.tooShort), true)
  await fillIn(page, { ...ADA, username: ADA.email })
  await press(page, 'Make the account')
  await expectAlert(page, /A username has no @/)
  await expectGoodLooks('first-account-again', page)
  await fillIn(page, ADA)
  await press(page, 'Make the account')

  await arrive(page, 'The account is made')
  await expectGoodLooks('first-account-made', page)
  await follow(page, 'Sign in')
  await signIn(page, ADA)
  await arrive(page, 'Signed in')
  await page.goto(link)
  await arrive(page, 'This link does not work')
  await expectGoodLooks('first-account-over', page)
}

async function fillIn(page, { username, email, password }) {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password').fill(password)
}

const FORM = 'Make the first account'
const ADA = { username: 'ada', email: 'ada@example.com', password: 'correct horse battery staple' }

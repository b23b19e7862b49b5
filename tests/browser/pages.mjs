// Every page there is, each in the way that people come to it.

import {
  CONSENT,
  STOPPED,
  arrive,
  expectAlert,
  expectToBeKnown,
  fillIn,
  press,
  reachConsent,
  signIn,
  tamperWithTheForm,
} from './steps.mjs'

/** Walks through them all as one person, and calls `look(name, page)` at each. */
export async function everyPage({ browser, account }, options, look) {
  const page = await browser.person({ ...options, mayAnswer: [400, 401, 403, 404, 405, 422] })
  await page.goto('/demo')
  await look('demo', page)
  await page.goto('/demo/start')
  await arrive(page, 'Sign in')
  await look('sign-in', page)
  await signIn(page, { ...account, password: 'sesame' })
  await expectAlert(page, /That did not work/)
  await look('wrong-password', page)
  await signIn(page, account)
  await arrive(page, CONSENT)
  await look('consent', page)
  await press(page, 'Do not allow')
  await arrive(page, STOPPED)
  await look('demo-denied', page)
  await page.goto('/demo/start')
  await arrive(page, CONSENT)
  await press(page, 'Allow')
  await expectToBeKnown(page, account)
  await look('demo-signed-in', page)

  await page.goto('/demo/start')
  await arrive(page, CONSENT)
  await tamperWithTheForm(page)
  await press(page, 'Allow')
  await arrive(page, 'Nothing was allowed')
  await look('foreign-consent', page)
  await page.goto('/oauth/authorize?client_id=nobody')
  await arrive(page, 'This application cannot sign you in')
  await look('unknown-application', page)
  await page.goto('/sign-out')
  await arrive(page, 'This does not work here')
  await look('wrong-method', page)

  await page.goto('/nowhere')
  await arrive(page, 'There is nothing here')
  await look('nowhere', page)

  await page.goto('/signed-in')
  await arrive(page, 'Signed in')
  await look('signed-in', page)
  await page.goto('/choose-account')
  await arrive(page, 'Choose an account')
  await look('choose-account', page)
  await page.goto('/signed-in')
  await tamperWithTheForm(page)
  await press(page, 'Sign out')
  await arrive(page, 'You are still signed in')
  await look('foreign-sign-out', page)
  await page.goto('/signed-in')
  await press(page, 'Sign out')
  await arrive(page, 'Sign in')
  await look('signed-out', page)
  await fillIn(page, account)
  await tamperWithTheForm(page)
  await press(page, 'Sign in')
  await arrive(page, 'Please sign in again')
  await look('foreign-sign-in', page)
  await page.context().close()
}

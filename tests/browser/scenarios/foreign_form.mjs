import {
  CONSENT,
  arrive,
  expectToBeKnown,
  fillIn,
  follow,
  press,
  reachConsent,
  signIn,
  tamperWithTheForm,
} from '../steps.mjs'

export async function play({ browser, account }) {
  await aSignInFormThatWasChanged(await browser.person({ mayAnswer: [403] }), account)
  await aSignInFormWhoseCookieIsGone(await browser.person({ mayAnswer: [403] }), account)
  await aConsentFormThatWasChanged(await browser.person({ mayAnswer: [403] }), account)
  await aConsentFormWhoseSignInIsGone(await browser.person(), account)
  await aSignOutFormThatWasChanged(await browser.person({ mayAnswer: [403] }), account)
}

async function aSignInFormThatWasChanged(page, account) {
  await page.goto('/demo/start')
  await arrive(page, 'Sign in')
  await fillIn(page, account)
  await tamperWithTheForm(page)
  await press(page, 'Sign in')

  await arrive(page, 'Please sign in again')
  await follow(page, 'Try again')
  await signIn(page, account)
  await arrive(page, CONSENT)
}

async function aSignInFormWhoseCookieIsGone(page, account) {
  await page.goto('/demo/start')
  await arrive(page, 'Sign in')
  await page.context().clearCookies({ name: /browser/ })
  await signIn(page, account)

  await arrive(page, 'Please sign in again')
  await follow(page, 'Try again')
  await signIn(page, account)
  await arrive(page, CONSENT)
}

async function aConsentFormThatWasChanged(page, account) {
  await reachConsent(page, account)
  await tamperWithTheForm(page)
  await press(page, 'Allow')

  await arrive(page, 'Nothing was allowed')
  await page.getByText('go back to the application and start again').waitFor()
  await page.goto('/demo')
  await follow(page, 'Sign in with the demo account')
  await arrive(page, CONSENT)
}

async function aConsentFormWhoseSignInIsGone(page, account) {
  await reachConsent(page, account)
  await page.context().clearCookies({ name: /session/ })
  await press(page, 'Allow')

  await signIn(page, account)
  await arrive(page, CONSENT)
  await press(page, 'Allow')
  await expectToBeKnown(page, account)
}

async function aSignOutFormThatWasChanged(page, account) {
  await page.goto('/sign-in')
  await signIn(page, account)
  await arrive(page, 'Signed in')
  await tamperWithTheForm(page)
  await press(page, 'Sign out')

  await arrive(page, 'You are still signed in')
  await follow(page, 'Back')
  await arrive(page, 'Signed in')
  await press(page, 'Sign out')
  await arrive(page, 'Sign in')
}

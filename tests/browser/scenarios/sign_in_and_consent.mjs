import { CONSENT, arrive, expectToBeKnown, follow, press, signIn } from '../steps.mjs'

export async function play({ browser, account }) {
  const page = await browser.person()

  await page.goto('/demo')
  await follow(page, 'Sign in with the demo account')
  await signIn(page, account)
  await arrive(page, CONSENT)
  await press(page, 'Allow')

  await expectToBeKnown(page, account)
}

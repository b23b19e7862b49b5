import { arrive, press, signIn } from '../steps.mjs'

export async function play({ browser, account }) {
  const page = await browser.person()

  await page.goto('/signed-in')
  await signIn(page, account)
  await arrive(page, 'Signed in')
  await press(page, 'Sign out')
  await arrive(page, 'Sign in')

  // What was shown to somebody who is gone is shown to nobody.
  await page.goBack()
  await arrive(page, 'Sign in')
  await page.goto('/signed-in')
  await arrive(page, 'Sign in')
  await page.goto('/demo/start')
  await arrive(page, 'Sign in')
}

import { CONSENT, STOPPED, arrive, expectAlert, expectToBeKnown, follow, press, signIn } from '../steps.mjs'

export async function play({ browser, account }) {
  const page = await browser.person({ javaScriptEnabled: false, mayAnswer: [400, 422] })

  await page.goto('/demo')
  await follow(page, 'Sign in with the demo account')
  await signIn(page, { ...account, password: 'sesame' })
  await expectAlert(page, /That did not work/)
  await signIn(page, account)
  await arrive(page, CONSENT)
  await press(page, 'Do not allow')
  await arrive(page, STOPPED)
  await follow(page, 'Start again')
  await arrive(page, CONSENT)
  await press(page, 'Allow')
  await expectToBeKnown(page, account)

  await page.goto('/signed-in')
  await press(page, 'Sign out')
  await arrive(page, 'Sign in')
}

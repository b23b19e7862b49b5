import { CONSENT, STOPPED, arrive, expectToBeKnown, follow, press, reachConsent, signIn } from '../steps.mjs'

export async function play({ browser, account }) {
  // The demo's own page about an answer that it has seen already.
  const page = await browser.person({ mayAnswer: [400] })

  await reachConsent(page, account)
  await page.goBack()
  await signIn(page, account)
  await arrive(page, CONSENT)
  await press(page, 'Allow')
  await expectToBeKnown(page, account)

  await page.goBack()
  await arrive(page, CONSENT)
  await press(page, 'Allow')
  await arrive(page, STOPPED)
  await follow(page, 'Start again')
  await arrive(page, CONSENT)
  await press(page, 'Allow')
  await expectToBeKnown(page, account)

  await page.reload()
  await arrive(page, STOPPED)
  await follow(page, 'Start again')
  await arrive(page, CONSENT)
}

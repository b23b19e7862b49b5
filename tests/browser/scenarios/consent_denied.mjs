import { CONSENT, STOPPED, arrive, expectAlert, follow, press, reachConsent } from '../steps.mjs'

export async function play({ browser, account }) {
  // The demo's own page about the refusal.
  const page = await browser.person({ mayAnswer: [400] })

  await reachConsent(page, account)
  await press(page, 'Do not allow')

  await arrive(page, STOPPED)
  await expectAlert(page, /access_denied/)
  await follow(page, 'Start again')
  await arrive(page, CONSENT)
}

import { Application } from '../application.mjs'
import { arrive, follow, press, signIn } from '../steps.mjs'

export async function play({ browser, issuer, account, applications }) {
  const application = await Application.listen(issuer, applications.confidential)
  const page = await browser.person()
  await page.goto('/sign-in')
  await signIn(page, account)
  await arrive(page, 'Signed in')

  const first = application.ask({ prompt: 'select_account' })
  await page.goto(first.url)
  await arrive(page, 'Choose an account')
  await page.getByRole('button', { name: /^Go on as / }).click()
  await arrive(page, 'Demo web application asks for access')
  await press(page, 'Allow')
  await application.finish(page, first)

  // Agreed by now, so that the choice is the last form before the application.
  const second = application.ask({ prompt: 'select_account' })
  await page.goto(second.url)
  await arrive(page, 'Choose an account')
  await page.getByRole('button', { name: /^Go on as / }).click()
  await application.finish(page, second)

  const third = application.ask({ prompt: 'select_account' })
  await page.goto(third.url)
  await follow(page, 'Use another account')
  await signIn(page, account)
  await application.finish(page, third)
  application.close()
}

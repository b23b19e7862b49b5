import { Application } from '../application.mjs'
import { arrive, press, signIn } from '../steps.mjs'

export async function play({ browser, issuer, account, applications }) {
  const application = await Application.listen(issuer, applications.confidential)
  const page = await browser.person()

  const first = application.ask()
  await page.goto(first.url)
  await signIn(page, account)
  await arrive(page, 'Demo web application asks for access')
  await press(page, 'Allow')
  await application.finish(page, first)

  // Now the sign-in's own form ends at the application, which its page has to let happen.
  await page.context().clearCookies()
  const second = application.ask()
  await page.goto(second.url)
  await signIn(page, account)
  await application.finish(page, second)
  application.close()
}

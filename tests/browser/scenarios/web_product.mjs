import { listen } from '../web_product.mjs'
import { arrive, follow, press, signIn } from '../steps.mjs'

export async function play({ browser, issuer, account, applications }) {
  const application = await listen(issuer, applications.confidential)
  const page = await browser.person()

  await page.goto(application.address)
  await arrive(page, 'Nobody')
  await follow(page, 'Go on')
  await signIn(page, account)
  await arrive(page, 'Demo web application asks for access')
  await press(page, 'Allow')
  await arrive(page, 'Demo Person')

  // With a token that was bought by its refresh token.
  await page.goto(`${application.address}/fresh`)
  await arrive(page, account.email)

  await follow(page, 'Go on')
  await arrive(page, 'Nobody')
  await follow(page, 'Go on')
  await arrive(page, 'Sign in')
  application.close()
}

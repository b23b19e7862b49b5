import { Application } from '../application.mjs'
import { arrive, press, signIn } from '../steps.mjs'

const NATIVE = 'Demo native application asks for access'

export async function play({ browser, issuer, account, applications }) {
  const application = await Application.listen(issuer, applications.public)
  const page = await browser.person()

  const idToken = await enter(page, application, account)
  await page.goto(`/oauth/logout?${new URLSearchParams({ id_token_hint: idToken })}`)
  await arrive(page, 'You are signed out')

  await enter(page, application, account)
  await page.goto('/oauth/logout')
  await arrive(page, 'Sign out?')
  await press(page, 'Stay signed in')
  await arrive(page, 'You are still signed in')
  await page.goto('/oauth/logout')
  await press(page, 'Sign out')
  await arrive(page, 'You are signed out')

  // From another site, whose form comes without our cookies.
  const again = await enter(page, application, account)
  const parameters = new URLSearchParams({ id_token_hint: again })
  await page.goto(application.elsewhere(`/?${new URLSearchParams({ posts: parameters })}`))
  const kept = await page.context().cookies()
  await press(page, 'Leave')
  await arrive(page, 'You are signed out')
  // Not only forgotten: whoever kept the cookie has nothing of it.
  await page.context().addCookies(kept)
  await page.goto(application.ask().url)
  await arrive(page, 'Sign in')

  application.close()
}

async function enter(page, application, account) {
  const asked = application.ask()
  await page.goto(asked.url)
  await signIn(page, account)
  await arrive(page, NATIVE)
  await press(page, 'Allow')
  return application.finish(page, asked)
}

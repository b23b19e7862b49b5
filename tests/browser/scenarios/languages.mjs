import assert from 'node:assert/strict'
import { BARE, expectNoBarrier, expectToFit } from '../looks.mjs'
import { arrive, press } from '../steps.mjs'

export async function play({ browser, account, applications, issuer }) {
  await byTheBrowser(browser, account)
  await byTheApplication(browser, account, applications, issuer)
}

/** Everything in German, because the browser asks for it. */
async function byTheBrowser(browser, account) {
  for (const screen of BARE) {
    const page = await browser.person({ ...screen, ...NARROW, locale: 'de-AT', mayAnswer: [401, 403, 404, 422] })
    await page.goto('/demo/start')
    await arriveIn(page, 'de', 'Anmelden')
    await signIn(page, DE, { ...account, password: 'sesam' })
    await page.getByRole('alert').filter({ hasText: 'Das hat nicht geklappt.' }).waitFor()
    await expectNoBarrier('Anmelden, noch einmal', page)
    await signIn(page, DE, account)
    await arriveIn(page, 'de', 'Grantway demo page bittet um Zugriff')
    await page.getByText('Ihre E-Mail-Adresse sehen', { exact: true }).waitFor()
    await press(page, 'Erlauben')
    await arrive(page, 'Signed in')

    await page.goto('/oauth/authorize?client_id=nobody')
    await arriveIn(page, 'de', 'Diese Anwendung kann Sie nicht anmelden')
    await page.goto('/nirgends')
    await arriveIn(page, 'de', 'Hier ist nichts')
    await page.goto('/oauth/logout')
    await arriveIn(page, 'de', 'Abmelden?')
    await press(page, 'Abmelden')
    await arriveIn(page, 'de', 'Sie sind abgemeldet')
    await page.context().close()
  }
}

/** Everything in French, because the application asks for it, whatever the browser says. */
async function byTheApplication(browser, account, applications, issuer) {
  const page = await browser.person({ ...NARROW, locale: 'de', mayAnswer: [422] })
  const { client_id, redirect_uris } = applications.public
  const request = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: redirect_uris[0],
    scope: 'openid email',
    prompt: 'login',
    ui_locales: 'nl fr-CA en',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })
  await page.goto(`/oauth/authorize?${request}`)
  await arriveIn(page, 'fr', 'Se connecter')
  await signIn(page, FR, { ...account, password: 'sésame' })
  await page.getByRole('alert').filter({ hasText: 'Cela n’a pas fonctionné.' }).waitFor()
  await signIn(page, FR, account)
  await arriveIn(page, 'fr', 'Demo native application demande un accès')
  await page.getByText('voir votre adresse e-mail', { exact: true }).waitFor()

  await page.goto(`${issuer}/oauth/logout?ui_locales=fr`)
  await arriveIn(page, 'fr', 'Se déconnecter ?')
  await press(page, 'Rester connecté')
  await arriveIn(page, 'fr', 'Vous êtes toujours connecté')
  await page.goto(`${issuer}/oauth/logout?ui_locales=fr`)
  await press(page, 'Se déconnecter')
  await arriveIn(page, 'fr', 'Vous êtes déconnecté')
  await page.context().close()
}

async function arriveIn(page, language, heading) {
  await arrive(page, heading)
  assert.equal(await page.locator('html').getAttribute('lang'), language)
  await expectNoBarrier(heading, page)
  await expectToFit(`language-${language}-${heading.replace(/\W+/g, '-')}`, page)
}

async function signIn(page, { username, password, button }, account) {
  await page.getByLabel(username).fill(account.username)
  await page.getByLabel(password).fill(account.password)
  await press(page, button)
}

/** Where long words do not fit, if anywhere. */
const NARROW = { viewport: { width: 360, height: 740 } }
const DE = { username: 'Benutzername oder E-Mail-Adresse', password: 'Passwort', button: 'Anmelden' }
const FR = { username: 'Nom d’utilisateur ou adresse e-mail', password: 'Mot de passe', button: 'Se connecter' }

import assert from 'node:assert/strict'
import { BARE, SCREENS, expectNoBarrier, expectToFit } from '../looks.mjs'
import { arrive, signIn } from '../steps.mjs'

/** The configuration declares The Shop, with a logo and two pages about it. */
export async function play({ browser, account, issuer }) {
  for (const screen of SCREENS) {
    await walk(browser, account, issuer, screen, expectToFit)
  }
  for (const screen of BARE) {
    await walk(browser, account, issuer, screen, expectNoBarrier)
  }
}

async function walk(browser, account, issuer, screen, look) {
  const page = await browser.person(screen)
  const foreign = []
  page.on('request', (request) => {
    if (![`${issuer}/`, 'data:'].some((own) => request.url().startsWith(own))) foreign.push(request.url())
  })
  await page.goto(`/oauth/authorize?${REQUEST}`)
  await arrive(page, 'Sign in')
  await page.getByText('To go on to The Shop.', { exact: true }).waitFor()
  await expectLogo(page)
  await look('application-sign-in', page)
  await signIn(page, account)

  await arrive(page, 'The Shop asks for access')
  await expectLogo(page)
  for (const [name, address] of [
    ['Privacy policy of The Shop', 'https://shop.example/privacy'],
    ['Terms of service of The Shop', 'https://shop.example/terms'],
  ]) {
    const link = page.getByRole('link', { name, exact: true })
    assert.equal(await link.getAttribute('href'), address)
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer')
  }
  await look('application-consent', page)

  await page.goto('/oauth/logout?client_id=shop')
  await arrive(page, 'Sign out?')
  await expectLogo(page)
  await look('application-sign-out', page)
  assert.deepEqual(foreign, [], 'nothing is loaded from elsewhere')
  await page.context().close()
}

/** Drawn, and not merely named. */
async function expectLogo(page) {
  const logo = page.getByRole('img', { name: 'Logo of The Shop', exact: true })
  await logo.waitFor()
  assert.equal(await logo.evaluate((image) => image.decode().then(() => image.naturalWidth)), 96)
}

const REQUEST = new URLSearchParams({
  response_type: 'code',
  client_id: 'shop',
  redirect_uri: 'https://shop.example/callback',
  scope: 'openid email',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
})

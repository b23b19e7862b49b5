import assert from 'node:assert/strict'
import { SCREENS, BARE, expectNoBarrier, expectToFit } from '../looks.mjs'
import { CONSENT, arrive, signIn } from '../steps.mjs'

/** The configuration has the name Example & Sons, and a theme in one colour for light and one for dark. */
export async function play({ browser, account }) {
  for (const screen of SCREENS) {
    const page = await browser.person(screen)
    await page.goto('/demo/start')
    await expectOwnLooks(page, screen.colorScheme)
    await expectToFit('theme-sign-in', page)
    await signIn(page, account)
    await arrive(page, CONSENT)
    await expectOwnLooks(page, screen.colorScheme)
    await expectToFit('theme-consent', page)
    await page.goto('/demo')
    await expectOwnLooks(page, screen.colorScheme)
    await page.context().close()
  }
  for (const screen of BARE) {
    const page = await browser.person(screen)
    await page.goto('/sign-in')
    await expectNoBarrier('theme', page)
    await page.context().close()
  }
}

async function expectOwnLooks(page, colorScheme) {
  await page.getByText('Example & Sons', { exact: true }).waitFor()
  assert.match(await page.title(), / · Example & Sons$/)
  const button = page.locator('button, .button').first()
  const { backgroundColor, fontFamily } = await button.evaluate((element) => {
    const { backgroundColor, fontFamily } = getComputedStyle(element)
    return { backgroundColor, fontFamily }
  })
  assert.equal(backgroundColor, ACCENT[colorScheme])
  assert.match(fontFamily, /^Georgia/)
}

const ACCENT = { light: 'rgb(122, 31, 92)', dark: 'rgb(240, 166, 214)' }

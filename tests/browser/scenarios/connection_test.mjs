import assert from 'node:assert/strict'
import { BARE, SCREENS, expectGoodLooks, expectNoBarrier, expectToFit } from '../looks.mjs'
import { arrive, expectAlert, press } from '../steps.mjs'

/** `provider` is somebody else's token endpoint; it knows `confidential` with the secret `sesame`. */
export async function play(world) {
  await byKeyboard(world)
  for (const screen of SCREENS) {
    await walk(world, screen, expectToFit)
  }
  for (const screen of BARE) {
    await walk(world, screen, expectNoBarrier)
  }
  await walk(world, { javaScriptEnabled: false }, () => {})
  await walk(world, { locale: 'en', bypassCSP: true, viewport: { width: 320, height: 640 } }, expectGoodLooks)
}

/** From one field to the next, and by Enter to the answer. */
async function byKeyboard({ browser, project, provider }) {
  const page = await browser.person()
  const { keyboard } = page
  await page.goto('/connection-test')
  await arrive(page, FORM)
  for (const [label, typed] of [
    ['Project ID', project.id],
    ['API key', project.api_key],
    ['Token endpoint (URL)', provider],
    ['Client ID', 'confidential'],
    ['How the client proves who it is', 'Secret in the b'],
    ['Client secret', 'sesame'],
    ['Scope (optional)', ''],
  ]) {
    await expectFocus(page, page.getByLabel(label, { exact: true }))
    await keyboard.type(typed)
    await keyboard.press('Tab')
  }
  await keyboard.press('Tab')
  await expectFocus(page, page.getByText('For a signed assertion'))
  await keyboard.press('Enter')
  await keyboard.press('Tab')
  await expectFocus(page, page.getByLabel('Private key'))
  await keyboard.press('Shift+Tab')
  await keyboard.press('Enter')
  await keyboard.press('Tab')
  await keyboard.press('Tab')
  await expectFocus(page, page.getByRole('button', { name: 'Test the connection' }))
  await keyboard.press('Enter')
  await arrive(page, WORKS)
}

async function walk({ browser, project, provider }, options, look) {
  const page = await browser.person({ ...options, mayAnswer: [401, 422] })
  await page.goto('/connection-test')
  await arrive(page, FORM)
  await look('connection-test', page)
  await page.getByLabel('Provider', { exact: true }).selectOption('Auth0')
  await press(page, 'Fill in the form')
  await page.getByRole('link', { name: 'Documentation of Auth0' }).waitFor()
  await expectValue(page, 'Token endpoint (URL)', 'https://{domain}/oauth/token')
  await look('connection-test-preset', page)

  await fillIn(page, { 'Project ID': project.id, 'API key': 'nobody.s', 'Client ID': 'confidential' })
  await press(page, TEST)
  await expectAlert(page, /There is no such API key/)
  await expectFocus(page, page.getByLabel('API key'))
  await expectValue(page, 'Project ID', project.id)
  await expectValue(page, 'API key', '')
  await look('connection-test-refused', page)

  await fillIn(page, { 'API key': project.api_key })
  await press(page, TEST)
  await expectAlert(page, /replace what stands in braces/)
  await expectFocus(page, page.getByLabel('Token endpoint (URL)'))

  await fillIn(page, {
    'API key': project.api_key,
    'Token endpoint (URL)': provider,
    'Client secret': 'wrong',
    'Audience (optional)': '',
  })
  await press(page, TEST)
  await arrive(page, FAILS)
  await expectAlert(page, /No token came/)
  const said = await page.locator('main').innerText()
  for (const words of [/Compare both with the provider/, /invalid_client/, /Connecting\s+done, \d+ ms/, /failed, 0 ms/]) {
    assert.match(said, words)
  }
  await look('connection-test-failure', page)

  await expectValue(page, 'Token endpoint (URL)', provider)
  await expectValue(page, 'Client secret', '')
  await fillIn(page, { 'API key': project.api_key, 'Client secret': 'sesame' })
  await press(page, TEST)
  await arrive(page, WORKS)
  await page.getByText('Used until', { exact: true }).waitFor()
  assert.doesNotMatch(await page.content(), /sesame/)
  await look('connection-test-success', page)
}

async function fillIn(page, fields) {
  for (const [label, value] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).fill(value)
  }
}

async function expectValue(page, label, value) {
  assert.equal(await page.getByLabel(label, { exact: true }).inputValue(), value)
}

/** It has the focus, whoever moved it there. */
async function expectFocus(page, element) {
  await element.and(page.locator(':focus')).waitFor()
}

const FORM = 'Test an OAuth\u00a02 connection'
const TEST = 'Test the connection'
const WORKS = 'The connection works'
const FAILS = 'The connection does not work'

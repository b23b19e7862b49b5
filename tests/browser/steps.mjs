// What people do on the pages, by what they read there.

import assert from 'node:assert/strict'

/** Waits for the page with this heading. */
export async function arrive(page, heading) {
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
}

export async function expectAlert(page, words) {
  await page.getByRole('alert').filter({ hasText: words }).waitFor()
}

export async function fillIn(page, { username, password }) {
  await page.getByLabel('Username or email address').fill(username)
  await page.getByLabel('Password').fill(password)
}

export async function signIn(page, account) {
  await arrive(page, 'Sign in')
  await fillIn(page, account)
  await press(page, 'Sign in')
}

export async function press(page, button) {
  await page.getByRole('button', { name: button, exact: true }).click()
}

export async function follow(page, link) {
  await page.getByRole('link', { name: link, exact: true }).click()
}

/** As if the form were another's, or of another day. */
export async function tamperWithTheForm(page) {
  await page.locator('input[name=csrf]').evaluate((field) => {
    field.value = `x${field.value}`
  })
}

/** From the demo application to the question whether it may. */
export async function reachConsent(page, account) {
  await page.goto('/demo/start')
  await signIn(page, account)
  await arrive(page, CONSENT)
}

/** The demo application shows what it was told. */
export async function expectToBeKnown(page, account) {
  await arrive(page, 'Signed in')
  const userinfo = JSON.parse(await page.locator('pre').last().innerText())
  assert.equal(userinfo.email, account.email)
  assert.equal(userinfo.preferred_username, account.username)
}

export const CONSENT = 'Grantway demo page asks for access'
export const STOPPED = 'The sign-in did not come to an end'

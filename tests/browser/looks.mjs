// What can be known of a page's looks.

import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import axe from 'axe-core'

/** Nothing on the page reaches beyond the screen. Keeps a picture, where a person wants to look too. */
export async function expectToFit(name, page) {
  const { wide, room, dark } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: window.innerWidth,
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
  }))
  if (FOLDER) {
    await mkdir(FOLDER, { recursive: true })
    const file = path.join(FOLDER, `${name}-${room}-${dark ? 'dark' : 'light'}.png`)
    await page.screenshot({ path: file, fullPage: true })
  }
  assert.ok(wide <= room, `${name} is ${wide} pixels wide where there are ${room}`)
}

/** axe has no objection. For contexts that let its script in, which the pages do not. */
export async function expectNoBarrier(name, page) {
  await page.evaluate(axe.source)
  const { violations, passes } = await page.evaluate(() => window.axe.run())
  const found = violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ html }) => `${name}: ${impact}: ${id}: ${help}: ${html}`),
  )
  assert.deepEqual(found, [])
  assert.ok(passes.some(({ id }) => id === 'color-contrast'), `${name}: nothing was looked at`)
}

/** Both at once, for pages on the way that nobody comes to by an address. */
export async function expectGoodLooks(name, page) {
  await expectToFit(name, page)
  await expectNoBarrier(name, page)
}

/** What people look at pages on. */
export const SCREENS = [360, 1280].flatMap((width) =>
  ['light', 'dark'].map((colorScheme) => ({ colorScheme, viewport: { width, height: 740 } })),
)

/** Where script may be put into a page, for axe. */
export const BARE = ['light', 'dark'].map((colorScheme) => ({ colorScheme, bypassCSP: true }))

/** One of both. */
export const PHONE = { bypassCSP: true, viewport: { width: 360, height: 740 } }

const FOLDER = process.env.GRANTWAY_SCREENSHOTS

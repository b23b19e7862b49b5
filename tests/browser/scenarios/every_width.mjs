import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { everyPage } from '../pages.mjs'

const folder = process.env.GRANTWAY_SCREENSHOTS

export async function play(world) {
  if (folder) {
    await mkdir(folder, { recursive: true })
  }
  for (const width of [360, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      await everyPage(world, { colorScheme, viewport: { width, height: 740 } }, async (name, page) => {
        if (folder) {
          const file = path.join(folder, `${name}-${width}-${colorScheme}.png`)
          await page.screenshot({ path: file, fullPage: true })
        }
        const { wide, room } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth,
          room: window.innerWidth,
        }))
        assert.ok(wide <= room, `${name} is ${wide} pixels wide where there are ${room}`)
      })
    }
  }
}

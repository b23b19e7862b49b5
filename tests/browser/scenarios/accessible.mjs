import assert from 'node:assert/strict'
import axe from 'axe-core'
import { everyPage } from '../pages.mjs'

export async function play(world) {
  for (const colorScheme of ['light', 'dark']) {
    // The pages let no script in, not even this one.
    await everyPage(world, { colorScheme, bypassCSP: true }, async (name, page) => {
      await page.evaluate(axe.source)
      const { violations, passes } = await page.evaluate(() => window.axe.run())
      const found = violations.flatMap(({ id, impact, help, nodes }) =>
        nodes.map(({ html }) => `${name}, ${colorScheme}: ${impact} ${id}: ${help}: ${html}`),
      )
      assert.deepEqual(found, [])
      assert.ok(passes.some(({ id }) => id === 'color-contrast'), `${name}: nothing was looked at`)
    })
  }
}

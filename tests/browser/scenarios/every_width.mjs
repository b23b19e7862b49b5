import { SCREENS, expectToFit } from '../looks.mjs'
import { everyPage } from '../pages.mjs'

export async function play(world) {
  for (const screen of SCREENS) {
    await everyPage(world, screen, expectToFit)
  }
}

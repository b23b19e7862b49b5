import { BARE, expectNoBarrier } from '../looks.mjs'
import { everyPage } from '../pages.mjs'

export async function play(world) {
  for (const screen of BARE) {
    await everyPage(world, screen, expectNoBarrier)
  }
}

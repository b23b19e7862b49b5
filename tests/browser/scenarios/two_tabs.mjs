import { Application } from '../application.mjs'
import { arrive, press, signIn } from '../steps.mjs'

const WEB = 'Demo web application asks for access'
const NATIVE = 'Demo native application asks for access'

export async function play({ browser, issuer, account, applications }) {
  const web = await Application.listen(issuer, applications.confidential)
  const native = await Application.listen(issuer, applications.public)
  const left = await browser.person()
  const right = await left.context().newPage()

  // Both stand at the sign-in before anybody has signed in, and the one that came first goes on last.
  const [first, second] = [web.ask(), native.ask()]
  await left.goto(first.url)
  await right.goto(second.url)
  await signIn(right, account)
  await arrive(right, NATIVE)
  await press(right, 'Allow')
  await native.finish(right, second)
  await signIn(left, account)
  await arrive(left, WEB)
  await press(left, 'Allow')
  await web.finish(left, first)

  // Both stand at the consent at once, of one sign-in.
  const [third, fourth] = [native.ask(), native.ask()]
  await left.goto(third.url)
  await right.goto(fourth.url)
  await arrive(left, NATIVE)
  await arrive(right, NATIVE)
  await press(right, 'Allow')
  await native.finish(right, fourth)
  await press(left, 'Allow')
  await native.finish(left, third)

  // Both stand at the sign-in, and the second comes when the first is at the consent already.
  const other = await browser.person()
  const beside = await other.context().newPage()
  const [fifth, sixth] = [native.ask(), native.ask()]
  await other.goto(fifth.url)
  await beside.goto(sixth.url)
  await signIn(other, account)
  await arrive(other, NATIVE)
  await signIn(beside, account)
  await arrive(beside, NATIVE)
  await press(other, 'Allow')
  await native.finish(other, fifth)
  await press(beside, 'Allow')
  await native.finish(beside, sixth)

  web.close()
  native.close()
}

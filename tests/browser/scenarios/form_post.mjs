import { Application } from '../application.mjs'
import { PHONE, expectToFit } from '../looks.mjs'
import { arrive, press, signIn } from '../steps.mjs'

const NATIVE = 'Demo native application asks for access'

export async function play({ browser, issuer, account, applications }) {
  const application = await Application.listen(issuer, applications.public)
  await byItself(await browser.person(), application, account)
  await byTheButton(await browser.person({ ...PHONE, javaScriptEnabled: false }), application, account)
  application.close()
}

async function byItself(page, application, account) {
  const asked = application.ask({ response_mode: 'form_post' })
  await page.goto(asked.url)
  await signIn(page, account)
  await arrive(page, NATIVE)
  await press(page, 'Allow')
  await application.finishPosted(page, asked)
}

async function byTheButton(page, application, account) {
  const asked = application.ask({ response_mode: 'form_post' })
  await page.goto(asked.url)
  await signIn(page, account)
  await arrive(page, NATIVE)
  await press(page, 'Allow')
  await arrive(page, 'Back to Demo native application')
  await expectToFit('form-post', page)
  await press(page, 'Continue')
  await application.finishPosted(page, asked)
}

import assert from 'node:assert/strict'

export async function play({ browser }) {
  for (const javaScriptEnabled of [true, false]) {
    const page = await browser.person({ javaScriptEnabled })
    await page.route('**/broken', (route) => route.fulfill(BROKEN))
    const isHeard = page.waitForEvent('console', (message) => /form-action/.test(message.text()))
    await page.goto('/broken')
    await page.getByRole('button').click({ noWaitAfter: true })
    await isHeard
    await page.goto('/nowhere')

    const complaints = browser.takeComplaints().join('\n')
    // What is not run is not refused.
    const expected = [/inline style/, /form data/, /nowhere answered 404/]
    for (const complaint of javaScriptEnabled ? [...expected, /inline script/] : expected) {
      assert.match(complaints, complaint, `with JavaScript: ${javaScriptEnabled}`)
    }
  }
}

const BROKEN = {
  contentType: 'text/html',
  headers: { 'content-security-policy': "default-src 'none'; form-action 'none'" },
  body: `<!doctype html><title>Broken</title>
    <style>h1 { color: red }</style><script>document.title = 'run'</script>
    <form method="post" action="/sign-in"><button>Send</button></form>`,
}

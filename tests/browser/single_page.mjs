// A page of another origin that does everything itself, with npm's oidc-client-ts as it comes.

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'

const LIBRARY = new URL('node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js', import.meta.url)

/** Listens as the public application, whose redirect may have any port. Returns where. */
export async function listen(issuer, registered) {
  const library = await readFile(LIBRARY)
  const settings = { authority: issuer, client_id: registered.client_id }
  const listener = createServer((request, response) => {
    const isLibrary = request.url === '/oidc-client-ts.js'
    response.setHeader('content-type', isLibrary ? 'text/javascript' : 'text/html')
    response.end(isLibrary ? library : page(settings))
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const close = () => {
    listener.close()
    listener.closeAllConnections()
  }
  return { address: `http://127.0.0.1:${listener.address().port}`, close }
}

const page = (settings) => `<!doctype html><html lang="en"><link rel="icon" href="data:,">
<title>Single page</title><h1>Single page</h1>
<button id="in">Enter</button><button id="renew">Renew</button><button id="out">Leave</button>
<output></output>
<script src="/oidc-client-ts.js"></script>
<script>
const manager = new oidc.UserManager({
  ...${JSON.stringify(settings)},
  redirect_uri: location.origin + '/callback',
  scope: 'openid email offline_access',
  loadUserInfo: true,
  automaticSilentRenew: false,
  revokeTokensOnSignout: true,
})
const tell = (what, user) => {
  const { sub, email } = user?.profile ?? {}
  document.querySelector('output').textContent = JSON.stringify({ what, sub, email })
}
const on = (button, act) => {
  document.getElementById(button).onclick = () => act().catch((fault) => tell(String(fault)))
}
on('in', () => manager.signinRedirect())
on('renew', async () => tell('renewed', await manager.signinSilent()))
on('out', () => manager.signoutRedirect())
if (location.pathname === '/callback') {
  manager.signinCallback().then((user) => tell('arrived', user), (fault) => tell(String(fault)))
}
</script></html>`

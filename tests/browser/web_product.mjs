// A web application built on npm's express-openid-connect as its users build them.

import { once } from 'node:events'
import express from 'express'
import openid from 'express-openid-connect'

/** Listens as the confidential application, whose redirect may have any port. Returns where. */
export async function listen(issuer, registered) {
  const application = express()
  const listener = application.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = `http://127.0.0.1:${listener.address().port}`
  application.use(
    openid.auth({
      issuerBaseURL: issuer,
      baseURL: address,
      clientID: registered.client_id,
      clientSecret: registered.client_secret,
      secret: 'of the cookies of this application, and of nothing else',
      authRequired: false,
      idpLogout: true,
      authorizationParams: {
        response_type: 'code',
        response_mode: 'form_post',
        scope: 'openid profile email offline_access',
      },
      routes: { postLogoutRedirect: '/' },
    }),
  )
  application.get('/', (request, response) => {
    const greeting = request.oidc.isAuthenticated() ? request.oidc.user.name : 'Nobody'
    response.send(page(greeting, request.oidc.idToken ? '/logout' : '/login'))
  })
  application.get('/fresh', openid.requiresAuth(), async (request, response) => {
    const { access_token: token } = await request.oidc.accessToken.refresh()
    const { email } = await request.oidc.fetchUserInfo()
    response.send(page(email, token ? '/logout' : '/login'))
  })
  const close = () => {
    listener.close()
    listener.closeAllConnections()
  }
  return { address, close }
}

const page = (greeting, onward) => `<!doctype html><html lang="en"><link rel="icon" href="data:,">
<title>Product</title><h1>${greeting}</h1><a href="${onward}">Go on</a></html>`

// A mail server that keeps what it is sent and tells it.
//
//   node mail_server.mjs '{"port": 0, "tls": "none", "cert": …, "key": …, "user": …, "password": …}'
//
// `tls` is "none", "starttls" or "smtps"; without `user` nobody has to sign in. Prints the port that it listens on,
// then one JSON object for each message as it comes.

import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

const { port, tls, cert, key, user, password, refuses } = JSON.parse(process.argv[2])

const server = new SMTPServer({
  secure: tls === 'smtps',
  ...(tls === 'none' ? {} : { cert, key }),
  disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(user ? [] : ['AUTH'])],
  authOptional: !user,
  disableReverseLookup: true,
  logger: false,
  onAuth({ username, password: given }, _session, done) {
    const known = username === user && given === password
    done(known ? null : new Error('nobody of that name'), known ? { user: username } : undefined)
  },
  onRcptTo({ address }, _session, done) {
    done(refuses === address ? Object.assign(new Error(`no ${address} here`), { responseCode: 550 }) : null)
  },
  onData(stream, session, done) {
    const chunks = []
    stream.on('data', (chunk) => chunks.push(chunk))
    stream.on('end', async () => {
      const { subject, text, from, to, headers } = await PostalMime.parse(Buffer.concat(chunks))
      const header = (name) => headers.find((one) => one.key === name)?.value
      console.log(JSON.stringify({
        envelope: session.envelope.rcptTo.map(({ address }) => address),
        from: from.address,
        to: to.map(({ address }) => address),
        subject,
        text,
        language: header('content-language'),
        automatic: header('auto-submitted'),
        date: header('date'),
        message_id: header('message-id'),
        protected: session.secure,
        signed_in_as: session.user ?? null,
        hello: session.hostNameAppearsAs,
      }))
      done()
    })
  },
})
// A client that breaks off concerns nobody.
server.on('error', () => {})
server.listen(port, '127.0.0.1', () => console.log(server.server.address().port))

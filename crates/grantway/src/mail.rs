//! Mail by SMTP (RFC 5321): each message over a connection of its own, since there are few.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use grantway_core::seam::{Clock, Entropy, Mailer, Message, SeamError, Sent};
use grantway_core::secret::Secret;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::config::issuer::Issuer;
use crate::config::mail::{MailSettings, Security};
use crate::outcome::Failure;

/// Hands messages to one server.
pub(crate) struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    /// For a whole message, the connection included.
    patience: Duration,
}

impl SmtpMailer {
    /// Connects to nobody yet.
    pub(crate) fn new(
        settings: &MailSettings,
        issuer: &Issuer,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Failure> {
        let MailSettings { host, port, security, login, from, authorities } = settings;
        let tls = || {
            let parameters = TlsParameters::builder(host.clone());
            let parameters = match authorities {
                Some(authorities) => parameters.add_root_certificate(authorities.clone()),
                None => parameters,
            };
            parameters.build().map_err(|fault| {
                Failure::configuration("[mail] cannot be used", fault, "check its url and its ca_bundle")
            })
        };
        let tls = match security {
            Security::Tls => Tls::Wrapper(tls()?),
            Security::StartTls => Tls::Required(tls()?),
            Security::Loopback => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(*port)
            .tls(tls)
            .timeout(Some(CONNECT_PATIENCE))
            .hello_name(own_name(issuer));
        if let Some((user, password)) = login {
            transport = transport.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(Self { transport: transport.build(), from: from.clone(), clock, entropy, patience: PATIENCE })
    }

    fn written(&self, message: &Message, to: Address) -> Result<lettre::Message, SeamError> {
        let header =
            |name, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(self.clock.now().unix().unsigned_abs());
        let id = Secret::draw(&*self.entropy, "");
        lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.as_str())
            .date(now)
            .message_id(Some(format!("<{}@{}>", id.expose(), self.from.email.domain())))
            // RFC 3834 section 5: so that nobody's absence is answered to us.
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", message.language.tag()))
            .singlepart(SinglePart::plain(message.text.expose().to_owned()))
            .map_err(|fault| SeamError::broken(PART, fault))
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, message: &Message) -> Result<Sent, SeamError> {
        let Ok(to) = message.to.trim().parse() else {
            return Ok(Sent::Refused(
                "no mail can be sent to what the account has as email address".to_owned(),
            ));
        };
        // What the library calls a time-out bounds the connection only.
        let sending = self.transport.send(self.written(message, to)?);
        let Ok(sent) = tokio::time::timeout(self.patience, sending).await else {
            let why = format!("the mail server did not finish within {} seconds", self.patience.as_secs());
            return Err(SeamError::unavailable(PART, why));
        };
        match sent {
            Ok(_) => Ok(Sent::Accepted),
            Err(fault) => match fault.status() {
                // What else a server says may repeat the message.
                Some(code) if fault.is_permanent() && !is_about_us(code.into()) => {
                    Ok(Sent::Refused(format!("the mail server refused it with {code}")))
                }
                Some(code) => Err(SeamError::unavailable(PART, format!("the mail server answered {code}"))),
                None => Err(SeamError::unavailable(PART, told(&fault))),
            },
        }
    }
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMailer").field("from", &self.from.email).finish_non_exhaustive()
    }
}

/// RFC 4954 section 6: the server will not take mail from whoever we say we are. The next message fares no better,
/// this one fares well once somebody has seen to it.
fn is_about_us(code: u16) -> bool {
    matches!(code, 530 | 534 | 535 | 538)
}

/// Of a connection that did not come about, or broke: nothing of the message is in it.
fn told(fault: &SmtpError) -> String {
    if fault.is_response() || fault.is_client() {
        // It may quote what was said.
        return "the mail server cannot be understood, or does not offer what is needed".to_owned();
    }
    fault.to_string()
}

/// RFC 5321 section 4.1.4.
fn own_name(issuer: &Issuer) -> ClientId {
    match issuer.host().trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Ok(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        Err(_) => ClientId::Domain(issuer.host().to_owned()),
    }
}

const PART: &str = "mail";
const CONNECT_PATIENCE: Duration = Duration::from_secs(20);
/// A server that has the message may think about it for a while (RFC 5321 section 4.5.3.2), and one that is given up
/// too soon is sent it again; one that never answers keeps a hand from other messages.
const PATIENCE: Duration = Duration::from_mins(2);

#[cfg(test)]
mod tests {
    use grantway_core::http::Language;
    use grantway_core::testing::{FixedClock, SeededEntropy};
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_mail_server_that_falls_silent_is_given_up() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let settings = MailSettings {
            host: "127.0.0.1".to_owned(),
            port: listener.local_addr().unwrap().port(),
            security: Security::Loopback,
            login: None,
            from: "Grantway <grantway@id.example>".parse().unwrap(),
            authorities: None,
        };
        let issuer = Issuer::new("https://id.example", &[]).unwrap();
        let (clock, entropy) = (Arc::new(FixedClock::default()), Arc::new(SeededEntropy::new(1)));
        let mailer = SmtpMailer::new(&settings, &issuer, clock, entropy).unwrap();
        let mailer = SmtpMailer { patience: Duration::from_millis(200), ..mailer };
        let message = Message {
            to: "ada@people.example".to_owned(),
            subject: "A link".to_owned(),
            text: Secret::new("A text\n"),
            language: Language::En,
        };

        let greeted = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"220 at your service\r\n").await.unwrap();
            stream
        };
        let (_silent, sent) = tokio::join!(greeted, mailer.send(&message));
        let why = sent.unwrap_err().to_string();
        assert!(why.contains("did not finish"), "{why}");
    }
}

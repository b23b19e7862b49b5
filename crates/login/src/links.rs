//! The links in the mail: what they open, for how long, and what ends them before.
//!
//! Nothing is kept of a link. It carries whose it is and when it ends, and a MAC of 256 bits over that and over
//! what it is bound to: of either kind the address that it is sent to, and of a reset the password that it is to
//! replace. Once that has changed, by this link or otherwise, the link is as good as a guess; and that a link works
//! once is the compare-and-swap by which the change is made.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::account::{Account, PasswordHash};
use grantway_core::audit::Event;
use grantway_core::ids::Subject;
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use url::form_urlencoded::Serializer;

use crate::Login;
use crate::speech::Speech;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkKind {
    ResetPassword,
    VerifyEmail,
}

/// Whom a link speaks for.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) account: Arc<Account>,
    /// Where the link was sent.
    pub(crate) address: String,
    /// As it stands; what a reset replaces.
    pub(crate) password: Option<PasswordHash>,
}

impl LinkKind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset-password",
            Self::VerifyEmail => "verify-email",
        }
    }

    pub(crate) const fn lifetime(self) -> Duration {
        match self {
            Self::ResetPassword => Duration::from_secs(30 * 60),
            Self::VerifyEmail => Duration::from_secs(24 * 60 * 60),
        }
    }

    /// A link to the page of this kind, on the origin of the issuer, whatever a request said of hosts.
    pub(crate) fn address(self, login: &Login, speech: Speech, holder: &Holder) -> String {
        let expires_at = login.parts.clock.now().plus(self.lifetime());
        let token = self.token(login, holder, expires_at);
        let mut query = Serializer::new(String::new());
        query.append_pair(TOKEN, token.expose());
        query.extend_pairs(speech.ui_locales().map(|tag| (grantway_core::http::UI_LOCALES, tag)));
        let path = login.site.place.at(&format!("/{}?{}", self.name(), query.finish()));
        format!("{}{path}", login.site.place.origin)
    }

    /// Whom the token speaks for, unless it is over or never was one. Looking uses nothing up.
    pub(crate) async fn open(self, login: &Login, token: &str) -> Result<Option<Holder>, SeamError> {
        let refused = |reason| {
            login.parts.audit.record(Event::LinkRefused { kind: self.name(), reason });
            None
        };
        let Some((expires_at, subject)) = parse(token) else { return Ok(refused("malformed")) };
        let Some(holder) = Holder::of(login, &subject).await? else { return Ok(refused("unknown")) };
        if !self.token(login, &holder, expires_at).matches(token) {
            return Ok(refused("forged_or_outdated"));
        }
        if expires_at <= login.parts.clock.now() {
            return Ok(refused("expired"));
        }
        Ok(Some(holder))
    }

    fn token(self, login: &Login, holder: &Holder, expires_at: Timestamp) -> Secret {
        let Holder { account, address, password } = holder;
        let claim = format!("{}.{}", expires_at.unix(), account.subject);
        // Neither an address nor a hash has a line break in it.
        let bound = match (self, password) {
            (Self::ResetPassword, Some(password)) => format!("{address}\n{}", password.as_phc()),
            (Self::ResetPassword, None) | (Self::VerifyEmail, _) => address.clone(),
        };
        Secret::new(format!("{claim}.{}", login.parts.csrf.token(self.name(), &claim, &bound)))
    }
}

impl Holder {
    /// Somebody who may sign in, and to whom one can write.
    pub(crate) async fn of(login: &Login, subject: &Subject) -> Result<Option<Self>, SeamError> {
        let accounts = &login.parts.accounts;
        let Some(record) = accounts.password_record_of(subject).await?.filter(|record| record.enabled) else {
            return Ok(None);
        };
        let Some(account) = accounts.find(subject).await? else { return Ok(None) };
        let Some(address) = account.claims.email.clone() else { return Ok(None) };
        Ok(Some(Self { account, address, password: record.hash }))
    }
}

/// When it ends, and whose it says it is.
fn parse(token: &str) -> Option<(Timestamp, Subject)> {
    let (claim, _) = token.rsplit_once('.')?;
    let (expires_at, subject) = claim.split_once('.')?;
    Some((Timestamp::from_unix(expires_at.parse().ok()?), subject.parse().ok()?))
}

/// The parameter of the link, and the field of the form behind it.
pub(crate) const TOKEN: &str = "token";

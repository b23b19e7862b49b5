//! `/sign-in`: the form, and what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use grantway_core::account::PasswordHash;
use grantway_core::audit::Event;
use grantway_core::client::Client;
use grantway_core::http::{PeerAddress, Reply};
use grantway_core::ids::{SessionId, Subject};
use grantway_core::seam::{self, PasswordRecord, SeamError, Target};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use http::header::{HeaderValue, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

use crate::Login;
use crate::addresses;
use crate::browser::{Browser, Purpose, with_cookie};
use crate::messages::Messages;
use crate::page::{Head, Notice, Onward, Trouble, retry_soon};
use crate::password::{MAX_PASSWORD_BYTES, Verdict};
use crate::return_to::{ReturnTo, application, forgot_password_address, sign_in_address};
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::visitor::SESSION_COOKIE;
use crate::waiting;

/// GET: an empty form, or one that already knows who it probably is.
pub(crate) async fn show(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let Visitation { headers, form, .. } = visitation;
    let return_to = ReturnTo::of_form(form, &login.site, &login.parts.csrf)?;
    let username = form.one("login_hint")?.unwrap_or_default();
    let (browser, speech) = (Browser::meet(login, headers), visitation.speech());
    let page = SignInPage::new(login, speech, &browser, return_to.as_ref(), username).await?;
    Ok(browser.introduce(login, page.render(login, speech, StatusCode::OK)?)?)
}

/// POST: the form comes back.
pub(crate) async fn submit(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let Visitation { headers, form, peer } = visitation;
    let speech = visitation.speech();
    let return_to = ReturnTo::of_form(form, &login.site, &login.parts.csrf)?;
    let return_to = return_to.as_ref();
    let username = form.one("username")?.unwrap_or_default();
    let password = Secret::new(form.one("password")?.unwrap_or_default());
    let Some(browser) = Browser::of_own_form(login, headers, form, purpose(return_to))? else {
        return Ok(stale(login, speech, return_to));
    };
    let refused = async || {
        let mut page = SignInPage::new(login, speech, &browser, return_to, username).await?;
        page.failed = true;
        // Not 401, which owes a challenge that no form can answer (RFC 9110 section 15.5.2). Not
        // 200: by a 4xx browsers know that the sign-in failed, and do not offer to keep the
        // password (Chromium's `PasswordManagerClient::WasLastNavigationHTTPError`).
        page.render(login, speech, StatusCode::UNPROCESSABLE_ENTITY)
    };
    match attempt(login, Claim { username, password, peer: *peer }).await? {
        Attempt::Proven(proof) => {
            let onward = return_to.map_or_else(
                || login.site.place.at(&speech.address(addresses::SIGNED_IN)),
                |return_to| return_to.path().to_owned(),
            );
            match begin(login, headers, proof, &Secret::new(onward)).await? {
                Some(reply) => Ok(reply),
                None => Ok(refused().await?),
            }
        }
        Attempt::Refused => Ok(refused().await?),
        Attempt::Busy => Ok(busy(login, speech, return_to)),
        Attempt::TooMany { wait } => Ok(too_many(login, speech, return_to, wait)),
    }
}

/// What a name and a password came to. Which of the reasons refused it is for the audit alone.
enum Attempt {
    Proven(Proof),
    Refused,
    Busy,
    TooMany { wait: Duration },
}

/// Who it is, and by what that was seen.
struct Proof {
    subject: Subject,
    hash: PasswordHash,
}

/// Who somebody says that he is.
struct Claim<'a> {
    username: &'a str,
    password: Secret,
    peer: Option<PeerAddress>,
}

/// Counted before anything is looked at, so that nobody tries twice at once what he may try once, and the
/// same for names that nobody has.
async fn attempt(login: &Login, claim: Claim<'_>) -> Result<Attempt, SeamError> {
    let targets = targets(claim.peer, claim.username);
    if let seam::Attempt::TooMany { wait } = login.parts.throttle.attempt(&targets).await? {
        login.parts.audit.record(Event::SignInFailed { subject: None, reason: "too_many_attempts" });
        return Ok(Attempt::TooMany { wait });
    }
    let attempt = judge(login, claim.username, claim.password).await;
    // Only a wrong password has taught anybody anything.
    if !matches!(attempt, Ok(Attempt::Refused)) {
        login.parts.throttle.forgive(&targets).await?;
    }
    attempt
}

/// What an attempt counts against.
pub(crate) fn targets(peer: Option<PeerAddress>, name: &str) -> Vec<Target<'_>> {
    let address = peer.map(|PeerAddress(address)| Target::Address(address));
    let name = Some(name).filter(|name| (1..=MAX_USERNAME_BYTES).contains(&name.len()));
    // The address first: what is turned away there does not count against the account.
    address.into_iter().chain(name.map(Target::Account)).collect()
}

async fn judge(login: &Login, username: &str, password: Secret) -> Result<Attempt, SeamError> {
    let failed = |subject, reason| {
        login.parts.audit.record(Event::SignInFailed { subject, reason });
    };
    if password.expose().len() > MAX_PASSWORD_BYTES {
        failed(None, "password_too_long");
        return Ok(Attempt::Refused);
    }
    let record = match username.len() {
        1..=MAX_USERNAME_BYTES => login.parts.accounts.password_record(username).await?,
        _ => None,
    };
    let (subject, reason, against) = match record {
        None => (None, "unknown_account", None),
        Some(PasswordRecord { subject, enabled: false, .. }) => (Some(subject), "disabled", None),
        Some(PasswordRecord { subject, hash: None, .. }) => (Some(subject), "no_password", None),
        Some(PasswordRecord { subject, hash, .. }) => (Some(subject), "wrong_password", hash),
    };
    // One hash in every case, so that the time does not tell who has an account here.
    let verdict = login.passwords.verify(password, against.clone()).await?;
    Ok(match (verdict, subject, against) {
        (Verdict::Right, Some(subject), Some(hash)) => Attempt::Proven(Proof { subject, hash }),
        (Verdict::Right | Verdict::Wrong, subject, _) => {
            failed(subject, reason);
            Attempt::Refused
        }
        (Verdict::Busy, subject, _) => {
            failed(subject, "busy");
            Attempt::Busy
        }
    })
}

/// A new session with a cookie of its own: a value that somebody planted before is worth nothing. None if the
/// password was changed meanwhile.
async fn begin(
    login: &Login,
    headers: &HeaderMap,
    Proof { subject, hash }: Proof,
    onward: &Secret,
) -> Result<Option<Reply>, SeamError> {
    let parts = &login.parts;
    let earlier = match login.site.cookies.read(headers, SESSION_COOKIE) {
        Some(cookie) => {
            let session = parts.sessions.find(&cookie).await?;
            parts.sessions.end(&cookie).await?;
            session
        }
        None => None,
    };
    // Of the same person it is the same sign-in, in which she proved once more who she is: the forms that stand
    // in other tabs are bound to its name, and so are ID tokens.
    let sid = earlier.filter(|earlier| earlier.subject == subject).map(|earlier| earlier.sid);
    let sid = sid.unwrap_or_else(|| SessionId::draw(&*parts.entropy));
    let session = session_by_password(login, sid, subject);
    let cookie = parts.sessions.begin(&session).await?;
    // Whoever sets another password ends, after that, the sessions that there are. If it stands now as it was seen,
    // this session is one of them.
    let record = parts.accounts.password_record_of(&session.subject).await?;
    if record.is_none_or(|record| record.hash.as_ref() != Some(&hash)) {
        parts.sessions.end(&cookie).await?;
        parts
            .audit
            .record(Event::SignInFailed { subject: Some(session.subject), reason: "outdated_password" });
        return Ok(None);
    }
    parts.audit.record(Event::SignedIn { subject: session.subject, sid: session.sid });
    let reply = waiting::forget(login, headers, Reply::see_other(onward))?;
    with_cookie(login, reply, (SESSION_COOKIE, &cookie), Some(SESSION_LIFETIME)).map(Some)
}

/// Of somebody who has proved just now that she knows her password.
pub(crate) fn session_by_password(login: &Login, sid: SessionId, subject: Subject) -> Session {
    let now = login.parts.clock.now();
    Session {
        sid,
        subject,
        auth_time: now,
        acr: ACR_PASSWORD.to_owned(),
        amr: vec!["pwd".to_owned()],
        expires_at: now.plus(SESSION_LIFETIME),
    }
}

fn purpose(return_to: Option<&ReturnTo>) -> Purpose<'_> {
    Purpose { action: "sign-in", subject: return_to.map_or("", ReturnTo::path) }
}

fn stale(login: &Login, speech: Speech, return_to: Option<&ReturnTo>) -> Reply {
    let say = speech.say();
    again(login, speech, return_to, (StatusCode::FORBIDDEN, say.stale_sign_in_title, say.stale_sign_in))
}

fn busy(login: &Login, speech: Speech, return_to: Option<&ReturnTo>) -> Reply {
    let say = speech.say();
    retry_soon(again(login, speech, return_to, (StatusCode::SERVICE_UNAVAILABLE, say.busy_title, say.busy)))
}

fn too_many(login: &Login, speech: Speech, return_to: Option<&ReturnTo>, wait: Duration) -> Reply {
    let text = wait_in_words(speech, wait);
    let told = (StatusCode::TOO_MANY_REQUESTS, speech.say().too_many_title, &*text);
    // RFC 6585 section 4.
    again(login, speech, return_to, told).with(RETRY_AFTER, HeaderValue::from(wait.as_secs()))
}

/// How long somebody has to wait who tried too often.
pub(crate) fn wait_in_words(speech: Speech, wait: Duration) -> String {
    let say = speech.say();
    match wait.as_secs() {
        // At least two, so that no language needs its singular.
        seconds @ 0..=90 => (say.too_many_seconds)(&seconds.max(2).to_string()),
        seconds => (say.too_many_minutes)(&seconds.div_ceil(60).to_string()),
    }
}

/// A notice with the way back to the form.
fn again(
    login: &Login,
    speech: Speech,
    return_to: Option<&ReturnTo>,
    (status, title, text): (StatusCode, &str, &str),
) -> Reply {
    let address = sign_in_address(&login.site, return_to, None, speech.ui_locales());
    let onward = Onward { address: &address, label: speech.say().try_again };
    login.pages.notice(speech, status, &Notice { title, text, onward: Some(onward) })
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    say: &'static Messages,
    root: String,
    ui_locales: Option<&'static str>,
    csrf: String,
    client: Option<Arc<Client>>,
    /// Where a new password is asked for, if mail can be sent.
    forgot: Option<String>,
    return_to: Option<&'a ReturnTo>,
    username: &'a str,
    failed: bool,
}

impl<'a> SignInPage<'a> {
    async fn new(
        login: &Login,
        speech: Speech,
        browser: &Browser,
        return_to: Option<&'a ReturnTo>,
        username: &'a str,
    ) -> Result<Self, SeamError> {
        Ok(Self {
            say: speech.say(),
            root: login.site.place.root.clone(),
            ui_locales: speech.ui_locales(),
            csrf: browser.csrf(login, purpose(return_to)),
            forgot: login
                .parts
                .recovery
                .is_some()
                .then(|| forgot_password_address(&login.site, return_to, speech.ui_locales())),
            client: application(return_to, &*login.parts.clients).await?,
            return_to,
            username,
            failed: false,
        })
    }

    fn render(&self, login: &Login, speech: Speech, status: StatusCode) -> Result<Reply, SeamError> {
        let target = self.return_to.and_then(ReturnTo::form_target);
        let head = Head { status, title: self.say.sign_in, form_target: target.as_deref() };
        login.pages.render(speech, head, self)
    }
}

/// The `acr` of a sign-in by password: the authentication context class that OASIS defined for a
/// password over a protected connection, an absolute URI as OpenID Connect Core section 2 asks for.
pub const ACR_PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

/// How long a sign-in lasts, in the ledger and in the browser alike: 14 days, used or not.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Longer than any e-mail address (RFC 5321 section 4.5.3.1: 64 and 255 octets), and than any username.
pub(crate) const MAX_USERNAME_BYTES: usize = 320;

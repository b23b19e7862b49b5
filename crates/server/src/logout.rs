//! The end of a sign-in, at the wish of an application: OpenID Connect RP-Initiated Logout.

use std::sync::Arc;

use askama::Template;
use grantway_core::audit::Event;
use grantway_core::authorize::ResponseMode;
use grantway_core::claims::IdTokenClaims;
use grantway_core::client::Client;
use grantway_core::http::{Form, Language, Reply, is_same_origin};
use grantway_core::ids::ClientId;
use grantway_core::redirect::RedirectUri;
use grantway_core::seam::{Identity, SeamError, Visit};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use http::header::{HeaderValue, SET_COOKIE};
use http::{HeaderMap, StatusCode};

use crate::Server;
use crate::addresses::LOGOUT;
use crate::form_post::FormPost;
use crate::http::{BodyFault, Posted};
use crate::id_token_hint;
use crate::messages::Messages;
use crate::page::Notice;

/// GET: an application sends a person here.
pub(crate) async fn ask(server: &Server, headers: &HeaderMap, query: &str) -> Reply {
    match Form::parse(query.as_bytes()) {
        Ok(form) => answer(server, headers, &form, Step::Ask).await,
        Err(fault) => refuse(server, Language::of_headers(headers), &Fault::Unreadable(fault.into())),
    }
}

/// POST: our own form comes back, or an application posts what it could have put into an address.
pub(crate) async fn submit(server: &Server, posted: &Posted) -> Reply {
    let form = match posted.form() {
        Ok(form) => form,
        Err(fault) => {
            return refuse(server, Language::of_headers(&posted.headers), &Fault::Unreadable(fault));
        }
    };
    match (form.one(CSRF), form.one(RESENT)) {
        (Ok(None), Ok(None)) => send_again(server, &posted.headers, &form),
        (Ok(None), _) => answer(server, &posted.headers, &form, Step::Ask).await,
        _ => answer(server, &posted.headers, &form, Step::Decide).await,
    }
}

/// What another site posts comes without cookies (`SameSite=Lax`), and would look like nobody's. So a page of
/// ours posts it again; an address would show the ID token to whoever keeps addresses.
fn send_again(server: &Server, headers: &HeaderMap, form: &Form) -> Reply {
    let language = Language::of_request(headers, form);
    let mut parameters = carried(form);
    parameters.push((RESENT, "true"));
    let action = server.addresses.place.at(LOGOUT);
    let page = FormPost { title: Messages::of(language).signing_out, action: &action, parameters };
    page.page(server, language).unwrap_or_else(|breakdown| refuse(server, language, &Fault::Seam(breakdown)))
}

fn carried(form: &Form) -> Vec<(&str, &str)> {
    form.pairs().filter(|(name, _)| !OWN.contains(name)).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Ask,
    Decide,
}

async fn answer(server: &Server, headers: &HeaderMap, form: &Form, step: Step) -> Reply {
    match walk(server, headers, form, step).await {
        Ok(reply) => reply,
        Err(fault) => refuse(server, Language::of_request(headers, form), &fault),
    }
}

async fn walk(server: &Server, headers: &HeaderMap, form: &Form, step: Step) -> Result<Reply, Fault> {
    let wish = Wish::read(server, headers, form).await?;
    let Some(session) = signed_in(server, headers).await? else {
        // A sign-in of an account that was disabled since is nobody's, and must not come back with it.
        let forget = server.parts.login.sign_out(headers).await?;
        return Ok(forgetting(over(server, &wish), forget));
    };
    let decided = match step {
        // Section 2: whoever holds the ID token of this very sign-in need not ask.
        Step::Ask if wish.is_about(&session) => true,
        Step::Ask => return Ok(confirm(server, form, &wish, &session)?),
        Step::Decide if !is_our_form(server, headers, form, &session) => return Err(Fault::NotOurForm),
        Step::Decide => form.one(CONFIRMED) == Ok(Some("true")),
    };
    if !decided {
        return Ok(still_signed_in(server, wish.language));
    }
    let forget = server.parts.login.sign_out(headers).await?;
    let client_id = wish.client.as_ref().map(|client| client.client_id.clone());
    let Session { subject, sid, .. } = session;
    server.parts.audit.record(Event::SignedOut { subject, sid, client_id });
    Ok(forgetting(over(server, &wish), forget))
}

fn forgetting(reply: Reply, cookies: Vec<HeaderValue>) -> Reply {
    cookies.into_iter().fold(reply, |reply, cookie| reply.and(SET_COOKIE, cookie))
}

/// What is wished, and by whom.
struct Wish {
    language: Language,
    hint: Option<IdTokenClaims>,
    client: Option<Arc<Client>>,
    onward: Option<Onward>,
}

/// Where the person goes afterwards; matched against what the application registered.
struct Onward {
    address: String,
    state: Option<String>,
}

impl Wish {
    async fn read(server: &Server, headers: &HeaderMap, form: &Form) -> Result<Self, Fault> {
        form.without_repetition().map_err(|fault| Fault::Unreadable(fault.into()))?;
        let one = |name| form.one(name).map_err(|fault| Fault::Unreadable(fault.into()));
        let hint = match one("id_token_hint")? {
            None => None,
            Some(token) => Some(id_token_hint::read(server, token).await?.ok_or(Fault::OtherToken)?),
        };
        let named: Option<ClientId> = match one("client_id")? {
            None => None,
            Some(name) => Some(name.parse().map_err(|_| Fault::UnknownClient)?),
        };
        let client = match named.or_else(|| hint.as_ref().and_then(audience)) {
            None => None,
            Some(client_id) => {
                // Section 2: both have to mean the same.
                if hint.as_ref().is_some_and(|hint| !hint.aud.iter().any(|aud| aud == client_id.as_str())) {
                    return Err(Fault::OtherClient);
                }
                let found = server.parts.clients.find(&client_id).await?;
                Some(found.filter(|client| client.enabled).ok_or(Fault::UnknownClient)?)
            }
        };
        let onward = match one("post_logout_redirect_uri")? {
            None => None,
            Some(asked) => {
                let registered = client.as_ref().map(|client| &*client.post_logout_redirect_uris);
                let known = registered.unwrap_or_default().iter().any(|uri| uri.matches(asked));
                known.then(|| asked.to_owned()).ok_or(Fault::UnregisteredRedirect).map(Some)?
            }
        };
        let state = one("state")?.map(str::to_owned);
        let language = Language::of_request(headers, form);
        let onward = onward.map(|address| Onward { address, state });
        Ok(Self { language, hint, client, onward })
    }

    fn is_about(&self, session: &Session) -> bool {
        self.hint
            .as_ref()
            .is_some_and(|hint| hint.sub == session.subject && hint.sid.as_ref() == Some(&session.sid))
    }
}

fn audience(hint: &IdTokenClaims) -> Option<ClientId> {
    hint.aud.iter().next()?.parse().ok()
}

async fn signed_in(server: &Server, headers: &HeaderMap) -> Result<Option<Session>, SeamError> {
    let return_to = server.addresses.place.at(LOGOUT);
    Ok(match server.parts.login.identify(Visit::new(headers, &return_to)).await? {
        Identity::Known(session) => Some(session),
        Identity::SignIn(_) => None,
    })
}

/// Nobody is signed in here any more.
fn over(server: &Server, wish: &Wish) -> Reply {
    match &wish.onward {
        Some(Onward { address, state: None }) => Reply::see_other(&Secret::new(address.as_str())),
        // Section 3: the state goes back as it came.
        Some(Onward { address, state: Some(state) }) => {
            let address = ResponseMode::Query.address(address, &[("state", state)]);
            Reply::see_other(&address.unwrap_or_else(|| Secret::new("")))
        }
        None => {
            let say = Messages::of(wish.language);
            let notice = Notice { title: say.signed_out_title, text: say.signed_out, detail: None };
            server.pages.notice(wish.language, StatusCode::OK, &notice)
        }
    }
}

fn still_signed_in(server: &Server, language: Language) -> Reply {
    let say = Messages::of(language);
    let notice = Notice { title: say.still_signed_in_title, text: say.still_signed_in, detail: None };
    server.pages.notice(language, StatusCode::OK, &notice)
}

fn confirm(server: &Server, form: &Form, wish: &Wish, session: &Session) -> Result<Reply, SeamError> {
    let say = Messages::of(wish.language);
    let page = SignOutPage {
        say,
        logo: wish
            .client
            .as_ref()
            .and_then(|client| client.logo_path())
            .map(|path| server.addresses.place.at(&path)),
        client_name: wish.client.as_ref().map(|client| &*client.client_name),
        action: server.addresses.place.at(LOGOUT),
        csrf: server.parts.csrf.token(ACTION, session.sid.as_str(), &form.to_query(&OWN)),
        carried: carried(form),
    };
    let target = wish.onward.as_ref().and_then(|onward| RedirectUri::form_action_source(&onward.address));
    server.pages.render(wish.language, say.sign_out_title, &page, target.as_deref())
}

fn is_our_form(server: &Server, headers: &HeaderMap, form: &Form, session: &Session) -> bool {
    let token = form.one(CSRF).ok().flatten().unwrap_or_default();
    let subject = form.to_query(&OWN);
    is_same_origin(headers, &server.addresses.place.origin)
        && server.parts.csrf.accepts(token, ACTION, session.sid.as_str(), &subject)
}

#[derive(Template)]
#[template(path = "sign_out.html")]
struct SignOutPage<'a> {
    say: &'static Messages,
    client_name: Option<&'a str>,
    logo: Option<String>,
    action: String,
    csrf: String,
    carried: Vec<(&'a str, &'a str)>,
}

/// Why nobody is signed out. The person is told, for nobody else may be.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("the request cannot be read")]
    Unreadable(BodyFault),
    #[error("id_token_hint is no ID token of this server")]
    OtherToken,
    #[error("client_id is not the audience of id_token_hint")]
    OtherClient,
    #[error("no application of this client_id is registered and enabled")]
    UnknownClient,
    #[error("post_logout_redirect_uri is not registered for this application")]
    UnregisteredRedirect,
    #[error("the form was too old, or it came from somewhere else")]
    NotOurForm,
    #[error(transparent)]
    Seam(#[from] SeamError),
}

fn refuse(server: &Server, language: Language, fault: &Fault) -> Reply {
    let status = match fault {
        Fault::Seam(breakdown) => {
            server.note(breakdown);
            return server.pages.breakdown(language, breakdown);
        }
        Fault::Unreadable(fault) => fault.status(),
        Fault::NotOurForm => StatusCode::FORBIDDEN,
        Fault::OtherToken | Fault::OtherClient | Fault::UnknownClient | Fault::UnregisteredRedirect => {
            StatusCode::BAD_REQUEST
        }
    };
    let say = Messages::of(language);
    let detail = fault.to_string();
    let notice = Notice { title: say.not_signed_out_title, text: say.not_signed_out, detail: Some(&detail) };
    server.pages.notice(language, status, &notice)
}

const ACTION: &str = "logout";
const CSRF: &str = "csrf";
const CONFIRMED: &str = "confirmed";
/// Posted by a page of ours, in the name of an application.
const RESENT: &str = "resent";
/// Our own parameters, which no application sends.
const OWN: [&str; 3] = [CSRF, CONFIRMED, RESENT];

//! The page that makes the first account, behind a link that works once.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::response::Response;
use axum::routing::get;
use grantway_core::account::Account;
use grantway_core::claims::StandardClaims;
use grantway_core::http::{
    CsrfKey, Form, FormFault, Language, MAX_FORM_BYTES, Page, PageShell, Reply, escape, is_form,
    is_same_origin,
};
use grantway_core::ids::Subject;
use grantway_core::seam::{Clock, Entropy, SeamError};
use grantway_core::secret::Secret;
use grantway_login::password::{MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS, Unfit};
use grantway_store::ledger::{AccountCreated, Accounts, NewAccount};
use grantway_store_seaorm::SeaStore;
use http::{HeaderMap, StatusCode};
use serde_json::Map;

use crate::config::issuer::Issuer;
use crate::listen::into_response;
use crate::messages::Messages;

/// Made by a start that finds no account; its link is printed and then known to the operator alone.
pub(crate) struct FirstAccount {
    parts: FirstAccountParts,
    token: Secret,
    used: AtomicBool,
    /// Held by whoever makes the account.
    making: tokio::sync::Mutex<()>,
}

/// What stands in the form.
#[derive(Clone, Copy, Default)]
struct Typed<'a> {
    username: &'a str,
    email: &'a str,
}

/// What it needs.
pub(crate) struct FirstAccountParts {
    pub(crate) issuer: Issuer,
    pub(crate) accounts: Arc<Accounts<SeaStore>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) csrf: CsrfKey,
    pub(crate) pages: PageShell,
}

impl FirstAccount {
    /// None where somebody has an account.
    pub(crate) async fn if_nobody_has_one(parts: FirstAccountParts) -> Result<Option<Arc<Self>>, SeamError> {
        if parts.accounts.any().await? {
            return Ok(None);
        }
        let token = Secret::draw(&*parts.entropy, "");
        Ok(Some(Arc::new(Self {
            parts,
            token,
            used: AtomicBool::new(false),
            making: tokio::sync::Mutex::default(),
        })))
    }

    /// Printed once, to whoever started the program.
    pub(crate) fn link(&self) -> String {
        format!("{}{PATH}?token={}", self.parts.issuer.as_str(), self.token.expose())
    }

    pub(crate) fn router(self: Arc<Self>) -> Router {
        Router::new().route(PATH, get(show).post(submit)).with_state(self)
    }

    fn opens(&self, token: Option<&str>) -> bool {
        !self.used.load(Ordering::SeqCst) && token.is_some_and(|token| self.token.matches(token))
    }

    /// `typed` is what she typed before, so that she need not do it again.
    fn form(&self, language: Language, problem: Option<&str>, typed: Typed<'_>) -> Reply {
        let say = Messages::of(language);
        let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let [username_typed, email_typed] = [typed.username, typed.email].map(escape);
        let problem = problem
            .map(|why| format!("<p class=\"alarm\" id=\"error\" role=\"alert\">{}</p>\n", escape(why)))
            .unwrap_or_default();
        let (root, token) = (self.parts.issuer.root(), self.token.expose());
        let csrf = self.parts.csrf.token(ACTION, token, "");
        let [title, username, email, password, make_it] =
            [say.first_account, say.username, say.email, say.password, say.make_it].map(escape);
        let rule = escape(&(say.at_least)(&MIN_PASSWORD_CHARS.to_string()));
        let main = format!(
            "<h1>{title}</h1>\n{problem}\
             <form method=\"post\" action=\"{root}{PATH}\">\n\
             <input type=\"hidden\" name=\"token\" value=\"{token}\">\n\
             <input type=\"hidden\" name=\"csrf\" value=\"{csrf}\">\n\
             <label for=\"username\">{username}</label>\n\
             <input id=\"username\" name=\"username\" autocomplete=\"username\" autocapitalize=\"none\" \
             spellcheck=\"false\" value=\"{username_typed}\" required autofocus>\n\
             <label for=\"email\">{email}</label>\n\
             <input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"email\" value=\"{email_typed}\" required>\n\
             <label for=\"password\">{password}</label>\n\
             <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"new-password\" \
             minlength=\"{MIN_PASSWORD_CHARS}\" required aria-describedby=\"rule\">\n\
             <p class=\"quiet\" id=\"rule\">{rule}</p>\n\
             <button type=\"submit\">{make_it}</button>\n</form>"
        );
        self.parts.pages.page(&Page { language, status, title: say.first_account, main: &main })
    }

    async fn make(&self, language: Language, form: &Form) -> Result<Reply, Trouble> {
        let say = Messages::of(language);
        let username = form.one("username")?.unwrap_or_default();
        let email = form.one("email")?.unwrap_or_default();
        let refuse = |problem: &str| Ok(self.form(language, Some(problem), Typed { username, email }));
        let password = Secret::new(form.one("password")?.unwrap_or_default());
        match Unfit::of(&password) {
            Some(Unfit::TooShort) => return refuse(say.password_too_short),
            Some(Unfit::TooLong) => return refuse(&(say.password_too_long)(&MAX_PASSWORD_BYTES.to_string())),
            None => {}
        }
        if !email.contains('@') {
            return refuse(say.no_email_address);
        }
        // Two posts at once: the second finds the link used. Who goes away in the middle has not used it.
        let _making = self.making.lock().await;
        if self.parts.accounts.any().await? {
            self.used.store(true, Ordering::SeqCst);
            return Ok(self.spent(language));
        }
        match self.create(username, email, password).await? {
            AccountCreated::Created => {
                self.used.store(true, Ordering::SeqCst);
                Ok(self.made_it(language))
            }
            AccountCreated::Taken => refuse(say.name_taken),
            AccountCreated::Malformed(_) => refuse(say.name_malformed),
        }
    }

    async fn create(&self, username: &str, email: &str, password: Secret) -> Result<AccountCreated, Trouble> {
        let hash = grantway_login::password::hash(password, &*self.parts.entropy).await;
        let hash = hash.map_err(|_| Trouble(StatusCode::SERVICE_UNAVAILABLE))?;
        let account = NewAccount {
            account: Account {
                subject: Subject::draw(&*self.parts.entropy),
                claims: StandardClaims {
                    preferred_username: Some(username.to_owned()),
                    email: Some(email.to_owned()),
                    email_verified: Some(false),
                    ..StandardClaims::default()
                },
                public_metadata: Map::new(),
                private_metadata: Map::new(),
                unsafe_metadata: Map::new(),
                enabled: true,
            },
            username: username.to_owned(),
            password_hash: Some(hash),
        };
        Ok(self.parts.accounts.create(&account, self.parts.clock.now()).await?)
    }

    fn made_it(&self, language: Language) -> Reply {
        let (say, root) = (Messages::of(language), self.parts.issuer.root());
        let sign_in = format!("\n<a class=\"button\" href=\"{root}/sign-in\">{}</a>", escape(say.sign_in));
        self.notice(language, StatusCode::OK, (say.account_made_title, say.account_made), &sign_in)
    }

    fn spent(&self, language: Language) -> Reply {
        let say = Messages::of(language);
        self.notice(language, StatusCode::FORBIDDEN, (say.link_spent_title, say.link_spent), "")
    }

    fn broken(&self, language: Language, status: StatusCode) -> Reply {
        let say = Messages::of(language);
        self.notice(language, status, (say.nothing_made_title, say.nothing_made), "")
    }

    fn notice(
        &self,
        language: Language,
        status: StatusCode,
        (title, text): (&str, &str),
        onward: &str,
    ) -> Reply {
        let main = format!("<h1>{}</h1>\n<p>{}</p>{onward}", escape(title), escape(text));
        self.parts.pages.page(&Page { language, status, title, main: &main })
    }
}

impl fmt::Debug for FirstAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirstAccount").field("used", &self.used).finish_non_exhaustive()
    }
}

async fn show(
    State(page): State<Arc<FirstAccount>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let language = Language::of_headers(&headers);
    let form = Form::parse(query.unwrap_or_default().as_bytes());
    let token = form.as_ref().ok().and_then(|form| form.one("token").ok().flatten());
    into_response(if page.opens(token) {
        page.form(language, None, Typed::default())
    } else {
        page.spent(language)
    })
}

async fn submit(State(page): State<Arc<FirstAccount>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let language = Language::of_headers(&head.headers);
    let Ok(body) = axum::body::to_bytes(body, MAX_FORM_BYTES).await else {
        return into_response(page.broken(language, StatusCode::PAYLOAD_TOO_LARGE));
    };
    let Some(form) = own_form(&page, &head.headers, &body) else {
        return into_response(page.spent(language));
    };
    let made = page.make(language, &form).await;
    into_response(made.unwrap_or_else(|Trouble(status)| page.broken(language, status)))
}

fn own_form(page: &FirstAccount, headers: &HeaderMap, body: &[u8]) -> Option<Form> {
    let form = Form::parse(body).ok().filter(|_| is_form(headers))?;
    let token = form.one("token").ok()??;
    let csrf = form.one("csrf").ok()??;
    let own = page.opens(Some(token))
        && is_same_origin(headers, page.parts.issuer.origin())
        && page.parts.csrf.accepts(csrf, ACTION, token, "");
    own.then_some(form)
}

/// A form that cannot be read, or a database that cannot be asked: nothing was made.
#[derive(Debug)]
struct Trouble(StatusCode);

impl From<FormFault> for Trouble {
    fn from(_: FormFault) -> Self {
        Self(StatusCode::BAD_REQUEST)
    }
}

impl From<SeamError> for Trouble {
    fn from(_: SeamError) -> Self {
        Self(StatusCode::SERVICE_UNAVAILABLE)
    }
}

const PATH: &str = "/first-account";
const ACTION: &str = "first-account";

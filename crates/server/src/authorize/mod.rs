//! The authorization endpoint (RFC 6749 section 3.1): who asks, for what, who sits at the browser, does
//! he agree.

mod consent;
mod request;
mod respond;
mod resume;

use grantway_core::authorize::Prompt;
use grantway_core::error::{ErrorCode, ProtocolError};
use grantway_core::http::{Form, Reply};
use grantway_core::seam::{Identity, Visit};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use http::HeaderMap;

use self::request::{Asked, Proven};
use self::respond::Stop;
use self::resume::Resume;
use crate::Server;
use crate::http::{BodyFault, Posted};

/// GET.
pub(crate) async fn by_query(server: &Server, headers: &HeaderMap, query: &str) -> Reply {
    let form = Form::parse(query.as_bytes()).map_err(BodyFault::Form);
    answer(server, headers, form).await
}

/// POST (OpenID Connect Core section 3.1.2.1 asks for both).
pub(crate) async fn by_form(server: &Server, posted: &Posted) -> Reply {
    answer(server, &posted.headers, posted.form()).await
}

/// The consent page's form.
pub(crate) async fn decide(server: &Server, client_id: &str, posted: &Posted) -> Reply {
    match decided(server, client_id, &posted.headers, posted.form()).await {
        Ok(reply) => reply,
        Err(stop) => stop.reply(server),
    }
}

async fn answer(server: &Server, headers: &HeaderMap, form: Result<Form, BodyFault>) -> Reply {
    match authorize(server, headers, form).await {
        Ok(reply) => reply,
        Err(stop) => stop.reply(server),
    }
}

async fn authorize(
    server: &Server,
    headers: &HeaderMap,
    form: Result<Form, BodyFault>,
) -> Result<Reply, Stop> {
    let form = form?;
    // 1. Client and redirect. Until they are proven nobody is redirected.
    let proven = request::prove(&server.parts, &form).await?;
    // 2. The rest, reported by redirect from here on.
    let asked = request::read(&form, &proven).map_err(|error| proven.stop(error))?;
    // 3. Who sits at the browser.
    let session = match identify(server, headers, &form, &proven, &asked).await? {
        At::Known(session) => session,
        At::SignIn(reply) => return Ok(reply),
    };
    // 4. Does he agree, or did he.
    if consent::is_needed(&server.parts, &proven, &asked, &session)
        .await
        .map_err(|fault| proven.broken(fault))?
    {
        if asked.prompt.none {
            let error =
                ProtocolError::new(ErrorCode::ConsentRequired, "the person would have to agree first");
            return Err(proven.stop(error));
        }
        return consent::page(server, &form, &proven, &asked, &session).await;
    }
    // 5. The code.
    respond::code(&server.parts, &proven, &asked, session).await
}

async fn decided(
    server: &Server,
    client_id: &str,
    headers: &HeaderMap,
    form: Result<Form, BodyFault>,
) -> Result<Reply, Stop> {
    let form = form?;
    let proven = request::prove(&server.parts, &form).await?;
    if proven.client.client_id.as_str() != client_id {
        return Err(Stop::Stale);
    }
    let asked = request::read(&form, &proven).map_err(|error| proven.stop(error))?;
    let session = match identify(server, headers, &form, &proven, &asked).await? {
        At::Known(session) => session,
        At::SignIn(reply) => return Ok(reply),
    };
    if !consent::is_own_form(server, headers, &form, &session) {
        return Err(Stop::Stale);
    }
    consent::settle(&server.parts, &form, &proven, &asked, session).await
}

/// Somebody, or the way to find out.
enum At {
    Known(Session),
    SignIn(Reply),
}

async fn identify(
    server: &Server,
    headers: &HeaderMap,
    form: &Form,
    proven: &Proven,
    asked: &Asked,
) -> Result<At, Stop> {
    let parts = &server.parts;
    let now = parts.clock.now();
    let Prompt { none, login, select_account, .. } = asked.prompt;
    // OpenID Connect Core section 3.1.2.1: max_age=0 is prompt=login.
    let afresh = login || select_account || asked.max_age == Some(0);
    let again = proven.resume.as_ref().and_then(|resume| resume.asked_since(now));
    let authenticated_since = match (afresh, asked.max_age) {
        // Asked a moment ago and answered since, or never satisfied by what is known.
        (true, _) => Some(again.unwrap_or_else(|| now.plus(std::time::Duration::from_secs(1)))),
        (false, Some(max_age)) => Some(now.minus(std::time::Duration::from_secs(max_age))),
        (false, None) => None,
    };
    let return_to = Resume::address(parts, form, proven, now).map_err(|fault| proven.broken(fault))?;
    let visit = Visit {
        headers,
        return_to: &return_to,
        authenticated_since,
        login_hint: asked.login_hint.as_deref(),
    };
    match parts.login.identify(visit).await.map_err(|fault| proven.broken(fault))? {
        Identity::Known(session) => Ok(At::Known(session)),
        Identity::SignIn(_) if none => {
            let why = "nobody is signed in, or not freshly enough";
            Err(proven.stop(ProtocolError::new(ErrorCode::LoginRequired, why)))
        }
        Identity::SignIn(path) => Ok(At::SignIn(Reply::see_other(&Secret::new(path)))),
    }
}

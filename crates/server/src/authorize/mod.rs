//! The authorization endpoint: RFC 6749 section 3.1, OpenID Connect Core section 3.1.2.

mod caller;
mod consent;
mod redirect;
mod request;
mod respond;
mod resume;

use std::sync::Arc;
use std::time::Duration;

use grantway_core::account::Account;
use grantway_core::error::{ErrorCode, ProtocolError};
use grantway_core::http::{Form, Language, Reply, UI_LOCALES, is_same_origin};
use grantway_core::seam::{Identity, SeamError, Visit};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use grantway_core::time::Timestamp;
use http::HeaderMap;

use self::caller::{Caller, Unproven};
use self::request::AuthorizationRequest;
use self::resume::Note;
use crate::Server;
use crate::error::Breakdown;
use crate::http::Posted;
use crate::id_token_hint;

/// GET: the request is the query.
pub(crate) async fn ask(server: &Server, headers: &HeaderMap, query: &str) -> Reply {
    match Form::parse(query.as_bytes()) {
        Ok(form) => answer(server, headers, &form, Step::Ask).await,
        Err(fault) => {
            let language = Language::of_headers(headers);
            respond::unproven(server, language, &Unproven::Unreadable(fault.into()))
        }
    }
}

/// POST: the request is the body (OpenID Connect Core section 3.1.2.1).
pub(crate) async fn ask_by_post(server: &Server, posted: &Posted) -> Reply {
    match posted.form() {
        Ok(form) => answer(server, &posted.headers, &form, Step::Ask).await,
        Err(fault) => {
            let language = Language::of_headers(&posted.headers);
            respond::unproven(server, language, &Unproven::Unreadable(fault))
        }
    }
}

/// POST of the consent form: the same request again, and what the person decided. Goes on although the browser may go
/// away in the middle, so that nobody keeps an agreement by leaving before it is looked at once more.
pub(crate) async fn decide(server: &Arc<Server>, client_id: String, posted: Posted) -> Reply {
    let language = Language::of_headers(&posted.headers);
    let decided = tokio::spawn({
        let server = Arc::clone(server);
        async move { decided(&server, &client_id, &posted).await }
    });
    decided.await.unwrap_or_else(|lost| {
        respond::unproven(server, language, &Unproven::Seam(SeamError::broken("consent", lost)))
    })
}

async fn decided(server: &Server, client_id: &str, posted: &Posted) -> Reply {
    let form = posted.form();
    let language = match &form {
        Ok(form) => Language::of_request(&posted.headers, form),
        Err(_) => Language::of_headers(&posted.headers),
    };
    if !is_same_origin(&posted.headers, &server.addresses.place.origin) {
        return respond::not_our_form(server, language);
    }
    match form {
        Ok(form) if form.one("client_id").is_ok_and(|named| named == Some(client_id)) => {
            answer(server, &posted.headers, &form, Step::Decide).await
        }
        Ok(_) => respond::unproven(server, language, &Unproven::OtherClient),
        Err(fault) => respond::unproven(server, language, &Unproven::Unreadable(fault)),
    }
}

#[derive(Clone, Copy)]
enum Step {
    Ask,
    Decide,
}

async fn answer(server: &Server, headers: &HeaderMap, form: &Form, step: Step) -> Reply {
    // RFC 6749 section 4.1.2.1: until client and redirect are proven, nothing is ever redirected.
    let language = Language::of_request(headers, form);
    let caller = match Caller::prove(server, form, language).await {
        Ok(caller) => caller,
        Err(unproven) => return respond::unproven(server, language, &unproven),
    };
    let walked = match step {
        Step::Ask => walk_to_consent(server, headers, form, &caller).await,
        Step::Decide => walk_from_consent(server, headers, form, &caller).await,
    };
    match walked {
        Ok(reply) => reply,
        Err(Stop::Told(error)) => respond::refuse(server, &caller, error),
        Err(Stop::NotOurForm) => respond::not_our_form(server, language),
        // RFC 6749 section 4.1.2.1 has codes for that, because a redirect cannot carry a 500 or 503.
        Err(Stop::Seam(breakdown)) => {
            server.note(&breakdown);
            respond::refuse(server, &caller, Breakdown::of(&breakdown).told())
        }
    }
}

/// Why a proven caller gets no code.
enum Stop {
    /// The caller is told by redirect.
    Told(ProtocolError),
    /// A consent form that we did not send to this sign-in.
    NotOurForm,
    Seam(SeamError),
}

async fn walk_to_consent(
    server: &Server,
    headers: &HeaderMap,
    form: &Form,
    caller: &Caller,
) -> Result<Reply, Stop> {
    let request = AuthorizationRequest::read(form, &caller.client)?;
    let return_to = resume::return_to(server, &caller.redirect, form)?;
    let door = Door { headers, form, return_to: &return_to, fresh: Freshness::default() };
    let fresh = Freshness::asked(&request, caller.note, server.parts.clock.now());
    let session = match knock(server, &request, Door { fresh, ..door }).await? {
        Identity::Known(session) => session,
        Identity::SignIn(_) if request.prompt.none => {
            return Err(Stop::told(ErrorCode::LoginRequired, "the person has to sign in first"));
        }
        Identity::SignIn(address) => return Ok(Reply::see_other(&Secret::new(address))),
    };
    if !is_whom_is_asked_for(server, form, &request, &session).await? {
        return another_person(server, caller, &request, door).await;
    }
    is_sure_enough(&request, &session)?;
    let account = account(server, &session).await?;
    if !consent::is_needed(server, caller, &request, &session).await? {
        let code = respond::open_grant(server, caller, &request, &session).await?;
        return match ended(server, &request, &session, door).await? {
            None => Ok(respond::with_code(server, caller, &session, code)),
            Some(ended) => ended,
        };
    }
    if request.prompt.none {
        return Err(Stop::told(ErrorCode::ConsentRequired, "the person has to agree first"));
    }
    Ok(consent::show(
        server,
        caller,
        &consent::Asking { form, request: &request, session: &session, account: &account },
    )?)
}

async fn walk_from_consent(
    server: &Server,
    headers: &HeaderMap,
    form: &Form,
    caller: &Caller,
) -> Result<Reply, Stop> {
    let request = AuthorizationRequest::read(form, &caller.client)?;
    // The form was only shown to a sign-in that was fresh enough, and is bound to that sign-in.
    let return_to = resume::return_to(server, &caller.redirect, form)?;
    let door = Door { headers, form, return_to: &return_to, fresh: Freshness::default() };
    let session = match knock(server, &request, door).await? {
        Identity::Known(session) => session,
        Identity::SignIn(address) => return Ok(Reply::see_other(&Secret::new(address))),
    };
    if !consent::is_our_form(server, caller, form, &session) {
        return Err(Stop::NotOurForm);
    }
    is_sure_enough(&request, &session)?;
    account(server, &session).await?;
    if !consent::is_given(form) {
        consent::denied(server, caller, &session);
        return Err(Stop::told(ErrorCode::AccessDenied, "the person did not agree"));
    }
    let code = respond::open_grant(server, caller, &request, &session).await?;
    if let Some(ended) = ended(server, &request, &session, door).await? {
        return ended;
    }
    let (subject, client_id) = (&session.subject, &caller.client.client_id);
    server.parts.consents.remember(subject, client_id, &request.rights()).await?;
    if let Some(ended) = ended(server, &request, &session, door).await? {
        // Nobody can tell whether she agreed, or whoever was shut out meanwhile.
        server.parts.consents.forget(subject, client_id).await?;
        return ended;
    }
    Ok(respond::with_code(server, caller, &session, code))
}

/// What there is to say if the sign-in has ended since it was looked at. A reset ends the sign-ins first, and then what
/// was granted and agreed until then: what was kept later is told nobody, and is over in a minute.
async fn ended(
    server: &Server,
    request: &AuthorizationRequest,
    session: &Session,
    door: Door<'_>,
) -> Result<Option<Result<Reply, Stop>>, SeamError> {
    Ok(match knock(server, request, door).await? {
        Identity::Known(still) if still.sid == session.sid => None,
        Identity::SignIn(address) if !request.prompt.none => {
            Some(Ok(Reply::see_other(&Secret::new(address))))
        }
        Identity::Known(_) | Identity::SignIn(_) => {
            Some(Err(Stop::told(ErrorCode::LoginRequired, "the sign-in has ended meanwhile")))
        }
    })
}

/// OpenID Connect Core section 3.1.2.1, `id_token_hint`, and section 5.5.1, a `sub` of that value.
async fn is_whom_is_asked_for(
    server: &Server,
    form: &Form,
    request: &AuthorizationRequest,
    session: &Session,
) -> Result<bool, Stop> {
    if let Some(subjects) = &request.subjects
        && !subjects.iter().any(|named| named == session.subject.as_str())
    {
        return Ok(false);
    }
    let Some(token) = form.one("id_token_hint").ok().flatten() else { return Ok(true) };
    match id_token_hint::read(server, token).await? {
        Some(claims) => Ok(claims.sub == session.subject),
        None => Err(Stop::told(ErrorCode::InvalidRequest, "id_token_hint is no ID token of this server")),
    }
}

/// OpenID Connect Core section 5.5.1.1: what was essential and is not reached is no authentication.
fn is_sure_enough(request: &AuthorizationRequest, session: &Session) -> Result<(), Stop> {
    match &request.essential_acr {
        Some(acr) if !acr.contains(&session.acr) => Err(Stop::told(
            ErrorCode::UnmetAuthenticationRequirements,
            "the person cannot be recognised as surely as the claims parameter asks",
        )),
        Some(_) | None => Ok(()),
    }
}

/// Somebody else is signed in than the one asked for: he may sign in, once.
async fn another_person(
    server: &Server,
    caller: &Caller,
    request: &AuthorizationRequest,
    door: Door<'_>,
) -> Result<Reply, Stop> {
    let wrong = || Stop::told(ErrorCode::LoginRequired, "somebody else is signed in than the request names");
    if request.prompt.none || caller.note.is_some() {
        return Err(wrong());
    }
    let anew = server.parts.clock.now().plus(Duration::from_secs(1));
    let fresh = Freshness { signed_in: Some(anew), chosen: None };
    match knock(server, request, Door { fresh, ..door }).await? {
        Identity::SignIn(address) => Ok(Reply::see_other(&Secret::new(address))),
        Identity::Known(_) => Err(wrong()),
    }
}

/// What the gate has to know of a visit.
#[derive(Clone, Copy)]
struct Door<'a> {
    headers: &'a HeaderMap,
    form: &'a Form,
    /// Where the browser asks the same again.
    return_to: &'a str,
    fresh: Freshness,
}

/// Since when a person has to have done something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Freshness {
    /// A sign-in older than this will not do.
    signed_in: Option<Timestamp>,
    /// Nor will a choice of account.
    chosen: Option<Timestamp>,
}

async fn knock(
    server: &Server,
    request: &AuthorizationRequest,
    door: Door<'_>,
) -> Result<Identity, SeamError> {
    let visit = Visit {
        headers: door.headers,
        return_to: door.return_to,
        authenticated_since: door.fresh.signed_in,
        chosen_since: door.fresh.chosen,
        login_hint: request.login_hint.as_deref(),
        ui_locales: door.form.one(UI_LOCALES).ok().flatten(),
    };
    server.parts.login.identify(visit).await
}

impl Freshness {
    /// What was done since we last asked always does, or a person who types slowly would never arrive.
    fn asked(request: &AuthorizationRequest, note: Option<Note>, now: Timestamp) -> Self {
        let asked_at = note.map(|note| note.asked_at).filter(|at| now.seconds_since(*at) <= NOTE_LIFETIME);
        // Without a note, nothing so far will do, not even of this second.
        let anew = asked_at.unwrap_or_else(|| now.plus(Duration::from_secs(1)));
        let signed_in = if request.prompt.login || request.max_age == Some(Duration::ZERO) {
            Some(anew)
        } else {
            let oldest = request.max_age.map(|max_age| now.minus(max_age));
            oldest.map(|oldest| asked_at.map_or(oldest, |asked_at| oldest.min(asked_at)))
        };
        Self { signed_in, chosen: request.prompt.select_account.then_some(anew) }
    }
}

async fn account(server: &Server, session: &Session) -> Result<Arc<Account>, Stop> {
    let account = server.parts.accounts.find(&session.subject).await?;
    account
        .filter(|account| account.enabled)
        .ok_or_else(|| Stop::told(ErrorCode::AccessDenied, "the account is gone or disabled"))
}

impl Stop {
    fn told(code: ErrorCode, words: &'static str) -> Self {
        Self::Told(ProtocolError::new(code, words))
    }
}

impl From<ProtocolError> for Stop {
    fn from(error: ProtocolError) -> Self {
        Self::Told(error)
    }
}

impl From<SeamError> for Stop {
    fn from(breakdown: SeamError) -> Self {
        Self::Seam(breakdown)
    }
}

/// For this many seconds a note lets a sign-in count that was made since.
const NOTE_LIFETIME: i64 = 60 * 60;

#[cfg(test)]
mod tests {
    use grantway_core::client::{Client, ClientAuthentication};

    use super::*;

    fn request(extra: &str) -> AuthorizationRequest {
        let mut client =
            Client::new("c1".parse().unwrap(), "One", ClientAuthentication::ClientSecret { digests: vec![] });
        client.pkce_required = false;
        let query = format!("response_type=code&client_id=c1&state=s{extra}");
        AuthorizationRequest::read(&Form::parse(query.as_bytes()).unwrap(), &client).unwrap()
    }

    #[test]
    fn a_choice_is_due_when_it_is_asked_for_and_one_since_we_asked_counts() {
        let now = Timestamp::from_unix(10_000);
        let note = |at| Some(Note { asked_at: Timestamp::from_unix(at), redirect_omitted: false });
        for (extra, note, since) in [
            ("", None, None),
            ("&prompt=login", None, None),
            ("&prompt=select_account", None, Some(10_001)),
            ("&prompt=select_account", note(9_990), Some(9_990)),
            ("&prompt=select_account", note(6_000), Some(10_001)),
            ("&prompt=login+select_account", note(9_990), Some(9_990)),
        ] {
            let found = Freshness::asked(&request(extra), note, now);
            assert_eq!(found.chosen.map(Timestamp::unix), since, "{extra} {note:?}");
        }
    }

    #[test]
    fn a_sign_in_since_we_asked_always_counts_and_an_old_note_never_does() {
        let now = 10_000;
        for (extra, asked_at, since) in [
            ("", None, None),
            ("", Some(9_000), None),
            ("&prompt=login", None, Some(10_001)),
            ("&prompt=select_account", None, None),
            ("&max_age=0", None, Some(10_001)),
            ("&prompt=login", Some(9_990), Some(9_990)),
            ("&prompt=login", Some(now - 3600), Some(now - 3600)),
            ("&prompt=login", Some(now - 3601), Some(10_001)),
            ("&max_age=5", None, Some(9_995)),
            ("&max_age=5", Some(9_990), Some(9_990)),
            ("&max_age=500", Some(9_990), Some(9_500)),
            ("&max_age=5", Some(now - 3601), Some(9_995)),
        ] {
            let note =
                asked_at.map(|at| Note { asked_at: Timestamp::from_unix(at), redirect_omitted: false });

            let found = Freshness::asked(&request(extra), note, Timestamp::from_unix(now));

            assert_eq!(found.signed_in.map(Timestamp::unix), since, "{extra} {asked_at:?}");
        }
    }
}

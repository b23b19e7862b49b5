//! The pages as axum serves them; the only file that speaks both languages.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRef, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use grantway_core::http::{Form, FormFault, MAX_FORM_BYTES, PeerAddress, Reply, is_form};
use http::{HeaderMap, Method};

use crate::addresses;
use crate::page::Trouble;
use crate::parts::{AccountPage, Recovery};
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::{
    Login, account, choose_account, forgot_password, reset_password, sign_in, sign_out, signed_in,
    verify_email,
};

pub(crate) fn router(login: Arc<Login>) -> Router {
    let router = Router::new()
        .route(addresses::SIGN_IN, get(show_sign_in).post(submit_sign_in).fallback(only_get_and_post))
        .route(addresses::CHOOSE_ACCOUNT, get(show_choice).post(submit_choice).fallback(only_get_and_post))
        .route(addresses::SIGNED_IN, get(show_signed_in).fallback(only_get))
        .route(addresses::SIGN_OUT, post(submit_sign_out).fallback(only_post));
    let router = match login.parts.recovery.clone() {
        Some(recovery) => router.merge(by_mail(recovery)),
        None => router,
    };
    let router = match login.parts.account_page.clone() {
        Some(page) => router.merge(own_account(Arc::clone(&login), page)),
        None => router,
    };
    let root = login.site.place.root.clone();
    let router = router.with_state(login);
    if root.is_empty() { router } else { Router::new().nest(&root, router) }
}

/// A person's own page.
fn own_account(login: Arc<Login>, page: AccountPage) -> Router<Arc<Login>> {
    Router::new()
        .route(addresses::ACCOUNT, get(show_account).fallback(only_get))
        .route(addresses::END_SESSION, post(end_session).fallback(only_post))
        .route(addresses::END_OTHER_SESSIONS, post(end_other_sessions).fallback(only_post))
        .route(addresses::TAKE_BACK_ACCESS, post(take_back_access).fallback(only_post))
        .route(addresses::CHANGE_PASSWORD, post(change_password).fallback(only_post))
        .with_state(Own { login, page })
}

/// What cannot be without mail.
fn by_mail(recovery: Recovery) -> Router<Arc<Login>> {
    let submit_reset = |login: Shared, request: Request| submit_reset(login, recovery, request);
    Router::new()
        .route(addresses::FORGOT_PASSWORD, get(show_forgot).post(submit_forgot).fallback(only_get_and_post))
        .route(addresses::RESET_PASSWORD, get(show_reset).post(submit_reset).fallback(only_get_and_post))
        .route(addresses::VERIFY_EMAIL, get(show_verify).post(submit_verify).fallback(only_get_and_post))
        .route(addresses::SEND_VERIFICATION, post(send_verification).fallback(only_post))
}

type Shared = State<Arc<Login>>;

/// The state of what there is only with an account page.
#[derive(Clone)]
struct Own {
    login: Arc<Login>,
    page: AccountPage,
}

impl FromRef<Own> for Arc<Login> {
    fn from_ref(own: &Own) -> Self {
        Self::clone(&own.login)
    }
}

async fn show_sign_in(State(login): Shared, request: Request) -> Response {
    whole(&login, asked(request), async |visitation| sign_in::show(&login, visitation).await).await
}

async fn submit_sign_in(State(login): Shared, request: Request) -> Response {
    whole(&login, posted(request).await, async |visitation| sign_in::submit(&login, visitation).await).await
}

async fn show_choice(State(login): Shared, request: Request) -> Response {
    whole(&login, asked(request), async |visitation| choose_account::show(&login, visitation).await).await
}

async fn submit_choice(State(login): Shared, request: Request) -> Response {
    whole(&login, posted(request).await, async |visitation| choose_account::submit(&login, visitation).await)
        .await
}

async fn show_signed_in(State(login): Shared, request: Request) -> Response {
    whole(&login, asked(request), async |visitation| signed_in::show(&login, visitation).await).await
}

async fn submit_sign_out(State(login): Shared, request: Request) -> Response {
    whole(&login, posted(request).await, async |visitation| sign_out::submit(&login, visitation).await).await
}

async fn show_forgot(State(login): Shared, request: Request) -> Response {
    whole(&login, asked(request), async |visitation| forgot_password::show(&login, visitation)).await
}

async fn submit_forgot(State(login): Shared, request: Request) -> Response {
    whole(&login, posted(request).await, async |visitation| forgot_password::submit(&login, visitation).await)
        .await
}

async fn show_reset(State(login): Shared, request: Request) -> Response {
    whole(&login, asked(request), async |visitation| reset_password::show(&login, visitation).await).await
}

async fn submit_reset(State(login): Shared, recovery: Recovery, request: Request) -> Response {
    let submit = async |visitation: &Visitation| reset_password::submit(&login, &recovery, visitation).await;
    whole(&login, posted(request).await, submit).await
}

async fn show_verify(State(login): Shared, request: Request) -> Response {
    whole(&login, asked(request), async |visitation| verify_email::show(&login, visitation).await).await
}

async fn submit_verify(State(login): Shared, request: Request) -> Response {
    whole(&login, posted(request).await, async |visitation| verify_email::submit(&login, visitation).await)
        .await
}

async fn send_verification(State(login): Shared, request: Request) -> Response {
    whole(&login, posted(request).await, async |visitation| verify_email::send(&login, visitation).await)
        .await
}

async fn show_account(State(Own { login, page }): State<Own>, request: Request) -> Response {
    whole(&login, asked(request), async |visitation| account::show(&login, &page, visitation).await).await
}

async fn end_session(State(Own { login, page }): State<Own>, request: Request) -> Response {
    whole(&login, posted(request).await, async |visitation| account::end_one(&login, &page, visitation).await)
        .await
}

async fn end_other_sessions(State(login): Shared, request: Request) -> Response {
    whole(&login, posted(request).await, async |visitation| account::end_others(&login, visitation).await)
        .await
}

async fn take_back_access(State(Own { login, page }): State<Own>, request: Request) -> Response {
    whole(&login, posted(request).await, async |visitation| {
        account::take_back(&login, &page, visitation).await
    })
    .await
}

async fn change_password(State(Own { login, page }): State<Own>, request: Request) -> Response {
    whole(&login, posted(request).await, async |visitation| account::change(&login, &page, visitation).await)
        .await
}

async fn only_get_and_post(State(login): Shared, method: Method, headers: HeaderMap) -> Response {
    not_allowed(&login, &headers, &method, "GET, HEAD, POST")
}

async fn only_get(State(login): Shared, method: Method, headers: HeaderMap) -> Response {
    not_allowed(&login, &headers, &method, "GET, HEAD")
}

async fn only_post(State(login): Shared, method: Method, headers: HeaderMap) -> Response {
    not_allowed(&login, &headers, &method, "POST")
}

/// A request that came to nothing before it was anything.
struct Unread {
    speech: Speech,
    trouble: Trouble,
}

/// What `page` makes of a request, or what there is to say if it cannot be read.
async fn whole(
    login: &Login,
    read: Result<Visitation, Unread>,
    page: impl AsyncFnOnce(&Visitation) -> Result<Reply, Trouble>,
) -> Response {
    match read {
        Ok(visitation) => answer(login, visitation.speech(), page(&visitation).await),
        Err(Unread { speech, trouble }) => answer(login, speech, Err(trouble)),
    }
}

fn asked(request: Request) -> Result<Visitation, Unread> {
    let peer = request.extensions().get::<PeerAddress>().copied();
    let (head, _) = request.into_parts();
    let form = Form::parse(head.uri.query().unwrap_or_default().as_bytes());
    read(head.headers, peer, form.map_err(Trouble::from))
}

async fn posted(request: Request) -> Result<Visitation, Unread> {
    let peer = request.extensions().get::<PeerAddress>().copied();
    let (head, body) = request.into_parts();
    let form = if is_form(&head.headers) { posted_form(body).await } else { Err(Trouble::NotAForm) };
    read(head.headers, peer, form)
}

async fn posted_form(body: Body) -> Result<Form, Trouble> {
    // A body that breaks off ends here too, and nobody reads the answer.
    let body = to_bytes(body, MAX_FORM_BYTES).await.map_err(|_| FormFault::TooLarge)?;
    Ok(Form::parse(&body)?)
}

fn read(
    headers: HeaderMap,
    peer: Option<PeerAddress>,
    form: Result<Form, Trouble>,
) -> Result<Visitation, Unread> {
    match form {
        Ok(form) => Ok(Visitation { headers, form, peer }),
        Err(trouble) => Err(Unread { speech: Speech::of_headers(&headers), trouble }),
    }
}

fn answer(login: &Login, speech: Speech, outcome: Result<Reply, Trouble>) -> Response {
    let told = |trouble| login.pages.trouble(speech, trouble, &*login.parts.audit);
    into_response(outcome.unwrap_or_else(told))
}

fn not_allowed(login: &Login, headers: &HeaderMap, method: &Method, allowed: &'static str) -> Response {
    into_response(login.pages.method_not_allowed(Speech::of_headers(headers), method, allowed))
}

fn into_response(reply: Reply) -> Response {
    let Reply { status, headers, body } = reply;
    (status, headers, Body::from(body)).into_response()
}

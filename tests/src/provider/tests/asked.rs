//! HTTP, plainly: nothing is followed, and no status is an error.

use std::time::Duration;

use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use ureq::Agent;
use url::form_urlencoded::Serializer;

use crate::provider::{Endpoint, ForeignProvider};
use crate::{Answer, URLENCODED, VERIFIER, basic_header, challenge};

pub(super) type Form<'a> = &'a [(&'a str, &'a str)];

pub(super) fn get(url: &str, headers: Form<'_>) -> Answer {
    let request =
        headers.iter().fold(Request::get(url), |request, (name, value)| request.header(*name, *value));
    answer(agent().run(request.body(()).unwrap())).unwrap()
}

pub(super) fn post(url: &str, authorization: Option<&str>, form: Form<'_>) -> Answer {
    try_post(url, authorization, form).unwrap()
}

pub(super) fn try_post(
    url: &str,
    authorization: Option<&str>,
    form: Form<'_>,
) -> Result<Answer, ureq::Error> {
    let mut request = Request::post(url).header(CONTENT_TYPE, URLENCODED);
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    let body = Serializer::new(String::new()).extend_pairs(form).finish();
    answer(agent().run(request.body(body).unwrap()))
}

pub(super) fn post_json(url: &str, document: String) -> Answer {
    let request = Request::post(url).header(CONTENT_TYPE, "application/json");
    answer(agent().run(request.body(document).unwrap())).unwrap()
}

pub(super) fn basic() -> String {
    basic_header("confidential", "sesame")
}

/// Posts to an endpoint as the confidential application.
pub(super) fn ask(provider: &ForeignProvider, endpoint: Endpoint, form: Form<'_>) -> Answer {
    post(&provider.url(endpoint), Some(&basic()), form)
}

/// What an authorization request with these parameters beside the usual ones comes to.
pub(super) fn authorize(provider: &ForeignProvider, more: Form<'_>) -> Answer {
    let usual = [
        ("response_type", "code"),
        ("client_id", "confidential"),
        ("redirect_uri", REDIRECT),
        ("state", "state-of-the-client"),
    ];
    let query = Serializer::new(String::new()).extend_pairs(usual).extend_pairs(more).finish();
    get(&format!("{}?{query}", provider.url(Endpoint::Authorize)), &[])
}

/// A code for these scopes, with the challenge of [`VERIFIER`].
pub(super) fn code(provider: &ForeignProvider, scope: &str) -> String {
    let challenge = challenge(VERIFIER);
    let answer = authorize(
        provider,
        &[
            ("scope", scope),
            ("nonce", "nonce-of-the-client"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ],
    );
    answer.parameter("code").unwrap_or_else(|| panic!("{:?}", answer.location()))
}

pub(super) fn code_form(code: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ]
}

pub(super) fn redeem(provider: &ForeignProvider, code: &str) -> Answer {
    ask(provider, Endpoint::Token, &code_form(code))
}

/// Tokens for these scopes.
pub(super) fn tokens(provider: &ForeignProvider, scope: &str) -> Answer {
    redeem(provider, &code(provider, scope))
}

pub(super) fn refresh(provider: &ForeignProvider, refresh_token: &str) -> Answer {
    ask(provider, Endpoint::Token, &refresh_form(refresh_token))
}

pub(super) fn refresh_form(refresh_token: &str) -> [(&str, &str); 2] {
    [("grant_type", "refresh_token"), ("refresh_token", refresh_token)]
}

pub(super) fn call_api(provider: &ForeignProvider, authorization: &str) -> Answer {
    get(&provider.url(Endpoint::Api), &[("authorization", authorization)])
}

fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .timeout_global(Some(Duration::from_mins(1)));
    config.build().into()
}

fn answer(answered: Result<http::Response<ureq::Body>, ureq::Error>) -> Result<Answer, ureq::Error> {
    let (head, mut body) = answered?.into_parts();
    Ok(Answer { status: head.status, headers: head.headers, body: body.read_to_vec()? })
}

pub(super) const REDIRECT: &str = "https://app.test/cb";

//! The modules, by what they are about.

mod claims;
mod code;
mod config;
mod id_token;
mod logout;
mod max_age;
mod prompt;
mod redirect_uri;
mod refresh_token;
mod request_object;
mod response_type;
mod scope;
mod sign_in;
mod userinfo;

use super::condition::{Condition, Stop};
use super::person::{End, Walk};
use super::scene::{Scene, parameter, spoken};

/// A way to use an issuer, step by step, and what must hold at each.
#[derive(Clone, Copy, Debug)]
pub struct Module {
    /// As the OpenID Foundation calls it.
    pub id: &'static str,
    /// What it asserts.
    pub says: &'static str,
    pub(crate) play: fn(&mut Scene<'_>) -> Result<(), Stop>,
}

impl Module {
    const fn new(id: &'static str, says: &'static str, play: fn(&mut Scene<'_>) -> Result<(), Stop>) -> Self {
        Self { id, says, play }
    }
}

/// What the plans for the code flow are made of, in the order they are played.
pub(super) const BASIC: &[Module] = &[
    sign_in::SERVER,
    response_type::MISSING,
    id_token::SIGNATURE,
    id_token::UNSIGNED,
    userinfo::GET,
    userinfo::POST_HEADER,
    userinfo::POST_BODY,
    sign_in::WITHOUT_NONCE,
    scope::PROFILE,
    scope::EMAIL,
    scope::ADDRESS,
    scope::PHONE,
    scope::ALL,
    sign_in::ALTERNATE,
    sign_in::DISPLAY_PAGE,
    sign_in::DISPLAY_POPUP,
    prompt::LOGIN,
    prompt::NONE_NOT_LOGGED_IN,
    prompt::NONE_LOGGED_IN,
    max_age::ONE,
    max_age::TEN_THOUSAND,
    sign_in::UNKNOWN_PARAMETER,
    id_token::HINT,
    sign_in::LOGIN_HINT,
    sign_in::UI_LOCALES,
    sign_in::CLAIMS_LOCALES,
    sign_in::ACR_VALUES,
    code::REUSE,
    code::REUSE_AFTER_30_SECONDS,
    redirect_uri::REGISTERED,
    sign_in::POST,
    sign_in::CLIENT_SECRET_POST,
    request_object::BY_REFERENCE,
    request_object::UNSIGNED,
    claims::ESSENTIAL,
    request_object::REDIRECT_URI,
    refresh_token::REFRESH,
    sign_in::PKCE,
];

/// What an issuer says of itself.
pub(super) const CONFIG: &[Module] = &[config::VERIFICATION];

/// The end of a sign-in, at the wish of an application.
pub(super) const LOGOUT: &[Module] = &[
    logout::WITH_EVERYTHING,
    logout::BAD_POST_LOGOUT_REDIRECT_URI,
    logout::QUERY_ADDED,
    logout::MODIFIED_ID_TOKEN_HINT,
    logout::BAD_ID_TOKEN_HINT,
    logout::NO_ID_TOKEN_HINT,
    logout::NO_PARAMS,
    logout::ONLY_STATE,
    logout::NO_POST_LOGOUT_REDIRECT_URI,
    logout::NO_STATE,
];

/// The application is told one of the errors that are right here.
fn told(scene: &mut Scene<'_>, condition: Condition, walk: &Walk, wanted: &[&str]) {
    let instead = match &walk.end {
        End::Page(page) => Some(page.described()),
        End::Called(call) => match parameter(call, "error") {
            Some(error) if wanted.contains(&error.as_str()) => None,
            Some(_) => Some(spoken(call)),
            None => Some("a code".to_owned()),
        },
    };
    scene.note(condition.must(instead.map(|instead| {
        format!("there comes {instead}, and the application is not told {}", wanted.join(" or "))
    })));
}

/// What RFC 6749 4.1.2.1 and OpenID Connect Core 3.1.2.6 let `prompt=none` fail with.
const NEEDS_A_PERSON: [&str; 4] =
    ["login_required", "interaction_required", "consent_required", "account_selection_required"];

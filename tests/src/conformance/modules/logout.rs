//! OpenID Connect RP-Initiated Logout.

use grantway_core::base64url;
use serde_json::json;
use url::Url;

use super::{Module, NEEDS_A_PERSON, told};
use crate::conformance::cast::Client;
use crate::conformance::checks::callback::state_fault;
use crate::conformance::condition::{Condition, Stop};
use crate::conformance::person::{End, Hands, Link, Person};
use crate::conformance::scene::{Scene, shown};

pub(super) const WITH_EVERYTHING: Module = Module::new(
    "oidcc-rp-initiated-logout",
    "with hint, address and state the person is signed out and sent back, with the state",
    |scene| {
        let state = scene.drawn();
        returns(scene, Some(&state))
    },
);

pub(super) const NO_STATE: Module = Module::new(
    "oidcc-rp-initiated-logout-no-state",
    "without state the person is sent back without one",
    |scene| returns(scene, None),
);

pub(super) const BAD_POST_LOGOUT_REDIRECT_URI: Module = Module::new(
    "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
    "nobody is sent to an address that is not registered",
    |scene| {
        let mut visit = Visit::signed_in(scene)?;
        let foreign = format!("{}/not-registered", visit.back.trim_end_matches('/'));
        let wish = [("id_token_hint", visit.hint.clone()), ("post_logout_redirect_uri", foreign)];
        stays(scene, &mut visit, &wish)
    },
);

pub(super) const QUERY_ADDED: Module = Module::new(
    "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
    "nobody is sent to a registered address with a query more",
    |scene| {
        let mut visit = Visit::signed_in(scene)?;
        let separator = if visit.back.contains('?') { '&' } else { '?' };
        let foreign = format!("{}{separator}foo=bar", visit.back);
        let wish = [("id_token_hint", visit.hint.clone()), ("post_logout_redirect_uri", foreign)];
        stays(scene, &mut visit, &wish)
    },
);

pub(super) const MODIFIED_ID_TOKEN_HINT: Module = Module::new(
    "oidcc-rp-initiated-logout-modified-id-token-hint",
    "a hint of which somebody took the signature sends nobody anywhere",
    |scene| {
        let mut visit = Visit::signed_in(scene)?;
        let claims = visit.hint.split('.').nth(1).unwrap_or_default();
        let hint = format!("{}.{claims}.", base64url::encode(json!({ "alg": "none" }).to_string()));
        let wish = [("id_token_hint", hint), ("post_logout_redirect_uri", visit.back.clone())];
        stays(scene, &mut visit, &wish)
    },
);

pub(super) const BAD_ID_TOKEN_HINT: Module = Module::new(
    "oidcc-rp-initiated-logout-bad-id-token-hint",
    "a hint that is no token sends nobody anywhere",
    |scene| {
        let mut visit = Visit::signed_in(scene)?;
        let wish = [
            ("id_token_hint", "not.an.id-token".to_owned()),
            ("post_logout_redirect_uri", visit.back.clone()),
        ];
        stays(scene, &mut visit, &wish)
    },
);

pub(super) const NO_ID_TOKEN_HINT: Module = Module::new(
    "oidcc-rp-initiated-logout-no-id-token-hint",
    "without a hint nobody is sent anywhere unasked",
    |scene| {
        let mut visit = Visit::signed_in(scene)?;
        let wish = [("post_logout_redirect_uri", visit.back.clone()), ("state", scene.drawn())];
        stays(scene, &mut visit, &wish)
    },
);

pub(super) const NO_PARAMS: Module = Module::new(
    "oidcc-rp-initiated-logout-no-params",
    "without any parameter the person is signed out, once asked, and sees a page",
    |scene| {
        let mut visit = Visit::signed_in(scene)?;
        ends_at_a_page(scene, &mut visit, &[])
    },
);

pub(super) const ONLY_STATE: Module = Module::new(
    "oidcc-rp-initiated-logout-only-state",
    "with a state alone the person is signed out, once asked, and sees a page",
    |scene| {
        let mut visit = Visit::signed_in(scene)?;
        let wish = [("state", scene.drawn())];
        ends_at_a_page(scene, &mut visit, &wish)
    },
);

pub(super) const NO_POST_LOGOUT_REDIRECT_URI: Module = Module::new(
    "oidcc-rp-initiated-logout-no-post-logout-redirect-uri",
    "with a hint and no address the person is signed out and sees a page",
    |scene| {
        let mut visit = Visit::signed_in(scene)?;
        let wish = [("id_token_hint", visit.hint.clone()), ("state", scene.drawn())];
        ends_at_a_page(scene, &mut visit, &wish)
    },
);

/// A person who is signed in at an issuer that can end it.
struct Visit<'a> {
    client: &'a Client,
    person: Person<'a>,
    hint: String,
    back: String,
    endpoint: Url,
}

impl<'a> Visit<'a> {
    fn signed_in(scene: &mut Scene<'a>) -> Result<Self, Stop> {
        let client = scene.first()?;
        let endpoint = scene.provider.end_session_endpoint.clone();
        scene.need(
            ENDPOINT
                .must(endpoint.is_none().then(|| "the metadata names no end_session_endpoint".to_owned())),
        )?;
        let (Some(endpoint), Some(back)) = (endpoint, client.post_logout_redirect_uri.clone()) else {
            let why = format!("the client {} has no post_logout_redirect_uri", client.client_id);
            return Err(Stop::Skipped(why));
        };
        let mut person = scene.person();
        let request = scene.request(client, "openid");
        let tokens = scene.tokens(&mut person, &request)?;
        Ok(Self { client, person, hint: tokens.id_token.text, back, endpoint })
    }

    fn wish(&mut self, wish: &[(&str, String)], hands: Hands) -> Result<End, Stop> {
        let mut url = self.endpoint.clone();
        if !wish.is_empty() {
            url.query_pairs_mut().extend_pairs(wish);
        }
        Ok(self.person.follow(Link::to(url), &[&self.back, &self.astray()], hands)?.end)
    }

    fn astray(&self) -> String {
        format!("{}/not-registered", self.back.trim_end_matches('/'))
    }
}

fn returns(scene: &mut Scene<'_>, state: Option<&str>) -> Result<(), Stop> {
    let mut visit = Visit::signed_in(scene)?;
    let mut wish =
        vec![("id_token_hint", visit.hint.clone()), ("post_logout_redirect_uri", visit.back.clone())];
    wish.extend(state.map(|state| ("state", state.to_owned())));
    let end = visit.wish(&wish, Hands::Willing)?;
    scene.need(
        RETURNS.must(
            shown(&end).map(|page| {
                format!("the person is not sent to {} but sees {}", visit.back, page.described())
            }),
        ),
    )?;
    if let End::Called(call) = &end {
        scene.note(STATE.must(state_fault(call, state)));
    }
    is_signed_out(scene, &mut visit)
}

/// An error will do, and so will a question to the person; a redirect will not.
fn stays(scene: &mut Scene<'_>, visit: &mut Visit<'_>, wish: &[(&str, String)]) -> Result<(), Stop> {
    let end = visit.wish(wish, Hands::Folded)?;
    let onward = match &end {
        End::Called(call) => Some(format!("the browser is sent to {} unasked", call.url)),
        End::Page(page) => page
            .answer
            .status
            .is_server_error()
            .then(|| format!("the request to sign out is answered by {}", page.described())),
    };
    scene.note(STAYS.must(onward));
    Ok(())
}

fn ends_at_a_page<'a>(
    scene: &mut Scene<'a>,
    visit: &mut Visit<'a>,
    wish: &[(&str, String)],
) -> Result<(), Stop> {
    let end = visit.wish(wish, Hands::Willing)?;
    let fault = match &end {
        End::Called(call) => Some(format!("the browser is sent to {}, which nobody asked for", call.url)),
        End::Page(page) => {
            (!page.answer.status.is_success()).then(|| format!("the sign-out ends at {}", page.described()))
        }
    };
    scene.note(PAGE.must(fault));
    is_signed_out(scene, visit)
}

fn is_signed_out<'a>(scene: &mut Scene<'a>, visit: &mut Visit<'a>) -> Result<(), Stop> {
    let request = scene.request(visit.client, "openid").with("prompt", "none");
    let walk = scene.walk(&mut visit.person, &request, Hands::Folded)?;
    told(scene, SIGNED_OUT, &walk, &NEEDS_A_PERSON);
    Ok(())
}

const ENDPOINT: Condition =
    Condition::new("end-session-endpoint", "one can sign out here", "RP-Initiated Logout 2.1");
const RETURNS: Condition =
    Condition::new("logout-returns", "the person is sent where it was asked", "RP-Initiated Logout 3");
const STATE: Condition =
    Condition::new("logout-state", "state comes back if it was sent", "RP-Initiated Logout 3");
const STAYS: Condition =
    Condition::new("logout-stays", "the person is not sent on unasked", "RP-Initiated Logout 3");
const PAGE: Condition = Condition::new("logout-page", "the sign-out ends at a page", "RP-Initiated Logout 2");
const SIGNED_OUT: Condition =
    Condition::new("signed-out", "nobody is signed in any more", "RP-Initiated Logout 2");

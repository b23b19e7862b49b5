use std::time::Duration;

use super::{Module, NEEDS_A_PERSON, told};
use crate::conformance::checks::SUB_STAYS;
use crate::conformance::condition::Condition;
use crate::conformance::person::Hands;
use crate::conformance::scene::{Scene, Tokens, pause, shown};

pub(super) const LOGIN: Module = Module::new(
    "oidcc-prompt-login",
    "prompt=login asks for the password again, and auth_time is later",
    |scene| {
        let mut person = scene.person();
        let client = scene.first()?;
        let request = scene.request(client, "openid");
        let before = scene.tokens(&mut person, &request)?;
        // auth_time counts in seconds.
        pause(Duration::from_millis(1100));
        let request = scene.request(client, "openid").with("prompt", "login");
        let (walk, code) = scene.code(&mut person, &request)?;
        scene.note(ASKED_AGAIN.must(
            (!walk.signed_in).then(|| "prompt=login was answered without asking for the password".to_owned()),
        ));
        let after = scene.redeem(&code, &request)?;
        later(scene, &before, &after);
        Ok(())
    },
);

pub(super) const NONE_NOT_LOGGED_IN: Module = Module::new(
    "oidcc-prompt-none-not-logged-in",
    "prompt=none tells the application that nobody is signed in",
    |scene| {
        let mut person = scene.person();
        let request = scene.request(scene.first()?, "openid").with("prompt", "none");
        let walk = scene.walk(&mut person, &request, Hands::Folded)?;
        told(scene, NO_PAGE, &walk, &NEEDS_A_PERSON);
        Ok(())
    },
);

pub(super) const NONE_LOGGED_IN: Module = Module::new(
    "oidcc-prompt-none-logged-in",
    "prompt=none works without a page for who is signed in, with the same sub and auth_time",
    |scene| {
        let mut person = scene.person();
        let client = scene.first()?;
        let request = scene.request(client, "openid");
        let before = scene.tokens(&mut person, &request)?;
        let request = scene.request(client, "openid").with("prompt", "none");
        let walk = scene.walk(&mut person, &request, Hands::Folded)?;
        scene.note(NO_PAGE.must(shown(&walk.end).map(|page| {
            format!("prompt=none is answered by {} although the person is signed in", page.described())
        })));
        let code = scene.code_of(&walk)?;
        let after = scene.redeem(&code, &request)?;
        stays(scene, &before, &after);
        Ok(())
    },
);

/// The same person, signed in at the same moment.
pub(super) fn stays(scene: &mut Scene<'_>, before: &Tokens, after: &Tokens) {
    let (one, other) = (before.id_token.sub(), after.id_token.sub());
    scene.note(SUB_STAYS.must((one != other).then(|| format!("sub was {one:?} and is {other:?}"))));
    let fault = match (before.id_token.auth_time(), after.id_token.auth_time()) {
        (Some(before), Some(after)) => (before != after)
            .then(|| format!("auth_time was {before} and is {after}, without a sign-in between")),
        _ => None,
    };
    scene.note(AUTH_TIME_STAYS.must(fault));
}

/// The same person, signed in again.
pub(super) fn later(scene: &mut Scene<'_>, before: &Tokens, after: &Tokens) {
    let (one, other) = (before.id_token.sub(), after.id_token.sub());
    scene.note(SUB_STAYS.must((one != other).then(|| format!("sub was {one:?} and is {other:?}"))));
    let fault = match (before.id_token.auth_time(), after.id_token.auth_time()) {
        (Some(before), Some(after)) => {
            (after <= before).then(|| format!("auth_time was {before} and is {after} after another sign-in"))
        }
        _ => None,
    };
    scene.note(AUTH_TIME_LATER.must(fault));
}

pub(super) const ASKED_AGAIN: Condition =
    Condition::new("asked-again", "the password is asked for again", "OpenID Connect Core 3.1.2.1");
const NO_PAGE: Condition =
    Condition::new("prompt-none-without-page", "prompt=none shows no page", "OpenID Connect Core 3.1.2.1");
const AUTH_TIME_STAYS: Condition =
    Condition::new("auth-time-stays", "auth_time is that of the sign-in", "OpenID Connect Core 2");
const AUTH_TIME_LATER: Condition =
    Condition::new("auth-time-later", "auth_time is that of the new sign-in", "OpenID Connect Core 2");

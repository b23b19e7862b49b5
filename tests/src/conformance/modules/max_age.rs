use std::time::Duration;

use super::{Module, prompt};
use crate::conformance::condition::Condition;
use crate::conformance::scene::pause;

pub(super) const ONE: Module =
    Module::new(
        "oidcc-max-age-1",
        "max_age=1 asks again after more than a second, and auth_time is there and later",
        |scene| {
            let mut person = scene.person();
            let client = scene.first()?;
            let request = scene.request(client, "openid");
            let before = scene.tokens(&mut person, &request)?;
            // More than a second even if both ends are rounded down.
            pause(Duration::from_millis(2200));
            let request = scene.request(client, "openid").with("max_age", "1");
            let (walk, code) = scene.code(&mut person, &request)?;
            scene.note(prompt::ASKED_AGAIN.must((!walk.signed_in).then(|| {
                "max_age=1 was answered after two seconds without asking for the password".to_owned()
            })));
            let after = scene.redeem(&code, &request)?;
            prompt::later(scene, &before, &after);
            Ok(())
        },
    );

pub(super) const TEN_THOUSAND: Module =
    Module::new(
        "oidcc-max-age-10000",
        "max_age=10000 does not ask again, and auth_time is there and the same",
        |scene| {
            let mut person = scene.person();
            let client = scene.first()?;
            let request = scene.request(client, "openid").with("max_age", "15000");
            let before = scene.tokens(&mut person, &request)?;
            let request = scene.request(client, "openid").with("max_age", "10000");
            let (walk, code) = scene.code(&mut person, &request)?;
            scene.note(NOT_ASKED.must(walk.signed_in.then(|| {
                "max_age=10000 asks for the password although it was given a moment ago".to_owned()
            })));
            let after = scene.redeem(&code, &request)?;
            prompt::stays(scene, &before, &after);
            Ok(())
        },
    );

const NOT_ASKED: Condition = Condition::new(
    "not-asked-again",
    "a sign-in that is young enough will do",
    "OpenID Connect Core 3.1.2.1",
);

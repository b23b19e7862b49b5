use std::time::Duration;

use super::Module;
use crate::conformance::checks::userinfo::is_over;
use crate::conformance::condition::Stop;
use crate::conformance::scene::{Scene, pause};

pub(super) const REUSE: Module = Module::new(
    "oidcc-codereuse",
    "a code that comes twice is refused, and what it bought should be over",
    |scene| twice(scene, Duration::ZERO),
);

pub(super) const REUSE_AFTER_30_SECONDS: Module = Module::new(
    "oidcc-codereuse-30seconds",
    "a code that comes again after 30 seconds is refused, and what it bought should be over",
    |scene| twice(scene, Duration::from_secs(30)),
);

fn twice(scene: &mut Scene<'_>, after: Duration) -> Result<(), Stop> {
    let mut person = scene.person();
    let request = scene.request(scene.first()?, "openid");
    let tokens = scene.tokens(&mut person, &request)?;
    scene.userinfo(&tokens)?;
    pause(after);
    let answer = scene.present(scene.variant.client_auth, &tokens.code, &request)?;
    scene.token_error(&answer, &["invalid_grant"]);
    let answer = scene.ask_userinfo(&tokens.access_token)?;
    scene.note(is_over(&answer));
    Ok(())
}

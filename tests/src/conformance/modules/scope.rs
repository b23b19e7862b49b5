use super::Module;
use crate::conformance::checks::userinfo::delivers;
use crate::conformance::condition::Stop;
use crate::conformance::scene::Scene;

pub(super) const PROFILE: Module = Module::new(
    "oidcc-scope-profile",
    "scope profile works and brings its claims; those that are missing are a warning",
    |scene| brings(scene, &["profile"]),
);

pub(super) const EMAIL: Module = Module::new(
    "oidcc-scope-email",
    "scope email works and brings its claims; those that are missing are a warning",
    |scene| brings(scene, &["email"]),
);

pub(super) const ADDRESS: Module = Module::new(
    "oidcc-scope-address",
    "scope address works and brings its claim; that it is missing is a warning",
    |scene| brings(scene, &["address"]),
);

pub(super) const PHONE: Module = Module::new(
    "oidcc-scope-phone",
    "scope phone works and brings its claims; those that are missing are a warning",
    |scene| brings(scene, &["phone"]),
);

pub(super) const ALL: Module = Module::new(
    "oidcc-scope-all",
    "all scopes at once work and bring their claims; those that are missing are a warning",
    |scene| brings(scene, &["profile", "email", "address", "phone"]),
);

fn brings(scene: &mut Scene<'_>, scopes: &[&str]) -> Result<(), Stop> {
    let mut person = scene.person();
    let request = scene.request(scene.first()?, &format!("openid {}", scopes.join(" ")));
    let tokens = scene.tokens(&mut person, &request)?;
    let claims = scene.userinfo(&tokens)?;
    scene.note(delivers(&claims, scopes));
    Ok(())
}

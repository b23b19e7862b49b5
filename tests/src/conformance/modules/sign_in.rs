//! Ways to sign in that must work.

use super::Module;
use crate::conformance::cast::AuthMethod;
use crate::conformance::checks::SUB_STAYS;
use crate::conformance::condition::Stop;
use crate::conformance::person::Hands;
use crate::conformance::request::AuthorizationRequest;
use crate::conformance::scene::Scene;

pub(super) const SERVER: Module = Module::new(
    "oidcc-server",
    "a person signs in to two clients, and each gets a code, tokens and claims",
    |scene| {
        let mut person = scene.person();
        let request = scene.request(scene.first()?, "openid");
        let first = scene.tokens(&mut person, &request)?;
        scene.userinfo(&first)?;
        let request = scene.request(scene.second()?, "openid");
        let second = scene.tokens(&mut person, &request)?;
        scene.userinfo(&second)?;
        // Subjects may be pairwise, and then they have to differ.
        let pairwise = scene.provider.metadata["subject_types_supported"]
            .as_array()
            .is_some_and(|types| types.iter().any(|kind| kind == "pairwise"));
        let differs = !pairwise && first.id_token.sub() != second.id_token.sub();
        scene.note(SUB_STAYS.must(differs.then(|| {
            format!(
                "sub is {:?} for one client and {:?} for another",
                first.id_token.sub(),
                second.id_token.sub()
            )
        })));
        Ok(())
    },
);

pub(super) const WITHOUT_NONCE: Module = Module::new(
    "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
    "a request without nonce works, and the ID token has none",
    |scene| works(scene, |request| request.without("nonce")),
);

pub(super) const ALTERNATE: Module = Module::new(
    "oidcc-alternate-happy-flow",
    "neither the order of scopes nor that of parameters matters",
    |scene| {
        let request = scene.request(scene.first()?, "email openid profile").reversed();
        happy(scene, &request)
    },
);

pub(super) const DISPLAY_PAGE: Module =
    Module::new("oidcc-display-page", "display=page works", |scene| with(scene, "display", "page"));

pub(super) const DISPLAY_POPUP: Module =
    Module::new("oidcc-display-popup", "display=popup works", |scene| with(scene, "display", "popup"));

pub(super) const UNKNOWN_PARAMETER: Module = Module::new(
    "oidcc-ensure-request-with-unknown-parameter-succeeds",
    "a parameter that nobody knows is ignored",
    |scene| with(scene, "extra", "foobar"),
);

pub(super) const LOGIN_HINT: Module = Module::new("oidcc-login-hint", "login_hint works", |scene| {
    let hint = scene.suite.cast.person.username.clone();
    with(scene, "login_hint", &hint)
});

pub(super) const UI_LOCALES: Module =
    Module::new("oidcc-ui-locales", "ui_locales works", |scene| with(scene, "ui_locales", "se de"));

pub(super) const CLAIMS_LOCALES: Module =
    Module::new("oidcc-claims-locales", "claims_locales works", |scene| {
        with(scene, "claims_locales", "se de")
    });

pub(super) const ACR_VALUES: Module = Module::new(
    "oidcc-ensure-request-with-acr-values-succeeds",
    "acr_values works, and acr should be one of them",
    |scene| {
        let supported = scene.provider.metadata["acr_values_supported"]
            .as_array()
            .map(|values| values.iter().filter_map(|value| value.as_str()).collect::<Vec<_>>().join(" "));
        with(scene, "acr_values", &supported.unwrap_or_else(|| "1 2".to_owned()))
    },
);

pub(super) const POST: Module =
    Module::new("oidcc-ensure-post-request-succeeds", "the authorization endpoint takes a form", |scene| {
        let mut person = scene.person();
        let request = scene.request(scene.first()?, "openid");
        let link = request.form(&scene.provider.authorization_endpoint);
        let walk = scene.walk_by(&mut person, &request, link, Hands::Willing)?;
        let code = scene.code_of(&walk)?;
        scene.redeem(&code, &request)?;
        Ok(())
    });

pub(super) const CLIENT_SECRET_POST: Module =
    Module::new("oidcc-server-client-secret-post", "a client may prove who it is in the body", |scene| {
        let method = AuthMethod::ClientSecretPost;
        let client = scene.suite.cast.using(method).next().ok_or_else(|| {
            Stop::Skipped("the clients file has no client for client_secret_post".to_owned())
        })?;
        let mut person = scene.person();
        let request = scene.request(client, "openid");
        let (_, code) = scene.code(&mut person, &request)?;
        let tokens = scene.redeem_as(method, &code, &request)?;
        scene.userinfo(&tokens)?;
        Ok(())
    });

pub(super) const PKCE: Module = Module::new(
    "oidcc-ensure-request-with-valid-pkce-succeeds",
    "a request with an S256 challenge works",
    |scene| {
        let verifier = scene.drawn();
        works(scene, |request| request.with_pkce(verifier))
    },
);

/// The happy way with one parameter more.
fn with(scene: &mut Scene<'_>, name: &str, value: &str) -> Result<(), Stop> {
    works(scene, |request| request.with(name, value))
}

fn works(
    scene: &mut Scene<'_>,
    change: impl FnOnce(AuthorizationRequest<'_>) -> AuthorizationRequest<'_>,
) -> Result<(), Stop> {
    let request = change(scene.request(scene.first()?, "openid"));
    happy(scene, &request)
}

fn happy(scene: &mut Scene<'_>, request: &AuthorizationRequest<'_>) -> Result<(), Stop> {
    let mut person = scene.person();
    let tokens = scene.tokens(&mut person, request)?;
    scene.userinfo(&tokens)?;
    Ok(())
}

use super::Module;
use crate::conformance::checks::SUB_STAYS;
use crate::conformance::condition::{Condition, Stop};
use crate::conformance::person::Hands;
use crate::conformance::scene::shown;

pub(super) const SIGNATURE: Module = Module::new(
    "oidcc-idtoken-signature",
    "the ID token is signed by RS256, with a key of the key set that it names",
    |scene| {
        let client = scene.first()?;
        if client.id_token_signed_response_alg != "RS256" {
            return Err(Stop::Skipped(format!("{} has another alg registered", client.client_id)));
        }
        let mut person = scene.person();
        let request = scene.request(client, "openid");
        let tokens = scene.tokens(&mut person, &request)?;
        let kid = tokens.id_token.header["kid"].as_str();
        let fault = match kid {
            None => Some("the header of the ID token has no kid".to_owned()),
            Some(kid) if scene.provider.keys.of_kid(kid).is_none() => {
                Some(format!("no key of the key set has the kid {kid:?}"))
            }
            Some(_) => None,
        };
        scene.note(KID.must(fault));
        Ok(())
    },
);

pub(super) const UNSIGNED: Module =
    Module::new("oidcc-idtoken-unsigned", "alg none comes only to a client that registered it", |scene| {
        let client = scene.suite.cast.unsigned().ok_or_else(|| {
            Stop::Skipped("no client is registered for ID tokens that are not signed".to_owned())
        })?;
        let mut person = scene.person();
        let request = scene.request(client, "openid");
        // That alg is what was registered is among what every ID token is held against.
        scene.tokens(&mut person, &request)?;
        Ok(())
    });

pub(super) const HINT: Module = Module::new(
    "oidcc-id-token-hint",
    "prompt=none with the ID token of the person who is signed in works without a page",
    |scene| {
        let mut person = scene.person();
        let client = scene.first()?;
        let request = scene.request(client, "openid");
        let before = scene.tokens(&mut person, &request)?;
        let request = scene
            .request(client, "openid")
            .with("prompt", "none")
            .with("id_token_hint", &before.id_token.text);
        let walk = scene.walk(&mut person, &request, Hands::Folded)?;
        scene.note(
            SILENT.must(
                shown(&walk.end)
                    .map(|page| format!("prompt=none with a hint is answered by {}", page.described())),
            ),
        );
        let code = scene.code_of(&walk)?;
        let after = scene.redeem(&code, &request)?;
        let (one, other) = (before.id_token.sub(), after.id_token.sub());
        scene.note(SUB_STAYS.must((one != other).then(|| format!("sub was {one:?} and is {other:?}"))));
        Ok(())
    },
);

const KID: Condition =
    Condition::new("id-token-kid", "the ID token names its key", "OpenID Connect Core 10.1");
const SILENT: Condition =
    Condition::new("hint-without-page", "no page is shown", "OpenID Connect Core 3.1.2.1");

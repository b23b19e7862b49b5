use serde_json::json;

use super::Module;
use crate::conformance::condition::Condition;

pub(super) const ESSENTIAL: Module = Module::new(
    "oidcc-claims-essential",
    "the claims parameter does not fail; that the essential name does not come is a warning",
    |scene| {
        let mut person = scene.person();
        let claims = json!({ "userinfo": { "name": { "essential": true } } }).to_string();
        let request = scene.request(scene.first()?, "openid").with("claims", &claims);
        let tokens = scene.tokens(&mut person, &request)?;
        let said = scene.userinfo(&tokens)?;
        scene.note(NAME.should(said["name"].is_null().then(|| {
            let supported = &scene.provider.metadata["claims_parameter_supported"];
            format!("name was essential and is not there (claims_parameter_supported is {supported})")
        })));
        Ok(())
    },
);

const NAME: Condition =
    Condition::new("essential-claim", "a claim that is essential comes", "OpenID Connect Core 5.5.1");

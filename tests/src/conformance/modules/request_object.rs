use grantway_core::base64url;
use serde_json::{Map, Value, json};

use super::{Module, redirect_uri, told};
use crate::conformance::checks::IdToken;
use crate::conformance::condition::{Condition, Stop};
use crate::conformance::person::{End, Hands};
use crate::conformance::request::AuthorizationRequest;
use crate::conformance::scene::{Scene, parameter};

pub(super) const BY_REFERENCE: Module = Module::new(
    "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
    "request_uri is refused with request_uri_not_supported where it is not supported",
    |scene| {
        // OpenID Connect Discovery 3: supported unless it says otherwise.
        if scene.provider.metadata["request_uri_parameter_supported"] != false {
            return Err(Stop::Skipped(
                "request_uri is supported, and there is no address here that the issuer could fetch"
                    .to_owned(),
            ));
        }
        let mut person = scene.person();
        let request = scene
            .request(scene.first()?, "openid")
            .with("request_uri", "https://conformance.invalid/request.jwt");
        let walk = scene.walk(&mut person, &request, Hands::Willing)?;
        told(scene, REFUSED_BY_REFERENCE, &walk, &["request_uri_not_supported"]);
        Ok(())
    },
);

pub(super) const UNSIGNED: Module = Module::new(
    "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
    "an unsigned request object counts, or is refused; it is not overlooked",
    |scene| {
        let mut person = scene.person();
        let client = scene.first()?;
        let request = scene.request(client, "openid");
        let inside = request.clone().with("nonce", &scene.drawn());
        let request = request.with("request", &unsigned(scene, &inside));
        let walk = scene.walk(&mut person, &request, Hands::Willing)?;
        let End::Called(call) = &walk.end else {
            told(scene, COUNTS, &walk, &REFUSALS);
            return Ok(());
        };
        if parameter(call, "error").is_some() {
            told(scene, COUNTS, &walk, &REFUSALS);
            return Ok(());
        }
        let code = scene.code_of(&walk)?;
        let answer = scene.present(scene.variant.client_auth, &code, &request)?;
        let body = scene.token_response(&answer)?;
        let token = IdToken::read(body["id_token"].as_str().unwrap_or_default());
        let nonce = token.map_or(Value::Null, |token| token.claims["nonce"].clone());
        let counts = nonce.as_str() == inside.parameter("nonce");
        scene.note(COUNTS.must((!counts).then(|| {
            "the request object was overlooked: the nonce of the ID token is not the one inside it".to_owned()
        })));
        Ok(())
    },
);

pub(super) const REDIRECT_URI: Module = Module::new(
    "oidcc-ensure-request-object-with-redirect-uri",
    "redirect_uri inside the request object wins, or there is an error",
    |scene| {
        let mut person = scene.person();
        let client = scene.first()?;
        let inside = scene.request(client, "openid");
        let foreign = format!("{}/not-registered", client.redirect_uri.trim_end_matches('/'));
        let outside =
            inside.clone().with("redirect_uri", &foreign).with("request", &unsigned(scene, &inside));
        let link = outside.link(&scene.provider.authorization_endpoint);
        let walk = person.follow(link, &[&foreign, &client.redirect_uri], Hands::Willing)?;
        let astray = match &walk.end {
            End::Called(call) => call.url.as_str().starts_with(&foreign),
            End::Page(_) => false,
        };
        scene.note(
            redirect_uri::STAYS
                .must(astray.then(|| format!("the browser is sent to {foreign}, which is not registered"))),
        );
        Ok(())
    },
);

/// RFC 7519 section 6: a JWT that says what it says, and proves nothing.
fn unsigned(scene: &Scene<'_>, request: &AuthorizationRequest<'_>) -> String {
    let mut claims: Map<String, Value> =
        request.parameters.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    claims.insert("iss".to_owned(), json!(request.client.client_id));
    claims.insert("aud".to_owned(), json!(scene.provider.issuer));
    let part = |json: Value| base64url::encode(json.to_string());
    format!("{}.{}.", part(json!({ "alg": "none" })), part(Value::Object(claims)))
}

/// Core 3.1.2.6; who wants them signed says that one is no good.
const REFUSALS: [&str; 2] = ["request_not_supported", "invalid_request_object"];

const COUNTS: Condition =
    Condition::new("request-object-counts", "a request object is not overlooked", "OpenID Connect Core 6.1");
const REFUSED_BY_REFERENCE: Condition = Condition::new(
    "request-uri-refused",
    "request_uri is refused where it is not supported",
    "OpenID Connect Core 3.1.2.6",
);

//! What stands in an ID token, and who signed it.

use grantway_core::base64url;
use serde_json::{Map, Value, json};

use super::Wrong;
use crate::conformance::proxy::{KEYS, TOKEN, Twist, claims_in, with_claims, with_json};

pub(super) const ROWS: &[Wrong] = &[
    Wrong {
        what: "the nonce is another, and the signature breaks",
        twist: Twist::Json(TOKEN, |body| {
            let Some(mut claims) = claims_in(body) else { return };
            claims["nonce"] = json!("another");
            let claims = base64url::encode(claims.to_string());
            let token = body["id_token"].as_str().unwrap_or_default().to_owned();
            let parts: Vec<_> = token.split('.').collect();
            body["id_token"] = json!(format!("{}.{claims}.{}", parts[0], parts[2]));
        }),
        plan: "oidcc-basic",
        module: "oidcc-idtoken-signature",
        condition: "id-token-signature",
        words: "is not that of the key",
    },
    Wrong {
        what: "the ID token is signed by a key that nobody publishes",
        twist: Twist::Answered(|proxy, asked, answer| {
            if asked.path == KEYS {
                let own = proxy.key.kid().to_string();
                with_json(answer, |set| {
                    set["keys"].as_array_mut().unwrap().retain(|key| key["kid"] != own.as_str());
                });
            }
            with_claims(proxy, asked, answer, |_| {});
        }),
        plan: "oidcc-basic",
        module: "oidcc-idtoken-signature",
        condition: "id-token-signature",
        words: "no key of the key set has the kid",
    },
    Wrong {
        what: "the ID token is not signed",
        twist: UNSIGNED,
        plan: "oidcc-basic",
        module: "oidcc-idtoken-signature",
        condition: "id-token-alg",
        words: "signed by \"none\", not by RS256",
    },
    claim("the nonce is another", "id-token-nonce", "nonce of the ID token is \"another\"", |claims| {
        claims.insert("nonce".into(), json!("another"));
    }),
    claim("aud is another", "id-token-aud", "without the client \"first\"", |claims| {
        claims.insert("aud".into(), json!("somebody-else"));
    }),
    claim("iss of the ID token is another", "id-token-iss", "iss of the ID token is", |claims| {
        claims.insert("iss".into(), json!("https://other.test"));
    }),
    claim("the ID token is over", "id-token-exp", "was over 60 seconds ago", |claims| {
        let iat = claims["iat"].as_i64().unwrap();
        claims.insert("exp".into(), json!(iat - 60));
    }),
    claim("at_hash is wrong", "id-token-at-hash", "at_hash is \"77QmUPtjPfzWtF2AnpK9RQ\"", |claims| {
        claims.insert("at_hash".into(), json!("77QmUPtjPfzWtF2AnpK9RQ"));
    }),
    Wrong {
        what: "a nonce comes of itself",
        twist: Twist::Claims(|claims| {
            claims.insert("nonce".into(), json!("unasked"));
        }),
        plan: "oidcc-basic",
        module: "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
        condition: "id-token-nonce",
        words: "the nonce \"unasked\" although none was sent",
    },
    Wrong {
        what: "auth_time is missing",
        twist: Twist::Claims(|claims| {
            claims.remove("auth_time");
        }),
        plan: "oidcc-basic",
        module: "oidcc-max-age-10000",
        condition: "id-token-auth-time",
        words: "max_age was sent, and the ID token has no auth_time",
    },
    Wrong {
        what: "sub is another each time",
        twist: Twist::Claims(|claims| {
            claims["sub"] = claims["nonce"].clone();
        }),
        plan: "oidcc-basic",
        module: "oidcc-prompt-none-logged-in",
        condition: "sub-stays",
        words: "sub was",
    },
];

/// Something in the ID token, under a good signature.
const fn claim(
    what: &'static str,
    condition: &'static str,
    words: &'static str,
    change: fn(&mut Map<String, Value>),
) -> Wrong {
    let (plan, module) = ("oidcc-basic", "oidcc-server");
    Wrong { what, twist: Twist::Claims(change), plan, module, condition, words }
}

pub(super) const UNSIGNED: Twist = Twist::Json(TOKEN, |body| {
    let Some(claims) = claims_in(body) else { return };
    let part = |json: &Value| base64url::encode(json.to_string());
    body["id_token"] = json!(format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims)));
});

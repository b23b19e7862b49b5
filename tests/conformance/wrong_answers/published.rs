//! What the server says of itself, and its keys.

use serde_json::{Value, json};

use super::Wrong;
use crate::conformance::proxy::{KEYS, METADATA, Twist};

pub(super) const ROWS: &[Wrong] = &[
    Wrong {
        what: "a key has no kid",
        twist: Twist::Json(KEYS, |set| {
            set["keys"][0].as_object_mut().unwrap().remove("kid");
        }),
        plan: "oidcc-config",
        module: "oidcc-discovery-endpoint-verification",
        condition: "jwks-kid",
        words: "has no kid",
    },
    Wrong {
        what: "two keys have one kid",
        twist: Twist::Json(KEYS, |set| set["keys"][1]["kid"] = set["keys"][0]["kid"].clone()),
        plan: "oidcc-config",
        module: "oidcc-discovery-endpoint-verification",
        condition: "jwks-kid",
        words: "two keys of the set have the kid",
    },
    Wrong {
        what: "a private key is published",
        twist: Twist::Json(KEYS, |set| set["keys"][0]["d"] = json!("c2VjcmV0")),
        plan: "oidcc-config",
        module: "oidcc-discovery-endpoint-verification",
        condition: "jwks-public",
        words: "the private part of the key",
    },
    metadata(
        "the metadata lacks a list",
        "discovery-required",
        "no array of strings subject_types_supported",
        |all| {
            all.as_object_mut().unwrap().remove("subject_types_supported");
        },
    ),
    metadata("the issuer is spelled otherwise", "discovery-issuer", "says that the issuer is", |all| {
        all["issuer"] = json!(format!("{}/", all["issuer"].as_str().unwrap()));
    }),
    metadata("a flag is a text", "discovery-flags", "claims_parameter_supported is \"false\"", |all| {
        all["claims_parameter_supported"] = json!("false");
    }),
    metadata("RS256 is not offered", "discovery-rs256", "without RS256", |all| {
        all["id_token_signing_alg_values_supported"] = json!(["ES256"]);
    }),
];

/// Something that the server says of itself.
pub(super) const fn metadata(
    what: &'static str,
    condition: &'static str,
    words: &'static str,
    change: fn(&mut Value),
) -> Wrong {
    let (plan, module) = ("oidcc-config", "oidcc-discovery-endpoint-verification");
    Wrong { what, twist: Twist::Json(METADATA, change), plan, module, condition, words }
}

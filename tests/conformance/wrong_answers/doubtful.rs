//! What nothing forbids, and what should not be.

use http::StatusCode;
use serde_json::json;

use super::Wrong;
use super::published::metadata;
use crate::conformance::proxy::{TOKEN, Twist, USERINFO, answer};

pub(super) const ROWS: &[Wrong] = &[
    Wrong {
        what: "userinfo takes no token in a body",
        twist: Twist::Instead(|_, asked| {
            let in_body = asked.path == USERINFO && asked.parameter("access_token").is_some();
            in_body.then(|| answer(StatusCode::UNAUTHORIZED, &[], ""))
        }),
        plan: "oidcc-basic",
        module: "oidcc-userinfo-post-body",
        condition: "userinfo-answers",
        words: "answers 401",
    },
    Wrong {
        what: "a claim of the scope is missing",
        twist: Twist::Json(USERINFO, |body| {
            body.as_object_mut().unwrap().remove("birthdate");
        }),
        plan: "oidcc-basic",
        module: "oidcc-scope-profile",
        condition: "scope-claims",
        words: "does not say birthdate",
    },
    Wrong {
        what: "what a code bought outlives that it came twice",
        twist: Twist::Instead(|proxy, asked| {
            let again = asked.path == TOKEN && proxy.granted_before(asked).is_some();
            let refusal = || {
                let headers = [("content-type", "application/json"), ("cache-control", "no-store")];
                answer(StatusCode::BAD_REQUEST, &headers, r#"{"error":"invalid_grant"}"#)
            };
            again.then(refusal)
        }),
        plan: "oidcc-basic",
        module: "oidcc-codereuse",
        condition: "code-twice-ends-tokens",
        words: "still works after the code came twice",
    },
    metadata("the metadata says what nobody knows", "discovery-known", "called is_great", |all| {
        all["is_great"] = json!(true);
    }),
];

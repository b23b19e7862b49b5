//! What the token endpoint and the userinfo endpoint answer.

use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde_json::json;

use super::Wrong;
use crate::conformance::proxy::{TOKEN, Twist, USERINFO, answer, with_claims, with_json};

pub(super) const ROWS: &[Wrong] = &[
    Wrong {
        what: "a cache may keep the tokens",
        twist: Twist::Answered(|_, asked, answer| {
            if asked.path == TOKEN {
                answer.headers.insert(CACHE_CONTROL, "max-age=60".parse().unwrap());
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "token-response-no-store",
        words: "a cache may keep the tokens",
    },
    Wrong {
        what: "expires_in is a text",
        twist: Twist::Json(TOKEN, |body| body["expires_in"] = json!("3600")),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "expires-in",
        words: "no number of seconds",
    },
    Wrong {
        what: "the access token can be guessed",
        twist: Twist::Json(TOKEN, |body| {
            body["access_token"] = json!("token-17");
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "access-token-entropy",
        words: "bits, not 96",
    },
    Wrong {
        what: "userinfo is of somebody else",
        twist: Twist::Json(USERINFO, |body| body["sub"] = json!("somebody-else")),
        plan: "oidcc-basic",
        module: "oidcc-userinfo-get",
        condition: "userinfo-sub",
        words: "sub is \"somebody-else\" at the userinfo endpoint",
    },
    Wrong {
        what: "email_verified is a text",
        twist: Twist::Json(USERINFO, |body| body["email_verified"] = json!("true")),
        plan: "oidcc-basic",
        module: "oidcc-scope-email",
        condition: "userinfo-types",
        words: "the claim email_verified is \"true\"",
    },
    Wrong {
        what: "a code works twice",
        twist: Twist::Instead(
            |proxy, asked| if asked.path == TOKEN { proxy.granted_before(asked) } else { None },
        ),
        plan: "oidcc-basic",
        module: "oidcc-codereuse",
        condition: "token-refused",
        words: "instead of refusing with invalid_grant",
    },
    Wrong {
        what: "an error is described in two lines",
        twist: Twist::Answered(|_, asked, answer| {
            if asked.path == TOKEN && answer.status.is_client_error() {
                with_json(answer, |body| body["error_description"] = json!("spent\nlong ago"));
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-codereuse",
        condition: "token-refusal-description",
        words: "error_description holds '\\n'",
    },
    Wrong {
        what: "an error says more than is defined",
        twist: Twist::Answered(|_, asked, answer| {
            if asked.path == TOKEN && answer.status.is_client_error() {
                with_json(answer, |body| body["stack"] = json!("line 1"));
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-codereuse",
        condition: "token-refusal-members",
        words: "the member stack",
    },
    Wrong {
        what: "a refresh is for somebody else",
        twist: Twist::Answered(|proxy, asked, answer| {
            if asked.parameter("grant_type") == Some("refresh_token") {
                with_claims(proxy, asked, answer, |claims| {
                    claims.insert("sub".into(), json!("somebody-else"));
                });
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-refresh-token",
        condition: "refreshed-id-token",
        words: "sub of the ID token was",
    },
    Wrong {
        what: "userinfo takes no POST",
        twist: Twist::Instead(|_, asked| {
            let posted = asked.path == USERINFO && asked.is_post;
            posted.then(|| answer(StatusCode::METHOD_NOT_ALLOWED, &[], ""))
        }),
        plan: "oidcc-basic",
        module: "oidcc-userinfo-post-header",
        condition: "userinfo-answers",
        words: "answers 405",
    },
    Wrong {
        what: "a refresh token works for another client",
        twist: Twist::Instead(|_, asked| {
            let other = asked.parameter("grant_type") == Some("refresh_token") && asked.is_of("second");
            let headers = [("content-type", "application/json"), ("cache-control", "no-store")];
            other.then(|| answer(StatusCode::OK, &headers, r#"{"access_token":"a","token_type":"Bearer"}"#))
        }),
        plan: "oidcc-basic",
        module: "oidcc-refresh-token",
        condition: "token-refused",
        words: "instead of refusing with invalid_grant",
    },
];

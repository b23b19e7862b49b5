//! What an authorization request comes to.

use http::StatusCode;

use super::Wrong;
use crate::conformance::proxy::{AUTHORIZE, Twist, answer};

pub(super) const ROWS: &[Wrong] = &[
    Wrong {
        what: "prompt=none shows a page",
        twist: Twist::Instead(|_, asked| {
            let silent = asked.path == AUTHORIZE && asked.parameter("prompt") == Some("none");
            silent.then(|| answer(StatusCode::OK, &[("content-type", "text/html")], "<h1>Who are you?</h1>"))
        }),
        plan: "oidcc-basic",
        module: "oidcc-prompt-none-not-logged-in",
        condition: "prompt-none-without-page",
        words: "there comes a page of status 200",
    },
    Wrong {
        what: "prompt=login is overlooked",
        twist: Twist::Asked(|asked| asked.without("prompt")),
        plan: "oidcc-basic",
        module: "oidcc-prompt-login",
        condition: "asked-again",
        words: "without asking for the password",
    },
    Wrong {
        what: "max_age is overlooked",
        twist: Twist::Asked(|asked| asked.without("max_age")),
        plan: "oidcc-basic",
        module: "oidcc-max-age-1",
        condition: "asked-again",
        words: "max_age=1 was answered",
    },
    Wrong {
        what: "a parameter that nobody knows is an error",
        twist: Twist::Instead(|_, asked| {
            let odd = asked.path == AUTHORIZE && asked.parameter("extra").is_some();
            odd.then(|| answer(StatusCode::BAD_REQUEST, &[("content-type", "text/html")], "<h1>What?</h1>"))
        }),
        plan: "oidcc-basic",
        module: "oidcc-ensure-request-with-unknown-parameter-succeeds",
        condition: "callback-code",
        words: "no code but a page of status 400",
    },
    Wrong {
        what: "a request object is overlooked",
        twist: Twist::Asked(|asked| asked.without("request")),
        plan: "oidcc-basic",
        module: "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
        condition: "request-object-counts",
        words: "the request object was overlooked",
    },
    Wrong {
        what: "request_uri is overlooked",
        twist: Twist::Asked(|asked| asked.without("request_uri")),
        plan: "oidcc-basic",
        module: "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
        condition: "request-uri-refused",
        words: "is not told request_uri_not_supported",
    },
    Wrong {
        what: "the authorization endpoint takes no POST",
        twist: Twist::Instead(|_, asked| {
            let posted = asked.path == AUTHORIZE && asked.is_post;
            posted.then(|| answer(StatusCode::METHOD_NOT_ALLOWED, &[], ""))
        }),
        plan: "oidcc-basic",
        module: "oidcc-ensure-post-request-succeeds",
        condition: "callback-code",
        words: "a page of status 405",
    },
];

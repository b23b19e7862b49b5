//! The end of a sign-in.

use http::StatusCode;

use super::Wrong;
use crate::conformance::proxy::{LOGOUT, METADATA, Twist, answer};

pub(super) const ROWS: &[Wrong] = &[
    sent_astray("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri"),
    Wrong {
        what: "the sign-out signs nobody out",
        twist: ASTRAY,
        plan: "rp-initiated-logout",
        module: "oidcc-rp-initiated-logout-no-state",
        condition: "signed-out",
        words: "there comes a code",
    },
    Wrong {
        what: "state does not come back from the sign-out",
        twist: Twist::Asked(|asked| {
            if asked.path == LOGOUT {
                asked.without("state");
            }
        }),
        plan: "rp-initiated-logout",
        module: "oidcc-rp-initiated-logout",
        condition: "logout-state",
        words: "the state that was sent did not come back",
    },
    sent_astray("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri"),
    sent_astray("oidcc-rp-initiated-logout-modified-id-token-hint"),
    sent_astray("oidcc-rp-initiated-logout-bad-id-token-hint"),
    sent_astray("oidcc-rp-initiated-logout-no-id-token-hint"),
    Wrong {
        what: "the sign-out breaks down without parameters",
        twist: Twist::Instead(|_, asked| {
            let bare = asked.path == LOGOUT && asked.parameters.is_empty();
            bare.then(|| answer(StatusCode::INTERNAL_SERVER_ERROR, &[("content-type", "text/html")], "oh"))
        }),
        plan: "rp-initiated-logout",
        module: "oidcc-rp-initiated-logout-no-params",
        condition: "logout-page",
        words: "a page of status 500",
    },
    Wrong {
        what: "the sign-out says nothing of itself",
        twist: Twist::Json(METADATA, |all| {
            all.as_object_mut().unwrap().remove("end_session_endpoint");
        }),
        plan: "rp-initiated-logout",
        module: "oidcc-rp-initiated-logout",
        condition: "end-session-endpoint",
        words: "names no end_session_endpoint",
    },
];

/// Whoever asks to sign out is sent on, whatever he brings.
const fn sent_astray(module: &'static str) -> Wrong {
    Wrong {
        what: "the sign-out sends anywhere",
        twist: ASTRAY,
        plan: "rp-initiated-logout",
        module,
        condition: "logout-stays",
        words: "the browser is sent to https://first.test/goodbye",
    }
}

const ASTRAY: Twist = Twist::Instead(|_, asked| {
    let to = asked.parameter("post_logout_redirect_uri").filter(|_| asked.path == LOGOUT)?;
    Some(answer(StatusCode::SEE_OTHER, &[("location", to)], ""))
});

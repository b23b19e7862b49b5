//! How an application is called back, and whether.

use http::StatusCode;
use http::header::LOCATION;

use super::Wrong;
use crate::conformance::proxy::{AUTHORIZE, SIGN_IN, Twist, answer, with_callback};

pub(super) const ROWS: &[Wrong] = &[
    Wrong {
        what: "state is dropped",
        twist: Twist::Answered(|_, _, answer| {
            with_callback(answer, |all| all.retain(|(name, _)| name != "state"));
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "callback-state",
        words: "did not come back",
    },
    Wrong {
        what: "iss is another's",
        twist: Twist::Answered(|_, _, answer| {
            with_callback(answer, |all| set(all, "iss", "https://other.test"));
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "callback-iss",
        words: "iss of the callback is \"https://other.test\"",
    },
    Wrong {
        what: "the callback says more than is defined",
        twist: Twist::Answered(|_, _, answer| with_callback(answer, |all| set(all, "user", "ada"))),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "callback-parameters",
        words: "nothing defines: ",
    },
    Wrong {
        what: "the password is posted on",
        twist: Twist::Answered(|_, asked, answer| {
            if asked.path == SIGN_IN && answer.status.is_redirection() {
                answer.status = StatusCode::TEMPORARY_REDIRECT;
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "password-stays",
        words: "answered 307",
    },
    Wrong {
        what: "the browser is sent to an address that is not registered",
        twist: Twist::Instead(|_, asked| {
            let to = asked.parameter("redirect_uri").filter(|_| asked.path == AUTHORIZE)?;
            let to = format!("{to}?error=invalid_request");
            to.contains("not-registered").then(|| answer(StatusCode::SEE_OTHER, &[("location", &to)], ""))
        }),
        plan: "oidcc-basic",
        module: "oidcc-ensure-registered-redirect-uri",
        condition: "unregistered-redirect-uri",
        words: "the browser is sent on although",
    },
    Wrong {
        what: "the form posts to an address with the code in its query",
        twist: Twist::Answered(|_, _, answer| {
            let text = answer
                .text()
                .replace("https://first.test/callback\"", "https://first.test/callback?code=1\"");
            answer.body = text.into_bytes();
        }),
        plan: "oidcc-formpost-basic",
        module: "oidcc-server",
        condition: "callback-mode",
        words: "posts to an address that says code as well",
    },
    Wrong {
        what: "response_mode=form_post is overlooked",
        twist: Twist::Asked(|asked| asked.without("response_mode")),
        plan: "oidcc-formpost-basic",
        module: "oidcc-prompt-none-not-logged-in",
        condition: "callback-mode",
        words: "by a redirect although",
    },
    Wrong {
        what: "the form writes state down without care",
        twist: Twist::Answered(|_, _, answer| {
            answer.body = answer.text().replace("&#38;amp;", "&#38;").into_bytes();
        }),
        plan: "oidcc-formpost-basic",
        module: "oidcc-server",
        condition: "callback-state",
        words: "the state came back as",
    },
    Wrong {
        what: "the browser is sent back by 307",
        twist: Twist::Answered(|_, asked, answer| {
            if asked.path != SIGN_IN && answer.location().is_some_and(|to| to.contains(".test/callback")) {
                answer.status = StatusCode::TEMPORARY_REDIRECT;
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "callback-mode",
        words: "sent back by 307",
    },
    Wrong {
        what: "the callback stands in the fragment",
        twist: Twist::Answered(|_, _, answer| {
            if let Some(to) = answer.location().filter(|to| to.contains(".test/callback?")) {
                let to = to.replace('?', "#").parse().unwrap();
                answer.headers.insert(LOCATION, to);
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "callback-mode",
        words: "there is a fragment",
    },
];

fn set(all: &mut Vec<(String, String)>, name: &str, value: &str) {
    all.retain(|(own, _)| own != name);
    all.push((name.to_owned(), value.to_owned()));
}

//! What the demo has to remember between the two halves of a sign-in, sealed in the browser's cookie.

use std::time::Duration;

use grantway_core::base64url;
use grantway_core::pkce::CodeVerifier;
use grantway_core::seam::{Opened, SealContext};
use grantway_core::secret::Secret;
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

use super::Demo;

/// One sign-in under way.
#[derive(Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) code_verifier: String,
}

impl Note {
    pub(super) fn draw(demo: &Demo) -> Self {
        let draw = || Secret::draw(&*demo.parts.entropy, "").expose().to_owned();
        Self { state: draw(), nonce: draw(), code_verifier: draw() }
    }

    pub(super) fn code_challenge(&self) -> Option<String> {
        self.code_verifier.parse::<CodeVerifier>().ok().map(|verifier| verifier.challenge().into())
    }

    /// As a cookie for ten minutes.
    pub(super) fn to_cookie(&self, demo: &Demo) -> Option<HeaderValue> {
        let plain = serde_json::to_vec(self).ok()?;
        let sealed = demo.parts.sealer.seal(&plain, context(demo)).ok()?;
        demo.cookies.set(COOKIE, &Secret::new(base64url::encode(sealed)), Some(LIFETIME))
    }

    /// From the cookie of the browser that comes back.
    pub(super) fn of_cookie(demo: &Demo, headers: &HeaderMap) -> Option<Self> {
        let cookie = demo.cookies.read(headers, COOKIE)?;
        let sealed = base64url::decode(cookie.expose()).ok()?;
        match demo.parts.sealer.open(&sealed, context(demo)).ok()? {
            Opened::Plain(plain) => serde_json::from_slice(&plain).ok(),
            Opened::Refused(_) => None,
        }
    }

    /// A cookie that forgets it: one note, one answer.
    pub(super) fn forget(demo: &Demo) -> Option<HeaderValue> {
        demo.cookies.set(COOKIE, &Secret::new(""), Some(Duration::ZERO))
    }
}

fn context(demo: &Demo) -> SealContext<'_> {
    SealContext { instance: &demo.parts.instance, record: "demo", field: "note" }
}

const COOKIE: &str = "grantway_demo";
const LIFETIME: Duration = Duration::from_mins(10);

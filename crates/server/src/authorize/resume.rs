//! The note that goes along to the sign-in and back: when the person was asked, and what the request
//! left out. Sealed, and bound to the request beside it.

use std::time::Duration;

use grantway_core::base64url;
use grantway_core::digest::sha256;
use grantway_core::http::Form;
use grantway_core::seam::{Opened, SealContext, SeamError};
use grantway_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;

use super::request::Proven;
use crate::addresses::AUTHORIZE;
use crate::parts::ServerParts;

/// Our own note, opened.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Resume {
    asked_at: Timestamp,
    redirect_uri_omitted: bool,
}

impl Resume {
    /// The note of a request that comes back. A forged one, or one of another request, is no note.
    pub(crate) fn of_request(parts: &ServerParts, form: &Form) -> Result<Option<Self>, SeamError> {
        let note = form.one(RESUME).ok().flatten().and_then(|note| base64url::decode(note).ok());
        let Some(sealed) = note else { return Ok(None) };
        let record = record(&request_of(form));
        Ok(match parts.sealer.open(&sealed, context(parts, &record))? {
            Opened::Plain(plain) => serde_json::from_slice(&plain).ok(),
            Opened::Refused(_) => None,
        })
    }

    /// Since when a sign-in counts as the answer to this request's own question.
    pub(crate) fn asked_since(&self, now: Timestamp) -> Option<Timestamp> {
        (self.asked_at.plus(LIFETIME) > now && self.asked_at <= now).then_some(self.asked_at)
    }

    /// Did the client leave the redirect out, before we wrote it in?
    pub(crate) const fn redirect_uri_was_omitted(&self) -> bool {
        self.redirect_uri_omitted
    }

    /// Where the browser comes back after a sign-in: this request with its redirect in any case (the
    /// sign-in page names it in its policy), and a note.
    pub(crate) fn address(
        parts: &ServerParts,
        form: &Form,
        proven: &Proven,
        now: Timestamp,
    ) -> Result<String, SeamError> {
        let mut request = request_of(form);
        if !matches!(form.one("redirect_uri"), Ok(Some(_))) {
            let added =
                Serializer::new(String::new()).append_pair("redirect_uri", &proven.redirect_uri).finish();
            request = format!("{request}&{added}");
        }
        let note = Self { asked_at: now, redirect_uri_omitted: proven.omitted };
        let note = serde_json::to_vec(&note).map_err(|fault| SeamError::broken("resume", fault))?;
        let sealed = parts.sealer.seal(&note, context(parts, &record(&request)))?;
        Ok(format!("{AUTHORIZE}?{request}&{RESUME}={}", base64url::encode(sealed)))
    }
}

/// The request alone, as a query.
fn request_of(form: &Form) -> String {
    form.to_query(&[RESUME, "csrf", "consented"])
}

fn record(request: &str) -> String {
    base64url::encode(sha256(request))
}

fn context<'a>(parts: &'a ServerParts, record: &'a str) -> SealContext<'a> {
    SealContext { instance: &parts.instance, record, field: "resume" }
}

const RESUME: &str = "resume";
/// Longer than anybody looks for a password.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

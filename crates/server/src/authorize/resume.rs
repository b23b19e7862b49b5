//! What a browser carries through a sign-in and back.

use grantway_core::base64url;
use grantway_core::digest::sha256;
use grantway_core::http::Form;
use grantway_core::seam::{Opened, SealContext, SeamError};
use grantway_core::time::Timestamp;
use url::form_urlencoded::byte_serialize;

use super::redirect::AskedRedirect;
use crate::Server;
use crate::addresses::AUTHORIZE;

/// What we want to know again when the browser comes back. Sealed together with the request, so that
/// nobody writes one himself or moves it to another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// When we asked for a sign-in.
    pub(super) asked_at: Timestamp,
    /// Had the request no `redirect_uri` before we put it there?
    pub(super) redirect_omitted: bool,
}

impl Note {
    fn to_bytes(self) -> [u8; 9] {
        let mut bytes = [0; 9];
        bytes[..8].copy_from_slice(&self.asked_at.unix().to_be_bytes());
        bytes[8] = u8::from(self.redirect_omitted);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (asked_at, flag) = bytes.split_first_chunk::<8>()?;
        let [flag @ (0 | 1)] = flag else { return None };
        Some(Self {
            asked_at: Timestamp::from_unix(i64::from_be_bytes(*asked_at)),
            redirect_omitted: *flag == 1,
        })
    }
}

/// The path that asks the same again. It always names the redirect, so that the sign-in page can
/// allow it as the end of its form.
pub(super) fn return_to(server: &Server, redirect: &AskedRedirect, form: &Form) -> Result<String, SeamError> {
    let query = canonical(redirect, form);
    let note = Note { asked_at: server.parts.clock.now(), redirect_omitted: redirect.omitted };
    let sealed = server.parts.sealer.seal(&note.to_bytes(), context(server, &record(&query)))?;
    Ok(format!("{}?{query}&{RESUME}={}", server.addresses.place.at(AUTHORIZE), base64url::encode(sealed)))
}

/// The note of a request, if it has one that we wrote for just this request.
pub(super) fn open(
    server: &Server,
    redirect: &AskedRedirect,
    form: &Form,
) -> Result<Option<Note>, SeamError> {
    let sealed = form.one(RESUME).ok().flatten().and_then(|text| base64url::decode(text).ok());
    let Some(sealed) = sealed else { return Ok(None) };
    let record = record(&canonical(redirect, form));
    match server.parts.sealer.open(&sealed, context(server, &record))? {
        Opened::Plain(plain) => Ok(Note::from_bytes(&plain)),
        // Forged, moved, or sealed before the root key changed: as good as none.
        Opened::Refused(_) => Ok(None),
    }
}

/// The parameters that the consent form sends again.
pub(super) fn carried<'a>(
    redirect: &'a AskedRedirect,
    form: &'a Form,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let dropped = dropped(redirect);
    form.pairs().filter(move |(name, _)| !dropped.contains(name))
}

/// The same as [`carried`], as one text.
pub(super) fn carried_query(redirect: &AskedRedirect, form: &Form) -> String {
    form.to_query(dropped(redirect))
}

/// The request in one spelling, on the way there and on the way back.
fn canonical(redirect: &AskedRedirect, form: &Form) -> String {
    let query = carried_query(redirect, form);
    if redirect.omitted {
        let redirect_uri: String = byte_serialize(redirect.uri.as_bytes()).collect();
        format!("{query}&redirect_uri={redirect_uri}")
    } else {
        query
    }
}

/// Our own parameters, and the redirect where it was we who added it.
fn dropped(redirect: &AskedRedirect) -> &'static [&'static str] {
    const OWN: [&str; 4] = [RESUME, CSRF, CONSENTED, "redirect_uri"];
    if redirect.omitted { &OWN } else { &OWN[..3] }
}

fn record(query: &str) -> String {
    base64url::encode(sha256(query))
}

fn context<'a>(server: &'a Server, record: &'a str) -> SealContext<'a> {
    SealContext { instance: &server.parts.instance, record, field: "resume" }
}

const RESUME: &str = "resume";
pub(super) const CSRF: &str = "csrf";
pub(super) const CONSENTED: &str = "consented";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_survives_its_bytes_and_nothing_else_is_one() {
        for note in [
            Note { asked_at: Timestamp::from_unix(1_767_225_600), redirect_omitted: true },
            Note { asked_at: Timestamp::from_unix(-1), redirect_omitted: false },
        ] {
            assert_eq!(Note::from_bytes(&note.to_bytes()), Some(note));
        }
        for bad in [&[][..], &[0; 8], &[0; 10], &[0, 0, 0, 0, 0, 0, 0, 0, 2]] {
            assert_eq!(Note::from_bytes(bad), None, "{bad:?}");
        }
    }
}

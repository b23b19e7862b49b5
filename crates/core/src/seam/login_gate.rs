use std::fmt::Debug;

use async_trait::async_trait;
use http::{HeaderMap, HeaderValue};

use super::SeamError;
use crate::session::Session;
use crate::time::Timestamp;

/// Knows who sits at the browser, or where to send him to find out.
///
/// Asked by the server where a browser comes; implemented by login, or by an embedder who
/// has a sign-in of his own.
#[async_trait]
pub trait LoginGate: Debug + Send + Sync {
    /// Who is it, as it stands at this moment? Never shows a page itself: the server redirects. It is asked once more
    /// when a code is kept, and tells nobody the code unless that very sign-in, by its `sid`, stands then.
    async fn identify(&self, visit: Visit<'_>) -> Result<Identity, SeamError>;

    /// Ends the sign-in of this browser, if it has one, and returns the `Set-Cookie` headers by which the
    /// browser forgets it. Whoever asks has made sure that the person wants it.
    async fn sign_out(&self, headers: &HeaderMap) -> Result<Vec<HeaderValue>, SeamError>;
}

/// A browser at the door.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// The request's headers, for the cookies.
    pub headers: &'a HeaderMap,
    /// Where the browser returns after a sign-in: path and query on our own origin.
    pub return_to: &'a str,
    /// A sign-in older than this will not do.
    pub authenticated_since: Option<Timestamp>,
    /// A person who neither signed in nor chose her account since then will not do (`prompt=select_account`, OpenID
    /// Connect Core section 3.1.2.1).
    pub chosen_since: Option<Timestamp>,
    /// Who it probably is (OpenID Connect Core section 3.1.2.1), to fill in a form.
    pub login_hint: Option<&'a str>,
    /// Which languages it prefers, as the application sent them (OpenID Connect Core section 3.1.2.1).
    pub ui_locales: Option<&'a str>,
}

impl<'a> Visit<'a> {
    /// By somebody of whom nothing is asked but to be signed in.
    #[must_use]
    pub const fn new(headers: &'a HeaderMap, return_to: &'a str) -> Self {
        Self {
            headers,
            return_to,
            authenticated_since: None,
            chosen_since: None,
            login_hint: None,
            ui_locales: None,
        }
    }
}

/// What the gate knows.
#[derive(Clone, Debug)]
pub enum Identity {
    /// This person is signed in.
    Known(Session),
    /// Nobody is, or not freshly enough, or she has to choose: send the browser to this path on our own origin.
    SignIn(String),
}

//! A small relying party, so that the first start can show a whole sign-in in a browser.
//!
//! It is an ordinary application of the provider: it knows what an application knows and redeems its
//! code at the token endpoint, asking the provider's router within the process.

mod callback;
mod note;
mod page;
mod start;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use grantway_core::http::{CookieStyle, PageShell};
use grantway_core::ids::InstanceId;
use grantway_core::seam::{Entropy, Sealer};

use crate::config::issuer::Issuer;

/// The demo page.
#[derive(Debug)]
pub(crate) struct Demo {
    parts: DemoParts,
    cookies: CookieStyle,
}

/// What it needs.
#[derive(Debug)]
pub(crate) struct DemoParts {
    pub(crate) issuer: Issuer,
    pub(crate) instance: InstanceId,
    pub(crate) entropy: Arc<dyn Entropy>,
    /// Keeps its note in the browser unreadable and unchanged.
    pub(crate) sealer: Arc<dyn Sealer>,
    /// The provider, as it would answer over the network.
    pub(crate) provider: Router,
    pub(crate) pages: PageShell,
}

impl Demo {
    pub(crate) fn new(parts: DemoParts) -> Arc<Self> {
        Arc::new(Self { cookies: CookieStyle::of_issuer(parts.issuer.as_str()), parts })
    }

    pub(crate) fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/demo", get(start::explain))
            .route("/demo/start", get(start::begin))
            .route("/demo/callback", get(callback::receive))
            .with_state(self)
    }

    fn redirect_uri(&self) -> String {
        self.at("/demo/callback")
    }

    /// A whole URL of one of the issuer's paths.
    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.parts.issuer.as_str())
    }
}

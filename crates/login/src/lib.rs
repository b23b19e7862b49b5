#![doc = include_str!("../README.md")]

mod account;
mod addresses;
mod browser;
mod choose_account;
mod eviction;
mod forgot_password;
mod gate;
mod letters;
mod links;
mod messages;
mod outbox;
mod page;
mod parts;
pub mod password;
mod pool;
mod reset_password;
mod return_to;
mod routes;
mod sign_in;
mod sign_out;
mod signed_in;
mod site;
mod speech;
#[cfg(test)]
mod tests;
mod underway;
mod verify_email;
mod visitation;
mod visitor;
mod waiting;

use std::sync::Arc;

use axum::Router;
use grantway_core::error::Malformed;
use grantway_core::seam::SeamError;

pub use crate::parts::{AccountPage, LoginParts, Recovery};
pub use crate::sign_in::{ACR_PASSWORD, SESSION_LIFETIME};

use crate::outbox::Outbox;
use crate::page::Pages;
use crate::password::Passwords;
use crate::site::Site;
use crate::underway::Underway;

/// The sign-in of one issuer: hand it to the server as its
/// [`LoginGate`](grantway_core::seam::LoginGate), and put its pages beside the server's.
#[derive(Debug)]
pub struct Login {
    parts: LoginParts,
    site: Site,
    pages: Pages,
    passwords: Passwords,
    underway: Underway,
    outbox: Outbox,
}

impl Login {
    /// Refuses an issuer that is not an `https` or `http` URL: no form could come from its origin.
    pub fn new(parts: LoginParts) -> Result<Arc<Self>, Malformed> {
        Self::with(parts, Passwords::new())
    }

    fn with(parts: LoginParts, passwords: Passwords) -> Result<Arc<Self>, Malformed> {
        let site: Site = parts.issuer.parse()?;
        let pages = Pages::new(parts.pages.clone(), &site);
        Ok(Arc::new(Self { site, pages, passwords, underway: Underway::new(), outbox: Outbox::new(), parts }))
    }

    /// The pages `/sign-in`, `/choose-account`, `/signed-in` and `/sign-out`; `/account`, if it may be; and `/forgot-password`,
    /// `/reset-password` and `/verify-email`, if mail can be sent. All of them below the issuer's path, if it has one.
    pub fn router(self: &Arc<Self>) -> Router {
        routes::router(Arc::clone(self))
    }

    /// Tells the operator what broke behind us where there is no page to say so.
    pub(crate) fn note(&self, breakdown: &SeamError) {
        self.parts.audit.record(breakdown.into());
    }

    /// Returns when nothing is under way: what people began is done, and what waits for another attempt to be sent was
    /// tried once more. Before the program ends; whoever awaits it decides for how long.
    pub async fn finish(&self) {
        self.underway.drain().await;
        self.outbox.drain().await;
    }
}

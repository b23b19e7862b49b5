#![doc = include_str!("../README.md")]

mod gate;
mod messages;
mod page;
mod parts;
pub mod password;
mod pool;
mod return_to;
mod routes;
mod sign_in;
mod sign_out;
mod signed_in;
mod site;
mod speech;
#[cfg(test)]
mod tests;
mod visitation;
mod visitor;

use std::sync::Arc;

use axum::Router;
use grantway_core::error::Malformed;

pub use crate::parts::LoginParts;
pub use crate::sign_in::{ACR_PASSWORD, SESSION_LIFETIME};

use crate::page::Pages;
use crate::password::Passwords;
use crate::site::Site;

/// The sign-in of one issuer: hand it to the server as its
/// [`LoginGate`](grantway_core::seam::LoginGate), and put its pages beside the server's.
#[derive(Debug)]
pub struct Login {
    parts: LoginParts,
    site: Site,
    pages: Pages,
    passwords: Passwords,
}

impl Login {
    /// Refuses an issuer that is not an `https` or `http` URL: no form could come from its origin.
    pub fn new(parts: LoginParts) -> Result<Arc<Self>, Malformed> {
        Self::with(parts, Passwords::new())
    }

    fn with(parts: LoginParts, passwords: Passwords) -> Result<Arc<Self>, Malformed> {
        Ok(Arc::new(Self { site: parts.issuer.parse()?, pages: Pages::new(), passwords, parts }))
    }

    /// The pages `/sign-in`, `/signed-in` and `/sign-out`.
    pub fn router(self: &Arc<Self>) -> Router {
        routes::router(Arc::clone(self))
    }
}

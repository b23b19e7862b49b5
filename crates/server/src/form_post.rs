//! A form that the browser posts by itself, or with a button where scripts do not run: an answer to an
//! application (OAuth 2.0 Form Post Response Mode), or a request that has to come from one of our own pages.

use askama::Template;
use grantway_core::http::Reply;
use grantway_core::seam::SeamError;

use crate::Server;

/// The page, and what it says on top.
#[derive(Debug, Template)]
#[template(path = "form_post.html")]
pub(crate) struct FormPost<'a> {
    pub(crate) title: &'a str,
    pub(crate) action: &'a str,
    pub(crate) parameters: Vec<(&'a str, &'a str)>,
}

impl FormPost<'_> {
    pub(crate) fn page(&self, server: &Server) -> Result<Reply, SeamError> {
        server.pages.submitting(self.title, self)
    }
}

//! A form that the browser posts by itself, or with a button where scripts do not run: an answer to an
//! application (OAuth 2.0 Form Post Response Mode), or a request that has to come from one of our own pages.

use askama::Template;
use grantway_core::http::{Language, Reply};
use grantway_core::seam::SeamError;

use crate::Server;
use crate::messages::Messages;

/// What is posted and where, and what the page says on top.
#[derive(Debug)]
pub(crate) struct FormPost<'a> {
    pub(crate) title: &'a str,
    pub(crate) action: &'a str,
    pub(crate) parameters: Vec<(&'a str, &'a str)>,
}

impl FormPost<'_> {
    pub(crate) fn page(&self, server: &Server, language: Language) -> Result<Reply, SeamError> {
        let Self { title, action, ref parameters } = *self;
        let page = FormPostPage { say: Messages::of(language), title, action, parameters };
        server.pages.submitting(language, title, &page)
    }
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPostPage<'a> {
    say: &'static Messages,
    title: &'a str,
    action: &'a str,
    parameters: &'a [(&'a str, &'a str)],
}

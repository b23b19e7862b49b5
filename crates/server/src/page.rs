//! The pages of a request that cannot be answered by a redirect.

use askama::Template;
use grantway_core::http::Reply;
use grantway_core::seam::SeamError;
use http::StatusCode;

use crate::Server;
use crate::error::Breakdown;

/// What went wrong, and what whoever reads it can do.
#[derive(Template)]
#[template(path = "refused.html")]
pub(crate) struct Refused<'a> {
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    /// For the developer of the application.
    pub(crate) hint: Option<&'a str>,
    /// Where the person may begin again.
    pub(crate) again: Option<&'a str>,
}

impl Refused<'_> {
    pub(crate) fn reply(&self, server: &Server, status: StatusCode) -> Reply {
        // Rendering writes into memory; should it fail all the same, the status is the answer.
        match self.render() {
            Ok(main) => server.shell.page(status, self.title, &main),
            Err(_) => Reply::empty(status),
        }
    }
}

/// A part behind us broke down, and nobody is known to whom a redirect could say so.
pub(crate) fn breakdown(server: &Server, breakdown: &SeamError) -> Reply {
    server.note(breakdown);
    let page = Refused {
        title: "Something is broken on our side",
        text: "You did nothing wrong. Please try again in a moment; whoever runs this service can read in \
               its log what happened.",
        hint: None,
        again: None,
    };
    page.reply(server, Breakdown::of(breakdown).status)
}

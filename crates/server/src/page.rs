//! The pages that are no form: a person stands where no application can be told.

use askama::Template;
use grantway_core::http::{PageShell, Reply};
use grantway_core::seam::{SeamError, SeamErrorKind};
use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};

/// Renders templates into whole pages.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    shell: PageShell,
}

/// A page of a few words.
#[derive(Template)]
#[template(path = "notice.html")]
pub(crate) struct Notice<'a> {
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    /// For whoever wrote the application.
    pub(crate) detail: Option<&'a str>,
}

impl Pages {
    pub(crate) fn new() -> Self {
        Self { shell: PageShell::new() }
    }

    /// A whole page; its form, if any, may end at `form_target` besides our own origin.
    pub(crate) fn render(
        &self,
        title: &str,
        main: &impl Template,
        form_target: Option<&str>,
    ) -> Result<Reply, SeamError> {
        let main = main.render().map_err(|fault| SeamError::broken("page", fault))?;
        Ok(self.shell.page_with_form_target(StatusCode::OK, title, &main, form_target))
    }

    /// A whole page that posts its form by itself.
    pub(crate) fn submitting(&self, title: &str, main: &impl Template) -> Result<Reply, SeamError> {
        let main = main.render().map_err(|fault| SeamError::broken("page", fault))?;
        Ok(self.shell.page_that_submits(title, &main))
    }

    pub(crate) fn notice(&self, status: StatusCode, notice: &Notice<'_>) -> Reply {
        match notice.render() {
            Ok(main) => self.shell.page(status, notice.title, &main),
            Err(_) => Reply::empty(status),
        }
    }

    /// Says what a person can do about it; what broke is for the log.
    pub(crate) fn breakdown(&self, breakdown: &SeamError) -> Reply {
        match breakdown.kind {
            SeamErrorKind::Unavailable => {
                let notice = Notice {
                    title: "This does not work right now",
                    text: "Please try again in a moment.",
                    detail: Some("temporarily_unavailable"),
                };
                self.notice(StatusCode::SERVICE_UNAVAILABLE, &notice)
                    .with(RETRY_AFTER, HeaderValue::from_static("2"))
            }
            SeamErrorKind::Broken => {
                let notice = Notice {
                    title: "Something is broken on our side",
                    text: "You did nothing wrong. Whoever runs this service can read in its log what happened.",
                    detail: Some("server_error"),
                };
                self.notice(StatusCode::INTERNAL_SERVER_ERROR, &notice)
            }
        }
    }
}

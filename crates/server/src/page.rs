//! The pages that are no form: a person stands where no application can be told.

use askama::Template;
use grantway_core::http::{Language, Page, PageShell, Reply};
use grantway_core::seam::{SeamError, SeamErrorKind};
use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};

use crate::messages::Messages;

/// Renders templates into whole pages.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    shell: PageShell,
}

/// A page of a few words.
pub(crate) struct Notice<'a> {
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    /// For whoever wrote the application, in English.
    pub(crate) detail: Option<&'a str>,
}

impl Pages {
    pub(crate) const fn new(shell: PageShell) -> Self {
        Self { shell }
    }

    /// A whole page; its form, if any, may end at `form_target` besides our own origin.
    pub(crate) fn render(
        &self,
        language: Language,
        title: &str,
        main: &impl Template,
        form_target: Option<&str>,
    ) -> Result<Reply, SeamError> {
        let main = main.render().map_err(|fault| SeamError::broken("page", fault))?;
        let page = Page { language, status: StatusCode::OK, title, main: &main };
        Ok(self.shell.page_with_form_target(&page, form_target))
    }

    /// A whole page that posts its form by itself.
    pub(crate) fn submitting(
        &self,
        language: Language,
        title: &str,
        main: &impl Template,
    ) -> Result<Reply, SeamError> {
        let main = main.render().map_err(|fault| SeamError::broken("page", fault))?;
        Ok(self.shell.page_that_submits(&Page { language, status: StatusCode::OK, title, main: &main }))
    }

    pub(crate) fn notice(&self, language: Language, status: StatusCode, notice: &Notice<'_>) -> Reply {
        match (NoticePage { say: Messages::of(language), notice }).render() {
            Ok(main) => self.shell.page(&Page { language, status, title: notice.title, main: &main }),
            Err(_) => Reply::empty(status),
        }
    }

    /// Says what a person can do about it; what broke is for the log.
    pub(crate) fn breakdown(&self, language: Language, breakdown: &SeamError) -> Reply {
        let say = Messages::of(language);
        match breakdown.kind {
            SeamErrorKind::Unavailable => {
                let notice = Notice {
                    title: say.unavailable_title,
                    text: say.unavailable,
                    detail: Some("temporarily_unavailable"),
                };
                self.notice(language, StatusCode::SERVICE_UNAVAILABLE, &notice)
                    .with(RETRY_AFTER, HeaderValue::from_static("2"))
            }
            SeamErrorKind::Broken => {
                let notice =
                    Notice { title: say.broken_title, text: say.broken, detail: Some("server_error") };
                self.notice(language, StatusCode::INTERNAL_SERVER_ERROR, &notice)
            }
        }
    }
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    say: &'static Messages,
    notice: &'a Notice<'a>,
}

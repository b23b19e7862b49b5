//! The pages that are not a form: what went wrong, and the way back.

use askama::Template;
use grantway_core::audit::{Audit, Event};
use grantway_core::http::{FormFault, PageShell, Reply};
use grantway_core::seam::{SeamError, SeamErrorKind};
use http::header::{ALLOW, HeaderValue, RETRY_AFTER};
use http::{Method, StatusCode};

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
    /// Where to go from here.
    pub(crate) onward: Option<Onward<'a>>,
}

/// A way out of a notice.
#[derive(Clone, Copy)]
pub(crate) struct Onward<'a> {
    pub(crate) address: &'a str,
    pub(crate) label: &'static str,
}

/// Why a request gets no page of its own.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The query or the form cannot be read.
    Form(FormFault),
    /// The body is not a form.
    NotAForm,
    /// A part behind us broke down.
    Seam(SeamError),
}

impl Pages {
    pub(crate) fn new() -> Self {
        Self { shell: PageShell::new() }
    }

    /// A whole page; its form, if any, may end at `form_target` besides our own origin.
    pub(crate) fn render(
        &self,
        status: StatusCode,
        title: &str,
        main: &impl Template,
        form_target: Option<&str>,
    ) -> Result<Reply, SeamError> {
        let main = main.render().map_err(|fault| SeamError::broken("sign-in page", fault))?;
        Ok(self.shell.page_with_form_target(status, title, &main, form_target))
    }

    pub(crate) fn notice(&self, status: StatusCode, notice: &Notice<'_>) -> Reply {
        self.render(status, notice.title, notice, None).unwrap_or_else(|_| Reply::empty(status))
    }

    /// Says what a person can do about it; tells the operator what broke.
    pub(crate) fn trouble(&self, trouble: Trouble, audit: &dyn Audit) -> Reply {
        let (status, title, text) = match &trouble {
            Trouble::Form(FormFault::TooLarge) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "Too much was sent",
                "What your browser sent is longer than anything this page asks for.",
            ),
            Trouble::Form(FormFault::Encoding | FormFault::Repeated(_) | FormFault::RepeatedOther) => (
                StatusCode::BAD_REQUEST,
                "This request cannot be read",
                "Please go back to the application and sign in from there again.",
            ),
            Trouble::NotAForm => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "This request cannot be read",
                "This address takes the form of the sign-in page and nothing else.",
            ),
            Trouble::Seam(SeamError { kind: SeamErrorKind::Unavailable, .. }) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Signing in does not work right now",
                "Please try again in a moment.",
            ),
            Trouble::Seam(SeamError { kind: SeamErrorKind::Broken, .. }) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something is broken on our side",
                "You did nothing wrong. Whoever runs this service can read in its log what happened.",
            ),
        };
        if let Trouble::Seam(breakdown) = trouble {
            audit.record(Event::Breakdown { part: breakdown.part, detail: breakdown.to_string() });
        }
        let reply = self.notice(status, &Notice { title, text, onward: None });
        if status == StatusCode::SERVICE_UNAVAILABLE { retry_soon(reply) } else { reply }
    }

    /// The address exists, the method does not (RFC 9110 section 15.5.6).
    pub(crate) fn method_not_allowed(&self, method: &Method, allowed: &'static str) -> Reply {
        let text = format!("{method} is not understood at this address.");
        let notice = Notice {
            title: "This does not work here",
            text: &text,
            onward: Some(Onward { address: "/sign-in", label: "Go to sign-in" }),
        };
        self.notice(StatusCode::METHOD_NOT_ALLOWED, &notice).with(ALLOW, HeaderValue::from_static(allowed))
    }
}

/// Asks to come again when the queue has moved on.
pub(crate) fn retry_soon(reply: Reply) -> Reply {
    reply.with(RETRY_AFTER, HeaderValue::from_static("2"))
}

impl From<FormFault> for Trouble {
    fn from(fault: FormFault) -> Self {
        Self::Form(fault)
    }
}

impl From<SeamError> for Trouble {
    fn from(breakdown: SeamError) -> Self {
        Self::Seam(breakdown)
    }
}

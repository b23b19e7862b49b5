//! The pages that are not a form: what went wrong, and the way back.

use askama::Template;
use grantway_core::audit::Audit;
use grantway_core::http::{FormFault, Page, PageShell, Reply};
use grantway_core::seam::{SeamError, SeamErrorKind};
use http::header::{ALLOW, HeaderValue, RETRY_AFTER};
use http::{Method, StatusCode};

use crate::addresses;
use crate::site::Site;
use crate::speech::Speech;

/// Renders templates into whole pages.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    shell: PageShell,
    /// Where the sign-in is.
    sign_in: String,
}

/// What is said of a page before it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    pub(crate) status: StatusCode,
    pub(crate) title: &'a str,
    /// Where its form may end besides our own origin.
    pub(crate) form_target: Option<&'a str>,
}

impl<'a> Head<'a> {
    pub(crate) const fn of(status: StatusCode, title: &'a str) -> Self {
        Self { status, title, form_target: None }
    }
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
    pub(crate) fn new(shell: PageShell, site: &Site) -> Self {
        Self { shell, sign_in: site.place.at(addresses::SIGN_IN) }
    }

    /// A whole page.
    pub(crate) fn render(
        &self,
        speech: Speech,
        head: Head<'_>,
        main: &impl Template,
    ) -> Result<Reply, SeamError> {
        let Head { status, title, form_target } = head;
        // Whoever hears the page hears its title first: that what she sent came back.
        let again = (status == StatusCode::UNPROCESSABLE_ENTITY).then(|| (speech.say().again_title)(title));
        let title = again.as_deref().unwrap_or(title);
        let main = main.render().map_err(|fault| SeamError::broken("sign-in page", fault))?;
        let page = Page { language: speech.language, status, title, main: &main };
        Ok(self.shell.page_with_form_target(&page, form_target))
    }

    pub(crate) fn notice(&self, speech: Speech, status: StatusCode, notice: &Notice<'_>) -> Reply {
        self.render(speech, Head::of(status, notice.title), notice).unwrap_or_else(|_| Reply::empty(status))
    }

    /// Says what a person can do about it; tells the operator what broke.
    pub(crate) fn trouble(&self, speech: Speech, trouble: Trouble, audit: &dyn Audit) -> Reply {
        let say = speech.say();
        let (status, title, text) = match &trouble {
            Trouble::Form(FormFault::TooLarge) => {
                (StatusCode::PAYLOAD_TOO_LARGE, say.too_much_title, say.too_much)
            }
            Trouble::Form(FormFault::Encoding | FormFault::Repeated(_) | FormFault::RepeatedOther) => {
                (StatusCode::BAD_REQUEST, say.unreadable_title, say.unreadable)
            }
            Trouble::NotAForm => (StatusCode::UNSUPPORTED_MEDIA_TYPE, say.unreadable_title, say.not_a_form),
            Trouble::Seam(SeamError { kind: SeamErrorKind::Unavailable, .. }) => {
                (StatusCode::SERVICE_UNAVAILABLE, say.unavailable_title, say.unavailable)
            }
            Trouble::Seam(SeamError { kind: SeamErrorKind::Broken, .. }) => {
                (StatusCode::INTERNAL_SERVER_ERROR, say.broken_title, say.broken)
            }
        };
        if let Trouble::Seam(breakdown) = trouble {
            audit.record((&breakdown).into());
        }
        let reply = self.notice(speech, status, &Notice { title, text, onward: None });
        if status == StatusCode::SERVICE_UNAVAILABLE { retry_soon(reply) } else { reply }
    }

    /// The address exists, the method does not (RFC 9110 section 15.5.6).
    pub(crate) fn method_not_allowed(&self, speech: Speech, method: &Method, allowed: &'static str) -> Reply {
        let say = speech.say();
        let notice = Notice {
            title: say.wrong_method_title,
            text: &(say.wrong_method)(method.as_str()),
            onward: Some(Onward { address: &self.sign_in, label: say.go_to_sign_in }),
        };
        self.notice(speech, StatusCode::METHOD_NOT_ALLOWED, &notice)
            .with(ALLOW, HeaderValue::from_static(allowed))
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

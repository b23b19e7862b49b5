//! Which finding a test that failed comes to.

use grantway_core::reply::{ErrorReply, Member, Tolerance, Unreadable, place_alone};
use grantway_core::seam::FetchFaultKind;
use http::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use http::{HeaderName, StatusCode};

use super::{Finding, SecretPlace};
use crate::connection_test::exchange::{Exchange, ExchangeFault};
use crate::connection_test::reply::ReplyFault;
use crate::connection_test::settings::{Authentication, ConnectionSettings};
use crate::connection_test::shown::Veil;

/// What a client makes of the answer that makes allowances.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::connection_test) struct Allowing<'a> {
    /// The error that it reads.
    pub(in crate::connection_test) said: Option<&'a ErrorReply>,
    /// Does it find a token?
    pub(in crate::connection_test) found: bool,
    /// What is odd about the answer.
    pub(in crate::connection_test) odd: &'a [Tolerance],
}

impl Finding {
    /// Of a test that failed.
    pub(in crate::connection_test) fn of(
        settings: &ConnectionSettings,
        exchange: &Exchange,
        allowing: Allowing<'_>,
        veil: &Veil,
    ) -> Option<Self> {
        let fault = exchange.outcome.as_ref().err()?;
        Some(match fault {
            ExchangeFault::Assertion(why) => Self::AssertionNotMade { why: veil.show(why) },
            ExchangeFault::Request(why) => Self::UrlUnusable { why: veil.show(why) },
            ExchangeFault::TooLong => Self::ReplyTooLong,
            ExchangeFault::Unanswered { fault, .. } => unanswered(fault.kind),
            ExchangeFault::Status(status) => {
                let answer = exchange.posted.as_ref().and_then(|posted| posted.answer.as_ref().ok());
                let headers = answer.map(http::Response::headers);
                by_status(*status, headers, veil)
                    .or_else(|| by_error(settings, *status, allowing.said, veil))
                    .unwrap_or_else(|| otherwise(*status, headers, allowing.odd))
            }
            ExchangeFault::Reply(fault) => unread(fault, allowing, veil),
        })
    }
}

const fn unanswered(kind: FetchFaultKind) -> Finding {
    match kind {
        FetchFaultKind::Name => Finding::NameUnknown,
        FetchFaultKind::Address => Finding::AddressRefused,
        FetchFaultKind::Connection => Finding::ConnectionRefused,
        FetchFaultKind::Tls => Finding::CertificateNotTrusted,
        FetchFaultKind::Timeout => Finding::TimedOut,
        FetchFaultKind::Url | FetchFaultKind::TooLarge | FetchFaultKind::Protocol => Finding::NotHttp,
    }
}

/// What is said without a body.
fn by_status(status: StatusCode, headers: Option<&HeaderMap>, veil: &Veil) -> Option<Finding> {
    if status.is_redirection() {
        let to = header(headers, &LOCATION).map(|to| veil.show(&place_alone(to)));
        return Some(Finding::Redirected { to });
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        let wait = header(headers, &RETRY_AFTER).map(|wait| veil.show(wait));
        return Some(Finding::RateLimited { wait });
    }
    if header(headers, &HeaderName::from_static("cf-mitigated")).is_some() {
        return Some(Finding::BotChallenge);
    }
    (status == StatusCode::UNSUPPORTED_MEDIA_TYPE).then_some(Finding::BodyFormatRefused)
}

fn by_error(
    settings: &ConnectionSettings,
    status: StatusCode,
    said: Option<&ErrorReply>,
    veil: &Veil,
) -> Option<Finding> {
    let error = said.and_then(|said| said.error.as_deref());
    let description = said.and_then(|said| said.error_description.as_deref());
    let words = description.map(|words| veil.show(words));
    match error {
        Some("invalid_client") => Some(client_refused(settings, description.unwrap_or_default())),
        None if status == StatusCode::UNAUTHORIZED => {
            Some(client_refused(settings, description.unwrap_or_default()))
        }
        Some("invalid_scope") => Some(Finding::ScopeRefused { words }),
        Some("unauthorized_client" | "unsupported_grant_type") => Some(Finding::GrantRefused { words }),
        Some("invalid_target") => Some(Finding::AudienceRefused { words }),
        Some("access_denied") => Some(Finding::AccessDenied { words }),
        Some("invalid_request") => Some(Finding::RequestRefused { words }),
        Some("invalid_grant") => Some(match settings.authentication {
            Authentication::ClientAssertion(_) => Finding::GrantInvalid { words },
            // There is nothing else that could be a grant.
            Authentication::SharedSecret(_) | Authentication::SharedSecretBasic(_) => {
                Finding::GrantRefused { words }
            }
        }),
        Some(_) | None => None,
    }
}

fn client_refused(settings: &ConnectionSettings, words: &str) -> Finding {
    match &settings.authentication {
        Authentication::SharedSecret(secret) if ragged(secret.expose()) => Finding::BlanksAround,
        Authentication::SharedSecretBasic(secret) if ragged(secret.expose()) => Finding::BlanksAround,
        _ if ragged(&settings.client_id) => Finding::BlanksAround,
        // Of Microsoft Entra ID.
        Authentication::SharedSecret(_) | Authentication::SharedSecretBasic(_)
            if words.contains("AADSTS7000222") =>
        {
            Finding::SecretExpired
        }
        Authentication::SharedSecret(secret) | Authentication::SharedSecretBasic(secret)
            if is_guid(secret.expose()) =>
        {
            Finding::SecretIdForValue
        }
        Authentication::SharedSecret(_) => Finding::ClientRefused { sent: SecretPlace::Body },
        Authentication::SharedSecretBasic(_) => Finding::ClientRefused { sent: SecretPlace::Header },
        // RFC 7523 section 3.
        Authentication::ClientAssertion(assertion)
            if assertion.issuer != settings.client_id || assertion.subject != settings.client_id =>
        {
            Finding::AssertionAboutAnother
        }
        Authentication::ClientAssertion(_) => Finding::AssertionRefused,
    }
}

fn otherwise(status: StatusCode, headers: Option<&HeaderMap>, would_help: &[Tolerance]) -> Finding {
    if status.is_server_error() {
        Finding::ProviderTrouble { status }
    } else if header(headers, &CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html")) {
        Finding::HtmlForJson
    } else if status.is_success() && !would_help.is_empty() {
        Finding::StatusOdd { status }
    } else {
        Finding::Refused { status }
    }
}

fn unread(fault: &ReplyFault, allowing: Allowing<'_>, veil: &Veil) -> Finding {
    match fault {
        ReplyFault::Body(Unreadable::Html) => Finding::HtmlForJson,
        ReplyFault::Body(why) => Finding::ReplyUnreadable { why: veil.show(&why.to_string()) },
        ReplyFault::NoToken(_) => {
            let elsewhere = allowing.odd.iter().find_map(|tolerance| match tolerance {
                Tolerance::RenamedMember { member: Member::AccessToken, found }
                | Tolerance::NestedMember { member: Member::AccessToken, found } => Some(&**found),
                _ => None,
            });
            match allowing.said {
                // Nothing is odd about one that lies where the standard has it.
                _ if allowing.found => {
                    let at = elsewhere.unwrap_or(Member::AccessToken.as_str());
                    Finding::TokenElsewhere { at: veil.show(at) }
                }
                Some(said) => {
                    let error = said.error.as_deref().map(|error| veil.show(error));
                    Finding::ErrorInSuccess { error }
                }
                None => Finding::TokenMissing,
            }
        }
        ReplyFault::Unsendable(_) => Finding::TokenUnsendable,
    }
}

fn header<'a>(headers: Option<&'a HeaderMap>, name: &HeaderName) -> Option<&'a str> {
    headers?.get(name)?.to_str().ok()
}

fn ragged(text: &str) -> bool {
    text.trim() != text || (text.len() > 1 && text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']))
}

fn is_guid(text: &str) -> bool {
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

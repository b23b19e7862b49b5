//! What is the matter, what it means, and how to mend it.

use grantway_core::reply::{ErrorReply, Tolerance, Unreadable};
use grantway_core::seam::FetchFaultKind;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use serde::Serialize;

use super::exchange::{Exchange, ExchangeFault};
use super::reply::ReplyFault;
use super::settings::{Authentication, ConnectionSettings};
use super::shown::Veil;

/// The most likely reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its name, for a program.
    pub id: &'static str,
    /// What it means, for people.
    pub means: String,
    /// What to do.
    pub remedy: String,
}

impl Finding {
    fn new(id: &'static str, means: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { id, means: means.into(), remedy: remedy.into() }
    }

    /// Of a test that failed.
    pub(super) fn of(
        settings: &ConnectionSettings,
        exchange: &Exchange,
        (said, would_help): (Option<&ErrorReply>, &[Tolerance]),
        veil: &Veil,
    ) -> Option<Self> {
        let fault = exchange.outcome.as_ref().err()?;
        let headers = exchange
            .posted
            .as_ref()
            .and_then(|posted| posted.answer.as_ref().ok())
            .map(http::Response::headers);
        Some(match fault {
            ExchangeFault::Assertion(why) => Self::new(
                "assertion_not_made",
                format!("The client assertion could not be made: {}.", veil.show(why)),
                "Mend signing_key and signing_algorithm: EC keys with x, y and d for ES256, ES384 or ES512, RSA keys \
                 with n, e, d, p and q for RS and PS, each member base64url without padding.",
            ),
            ExchangeFault::Request(why) => Self::new(
                "url_unusable",
                format!("The url is no address that can be asked: {}.", veil.show(why)),
                "Give the whole address of the token endpoint, beginning with https://.",
            ),
            ExchangeFault::TooLong => Self::new(
                "reply_too_long",
                "The answer is longer than any token endpoint's.",
                "See whether the url is that of the token endpoint, and not of a page or a file.",
            ),
            ExchangeFault::Unanswered { fault, .. } => unanswered(fault.kind),
            ExchangeFault::Status(status) => refused((settings, *status), headers, (said, would_help), veil),
            ExchangeFault::Reply(fault) => unread(fault, said, would_help, veil),
        })
    }
}

fn unanswered(kind: FetchFaultKind) -> Finding {
    match kind {
        FetchFaultKind::Name => Finding::new(
            "name_unknown",
            "Nobody knows the host of the url.",
            "Look for a slip in the host, and whether the name is known outside of your own network.",
        ),
        FetchFaultKind::Address => Finding::new(
            "address_refused",
            "The url leads to an address that may not be asked from here.",
            "Use an address of the public internet, or have the operator add the network to [outbound] allow.",
        ),
        FetchFaultKind::Connection => Finding::new(
            "connection_refused",
            "Nobody listens at that address and port.",
            "Look at the port, and whether a firewall lets this service through.",
        ),
        FetchFaultKind::Tls => Finding::new(
            "certificate_not_trusted",
            "The provider's certificate is expired, for another name, or signed by nobody who is trusted; or an \
             intermediate certificate is not sent along.",
            "Have the provider send its whole chain; for an authority of your own, have the operator add it by \
             [outbound] ca_bundle. Never switch the check off.",
        ),
        FetchFaultKind::Timeout => Finding::new(
            "timed_out",
            "The provider did not answer in time.",
            "Try again; if it stays so, a firewall may swallow the connection, or the provider has trouble.",
        ),
        FetchFaultKind::Url | FetchFaultKind::TooLarge | FetchFaultKind::Protocol => Finding::new(
            "not_http",
            "What came is no answer of HTTP, or broke off.",
            "Look at scheme and port: https is asked at 443 unless the url says otherwise.",
        ),
    }
}

fn refused(
    (settings, status): (&ConnectionSettings, StatusCode),
    headers: Option<&HeaderMap>,
    (said, would_help): (Option<&ErrorReply>, &[Tolerance]),
    veil: &Veil,
) -> Finding {
    let header =
        |name: &str| headers.and_then(|headers| headers.get(name)).and_then(|value| value.to_str().ok());
    let error = said.and_then(|said| said.error.as_deref());
    let words = said.and_then(|said| said.error_description.as_deref()).unwrap_or_default();
    if status.is_redirection() {
        let to = header(LOCATION.as_str())
            .unwrap_or("another address")
            .split(['?', '#'])
            .next()
            .unwrap_or_default();
        return Finding::new(
            "redirected",
            format!(
                "The provider sends the request on to {}. It is not followed: the secret would go along.",
                veil.show(to)
            ),
            "If that is where the token endpoint is, put it into url: often it is http for https, a missing www, or a \
             slash at the end.",
        );
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        let wait = header(RETRY_AFTER.as_str())
            .map(|wait| format!(" (Retry-After: {})", veil.show(wait)))
            .unwrap_or_default();
        return Finding::new(
            "rate_limited",
            format!("The provider was asked too often{wait}."),
            "Wait as long as it says, and keep tokens until shortly before they end.",
        );
    }
    if header("cf-mitigated").is_some() {
        return Finding::new(
            "bot_challenge",
            "A guard before the provider takes this service for a robot.",
            "Have the provider let its token endpoint through without a challenge.",
        );
    }
    if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return Finding::new(
            "body_format_refused",
            "The provider does not take a form.",
            "RFC 6749 has forms; a provider that wants JSON needs a client that knows it.",
        );
    }
    if matches!(error, Some("invalid_client")) || (status == StatusCode::UNAUTHORIZED && error.is_none()) {
        return client_refused(settings, words);
    }
    if let Some(finding) = error.and_then(|error| by_error(error, &veil.show(words))) {
        return finding;
    }
    if status.is_server_error() {
        return Finding::new(
            "provider_trouble",
            format!("The provider has trouble of its own: it answered with status {}.", status.as_u16()),
            "Try again later; if it stays so, ask the provider.",
        );
    }
    if header(CONTENT_TYPE.as_str()).is_some_and(|kind| kind.starts_with("text/html")) {
        return html();
    }
    if status.is_success() && !would_help.is_empty() {
        return Finding::new(
            "status_odd",
            format!("A token may have come, but with status {} and not 200.", status.as_u16()),
            "Clients that go by RFC 6749 section 5.1 take 200 alone: ask the provider to send it.",
        );
    }
    Finding::new(
        "refused",
        format!("The provider refused, with status {}.", status.as_u16()),
        "See what it says under provider, and look it up in its documentation.",
    )
}

fn client_refused(settings: &ConnectionSettings, words: &str) -> Finding {
    match &settings.authentication {
        Authentication::SharedSecret(secret) if ragged(secret.expose()) => blanks(),
        Authentication::SharedSecretBasic(secret) if ragged(secret.expose()) => blanks(),
        _ if ragged(&settings.client_id) => blanks(),
        Authentication::SharedSecret(_) if words.contains("AADSTS7000222") => Finding::new(
            "secret_expired",
            "The client secret has expired.",
            "Make a new one at the provider, and put it wherever the old one was.",
        ),
        Authentication::SharedSecret(secret) if is_guid(secret.expose()) => Finding::new(
            "secret_id_for_value",
            "What stands in client_secret looks like the name of a secret and not like the secret.",
            "Copy the value of the secret; the provider shows it once, when it is made.",
        ),
        Authentication::SharedSecret(_) => Finding::new(
            "client_refused",
            "The provider does not know this client_id, or not with this secret; or it wants the secret in the header.",
            "Compare both with the provider's, in the right tenant and environment; then try shared_secret_basic.",
        ),
        Authentication::SharedSecretBasic(_) => Finding::new(
            "client_refused",
            "The provider does not know this client_id, or not with this secret; or it wants the secret in the body.",
            "Compare both with the provider's, in the right tenant and environment; then try shared_secret.",
        ),
        Authentication::ClientAssertion(assertion)
            if assertion.issuer != settings.client_id || assertion.subject != settings.client_id =>
        {
            Finding::new(
                "assertion_about_another",
                "The assertion is refused, and its issuer or subject is not the client_id.",
                "Set issuer and subject to the client_id (RFC 7523 section 3).",
            )
        }
        Authentication::ClientAssertion(_) => Finding::new(
            "assertion_refused",
            "The provider does not take the assertion: it does not know the key by its kid, wants another aud, or its \
             clock is behind ours.",
            "Publish the public key under that kid, and wait for the provider to read it; then set assertion_audience to \
             the provider's issuer.",
        ),
    }
}

fn by_error(error: &str, words: &str) -> Option<Finding> {
    let words = if words.is_empty() { String::new() } else { format!(" It says: {words}") };
    Some(match error {
        "invalid_scope" => Finding::new(
            "scope_refused",
            format!("The provider does not give this client one of the scopes.{words}"),
            "Compare each with the provider's list: the spelling, the separator, and whether the client may have it.",
        ),
        "unauthorized_client" | "unsupported_grant_type" => Finding::new(
            "grant_refused",
            format!("The client may not use this grant_type at the provider.{words}"),
            "Switch client credentials on for the client at the provider; many have it only for applications of a \
             certain kind.",
        ),
        "invalid_target" | "access_denied" => Finding::new(
            "audience_refused",
            format!("The provider does not give tokens for this audience to this client.{words}"),
            "Compare audience with the name that the API has at the provider, and authorize the client for it there.",
        ),
        "invalid_request" => Finding::new(
            "request_refused",
            format!("The provider misses a parameter, or takes one amiss.{words}"),
            "See in its documentation which parameters its token endpoint wants: often audience or scope is missing.",
        ),
        "invalid_grant" => Finding::new(
            "grant_invalid",
            format!("The provider takes the assertion for invalid.{words}"),
            "Look at the clock of this machine, at kid, and at aud.",
        ),
        _ => return None,
    })
}

fn unread(fault: &ReplyFault, said: Option<&ErrorReply>, would_help: &[Tolerance], veil: &Veil) -> Finding {
    match fault {
        ReplyFault::Body(Unreadable::Html) => html(),
        ReplyFault::Body(why) => Finding::new(
            "reply_unreadable",
            format!(
                "The provider answered something that is no JSON object: {}.",
                veil.show(&why.to_string())
            ),
            "See whether the url is that of the token endpoint, and what stands under provider.excerpt.",
        ),
        ReplyFault::NoToken(_) => {
            let elsewhere = would_help.iter().find_map(|tolerance| match tolerance {
                Tolerance::RenamedMember { found, .. } | Tolerance::NestedMember { found, .. } => Some(found),
                _ => None,
            });
            match (elsewhere, said) {
                (Some(found), _) => Finding::new(
                    "token_elsewhere",
                    format!("There is a token, and it lies at {found}."),
                    format!("Set field_mapping.access_token to {found:?}."),
                ),
                (None, Some(said)) => Finding::new(
                    "error_in_success",
                    format!(
                        "The provider answered with status 200, and with an error in it: {}.",
                        veil.show(said.error.as_deref().unwrap_or("it does not say which"))
                    ),
                    "Mend what it says; its status means nothing.",
                ),
                (None, None) => Finding::new(
                    "token_missing",
                    "The answer holds no token under that name.",
                    "Set field_mapping.access_token to the name that the provider uses, or to a JSON Pointer.",
                ),
            }
        }
        ReplyFault::Unsendable { .. } => Finding::new(
            "token_unsendable",
            "There are characters in it that no header can carry, such as a line break.",
            "That is for the provider to mend; or field_mapping names another text than the token.",
        ),
    }
}

fn html() -> Finding {
    Finding::new(
        "html_for_json",
        "The provider answered with a page: of a sign-in, of an error, or of a guard before it.",
        "Put the address of the token endpoint into url, as the provider's metadata or documentation has it.",
    )
}

fn blanks() -> Finding {
    Finding::new(
        "blanks_around",
        "The provider refused, and there are blanks, line breaks or quotes around client_id or client_secret.",
        "Take them away: they come along when one copies.",
    )
}

fn ragged(text: &str) -> bool {
    text.trim() != text || (text.len() > 1 && text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']))
}

fn is_guid(text: &str) -> bool {
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

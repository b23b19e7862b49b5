//! What a client can do about a token that it did not get.

use http::StatusCode;

use crate::seam::FetchFaultKind;
use crate::time::Timestamp;

/// Who has to do something, and what. There is one remedy for each, and a program can decide by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureClass {
    /// The grant is gone, or the person is needed: send her to the provider again.
    Reauthorize,
    /// The client, the request or an address is set up wrongly: trying again will not help before somebody mends it.
    Config,
    /// Asked too often. Not before this time, if the provider named one.
    RateLimited {
        /// When it may be tried again.
        until: Option<Timestamp>,
    },
    /// It may work a moment later.
    Transient,
    /// The provider answered something that is no answer by any reading: its operator has to look, or a preset has to
    /// learn a new oddity.
    Quirk,
}

impl FailureClass {
    /// The class in one word, as logs and `--json` have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reauthorize => "reauthorize",
            Self::Config => "config",
            Self::RateLimited { .. } => "rate_limited",
            Self::Transient => "transient",
            Self::Quirk => "quirk",
        }
    }

    /// Of an `error` that a token endpoint names: RFC 6749 section 5.2, RFC 6750 section 3.1, RFC 8628 section 3.5, RFC 8707 section 2, and
    /// the words of providers that have their own. `grant` says whether the request spent something that a person
    /// had granted: a code, a refresh or a device code. None if nobody here knows the word.
    ///
    /// ```
    /// # use grantway_core::failure::FailureClass;
    /// assert_eq!(FailureClass::of_error("invalid_grant", true), Some(FailureClass::Reauthorize));
    /// assert_eq!(FailureClass::of_error("invalid_client", true), Some(FailureClass::Config));
    /// ```
    #[must_use]
    pub fn of_error(error: &str, grant: bool) -> Option<Self> {
        Some(match error {
            // Without a person's grant it is an assertion that was refused, or the clock.
            // RFC 6750 section 3.1: or a token that somebody was given to set the client up.
            "invalid_grant" | "invalid_token" | "insufficient_scope" if !grant => Self::Config,
            "invalid_grant"
            | "invalid_token"
            | "insufficient_scope"
            | "access_denied"
            | "expired_token"
            | "interaction_required"
            | "login_required"
            | "consent_required"
            | "insufficient_user_authentication"
            | "unmet_authentication_requirements"
            // GitHub: docs.github.com, "Troubleshooting OAuth app access token request errors".
            | "bad_verification_code"
            | "bad_refresh_token"
            | "unverified_user_email"
            // Slack: docs.slack.dev, oauth.v2.access.
            | "invalid_code"
            | "code_already_used"
            | "invalid_refresh_token"
            | "token_expired"
            | "token_revoked"
            | "account_inactive"
            // Twitch: dev.twitch.tv, "Refreshing Access Tokens" and "Getting OAuth Access Tokens".
            | "invalid refresh token"
            | "invalid authorization code" => Self::Reauthorize,
            "invalid_client"
            | "invalid_request"
            | "invalid_scope"
            | "invalid_target"
            | "invalid_authorization_details"
            | "invalid_dpop_proof"
            | "unauthorized_client"
            | "unsupported_grant_type"
            | "unsupported_response_type"
            | "unsupported_token_type"
            | "invalid_client_metadata"
            | "invalid_redirect_uri"
            | "access_token_scope_insufficient"
            // GitHub.
            | "incorrect_client_credentials"
            | "redirect_uri_mismatch"
            | "incorrect_device_code"
            | "device_flow_disabled"
            // Slack.
            | "bad_client_secret"
            | "bad_redirect_uri"
            | "invalid_client_id"
            // Zoho: zoho.com/accounts/protocol/oauth.
            | "invalid_client_secret"
            | "general_error" => Self::Config,
            // `slow_down` is RFC 8628 section 3.5; the others are what providers say with or without a 429.
            "slow_down" | "rate_limited" | "ratelimited" | "rate_limit_exceeded" | "too_many_requests" => {
                Self::RateLimited { until: None }
            }
            "authorization_pending" | "server_error" | "temporarily_unavailable" | "internal_failure" => Self::Transient,
            _ => return None,
        })
    }

    /// Of an answer that names no `error` anybody knows.
    #[must_use]
    pub fn of_status(status: StatusCode, retry_at: Option<Timestamp>) -> Self {
        match status.as_u16() {
            429 => Self::RateLimited { until: retry_at },
            503 if retry_at.is_some() => Self::RateLimited { until: retry_at },
            408 | 409 | 423 | 425 | 500..=599 => Self::Transient,
            // A redirect says that the address is another.
            300..=499 => Self::Config,
            _ => Self::Quirk,
        }
    }

    /// Of a request that got no answer.
    #[must_use]
    pub const fn of_fetch(fault: FetchFaultKind) -> Self {
        match fault {
            FetchFaultKind::Url | FetchFaultKind::Address | FetchFaultKind::Tls => Self::Config,
            FetchFaultKind::Name
            | FetchFaultKind::Connection
            | FetchFaultKind::Timeout
            | FetchFaultKind::Protocol => Self::Transient,
            FetchFaultKind::TooLarge => Self::Quirk,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_of_the_standards_says_what_to_do() {
        for (error, with_grant, without) in [
            ("invalid_grant", FailureClass::Reauthorize, FailureClass::Config),
            ("invalid_token", FailureClass::Reauthorize, FailureClass::Config),
            ("invalid_client", FailureClass::Config, FailureClass::Config),
            ("invalid_scope", FailureClass::Config, FailureClass::Config),
            ("temporarily_unavailable", FailureClass::Transient, FailureClass::Transient),
            (
                "slow_down",
                FailureClass::RateLimited { until: None },
                FailureClass::RateLimited { until: None },
            ),
        ] {
            assert_eq!(FailureClass::of_error(error, true), Some(with_grant), "{error}");
            assert_eq!(FailureClass::of_error(error, false), Some(without), "{error}");
        }
        assert_eq!(FailureClass::of_error("invalid_gran", true), None);
    }

    #[test]
    fn a_status_alone_says_who_has_to_do_something() {
        let later = Some(Timestamp::from_unix(9));
        for (status, retry_at, class) in [
            (301, None, FailureClass::Config),
            (401, None, FailureClass::Config),
            (404, None, FailureClass::Config),
            (423, None, FailureClass::Transient),
            (429, later, FailureClass::RateLimited { until: later }),
            (429, None, FailureClass::RateLimited { until: None }),
            (500, None, FailureClass::Transient),
            (503, later, FailureClass::RateLimited { until: later }),
            (503, None, FailureClass::Transient),
            (200, None, FailureClass::Quirk),
        ] {
            assert_eq!(FailureClass::of_status(StatusCode::from_u16(status).unwrap(), retry_at), class);
        }
    }
}

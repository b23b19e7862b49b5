//! What is the matter, what it means, and how to mend it.

mod cause;

use grantway_core::http::Language;
use http::StatusCode;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

pub(super) use self::cause::Allowing;
use super::shown::Shown;
use crate::messages::FindingMessages;

/// The most likely reason. Written for a program it is its name and its words in English.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The client could not make the assertion.
    AssertionNotMade {
        /// Why not.
        why: Shown,
    },
    /// The URL is no address.
    UrlUnusable {
        /// Why not.
        why: Shown,
    },
    /// The answer is longer than what is read.
    ReplyTooLong,
    /// There is no such host.
    NameUnknown,
    /// It is an address that may not be asked.
    AddressRefused,
    /// Nobody listens there.
    ConnectionRefused,
    /// Whoever listens there does not prove who he is.
    CertificateNotTrusted,
    /// It took too long.
    TimedOut,
    /// What came is no HTTP.
    NotHttp,
    /// The provider sends elsewhere.
    Redirected {
        /// Where to, if it can be read.
        to: Option<Shown>,
    },
    /// The provider was asked too often.
    RateLimited {
        /// Its `Retry-After`.
        wait: Option<Shown>,
    },
    /// A guard wants to see a browser.
    BotChallenge,
    /// The provider takes no form.
    BodyFormatRefused,
    /// The provider has trouble of its own.
    ProviderTrouble {
        /// Its status.
        status: StatusCode,
    },
    /// Perhaps there is a token, and the status is not 200.
    StatusOdd {
        /// This one.
        status: StatusCode,
    },
    /// The provider refused, and nothing more is known.
    Refused {
        /// Its status.
        status: StatusCode,
    },
    /// The secret has expired.
    SecretExpired,
    /// The secret's name was given in its place.
    SecretIdForValue,
    /// The client is not known, or not by this secret.
    ClientRefused {
        /// Where the secret was.
        sent: SecretPlace,
    },
    /// The assertion is not about the client.
    AssertionAboutAnother,
    /// The assertion does not prove who the client is.
    AssertionRefused,
    /// A scope is not given.
    ScopeRefused {
        /// What the provider says to that.
        words: Option<Shown>,
    },
    /// The grant is not given.
    GrantRefused {
        /// What the provider says to that.
        words: Option<Shown>,
    },
    /// The audience is not given.
    AudienceRefused {
        /// What the provider says to that.
        words: Option<Shown>,
    },
    /// The client is known, and gets nothing.
    AccessDenied {
        /// What the provider says to that.
        words: Option<Shown>,
    },
    /// A parameter is missing, or is not what it has to be.
    RequestRefused {
        /// What the provider says to that.
        words: Option<Shown>,
    },
    /// The assertion is not taken as a grant.
    GrantInvalid {
        /// What the provider says to that.
        words: Option<Shown>,
    },
    /// A page came.
    HtmlForJson,
    /// No JSON object came.
    ReplyUnreadable {
        /// What is wrong with it.
        why: Shown,
    },
    /// The token has another name.
    TokenElsewhere {
        /// Where it is.
        at: Shown,
    },
    /// An error came with the status of a token.
    ErrorInSuccess {
        /// Which.
        error: Option<Shown>,
    },
    /// There is no token.
    TokenMissing,
    /// No header could carry it.
    TokenUnsendable,
    /// Something was copied with what stood around it.
    BlanksAround,
}

/// Where a client shows its secret (RFC 6749 section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are named after the parts of a request")]
pub enum SecretPlace {
    Body,
    Header,
}

impl Finding {
    /// Its name, for a program.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::AssertionNotMade { .. } => "assertion_not_made",
            Self::UrlUnusable { .. } => "url_unusable",
            Self::ReplyTooLong => "reply_too_long",
            Self::NameUnknown => "name_unknown",
            Self::AddressRefused => "address_refused",
            Self::ConnectionRefused => "connection_refused",
            Self::CertificateNotTrusted => "certificate_not_trusted",
            Self::TimedOut => "timed_out",
            Self::NotHttp => "not_http",
            Self::Redirected { .. } => "redirected",
            Self::RateLimited { .. } => "rate_limited",
            Self::BotChallenge => "bot_challenge",
            Self::BodyFormatRefused => "body_format_refused",
            Self::ProviderTrouble { .. } => "provider_trouble",
            Self::StatusOdd { .. } => "status_odd",
            Self::Refused { .. } => "refused",
            Self::SecretExpired => "secret_expired",
            Self::SecretIdForValue => "secret_id_for_value",
            Self::ClientRefused { .. } => "client_refused",
            Self::AssertionAboutAnother => "assertion_about_another",
            Self::AssertionRefused => "assertion_refused",
            Self::ScopeRefused { .. } => "scope_refused",
            Self::GrantRefused { .. } => "grant_refused",
            Self::AudienceRefused { .. } => "audience_refused",
            Self::AccessDenied { .. } => "access_denied",
            Self::RequestRefused { .. } => "request_refused",
            Self::GrantInvalid { .. } => "grant_invalid",
            Self::HtmlForJson => "html_for_json",
            Self::ReplyUnreadable { .. } => "reply_unreadable",
            Self::TokenElsewhere { .. } => "token_elsewhere",
            Self::ErrorInSuccess { .. } => "error_in_success",
            Self::TokenMissing => "token_missing",
            Self::TokenUnsendable => "token_unsendable",
            Self::BlanksAround => "blanks_around",
        }
    }

    /// What it means, for people.
    #[must_use]
    pub fn means(&self, language: Language) -> String {
        let say = FindingMessages::of(language);
        let with = |means: &str, words: &Option<Shown>| match words {
            Some(words) => format!("{means} {}", (say.it_says)(words)),
            None => means.to_owned(),
        };
        match self {
            Self::AssertionNotMade { why } => (say.assertion_not_made)(why),
            Self::UrlUnusable { why } => (say.url_unusable)(why),
            Self::ReplyTooLong => say.reply_too_long.to_owned(),
            Self::NameUnknown => say.name_unknown.to_owned(),
            Self::AddressRefused => say.address_refused.to_owned(),
            Self::ConnectionRefused => say.connection_refused.to_owned(),
            Self::CertificateNotTrusted => say.certificate_not_trusted.to_owned(),
            Self::TimedOut => say.timed_out.to_owned(),
            Self::NotHttp => say.not_http.to_owned(),
            Self::Redirected { to: Some(to) } => (say.redirected)(to),
            Self::Redirected { to: None } => say.redirected_somewhere.to_owned(),
            Self::RateLimited { wait: Some(wait) } => (say.rate_limited_until)(wait),
            Self::RateLimited { wait: None } => say.rate_limited.to_owned(),
            Self::BotChallenge => say.bot_challenge.to_owned(),
            Self::BodyFormatRefused => say.body_format_refused.to_owned(),
            Self::ProviderTrouble { status } => (say.provider_trouble)(status.as_str()),
            Self::StatusOdd { status } => (say.status_odd)(status.as_str()),
            Self::Refused { status } => (say.refused)(status.as_str()),
            Self::SecretExpired => say.secret_expired.to_owned(),
            Self::SecretIdForValue => say.secret_id_for_value.to_owned(),
            Self::ClientRefused { sent: SecretPlace::Body } => say.client_refused_in_the_body.to_owned(),
            Self::ClientRefused { sent: SecretPlace::Header } => say.client_refused_in_the_header.to_owned(),
            Self::AssertionAboutAnother => say.assertion_about_another.to_owned(),
            Self::AssertionRefused => say.assertion_refused.to_owned(),
            Self::ScopeRefused { words } => with(say.scope_refused, words),
            Self::GrantRefused { words } => with(say.grant_refused, words),
            Self::AudienceRefused { words } => with(say.audience_refused, words),
            Self::AccessDenied { words } => with(say.access_denied, words),
            Self::RequestRefused { words } => with(say.request_refused, words),
            Self::GrantInvalid { words } => with(say.grant_invalid, words),
            Self::HtmlForJson => say.html_for_json.to_owned(),
            Self::ReplyUnreadable { why } => (say.reply_unreadable)(why),
            Self::TokenElsewhere { at } => (say.token_elsewhere)(at),
            Self::ErrorInSuccess { error: Some(error) } => (say.error_in_success)(error),
            Self::ErrorInSuccess { error: None } => say.error_in_success_unnamed.to_owned(),
            Self::TokenMissing => say.token_missing.to_owned(),
            Self::TokenUnsendable => say.token_unsendable.to_owned(),
            Self::BlanksAround => say.blanks_around.to_owned(),
        }
    }

    /// What to do.
    #[must_use]
    pub fn remedy(&self, language: Language) -> String {
        let say = FindingMessages::of(language);
        let remedy = match self {
            Self::TokenElsewhere { at } => return (say.name_where_it_lies)(&format!("{:?}", &**at)),
            Self::AssertionNotMade { .. } => say.mend_the_key,
            Self::UrlUnusable { .. } => say.give_the_whole_address,
            Self::ReplyTooLong => say.see_whether_it_is_the_endpoint,
            Self::NameUnknown => say.look_for_a_slip,
            Self::AddressRefused => say.use_a_public_address,
            Self::ConnectionRefused => say.look_at_the_port,
            Self::CertificateNotTrusted => say.send_the_whole_chain,
            Self::TimedOut => say.try_again,
            Self::NotHttp => say.look_at_the_scheme,
            Self::Redirected { .. } => say.put_it_into_url,
            Self::RateLimited { .. } => say.wait_and_keep_tokens,
            Self::BotChallenge => say.let_the_endpoint_through,
            Self::BodyFormatRefused => say.forms_are_the_standard,
            Self::ProviderTrouble { .. } => say.try_again_later,
            Self::StatusOdd { .. } => say.ask_for_200,
            Self::Refused { .. } => say.look_it_up,
            Self::SecretExpired => say.make_a_new_secret,
            Self::SecretIdForValue => say.copy_the_value,
            Self::ClientRefused { sent: SecretPlace::Body } => say.compare_then_try_the_header,
            Self::ClientRefused { sent: SecretPlace::Header } => say.compare_then_try_the_body,
            Self::AssertionAboutAnother => say.set_issuer_and_subject,
            Self::AssertionRefused => say.publish_the_key,
            Self::ScopeRefused { .. } => say.compare_the_scopes,
            Self::GrantRefused { .. } => say.switch_the_grant_on,
            Self::AudienceRefused { .. } => say.compare_the_audience,
            Self::AccessDenied { .. } => say.give_it_the_rights,
            Self::RequestRefused { .. } => say.see_which_parameters,
            Self::GrantInvalid { .. } => say.look_at_the_clock,
            Self::HtmlForJson => say.put_the_endpoint_into_url,
            Self::ReplyUnreadable { .. } => say.see_the_excerpt,
            Self::ErrorInSuccess { .. } => say.mend_what_it_says,
            Self::TokenMissing => say.name_the_member,
            Self::TokenUnsendable => say.provider_mends_it,
            Self::BlanksAround => say.take_them_away,
        };
        remedy.to_owned()
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Finding", 3)?;
        members.serialize_field("id", self.id())?;
        members.serialize_field("means", &self.means(Language::En))?;
        members.serialize_field("remedy", &self.remedy(Language::En))?;
        members.end()
    }
}

#[cfg(test)]
mod tests;

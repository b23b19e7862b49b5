//! What may be odd about a reply.

use std::fmt;

use http::StatusCode;

use super::concealed::Hidden;
use super::policy::Member;
use crate::secret::Secret;

/// One way in which a reply is not as RFC 6749 section 5.1 has it, and was understood nevertheless. As text it is a
/// sentence for an operator; it shows no token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tolerance {
    /// The body is a form and no JSON.
    FormEncoded,
    /// A byte order mark leads the JSON, which RFC 8259 section 8.1 forbids.
    ByteOrderMark,
    /// It is JSON by another name.
    ContentTypeOdd {
        /// What it says that it is; absent if it says nothing.
        found: Option<String>,
    },
    /// Another status than the standard has there: 200 for success, 400 or 401 for an error.
    StatusOdd {
        /// This one.
        status: StatusCode,
    },
    /// An error with a status that means success.
    ErrorInSuccess,
    /// An error beside a good token; the token was taken.
    ErrorBesideToken {
        /// The error.
        error: String,
    },
    /// The error is no word but a JSON object.
    ErrorNested,
    /// Under another name.
    RenamedMember {
        /// What was looked for.
        member: Member,
        /// Where it was.
        found: String,
    },
    /// Not at the top of the document.
    NestedMember {
        /// What was looked for.
        member: Member,
        /// Where it was, as a JSON Pointer (RFC 6901).
        found: String,
    },
    /// There is no `token_type`: `Bearer` it is.
    TokenTypeMissing,
    /// A `token_type` that no standard knows and that providers mean `Bearer` by.
    TokenTypeOdd {
        /// This one.
        found: String,
    },
    /// There are blanks around the access token.
    TokenBlanks,
    /// `expires_in` is a text.
    ExpiryString,
    /// `expires_in` has a fraction; it was rounded up.
    ExpiryFloat,
    /// It is no span but a time, in seconds or milliseconds since 1970.
    ExpiryAbsolute,
    /// It is no span but a time as ISO 8601 writes it.
    ExpiryIso,
    /// It counts milliseconds.
    ExpiryMilliseconds,
    /// It is nothing that can be understood, as if it were not there.
    ExpiryUnreadable,
    /// It was over before the token came.
    ExpiryPast,
    /// No expiry was named; the token, which is a JWT, names its own.
    ExpiryOfToken,
    /// `scope` is an array.
    ScopeArray,
    /// Commas are between the scopes.
    ScopeCommas,
    /// `scope` is nothing that can be understood, as if it were not there.
    ScopeUnreadable,
    /// A key was shown, and the token is not bound to it.
    TokenUnbound,
    /// `expires_in` is zero, and nothing came that could renew the token: it means never.
    ExpiryZero,
    /// An ID token that came with a renewal is not to be believed, as if it were not there.
    IdTokenLeftOut {
        /// Which rule it breaks.
        why: String,
    },
}

impl Tolerance {
    /// Takes those out of what the provider said: some repeat what they were sent.
    pub fn conceal(&mut self, secrets: &[Secret]) {
        self.go_without(&Hidden::of(secrets));
    }

    pub(super) fn go_without(&mut self, hidden: &Hidden) {
        match self {
            Self::ErrorBesideToken { error: said }
            | Self::ContentTypeOdd { found: Some(said) }
            | Self::RenamedMember { found: said, .. }
            | Self::NestedMember { found: said, .. }
            | Self::TokenTypeOdd { found: said }
            | Self::IdTokenLeftOut { why: said } => *said = hidden.conceal(said),
            Self::FormEncoded
            | Self::ByteOrderMark
            | Self::ContentTypeOdd { found: None }
            | Self::StatusOdd { .. }
            | Self::ErrorInSuccess
            | Self::ErrorNested
            | Self::TokenTypeMissing
            | Self::TokenBlanks
            | Self::ExpiryString
            | Self::ExpiryFloat
            | Self::ExpiryAbsolute
            | Self::ExpiryIso
            | Self::ExpiryMilliseconds
            | Self::ExpiryUnreadable
            | Self::ExpiryPast
            | Self::ExpiryOfToken
            | Self::ScopeArray
            | Self::ScopeCommas
            | Self::ScopeUnreadable
            | Self::TokenUnbound
            | Self::ExpiryZero => {}
        }
    }

    /// What is odd about a `token_type`, if anything is; absent it means `Bearer`.
    #[must_use]
    pub fn of_token_type(found: Option<&str>) -> Option<Self> {
        match found {
            None => Some(Self::TokenTypeMissing),
            Some(found) if KNOWN_TYPES.iter().any(|own| own.eq_ignore_ascii_case(found)) => None,
            Some(found) => Some(Self::TokenTypeOdd { found: found.to_owned() }),
        }
    }

    /// In one word, as `--json` and reports have it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::FormEncoded => "form_encoded",
            Self::ByteOrderMark => "byte_order_mark",
            Self::ContentTypeOdd { .. } => "content_type_odd",
            Self::StatusOdd { .. } => "status_odd",
            Self::ErrorInSuccess => "error_in_success",
            Self::ErrorBesideToken { .. } => "error_beside_token",
            Self::ErrorNested => "error_nested",
            Self::RenamedMember { .. } => "renamed_member",
            Self::NestedMember { .. } => "nested_member",
            Self::TokenTypeMissing => "token_type_missing",
            Self::TokenTypeOdd { .. } => "token_type_odd",
            Self::TokenBlanks => "token_blanks",
            Self::ExpiryString => "expiry_string",
            Self::ExpiryFloat => "expiry_float",
            Self::ExpiryAbsolute => "expiry_absolute",
            Self::ExpiryIso => "expiry_iso",
            Self::ExpiryMilliseconds => "expiry_milliseconds",
            Self::ExpiryUnreadable => "expiry_unreadable",
            Self::ExpiryPast => "expiry_past",
            Self::ExpiryOfToken => "expiry_of_token",
            Self::ScopeArray => "scope_array",
            Self::ScopeCommas => "scope_commas",
            Self::ScopeUnreadable => "scope_unreadable",
            Self::TokenUnbound => "token_unbound",
            Self::ExpiryZero => "expiry_zero",
            Self::IdTokenLeftOut { .. } => "id_token_left_out",
        }
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FormEncoded => f.write_str("the body is form-encoded and no JSON"),
            Self::ByteOrderMark => f.write_str("a byte order mark leads the JSON"),
            Self::ContentTypeOdd { found: Some(found) } => {
                write!(f, "the content type is {found:?} and not application/json")
            }
            Self::ContentTypeOdd { found: None } => f.write_str("there is no content type"),
            Self::StatusOdd { status } => {
                write!(f, "the status is {status}, which the standard does not have here")
            }
            Self::ErrorInSuccess => f.write_str("the status says success and the body an error"),
            Self::ErrorBesideToken { error } => write!(f, "the error {error:?} stands beside a token"),
            Self::ErrorNested => f.write_str("the error is an object and no word"),
            Self::RenamedMember { member, found } => write!(f, "{member} is named {found:?}"),
            Self::NestedMember { member, found } => write!(f, "{member} stands at {found}"),
            Self::TokenTypeMissing => f.write_str("there is no token_type"),
            Self::TokenTypeOdd { found } => write!(f, "the token_type is {found:?}, which no standard knows"),
            Self::TokenBlanks => f.write_str("there are blanks around the access token"),
            Self::ExpiryString => f.write_str("expires_in is a text"),
            Self::ExpiryFloat => f.write_str("expires_in has a fraction"),
            Self::ExpiryAbsolute => f.write_str("the expiry is a time and no span"),
            Self::ExpiryIso => f.write_str("the expiry is a time in ISO 8601"),
            Self::ExpiryMilliseconds => f.write_str("the expiry counts milliseconds"),
            Self::ExpiryUnreadable => f.write_str("the expiry cannot be understood"),
            Self::ExpiryPast => f.write_str("the token has expired as it comes"),
            Self::ExpiryOfToken => f.write_str("no expiry is named, and the token itself names one"),
            Self::ScopeArray => f.write_str("scope is an array"),
            Self::ScopeCommas => f.write_str("commas are between the scopes"),
            Self::ScopeUnreadable => f.write_str("scope cannot be understood"),
            Self::TokenUnbound => f.write_str("the token is not bound to the key that was shown"),
            Self::ExpiryZero => {
                f.write_str("expires_in is zero, and there is no refresh token: it means never")
            }
            Self::IdTokenLeftOut { why } => write!(f, "a new ID token was left out: {why}"),
        }
    }
}

/// Of RFC 6750, RFC 9449 and RFC 8693; case makes no difference (RFC 6749 section 5.1).
pub(super) const KNOWN_TYPES: [&str; 3] = ["Bearer", "DPoP", "N_A"];

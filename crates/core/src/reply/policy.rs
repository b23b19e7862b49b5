//! How much of a reply may be odd.

use std::fmt;

/// How a token endpoint's reply is read: strictly, as most providers need it, or as one of them does.
///
/// ```
/// use grantway_core::reply::{Member, ReplyPolicy};
///
/// let own = ReplyPolicy::lenient().found_at(Member::AccessToken, "/result/token");
/// assert!(ReplyPolicy::preset("slack").is_some());
/// # let _ = own;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyPolicy {
    strict: bool,
    /// Where somebody says that members lie, the first that is there counting.
    places: Vec<(Member, String)>,
    unit: ExpiryUnit,
    zero_is_never: bool,
}

/// A member of a token response (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the standards', which say what they mean")]
pub enum Member {
    AccessToken,
    TokenType,
    ExpiresIn,
    RefreshToken,
    Scope,
    IdToken,
}

/// What an expiry counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ExpiryUnit {
    #[default]
    Seconds,
    Milliseconds,
    Minutes,
    Hours,
}

impl ReplyPolicy {
    /// What RFC 6749 section 5.1 says, and nothing else.
    #[must_use]
    pub const fn strict() -> Self {
        Self { strict: true, places: Vec::new(), unit: ExpiryUnit::Seconds, zero_is_never: false }
    }

    /// What providers are known to do is understood, and told.
    #[must_use]
    pub const fn lenient() -> Self {
        Self { strict: false, places: Vec::new(), unit: ExpiryUnit::Seconds, zero_is_never: false }
    }

    /// The lenient policy with what one provider does besides that nobody can guess; none if that provider needs
    /// nothing of the kind.
    #[must_use]
    pub fn preset(provider: &str) -> Option<Self> {
        Some(match provider {
            // docs.slack.dev, oauth.v2.access: the person's token and not that of the bot.
            "slack" => Self::lenient().found_at(Member::AccessToken, "/authed_user/access_token"),
            // mailchimp.com/developer, "Access Data on Behalf of Other Users with OAuth 2".
            "mailchimp" => Self::lenient().zero_is_never(),
            _ => return None,
        })
    }

    /// A member is looked for here first, under the strict policy too: a JSON Pointer (RFC 6901), or a name at the top of the document.
    ///
    /// What goes with an access token that lies deeper is looked for beside it. If there is no access token where it is
    /// said to be, there is none.
    ///
    /// A text that begins with `/` is a pointer, unless a member has exactly that name.
    #[must_use]
    pub fn found_at(mut self, member: Member, place: impl Into<String>) -> Self {
        self.places.insert(0, (member, place.into()));
        self
    }

    /// The expiry counts these.
    #[must_use]
    pub const fn expiry_unit(mut self, unit: ExpiryUnit) -> Self {
        self.unit = unit;
        self
    }

    /// An expiry of zero is none.
    #[must_use]
    pub const fn zero_is_never(mut self) -> Self {
        self.zero_is_never = true;
        self
    }

    pub(super) const fn is_strict(&self) -> bool {
        self.strict
    }

    pub(super) const fn unit(&self) -> ExpiryUnit {
        self.unit
    }

    pub(super) const fn zero_means_never(&self) -> bool {
        self.zero_is_never
    }

    pub(super) fn named_places(&self, member: Member) -> impl Iterator<Item = &str> {
        self.places.iter().filter(move |(own, _)| *own == member).map(|(_, place)| place.as_str())
    }
}

impl Default for ReplyPolicy {
    fn default() -> Self {
        Self::lenient()
    }
}

impl Member {
    /// The name as the standards have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::TokenType => "token_type",
            Self::ExpiresIn => "expires_in",
            Self::RefreshToken => "refresh_token",
            Self::Scope => "scope",
            Self::IdToken => "id_token",
        }
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ExpiryUnit {
    /// How many milliseconds one is.
    pub(super) const fn milliseconds(self) -> u32 {
        match self {
            Self::Milliseconds => 1,
            Self::Seconds => 1000,
            Self::Minutes => 60_000,
            Self::Hours => 3_600_000,
        }
    }
}

/// Where providers put things; see the constructed replies of `tests/fixtures/provider_replies.json`.
pub(super) const OFTEN_AT: &[(Member, &str)] = &[
    (Member::AccessToken, "accessToken"),
    (Member::AccessToken, "token"),
    (Member::AccessToken, "/authed_user/access_token"),
    (Member::AccessToken, "/data/access_token"),
    (Member::TokenType, "tokenType"),
    (Member::ExpiresIn, "expiresIn"),
    (Member::ExpiresIn, "expires_at"),
    (Member::ExpiresIn, "expiresAt"),
    (Member::ExpiresIn, "expires_on"),
    (Member::ExpiresIn, "expiresOn"),
    (Member::ExpiresIn, "expires"),
    (Member::RefreshToken, "refreshToken"),
    (Member::Scope, "scopes"),
    (Member::IdToken, "idToken"),
];

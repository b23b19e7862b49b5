use serde::Deserialize;

use super::endpoint::Endpoint;

/// One way in which a provider differs from the standards, or from what a client expects of them. Each is
/// somebody's provider; the page that is named says whose, or which rule it is that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Fault {
    /// The token endpoint answers form-encoded, errors included
    /// (docs.github.com: "By default, the response takes the following form").
    FormBody,
    /// Errors come with HTTP 200, as `{"ok":false,"error":…}`, and tokens with `"ok":true` (docs.slack.dev).
    OkFalse200,
    /// Errors come with HTTP 200, as `{"error":…}` (docs.github.com, "Troubleshooting OAuth app access token
    /// request errors").
    Error200,
    /// `expires_in` is a string (ramosbugs/oauth2-rs#85).
    StringExpiry,
    /// `expires_in` is a number with a fraction (RFC 8259 section 6 knows one kind of number alone).
    FloatExpiry,
    /// `expires_in` is a point in time, in seconds since 1970 (quarkusio/quarkus#20915).
    EpochExpiry,
    /// `expires_in` is a point in time, as RFC 3339 writes it (airbytehq/airbyte#19752).
    IsoExpiry,
    /// `expires_in` counts milliseconds (the catalogue of NangoHQ/nango has one of those).
    MsExpiry,
    /// `expires_at`, in seconds since 1970, stands in the place of `expires_in` (oauthlib's word for it).
    ExpiresAt,
    /// No lifetime is named (help.salesforce.com, web server flow).
    NoExpiry,
    /// `token_type` is missing (ramosbugs/oauth2-rs#234).
    NoType,
    /// `token_type` is `bot`, which means a bearer token (docs.slack.dev).
    OddType,
    /// `token_type` is `mac`, which a client that sends bearer tokens cannot use (RFC 6749 section 7.1).
    UnknownType,
    /// Everything about the token stands in `authed_user` (docs.slack.dev, user tokens).
    Nested,
    /// The access token is called `accessToken` (camel case, as RFC 6749 section 5.1 does not have it).
    Renamed,
    /// `scope` is an array (dev.twitch.tv/docs/authentication).
    ScopeArray,
    /// The body begins with a byte order mark, which RFC 8259 section 8.1 forbids.
    ByteOrderMark,
    /// Success is HTTP 201 (RFC 6749 section 5.1 has 200).
    Status201,
    /// A JSON text that is no object.
    NonObjectJson,
    /// Nearly JSON: with a comma after the last member (RFC 8259 section 4).
    NearJson,
    /// More than a mebibyte of body.
    HugeBody,
    /// A few kilobytes that inflate to ten mebibytes, without having been asked for gzip.
    GzipBomb,
    /// The body begins, and never ends.
    SlowBody,
    /// An HTML page with HTTP 200: a login wall (cloudflare/workers-sdk#5542).
    Html200,
    /// A challenge for browsers: HTML with HTTP 403 and `cf-mitigated` (developers.cloudflare.com,
    /// "Detecting a challenge page response").
    Challenge403,
    /// HTTP 429, to be tried again in so many seconds (RFC 9110 section 10.2.3).
    RateLimited,
    /// HTTP 429, to be tried again at a date (RFC 9110 section 10.2.3).
    RateLimitedUntil,
    /// HTTP 500 without a word of JSON.
    ServerError500,
    /// HTTP 503, to be tried again in so many seconds.
    Unavailable503,
    /// Errors are a text and not JSON (RFC 6749 section 5.2 has JSON).
    NoJsonError,
    /// That 3xx status, to another address of the same host, which serves (PostHog/posthog#49807).
    RedirectHere(u16),
    /// That 3xx status, to another host, which writes down what it is sent (Azure/azure-sdk-for-net#59606).
    RedirectElsewhere(u16),
    /// No refresh token unless the application asks for `offline_access` or `access_type=offline`
    /// (OpenID Connect Core section 11; developers.google.com/identity/protocols/oauth2/web-server).
    NoRefreshFirst,
    /// A refresh token at the first consent alone, and later if `prompt=consent` is asked for
    /// (googleapis/google-api-nodejs-client#750).
    NoRefreshSecond,
    /// A refresh is answered without a refresh token: the old one stays (RFC 6749 section 6).
    OmitOnRefresh,
    /// A refresh token that is used a second time ends all that came of the grant (RFC 9700 section 4.14.2).
    RotateStrict,
    /// A refresh token may be used again for half an hour (developer.xero.com/faq/oauth2).
    RotateGrace,
    /// A refresh token is rotated, and the connection closed without an answer. One that is used again is
    /// answered as the other faults say (oauth-wg/oauth-v2-1#212).
    RotateDropReply,
    /// A refresh without `scope` is refused (open-webui/open-webui#22359).
    RefreshNeedsScope,
    /// The token endpoint answers a refresh with a page "not found": refreshing has an address of its own
    /// (developers.figma.com, rest-api/authentication).
    RefreshUrl404,
    /// A client secret is taken from the header alone (RFC 6749 section 2.3.1: to take it from the body is
    /// something that a server may do).
    BasicOnly,
    /// A client secret is taken from the body alone (developers.hubspot.com, manage-oauth-tokens).
    PostOnly,
    /// A client secret in both places is refused (RFC 6749 section 2.3: no more than one method).
    RejectBoth,
    /// The header is not form-decoded (panva/openid-client#134; RFC 6749 section 2.3.1 has it encoded).
    BasicRawDecode,
    /// An assertion's audience must be the issuer (oauth-wg/oauth-v2-1#183).
    AudIssuerOnly,
    /// An assertion's audience must be the token endpoint (OpenID Connect Core section 9).
    AudTokenOnly,
    /// The clock is five minutes ahead.
    SkewPlus,
    /// The clock is five minutes behind, so that an assertion made now is of the future
    /// (bluesky-social/atproto#4474).
    SkewMinus,
    /// No authorization without `code_challenge` (RFC 9700 section 2.1.1; zapier/zapier-platform#1161).
    PkceRequired,
    /// A `code_challenge` is a parameter that nobody knows (RFC 6749 section 3.1 has it ignored).
    PkceRejected,
    /// Scopes are separated by commas, asked for and granted (linear.app/developers).
    CommaScope,
    /// Scopes are asked for with spaces and granted with commas (docs.github.com).
    CommaScopeReply,
    /// The last of several scopes is not granted (vm0-ai/vm0#29440).
    PartialScope,
    /// The API knows `Bearer` and not `bearer` (spring-security-oauth#470; RFC 9110 section 11.1 has no case).
    CaseSensitiveBearer,
    /// The API redirects to another host, which wants a token too (whatwg/fetch#944).
    ApiRedirect,
    /// The API answers anybody.
    OpenApi,
    /// The metadata names another issuer than the one it was found at (RFC 8414 section 3.3).
    IssuerMismatch,
    /// There is no document where OpenID Connect Discovery section 4 has it.
    NoOpenIdDocument,
    /// There is no document where RFC 8414 section 3 has it.
    NoOauthDocument,
    /// `iss` in the authorization response is another's (RFC 9207 section 2.4).
    IssWrong,
    /// The metadata promises `iss`, and the authorization response has none (RFC 9207 section 2.4).
    IssMissing,
    /// The authorization response lacks `state` (RFC 6749 section 4.1.2).
    StateDropped,
    /// The ID token's issuer is another (OpenID Connect Core section 3.1.3.7, 2).
    IdTokenWrongIss,
    /// The ID token is for another client (the same, 3).
    IdTokenWrongAud,
    /// The ID token is for this client and another, without `azp` (the same, 4).
    IdTokenMultiAudNoAzp,
    /// The ID token is for this client and another, and `azp` is the other (the same, 5).
    IdTokenWrongAzp,
    /// The ID token is over (the same, 9).
    IdTokenExpired,
    /// The ID token is of the future (the same, 10).
    IdTokenIssuedInTheFuture,
    /// A nonce was sent, and the ID token has none (the same, 11).
    IdTokenNoNonce,
    /// The ID token has another nonce (the same, 11).
    IdTokenWrongNonce,
    /// `at_hash` is of another access token (OpenID Connect Core section 3.1.3.8).
    IdTokenWrongAtHash,
    /// The ID token is not signed: `alg` is `none` (RFC 8725 section 3.2).
    IdTokenAlgNone,
    /// The ID token names the right key, and another signed it.
    IdTokenWrongKey,
    /// The ID token is signed by a key that is never published.
    IdTokenUnknownKey,
    /// The person was last seen a day ago, whatever `max_age` says (OpenID Connect Core section 3.1.3.7, 13).
    IdTokenStaleAuthTime,
    /// The key set changes when the next ID token is issued, which is signed by the new key
    /// (OpenID Connect Core section 10.1.1).
    JwksRotated,
}

impl Fault {
    /// Where it shows.
    pub(super) const fn usual_place(self) -> Endpoint {
        match self {
            Self::PkceRequired
            | Self::PkceRejected
            | Self::PartialScope
            | Self::CommaScope
            | Self::IssWrong
            | Self::IssMissing
            | Self::StateDropped => Endpoint::Authorize,
            Self::CaseSensitiveBearer | Self::ApiRedirect | Self::OpenApi => Endpoint::Api,
            Self::IssuerMismatch | Self::NoOpenIdDocument | Self::NoOauthDocument => Endpoint::Discovery,
            Self::JwksRotated => Endpoint::Jwks,
            // All others are about what the token endpoint takes or says.
            _ => Endpoint::Token,
        }
    }
}

/// What is the matter with a provider, and where.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<(Endpoint, Fault)>);

impl Faults {
    /// Nothing is.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// This too, where it usually shows: at the token endpoint, if it is about an answer as such.
    #[must_use]
    pub fn and(self, fault: Fault) -> Self {
        self.and_at(fault.usual_place(), fault)
    }

    /// This too, at another endpoint: for a fault that is about an answer as such.
    #[must_use]
    pub fn and_at(mut self, endpoint: Endpoint, fault: Fault) -> Self {
        self.0.push((endpoint, fault));
        self
    }

    pub(super) fn has(&self, fault: Fault) -> bool {
        self.at(fault.usual_place(), fault)
    }

    pub(super) fn at(&self, endpoint: Endpoint, fault: Fault) -> bool {
        self.0.contains(&(endpoint, fault))
    }

    /// What is the matter with that endpoint.
    pub(super) fn of(&self, endpoint: Endpoint) -> impl Iterator<Item = Fault> {
        self.0.iter().filter(move |(place, _)| *place == endpoint).map(|(_, fault)| *fault)
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self::none().and(fault)
    }
}

impl<const N: usize> From<[Fault; N]> for Faults {
    fn from(faults: [Fault; N]) -> Self {
        faults.into_iter().fold(Self::none(), Self::and)
    }
}

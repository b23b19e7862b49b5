use serde::Deserialize;

/// What there is at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Endpoint {
    /// Both metadata documents.
    Discovery,
    /// The key set.
    Jwks,
    /// Where a browser is sent.
    Authorize,
    /// RFC 9126.
    PushedAuthorization,
    /// RFC 6749 section 3.2.
    Token,
    /// RFC 8628 section 3.1.
    DeviceAuthorization,
    /// RFC 7662.
    Introspection,
    /// RFC 7009.
    Revocation,
    /// OpenID Connect Core section 5.3.
    Userinfo,
    /// RFC 7591.
    Registration,
    /// What the tokens are for.
    Api,
}

impl Endpoint {
    /// Below the issuer; the metadata documents have places of their own.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Discovery => "/.well-known/openid-configuration",
            Self::Jwks => "/keys",
            Self::Authorize => "/authorize",
            Self::PushedAuthorization => "/par",
            Self::Token => "/token",
            Self::DeviceAuthorization => "/device",
            Self::Introspection => "/introspect",
            Self::Revocation => "/revoke",
            Self::Userinfo => "/userinfo",
            Self::Registration => "/register",
            Self::Api => "/api",
        }
    }

    pub(super) const ALL: [Self; 11] = [
        Self::Discovery,
        Self::Jwks,
        Self::Authorize,
        Self::PushedAuthorization,
        Self::Token,
        Self::DeviceAuthorization,
        Self::Introspection,
        Self::Revocation,
        Self::Userinfo,
        Self::Registration,
        Self::Api,
    ];
}

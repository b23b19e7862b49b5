//! What is known of a provider.

use grantway_core::metadata::ServerMetadata;
use grantway_core::scope::ScopeSet;

use crate::reply::ReplyPolicy;
use crate::setup_fault::SetupFault;

/// A provider as its metadata describes it, and what is odd about it that no metadata says.
///
/// [`Client::discover`](crate::Client::discover) asks a provider for its metadata. One that has none is described by
/// hand:
///
/// ```
/// use grantway_client::Provider;
///
/// let provider = Provider::plain("https://github.com/login/oauth/authorize", "https://github.com/login/oauth/access_token");
/// # let _ = provider;
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Provider {
    /// Its addresses, and what it can.
    pub metadata: ServerMetadata,
    /// How its replies are read.
    pub reply: ReplyPolicy,
    /// How token requests are written.
    pub request_format: RequestFormat,
    /// What stands between scopes.
    pub scope_separator: ScopeSeparator,
    /// Does it refuse a `code_challenge`? PKCE (RFC 7636) is then left out.
    pub without_pkce: bool,
    /// The `aud` of client assertions; absent: the issuer, or without one the token endpoint (RFC 7523 section 3).
    pub assertion_audience: Option<String>,
    /// Where tokens are refreshed, if not at the token endpoint.
    pub refresh_endpoint: Option<String>,
    /// Who may have made its ID tokens, if that is not just the issuer of the metadata.
    pub issuer_template: Option<IssuerTemplate>,
}

/// How a token request is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestFormat {
    /// As RFC 6749 section 4.1.3 has it.
    #[default]
    Form,
    /// As a JSON object, which some providers want.
    Json,
}

/// What stands between the scopes of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScopeSeparator {
    /// As RFC 6749 section 3.3 has it.
    #[default]
    Space,
    /// A comma.
    Comma,
}

/// The issuer of a provider that has a separate one for each tenant, with a hole for the tenant's name:
/// `https://login.microsoftonline.com/{tenantid}/v2.0`.
///
/// An ID token names its tenant in a claim. The token is good if that name, put into the hole, gives its `iss`; whether
/// that tenant's people may come in is for the application to decide, unless [`tenants`](Self::tenants) are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerTemplate {
    before: String,
    after: String,
    claim: String,
    /// The only tenants whose people may come in; all may if there are none.
    pub tenants: Vec<String>,
}

impl ScopeSeparator {
    /// The scopes as they go on the wire.
    pub(crate) fn joined(self, scope: &ScopeSet) -> String {
        self.of(&scope.to_string())
    }

    /// The same of what is written with spaces.
    pub(crate) fn of(self, scope: &str) -> String {
        match self {
            Self::Space => scope.to_owned(),
            Self::Comma => scope.replace(' ', ","),
        }
    }
}

impl Provider {
    /// A provider without metadata, and without ID tokens.
    #[must_use]
    pub fn plain(authorization_endpoint: impl Into<String>, token_endpoint: impl Into<String>) -> Self {
        Self::new(ServerMetadata {
            authorization_endpoint: Some(authorization_endpoint.into()),
            token_endpoint: Some(token_endpoint.into()),
            ..ServerMetadata::default()
        })
    }

    /// With these addresses, and nothing odd about it.
    #[must_use]
    pub fn new(metadata: ServerMetadata) -> Self {
        Self { metadata, ..Self::default() }
    }

    /// The same, whose replies are read so.
    #[must_use]
    pub fn with_reply(self, reply: ReplyPolicy) -> Self {
        Self { reply, ..self }
    }

    pub(crate) fn token_endpoint(&self) -> Result<&str, SetupFault> {
        needed(self.metadata.token_endpoint.as_ref(), "token_endpoint")
    }

    pub(crate) fn refresh_endpoint(&self) -> Result<&str, SetupFault> {
        self.refresh_endpoint.as_deref().map_or_else(|| self.token_endpoint(), Ok)
    }

    /// Its name, if it has one.
    pub(crate) fn issuer(&self) -> Option<&str> {
        Some(self.metadata.issuer.as_str()).filter(|issuer| !issuer.is_empty())
    }

    /// Does it itself say that?
    pub(crate) fn supports_auth_method(&self, method: &str) -> bool {
        self.metadata.token_endpoint_auth_methods_supported.iter().any(|own| own == method)
    }
}

/// An address that is needed for what is wanted.
pub(crate) fn needed<'a>(address: Option<&'a String>, member: &'static str) -> Result<&'a str, SetupFault> {
    address.map(String::as_str).ok_or(SetupFault::Missing(member))
}

impl IssuerTemplate {
    /// From a text with one hole, such as `{tenantid}`; the tenant's name is in the claim `claim` (`tid` at Microsoft).
    pub fn new(template: &str, claim: impl Into<String>) -> Result<Self, SetupFault> {
        let hole = template.split_once('{').and_then(|(before, rest)| {
            let (_, after) = rest.split_once('}')?;
            Some((before, after)).filter(|(before, after)| !before.is_empty() && !after.contains(['{', '}']))
        });
        let (before, after) = hole.ok_or(SetupFault::IssuerTemplate)?;
        Ok(Self { before: before.into(), after: after.into(), claim: claim.into(), tenants: Vec::new() })
    }

    /// The same, for these tenants alone.
    #[must_use]
    pub fn only(self, tenants: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { tenants: tenants.into_iter().map(Into::into).collect(), ..self }
    }

    /// The claim that names the tenant.
    pub(crate) fn claim(&self) -> &str {
        &self.claim
    }

    /// Is that an issuer of this provider, whichever tenant's?
    #[must_use]
    pub fn fits(&self, issuer: &str) -> bool {
        let tenant = issuer.strip_prefix(&self.before).and_then(|rest| rest.strip_suffix(&self.after));
        tenant.is_some_and(|tenant| self.admits(tenant))
    }

    /// The issuer of a tenant, if its people may come in.
    pub(crate) fn of(&self, tenant: &str) -> Option<String> {
        self.admits(tenant).then(|| format!("{}{tenant}{}", self.before, self.after))
    }

    fn admits(&self, tenant: &str) -> bool {
        // A name that leads out of its hole would make another issuer of it.
        let plain =
            !tenant.is_empty() && tenant.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        plain && (self.tenants.is_empty() || self.tenants.iter().any(|own| own == tenant))
    }

    /// Is that the text of the template itself, as metadata for all tenants has it?
    pub(crate) fn is_written(&self, issuer: &str) -> bool {
        let inner = issuer.strip_prefix(&self.before).and_then(|rest| rest.strip_suffix(&self.after));
        inner.is_some_and(|inner| inner.starts_with('{') && inner.ends_with('}'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_fits_the_issuer_of_each_tenant_and_nothing_else() {
        let template = IssuerTemplate::new("https://login.test/{tenantid}/v2.0", "tid").unwrap();
        for (issuer, fits) in [
            ("https://login.test/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0", true),
            ("https://login.test//v2.0", false),
            ("https://login.test/a/b/v2.0", false),
            ("https://login.test/a/v2.0/", false),
            ("https://other.test/a/v2.0", false),
            ("https://login.test/a%2f/v2.0", false),
        ] {
            assert_eq!(template.fits(issuer), fits, "{issuer}");
        }
        assert!(template.is_written("https://login.test/{tenantid}/v2.0"));
        assert_eq!(template.of("../x"), None);
        let ours = template.only(["a", "b"]);
        assert_eq!(ours.of("a").as_deref(), Some("https://login.test/a/v2.0"));
        assert_eq!(ours.of("c"), None);
    }

    #[test]
    fn a_template_has_one_hole() {
        for bad in ["https://login.test/v2.0", "{tenantid}/v2.0", "https://a/{b}/{c}", "https://a/{b"] {
            assert!(IssuerTemplate::new(bad, "tid").is_err(), "{bad}");
        }
    }
}

//! Providers that are known by a name: where they are, and what is odd about them.

use std::net::{Ipv4Addr, Ipv6Addr};

use grantway_client::reply::ReplyPolicy;
use grantway_client::{
    Discovered, IssuerTemplate, Provider, ScopeSeparator, Transport, discover, discover_template,
};

use super::failures;
use crate::outcome::{Exit, Failure};

/// A provider by its name.
#[derive(Debug)]
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    place: Place,
    /// What is asked for if nobody says what.
    pub(crate) scope: &'static str,
    /// What a sign-in there says besides.
    pub(crate) parameters: &'static [(&'static str, &'static str)],
    /// It knows people by `http://localhost`, and not by an address.
    pub(crate) by_localhost: bool,
    /// The parameter that the scope goes in, if it is another.
    pub(crate) scope_parameter: Option<&'static str>,
    /// Is a refresh to say where the person came back?
    pub(crate) refresh_names_redirect: bool,
    /// Where a client is registered.
    pub(crate) register_at: &'static str,
}

/// How its addresses are known.
#[derive(Debug)]
enum Place {
    /// It tells of itself.
    Issuer(&'static str),
    /// The same, with an issuer for each tenant.
    Tenants { metadata: &'static str, template: &'static str, claim: &'static str },
    /// It does not.
    Plain(PlainProvider),
}

#[derive(Debug)]
struct PlainProvider {
    authorize: &'static str,
    token: &'static str,
    device: Option<&'static str>,
    separator: ScopeSeparator,
    /// By RFC 8414's names.
    proofs: &'static [&'static str],
}

impl Preset {
    /// The one of that name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name.eq_ignore_ascii_case(name))
    }
}

/// A provider as the person wrote it: an issuer, or a name that is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Preset(&'static str),
    Issuer(String),
}

/// Reads what a person writes. A host alone is meant with https.
pub(crate) fn written(text: &str) -> Result<Written, Failure> {
    if let Some(preset) = Preset::named(text) {
        return Ok(Written::Preset(preset.name));
    }
    let issuer = without_well_known(text);
    if issuer.contains("://") {
        return Ok(Written::Issuer(issuer));
    }
    if let Some(here) = host_is_here(&issuer) {
        return Ok(Written::Issuer(format!("{}://{issuer}", if here { "http" } else { "https" })));
    }
    let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
    let nearest = names.iter().min_by_key(|name| strsim::damerau_levenshtein(name, text));
    let next = match nearest.filter(|name| strsim::damerau_levenshtein(name, text) <= 2) {
        Some(name) => format!("did you mean {name}?"),
        None => format!("give an issuer like https://login.example.com, or one of {}", names.join(", ")),
    };
    Err(Failure::new(
        Exit::Usage,
        format!("{text:?} is no provider"),
        "it is neither an address nor a name that is known here",
        next,
    ))
}

/// The issuer of the address of its metadata. That stands behind it (OpenID Connect Discovery section 4), or between its
/// host and its path (RFC 8414 section 3.1).
fn without_well_known(text: &str) -> String {
    for name in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let Some((before, behind)) = text.split_once(name) else { continue };
        match behind {
            "" | "/" => return before.to_owned(),
            path if path.starts_with('/') => return format!("{before}{path}"),
            _ => {}
        }
    }
    text.to_owned()
}

/// Of an address without a scheme: is its host this machine? None if it begins with no host.
fn host_is_here(text: &str) -> Option<bool> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, _) = rest.split_once(']')?;
        return host.parse::<Ipv6Addr>().ok().map(|ip| ip.is_loopback());
    }
    let host = text.split(['/', ':']).next().unwrap_or_default();
    if host.eq_ignore_ascii_case("localhost") {
        return Some(true);
    }
    host.contains('.').then(|| host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback()))
}

impl Written {
    pub(crate) fn preset(&self) -> Option<&'static Preset> {
        match self {
            Self::Preset(name) => Preset::named(name),
            Self::Issuer(_) => None,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Preset(name) => name,
            Self::Issuer(issuer) => issuer,
        }
    }

    /// Whom its tokens name as their issuer, as far as that is known without asking.
    pub(crate) fn known_issuer(&self) -> Result<KnownIssuer, Failure> {
        match (self, self.preset().map(|preset| &preset.place)) {
            (_, Some(Place::Issuer(issuer))) => Ok(KnownIssuer::One((*issuer).to_owned())),
            (_, Some(Place::Tenants { template, claim, .. })) => {
                Ok(KnownIssuer::Any((*template).to_owned(), template_of(template, claim)?))
            }
            (Self::Issuer(issuer), _) => Ok(KnownIssuer::One(issuer.clone())),
            (Self::Preset(name), _) => Err(Failure::new(
                Exit::Usage,
                format!("{name} is the issuer of no JWT"),
                "its tokens mean something to itself alone",
                "name the issuer that is trusted: --issuer URL",
            )),
        }
    }

    /// What is known of it, asked now where it tells of itself.
    pub(crate) async fn provider(&self, transport: &Transport) -> Result<Provider, Failure> {
        match self.preset().map(|preset| &preset.place) {
            Some(Place::Plain(plain)) => Ok(plain.provider(self.as_str())),
            _ => Ok(self.discovered(transport).await?.provider),
        }
    }

    /// What it tells of itself.
    pub(crate) async fn discovered(&self, transport: &Transport) -> Result<Discovered, Failure> {
        let discovered = match (self, self.preset().map(|preset| &preset.place)) {
            (_, Some(Place::Issuer(issuer))) => discover(transport, issuer).await,
            (_, Some(Place::Tenants { metadata, template, claim })) => {
                discover_template(transport, metadata, template_of(template, claim)?).await
            }
            (Self::Issuer(issuer), _) => discover(transport, issuer).await,
            (Self::Preset(name), _) => {
                return Err(Failure::new(
                    Exit::Usage,
                    format!("{name} tells nothing of itself"),
                    "it publishes no metadata; what is needed of it is built in",
                    format!("sign in: grantway login {name} --client-id ID"),
                ));
            }
        };
        discovered.map_err(|error| failures::of_discovery(&error))
    }
}

/// Whom tokens name as their issuer.
#[derive(Debug)]
pub(crate) enum KnownIssuer {
    One(String),
    /// One for each tenant: how they are written, and which those are.
    Any(String, IssuerTemplate),
}

impl KnownIssuer {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::One(issuer) | Self::Any(issuer, _) => issuer,
        }
    }

    pub(crate) fn is(&self, iss: &str) -> bool {
        match self {
            Self::One(issuer) => issuer == iss,
            Self::Any(_, template) => template.fits(iss),
        }
    }
}

fn template_of(template: &'static str, claim: &'static str) -> Result<IssuerTemplate, Failure> {
    IssuerTemplate::new(template, claim).map_err(|fault| {
        Failure::new(Exit::CouldNotRun, "a preset is wrong", fault, "report this as a defect")
    })
}

impl PlainProvider {
    fn provider(&self, name: &str) -> Provider {
        let mut provider = Provider::plain(self.authorize, self.token);
        provider.metadata.device_authorization_endpoint = self.device.map(str::to_owned);
        provider.metadata.token_endpoint_auth_methods_supported =
            self.proofs.iter().map(|proof| (*proof).to_owned()).collect();
        provider.scope_separator = self.separator;
        provider.reply = ReplyPolicy::preset(name).unwrap_or_default();
        provider
    }
}

/// In alphabetical order. Each is as the provider's own pages describe it.
const PRESETS: [Preset; 5] = [
    // docs.github.com, "Authorizing OAuth apps".
    Preset {
        name: "github",
        place: Place::Plain(PlainProvider {
            authorize: "https://github.com/login/oauth/authorize",
            token: "https://github.com/login/oauth/access_token",
            device: Some("https://github.com/login/device/code"),
            separator: ScopeSeparator::Space,
            proofs: &["client_secret_post"],
        }),
        scope: "read:user",
        parameters: &[],
        by_localhost: false,
        scope_parameter: None,
        refresh_names_redirect: false,
        register_at: "https://github.com/settings/developers",
    },
    // docs.gitlab.com, "OAuth 2.0 identity provider API".
    Preset {
        name: "gitlab",
        place: Place::Issuer("https://gitlab.com"),
        scope: "openid profile email",
        parameters: &[],
        by_localhost: false,
        scope_parameter: None,
        refresh_names_redirect: true,
        register_at: "https://gitlab.com/-/user_settings/applications",
    },
    // developers.google.com, "OAuth 2.0 for mobile & desktop apps".
    Preset {
        name: "google",
        place: Place::Issuer("https://accounts.google.com"),
        scope: "openid email profile",
        // Without both there is no refresh token.
        parameters: &[("access_type", "offline"), ("prompt", "consent")],
        by_localhost: false,
        scope_parameter: None,
        refresh_names_redirect: false,
        register_at: "https://console.cloud.google.com/apis/credentials",
    },
    // learn.microsoft.com, "Microsoft identity platform and OAuth 2.0 authorization code flow".
    Preset {
        name: "microsoft",
        place: Place::Tenants {
            metadata: "https://login.microsoftonline.com/common/v2.0",
            template: "https://login.microsoftonline.com/{tenantid}/v2.0",
            claim: "tid",
        },
        scope: "openid profile offline_access",
        parameters: &[],
        by_localhost: true,
        scope_parameter: None,
        refresh_names_redirect: false,
        register_at: "https://entra.microsoft.com",
    },
    // docs.slack.dev, "Installing with OAuth".
    Preset {
        name: "slack",
        place: Place::Plain(PlainProvider {
            authorize: "https://slack.com/oauth/v2/authorize",
            token: "https://slack.com/api/oauth.v2.access",
            device: None,
            separator: ScopeSeparator::Comma,
            proofs: &["client_secret_basic", "client_secret_post"],
        }),
        scope: "users:read",
        parameters: &[],
        by_localhost: false,
        // The person's scopes; `scope` is for a bot.
        scope_parameter: Some("user_scope"),
        refresh_names_redirect: false,
        register_at: "https://api.slack.com/apps",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_read_as_people_write_it() {
        for (text, issuer) in [
            ("https://op.test/tenant/", "https://op.test/tenant/"),
            ("https://op.test/.well-known/openid-configuration", "https://op.test"),
            ("accounts.example.com", "https://accounts.example.com"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("localhost:8080/x", "http://localhost:8080/x"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("[2001:db8::1]/x", "https://[2001:db8::1]/x"),
            ("https://as.test/.well-known/oauth-authorization-server", "https://as.test"),
            ("https://as.test/.well-known/oauth-authorization-server/tenant", "https://as.test/tenant"),
            ("as.test/.well-known/oauth-authorization-server/a/b", "https://as.test/a/b"),
            ("localhost:8080/.well-known/openid-configuration/", "http://localhost:8080"),
            ("https://op.test/tenant/.well-known/openid-configuration", "https://op.test/tenant"),
            (
                "https://op.test/.well-known/openid-configurations",
                "https://op.test/.well-known/openid-configurations",
            ),
        ] {
            assert_eq!(written(text).unwrap(), Written::Issuer(issuer.to_owned()), "{text}");
        }
        assert_eq!(written("GitHub").unwrap(), Written::Preset("github"));
        for bad in ["[::1", "[localhost]:8080", "nonsense"] {
            assert_eq!(written(bad).unwrap_err().exit, Exit::Usage, "{bad}");
        }
        let failure = written("gihtub").unwrap_err();
        assert_eq!((failure.exit, &*failure.next), (Exit::Usage, "did you mean github?"));
    }

    #[test]
    fn whose_token_it_is_is_known_without_asking() {
        let tenant = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0";
        for (text, iss, is) in [
            ("op.test", "https://op.test", true),
            ("op.test", "https://op.test/", false),
            ("google", "https://accounts.google.com", true),
            ("microsoft", tenant, true),
            ("microsoft", "https://evil.test/x/v2.0", false),
        ] {
            assert_eq!(written(text).unwrap().known_issuer().unwrap().is(iss), is, "{text}: {iss}");
        }
        assert_eq!(written("slack").unwrap().known_issuer().unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn presets_are_in_order_and_their_addresses_are_https() {
        assert!(PRESETS.is_sorted_by_key(|preset| preset.name));
        for preset in &PRESETS {
            let addresses = match &preset.place {
                Place::Issuer(issuer) => vec![*issuer],
                Place::Tenants { metadata, template, claim } => {
                    assert!(IssuerTemplate::new(template, *claim).is_ok());
                    vec![*metadata]
                }
                Place::Plain(plain) => {
                    [Some(plain.authorize), Some(plain.token), plain.device].into_iter().flatten().collect()
                }
            };
            for address in addresses {
                assert!(address.starts_with("https://") && url::Url::parse(address).is_ok(), "{address}");
            }
            assert!(preset.scope.parse::<grantway_core::scope::ScopeSet>().is_ok());
        }
    }
}

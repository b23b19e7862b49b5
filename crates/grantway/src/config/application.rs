//! `[[application]]`: a client, with the member names of RFC 7591 section 2.

use std::fmt::Display;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use grantway_core::client::{
    AccessTokenFormat, Client, ClientAuthMethod, ClientAuthentication, ClientKeys, RefreshTokenIssue,
};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::jwk::JwkSet;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::logo::{Logo, MAX_LOGO_BYTES};
use grantway_core::metadata::supported_scopes;
use grantway_core::redirect::RedirectUri;
use grantway_core::scope::ScopeSet;
use grantway_core::secret::{Secret, on_the_wire};
use grantway_core::token::GrantType;
use grantway_core::web_address::WebAddress;
use grantway_jose::key_set::KeySet;
use grantway_jose::keyring::Rotation;
use schemars::JsonSchema;
use serde::Deserialize;

use super::schema::{Name, PublicKeys};
use crate::outcome::Failure;

/// An application. Applied at each start: what is written here replaces what was there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredApplication {
    /// 1 to 255 printable ASCII characters, no space at either end, not beginning with `user_`.
    pub(crate) client_id: String,
    /// What people see. Default: the `client_id`.
    client_name: Option<String>,
    /// The application's own page.
    client_uri: Option<String>,
    /// The path of a PNG, JPEG or WebP file of at most 256 KiB, by which people know the application.
    logo: Option<PathBuf>,
    /// Where people can read what the application does with what it learns: an https URL.
    policy_uri: Option<String>,
    /// Its terms of service: an https URL.
    tos_uri: Option<String>,
    /// Proves who the application is; or give `jwks`, or `token_endpoint_auth_method = "none"`.
    #[serde(default, with = "on_the_wire::option")]
    #[schemars(with = "Option<String>")]
    pub(crate) client_secret: Option<Secret>,
    /// How the application proves who it is. Default: what `client_secret`, `jwks` or `jwks_uri` is for.
    #[schemars(with = "Option<Name<ClientAuthMethod>>")]
    token_endpoint_auth_method: Option<ClientAuthMethod>,
    /// The application's public keys, of any asymmetric algorithm (RFC 7517 section 5).
    #[schemars(with = "Option<PublicKeys>")]
    jwks: Option<JwkSet>,
    /// Where the application publishes its public keys, in the place of `jwks`: an https URL.
    jwks_uri: Option<String>,
    /// Where people may be sent back to; compared character by character, only the port of a loopback address
    /// may differ.
    #[serde(default)]
    redirect_uris: Vec<String>,
    /// Where people may be sent who have signed out; compared in the same way.
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
    /// What the application may use. Default: `authorization_code` and `refresh_token`.
    #[schemars(with = "Option<Vec<Name<GrantType>>>")]
    grant_types: Option<Vec<GrantType>>,
    /// All it may ask for, separated by spaces. Default: everything the metadata lists.
    scope: Option<String>,
    /// What it gets if it does not say. Default: `openid profile email`.
    default_scope: Option<String>,
    /// People are asked. Default: true.
    consent_required: Option<bool>,
    /// Authorization requests without PKCE are refused. Default: true.
    pkce_required: Option<bool>,
    /// Authorization requests without PKCE need a `state` of eight characters or more, whatever else they have.
    /// Default: false.
    state_required: Option<bool>,
    /// Default: true.
    enabled: Option<bool>,
    /// What access tokens look like. Default: `jwt`; `opaque` for tokens that only this server can read.
    #[schemars(with = "Option<Name<AccessTokenFormat>>")]
    access_token_format: Option<AccessTokenFormat>,
    /// What access tokens are signed by. Default: ES256.
    #[schemars(with = "Option<Name<JwsAlgorithm>>")]
    access_token_alg: Option<JwsAlgorithm>,
    /// The `typ` of access tokens. Default: `at+jwt`; some resource servers refuse that, and want `JWT`.
    #[schemars(with = "Option<Name<TokenType>>")]
    access_token_typ: Option<TokenType>,
    /// In seconds. Default: 3600.
    access_token_lifetime: Option<u64>,
    /// What ID tokens are signed by. Default: RS256.
    #[schemars(with = "Option<Name<JwsAlgorithm>>")]
    id_token_signed_response_alg: Option<JwsAlgorithm>,
    /// In seconds. Default: 3600.
    id_token_lifetime: Option<u64>,
    /// What userinfo is signed by, which then is a JWT. Default: plain JSON.
    #[schemars(with = "Option<Name<JwsAlgorithm>>")]
    userinfo_signed_response_alg: Option<JwsAlgorithm>,
    /// When there is a refresh token: with every code, or if `offline_access` was granted, the default.
    #[schemars(with = "Option<Name<RefreshTokenIssue>>")]
    refresh_token_policy: Option<RefreshTokenIssue>,
    /// In seconds without use; 0 is never. Default: 2592000.
    refresh_token_idle: Option<u64>,
    /// In seconds since the person agreed; 0 is never. Default: 31536000.
    refresh_token_absolute: Option<u64>,
    /// Where it is declared, for whoever has to mend it.
    #[serde(skip)]
    pub(crate) place: String,
}

impl DeclaredApplication {
    /// The client it asks for.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        self.settle().map_err(|fault| fault.at(&self.place))
    }

    fn settle(&self) -> Result<Client, Failure> {
        let refuse = |why: String, next: &str| {
            Failure::configuration(format!("the application {:?} cannot be used", self.client_id), why, next)
        };
        if self.client_id.starts_with("user_") {
            return Err(refuse(
                "a client_id that begins with user_ could be mistaken for a person's sub".into(),
                "choose another client_id",
            ));
        }
        let client_id = self.client_id.parse().map_err(|_| {
            refuse(
                "client_id is not 1 to 255 printable ASCII characters, or has a space at an end".into(),
                "choose another",
            )
        })?;
        let name = self.client_name.clone().unwrap_or_else(|| self.client_id.clone());
        let mut client = Client::new(
            client_id,
            name,
            self.authentication().map_err(|why| {
                refuse(
                    why,
                    "give client_secret, or jwks, or jwks_uri, or token_endpoint_auth_method = \"none\"",
                )
            })?,
        );
        client.client_uri.clone_from(&self.client_uri);
        client.logo = self.logo.as_deref().map(read_logo).transpose().map_err(|why| {
            refuse(why, "give the path of a PNG, JPEG or WebP file of at most 256 KiB as logo")
        })?;
        let page = |text: &Option<String>| -> Result<Option<WebAddress>, Failure> {
            text.as_deref().map(str::parse).transpose().map_err(|_| {
                refuse(
                    format!("{:?} is no address of a page", text.as_deref().unwrap_or_default()),
                    "give policy_uri and tos_uri as https addresses, without user name and spaces",
                )
            })
        };
        client.policy_uri = page(&self.policy_uri)?;
        client.tos_uri = page(&self.tos_uri)?;
        let addresses = |texts: &[String]| -> Result<Vec<RedirectUri>, Failure> {
            let parse = |text: &String| {
                text.parse().map_err(|_| {
                    refuse(
                        format!("{text:?} cannot be a redirect URI"),
                        "use https, http on 127.0.0.1, or a scheme with a period; no fragment, no user name",
                    )
                })
            };
            texts.iter().map(parse).collect()
        };
        client.redirect_uris = addresses(&self.redirect_uris)?;
        client.post_logout_redirect_uris = addresses(&self.post_logout_redirect_uris)?;
        let scopes = |text: &str| -> Result<ScopeSet, Failure> {
            text.parse()
                .map_err(|_| refuse(format!("{text:?} is no scope"), "separate scope names by spaces"))
        };
        client.scope = self.scope.as_deref().map_or_else(|| Ok(supported_scopes()), scopes)?;
        client.default_scope = match self.default_scope.as_deref() {
            Some(text) => scopes(text)?,
            None => scopes("openid profile email")?.within(&client.scope),
        };
        if !client.default_scope.is_subset(&client.scope) {
            return Err(refuse("default_scope has more than scope".into(), "add what is missing to scope"));
        }
        self.apply_settings(&mut client);
        let userinfo = client.userinfo_signed_response_alg;
        for alg in [client.access_token.alg, client.id_token.alg].into_iter().chain(userinfo) {
            if !JwsAlgorithm::OF_AN_INSTANCE.contains(&alg) {
                return Err(refuse(format!("tokens are not signed by {alg} here"), "use ES256 or RS256"));
            }
        }
        if client.access_token.lifetime.max(client.id_token.lifetime) > Rotation::LONGEST_TOKEN {
            let longest = Rotation::LONGEST_TOKEN.as_secs();
            return Err(refuse(
                "a token would live longer than the key that signed it is published".into(),
                &format!("give access_token_lifetime and id_token_lifetime at most {longest} seconds"),
            ));
        }
        if client.is_public() && client.may_use(GrantType::ClientCredentials) {
            return Err(refuse(
                "a public client cannot use client_credentials (RFC 6749 section 4.4)".into(),
                "give it a client_secret, or leave the grant out",
            ));
        }
        Ok(client)
    }

    fn apply_settings(&self, client: &mut Client) {
        let set = |target: &mut Duration, seconds: Option<u64>| {
            if let Some(seconds) = seconds {
                *target = Duration::from_secs(seconds);
            }
        };
        client.grant_types = self
            .grant_types
            .clone()
            .unwrap_or_else(|| vec![GrantType::AuthorizationCode, GrantType::RefreshToken]);
        client.consent_required = self.consent_required.unwrap_or(client.consent_required);
        client.pkce_required = self.pkce_required.unwrap_or(client.pkce_required);
        client.state_required = self.state_required.unwrap_or(client.state_required);
        client.enabled = self.enabled.unwrap_or(client.enabled);
        client.access_token.format = self.access_token_format.unwrap_or(client.access_token.format);
        client.access_token.alg = self.access_token_alg.unwrap_or(client.access_token.alg);
        client.access_token.typ = self.access_token_typ.unwrap_or(client.access_token.typ);
        set(&mut client.access_token.lifetime, self.access_token_lifetime);
        client.id_token.alg = self.id_token_signed_response_alg.unwrap_or(client.id_token.alg);
        set(&mut client.id_token.lifetime, self.id_token_lifetime);
        client.userinfo_signed_response_alg = self.userinfo_signed_response_alg;
        client.refresh_token.issue = self.refresh_token_policy.unwrap_or(client.refresh_token.issue);
        set(&mut client.refresh_token.idle, self.refresh_token_idle);
        set(&mut client.refresh_token.absolute, self.refresh_token_absolute);
    }

    fn authentication(&self) -> Result<ClientAuthentication, String> {
        use ClientAuthMethod::{
            ClientSecretBasic, ClientSecretJwt, ClientSecretPost, None as Public, PrivateKeyJwt,
        };
        let keys = self.keys()?;
        match (self.token_endpoint_auth_method, &self.client_secret, keys) {
            (None | Some(ClientSecretBasic | ClientSecretPost), Some(secret), None) => {
                let digest = TokenDigest::of(DigestKind::ClientSecret, secret);
                Ok(ClientAuthentication::ClientSecret { digests: vec![digest] })
            }
            (Some(ClientSecretJwt), Some(secret), None) => Ok(ClientAuthentication::ClientSecretJwt {
                algorithms: algorithms_for(secret)?,
                // It is sealed where there is a key to seal with.
                sealed: Vec::new(),
            }),
            (None | Some(PrivateKeyJwt), None, Some(keys)) => Ok(ClientAuthentication::PrivateKeyJwt {
                keys,
                algorithms: JwsAlgorithm::ASYMMETRIC.to_vec(),
            }),
            (Some(Public), None, None) => Ok(ClientAuthentication::None),
            (Some(Public), _, _) => Err("a public client has neither secret nor keys".into()),
            (_, Some(_), Some(_)) => Err("it has both a secret and keys".into()),
            (Some(ClientSecretBasic | ClientSecretPost | ClientSecretJwt), None, _) => {
                Err("client_secret is missing".into())
            }
            (Some(PrivateKeyJwt), _, None) => Err("jwks or jwks_uri is missing".into()),
            (None, None, None) => Err("how it proves who it is is missing".into()),
        }
    }

    fn keys(&self) -> Result<Option<ClientKeys>, String> {
        match (&self.jwks, &self.jwks_uri) {
            (None, None) => Ok(None),
            // RFC 7591 section 2.
            (Some(_), Some(_)) => Err("it has both jwks and jwks_uri".into()),
            (Some(jwks), None) => usable(jwks).map(ClientKeys::Jwks).map(Some),
            (None, Some(_)) if cfg!(not(feature = "outbound")) => {
                Err("jwks_uri has to be asked for, and this program was built without the feature outbound"
                    .into())
            }
            (None, Some(uri)) => match uri.parse() {
                Ok(uri) => Ok(Some(ClientKeys::JwksUri(uri))),
                Err(_) => Err("jwks_uri is no https URL without user name and fragment".into()),
            },
        }
    }
}

/// RFC 7518 section 3.2: no secret is shorter than the hash it is used with.
fn algorithms_for(secret: &Secret) -> Result<Vec<JwsAlgorithm>, String> {
    let long_enough = |algorithm: &JwsAlgorithm| {
        algorithm.is_symmetric() && secret.expose().len() >= algorithm.hash().bytes()
    };
    let algorithms: Vec<_> = JwsAlgorithm::ALL.into_iter().filter(long_enough).collect();
    if algorithms.is_empty() {
        return Err("a client_secret that assertions are signed with has at least 32 bytes".into());
    }
    Ok(algorithms)
}

/// No more of it than may be shown.
fn read_logo(path: &Path) -> Result<Logo, String> {
    let told = |fault: &dyn Display| format!("the logo {} cannot be used: {fault}", path.display());
    let mut image = Vec::new();
    let longest = MAX_LOGO_BYTES as u64 + 1;
    fs::File::open(path)
        .and_then(|file| file.take(longest).read_to_end(&mut image))
        .map_err(|fault| told(&fault))?;
    Logo::new(image).map_err(|fault| told(&fault))
}

/// A key that somebody publishes may be odd; one that an operator declares is meant to work.
fn usable(jwks: &JwkSet) -> Result<JwkSet, String> {
    let document = serde_json::to_vec(jwks).map_err(|fault| fault.to_string())?;
    let KeySet { usable, skipped } =
        KeySet::from_json(&document).map_err(|fault| format!("jwks: {fault}"))?;
    match skipped.first() {
        Some(skipped) => Err(format!("jwks: {skipped}")),
        None if usable.keys.is_empty() => Err("jwks holds no key".into()),
        None => Ok(usable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(text: &str) -> Result<Client, Failure> {
        toml::from_str::<DeclaredApplication>(text).unwrap().client()
    }

    #[test]
    fn the_way_of_authentication_follows_from_what_is_there() {
        let secret = client("client_id = \"a\"\nclient_secret = \"s\"").unwrap();
        assert!(matches!(secret.authentication, ClientAuthentication::ClientSecret { .. }));
        let public = client("client_id = \"a\"\ntoken_endpoint_auth_method = \"none\"").unwrap();
        assert!(public.is_public());
        // RFC 7517 appendix A.1.
        let keys = "client_id = \"a\"\n[[jwks.keys]]\nkty = \"EC\"\ncrv = \"P-256\"\n\
            x = \"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\"\n\
            y = \"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"\n";
        assert!(matches!(client(keys).unwrap().authentication, ClientAuthentication::PrivateKeyJwt { .. }));
    }

    #[test]
    fn a_logo_is_read_and_is_what_its_bytes_say_whatever_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let with = |name: &str, image: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, image).unwrap();
            client(&format!("client_id = \"a\"\nclient_secret = \"s\"\nlogo = {path:?}"))
        };
        let good = with("logo.svg", b"\xff\xd8\xff\xe0 a picture").unwrap();
        let script = with("logo.png", b"<svg onload='alert(1)'/>").unwrap_err();
        let endless =
            with("logo.jpg", &[&b"\xff\xd8\xff"[..], &vec![0; MAX_LOGO_BYTES]].concat()).unwrap_err();

        assert_eq!(good.logo.unwrap().content_type(), "image/jpeg");
        assert!(script.why.contains("none of PNG, JPEG and WebP"), "{}", script.why);
        assert!(endless.why.contains("longer than 262144 bytes"), "{}", endless.why);
    }

    #[test]
    fn what_cannot_work_is_refused_in_words() {
        for (text, why) in [
            ("client_id = \"a\"", "how it proves who it is is missing"),
            ("client_id = \"user_1\"\nclient_secret = \"s\"", "could be mistaken for a person's sub"),
            ("client_id = \"a \"\nclient_secret = \"s\"", "printable ASCII"),
            (
                "client_id = \"a\"\nclient_secret = \"s\"\ntoken_endpoint_auth_method = \"none\"",
                "neither secret nor keys",
            ),
            (
                "client_id = \"a\"\ntoken_endpoint_auth_method = \"private_key_jwt\"",
                "jwks or jwks_uri is missing",
            ),
            (
                "client_id = \"a\"\nclient_secret = \"short\"\ntoken_endpoint_auth_method = \"client_secret_jwt\"",
                "at least 32 bytes",
            ),
            (
                "client_id = \"a\"\ntoken_endpoint_auth_method = \"client_secret_jwt\"",
                "client_secret is missing",
            ),
            ("client_id = \"a\"\njwks_uri = \"http://app.test/jwks\"", "no https URL"),
            (
                "client_id = \"a\"\njwks_uri = \"https://app.test/jwks\"\njwks.keys = []",
                "both jwks and jwks_uri",
            ),
            ("client_id = \"a\"\n[[jwks.keys]]\nkty = \"EC\"\nd = \"AA\"", "key 0: this is a private key"),
            (
                "client_id = \"a\"\n[[jwks.keys]]\nkty = \"EC\"\ncrv = \"P-256\"\nx = \"AA\"\ny = \"AA\"",
                "x is not 32 bytes long",
            ),
            ("client_id = \"a\"\njwks.keys = []", "jwks holds no key"),
            (
                "client_id = \"a\"\nclient_secret = \"s\"\nredirect_uris = [\"javascript:x\"]",
                "cannot be a redirect URI",
            ),
            (
                "client_id = \"a\"\ntoken_endpoint_auth_method = \"none\"\ngrant_types = [\"client_credentials\"]",
                "a public client cannot use client_credentials",
            ),
            (
                "client_id = \"a\"\nclient_secret = \"s\"\nid_token_lifetime = 2592001",
                "longer than the key that signed it is published",
            ),
            (
                "client_id = \"a\"\nclient_secret = \"s\"\nscope = \"openid\"\ndefault_scope = \"email\"",
                "default_scope has more than scope",
            ),
            (
                "client_id = \"a\"\nclient_secret = \"s\"\nid_token_signed_response_alg = \"HS256\"",
                "not signed by HS256",
            ),
            (
                "client_id = \"a\"\nclient_secret = \"s\"\nlogo = \"/nowhere/logo.png\"",
                "the logo /nowhere/logo.png cannot be used",
            ),
            (
                "client_id = \"a\"\nclient_secret = \"s\"\ntos_uri = \"javascript:alert(1)\"",
                "is no address of a page",
            ),
        ] {
            let failure = client(text).unwrap_err();
            assert!(failure.why.contains(why), "{text}: {}", failure.why);
        }
    }
}

//! `bootstrap.json`: the demo data of a first start, as a declaration that every start applies.
//!
//! The file comes first and the database follows it, so a crash between the two heals at the next
//! start, and of two processes that start together one makes it and both apply it.

use grantway_core::api_key::{ApiKeyHolder, draw_api_key};
use grantway_core::claims::{Address, StandardClaims};
use grantway_core::client::{Client, ClientAuthentication, draw_client_secret};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::ids::{ClientId, ProjectId};
use grantway_core::metadata::supported_scopes;
use grantway_core::redirect::RedirectUri;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::{Entropy, NewApiKey};
use grantway_core::secret::{Secret, on_the_wire};
use grantway_core::token::GrantType;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::config::DeclaredAccount;
use crate::config::api_key::SettledApiKey;
use crate::data_dir::{Created, DataDir};
use crate::outcome::Failure;

/// What a script reads to try the provider.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Bootstrap {
    pub(crate) issuer: String,
    pub(crate) account: DemoAccount,
    pub(crate) applications: DemoApplications,
    #[serde(flatten)]
    pub(crate) registry: DemoRegistry,
}

/// The person of the demo.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DemoAccount {
    pub(crate) username: String,
    pub(crate) email: String,
    #[serde(with = "on_the_wire")]
    pub(crate) password: Secret,
}

/// One application of each kind.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DemoApplications {
    pub(crate) confidential: DemoConfidential,
    pub(crate) public: DemoPublic,
}

/// Has a secret.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DemoConfidential {
    pub(crate) client_id: ClientId,
    #[serde(with = "on_the_wire")]
    pub(crate) client_secret: Secret,
    pub(crate) redirect_uris: Vec<RedirectUri>,
    #[serde(default)]
    pub(crate) post_logout_redirect_uris: Vec<RedirectUri>,
}

/// Has none.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DemoPublic {
    pub(crate) client_id: ClientId,
    pub(crate) redirect_uris: Vec<RedirectUri>,
    #[serde(default)]
    pub(crate) post_logout_redirect_uris: Vec<RedirectUri>,
}

/// A project, the key of its programs, and the key of whoever has all projects.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DemoRegistry {
    pub(crate) project: DemoProject,
    #[serde(with = "on_the_wire")]
    pub(crate) partner_key: Secret,
}

/// Has one key.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DemoProject {
    pub(crate) id: ProjectId,
    #[serde(with = "on_the_wire")]
    pub(crate) api_key: Secret,
}

impl DemoRegistry {
    fn draw(entropy: &dyn Entropy) -> Self {
        Self {
            project: DemoProject { id: ProjectId::draw(entropy), api_key: draw_api_key(entropy).1 },
            partner_key: draw_api_key(entropy).1,
        }
    }

    /// What it declares: keys and what they are.
    pub(crate) fn api_keys(&self) -> [SettledApiKey; 2] {
        let Self { project: DemoProject { id, api_key }, partner_key } = self;
        let key = |shown: &Secret, name: &str, holder| SettledApiKey {
            shown: shown.clone(),
            wanted: NewApiKey { name: name.to_owned(), holder, scope: ScopeSet::empty(), expires_at: None },
        };
        [
            key(api_key, "Demo project key", ApiKeyHolder::Project(id.clone())),
            key(partner_key, "Demo partner key", ApiKeyHolder::Partner),
        ]
    }
}

/// Whether this start was the first.
#[derive(Debug)]
pub(crate) enum Bootstrapped {
    /// Made by this process: its password is worth showing, once.
    Now(Bootstrap),
    /// Made before, or by another.
    Before(Bootstrap),
}

impl Bootstrapped {
    pub(crate) const fn data(&self) -> &Bootstrap {
        match self {
            Self::Now(data) | Self::Before(data) => data,
        }
    }
}

impl Bootstrap {
    /// What lies in the data directory; `None` if nothing does and the database is not `empty`, for
    /// then somebody took the demo data away.
    pub(crate) fn settle(
        data: &DataDir,
        issuer: &str,
        empty: bool,
        entropy: &dyn Entropy,
    ) -> Result<Option<Bootstrapped>, Failure> {
        if !empty && !data.bootstrap().exists() {
            return Ok(None);
        }
        let written = Self::draw(issuer, entropy)?.to_json();
        let (text, now) = match data.create_once(NAME, &written)? {
            Created::Now(text) => (text, true),
            Created::Before(text) => (text, false),
        };
        let mut found = match serde_json::from_str(&text) {
            Ok(found) => found,
            Err(_) => Self::completed(data, entropy)?,
        };
        if found.issuer != issuer {
            // The port was another at the last start; whoever reads the file wants today's.
            issuer.clone_into(&mut found.issuer);
            data.replace(NAME, &found.to_json())?;
        }
        Ok(Some(if now { Bootstrapped::Now(found) } else { Bootstrapped::Before(found) }))
    }

    /// A file of an older release has not everything yet. What it has stays, and of processes that find it at once all go on
    /// with what one of them has added.
    fn completed(data: &DataDir, entropy: &dyn Entropy) -> Result<Self, Failure> {
        let completed = data.rewrite(NAME, |text| {
            let mut members: Map<String, Value> = serde_json::from_str(text)?;
            if let Value::Object(drawn) = serde_json::to_value(DemoRegistry::draw(entropy))? {
                for (name, value) in drawn {
                    members.entry(name).or_insert(value);
                }
            }
            let text = serde_json::to_string_pretty(&members)? + "\n";
            let found: Self = serde_json::from_str(&text)?;
            Ok((text, found))
        })?;
        completed.map_err(|fault: serde_json::Error| {
            Failure::configuration(
                format!("{} cannot be read", data.bootstrap().display()),
                fault,
                "put the right one back, or remove it to go on without demo data",
            )
        })
    }

    fn draw(issuer: &str, entropy: &dyn Entropy) -> Result<Self, Failure> {
        let redirect_uris = vec![redirect_uri("http://127.0.0.1/callback")?];
        let post_logout_redirect_uris = vec![redirect_uri("http://127.0.0.1/")?];
        Ok(Self {
            issuer: issuer.to_owned(),
            account: DemoAccount {
                username: "demo".into(),
                email: "demo@example.com".into(),
                password: Secret::draw(entropy, ""),
            },
            applications: DemoApplications {
                confidential: DemoConfidential {
                    client_id: ClientId::draw(entropy),
                    client_secret: draw_client_secret(entropy),
                    redirect_uris: redirect_uris.clone(),
                    post_logout_redirect_uris: post_logout_redirect_uris.clone(),
                },
                public: DemoPublic {
                    client_id: ClientId::draw(entropy),
                    redirect_uris,
                    post_logout_redirect_uris,
                },
            },
            registry: DemoRegistry::draw(entropy),
        })
    }

    fn to_json(&self) -> String {
        // Plain structs of strings: there is nothing that could fail to serialise.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The applications it declares.
    pub(crate) fn clients(&self) -> Vec<Client> {
        let DemoApplications { confidential, public } = &self.applications;
        let digest = TokenDigest::of(DigestKind::ClientSecret, &confidential.client_secret);
        let mut first = demo_client(
            &confidential.client_id,
            "Demo web application",
            ClientAuthentication::ClientSecret { digests: vec![digest] },
        );
        first.redirect_uris.clone_from(&confidential.redirect_uris);
        first.post_logout_redirect_uris.clone_from(&confidential.post_logout_redirect_uris);
        first.grant_types.push(GrantType::ClientCredentials);
        let mut second =
            demo_client(&public.client_id, "Demo native application", ClientAuthentication::None);
        second.redirect_uris.clone_from(&public.redirect_uris);
        second.post_logout_redirect_uris.clone_from(&public.post_logout_redirect_uris);
        vec![first, second]
    }

    /// The account it declares, with a value for every standard claim.
    pub(crate) fn account(&self) -> DeclaredAccount {
        let DemoAccount { username, email, password } = &self.account;
        let text = |value: &str| Some(value.to_owned());
        let claims = StandardClaims {
            name: text("Demo Person"),
            given_name: text("Demo"),
            family_name: text("Person"),
            middle_name: text("Q."),
            nickname: text("demo"),
            preferred_username: Some(username.clone()),
            profile: text("https://example.com/demo"),
            picture: text("https://example.com/demo.png"),
            website: text("https://example.com"),
            gender: text("unspecified"),
            birthdate: text("2000-01-31"),
            zoneinfo: text("Europe/Berlin"),
            locale: text("en"),
            updated_at: Some(grantway_core::time::Timestamp::from_unix(1_767_225_600)),
            email: Some(email.clone()),
            email_verified: Some(true),
            address: Some(Address {
                formatted: text("1 Example Street\n12345 Exampleton\nUtopia"),
                street_address: text("1 Example Street"),
                locality: text("Exampleton"),
                region: text("Example County"),
                postal_code: text("12345"),
                country: text("Utopia"),
            }),
            phone_number: text("+1 202 555 0100"),
            phone_number_verified: Some(false),
        };
        DeclaredAccount {
            username: username.clone(),
            email: Some(email.clone()),
            password: Some(password.clone()),
            enabled: None,
            claims,
            public_metadata: Map::from_iter([("plan".to_owned(), json!("demo"))]),
            private_metadata: Map::from_iter([(
                "note".to_owned(),
                json!("seen by granted applications only"),
            )]),
            unsafe_metadata: Map::from_iter([("theme".to_owned(), json!("auto"))]),
            place: String::new(),
        }
    }
}

/// The application of the demo page; its redirect lies on our own origin, wherever that is today.
pub(crate) fn demo_page_client(issuer: &str) -> Result<Client, Failure> {
    let client_id = DEMO_PAGE_CLIENT_ID.parse().map_err(|malformed| {
        Failure::configuration("the demo page has no client_id", malformed, "start without demo data")
    })?;
    let mut client = demo_client(&client_id, "Grantway demo page", ClientAuthentication::None);
    client.redirect_uris = vec![redirect_uri(&format!("{issuer}/demo/callback"))?];
    client.grant_types = vec![GrantType::AuthorizationCode];
    Ok(client)
}

/// The name of the demo page's application.
pub(crate) const DEMO_PAGE_CLIENT_ID: &str = "grantway-demo-page";

fn demo_client(client_id: &ClientId, name: &str, authentication: ClientAuthentication) -> Client {
    let mut client = Client::new(client_id.clone(), name, authentication);
    client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    client.scope = supported_scopes();
    client.default_scope = "openid profile email".parse().unwrap_or_else(|_| ScopeSet::empty());
    client
}

fn redirect_uri(uri: &str) -> Result<RedirectUri, Failure> {
    uri.parse().map_err(|malformed| {
        Failure::configuration(
            format!("{uri} cannot be a redirect URI"),
            malformed,
            "start without --demo, or with an https issuer",
        )
    })
}

const NAME: &str = "bootstrap.json";

#[cfg(test)]
mod tests {
    use grantway_core::testing::SeededEntropy;

    use super::*;

    fn settle(data: &DataDir, issuer: &str, empty: bool, seed: u64) -> Option<Bootstrapped> {
        Bootstrap::settle(data, issuer, empty, &SeededEntropy::new(seed)).unwrap()
    }

    #[test]
    fn the_first_start_makes_it_and_every_later_one_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();

        let first = settle(&data, "http://127.0.0.1:1", true, 1).unwrap();
        let second = settle(&data, "http://127.0.0.1:2", false, 2).unwrap();

        assert!(matches!(first, Bootstrapped::Now(_)));
        assert!(matches!(second, Bootstrapped::Before(_)));
        let secret =
            |of: &Bootstrapped| of.data().applications.confidential.client_secret.expose().to_owned();
        assert_eq!(secret(&first), secret(&second));
        assert_eq!(second.data().issuer, "http://127.0.0.1:2");
    }

    #[test]
    fn a_file_of_an_older_release_gets_what_it_lacks_and_keeps_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        let first = Bootstrap::draw("http://127.0.0.1:1", &SeededEntropy::new(1)).unwrap();
        let mut older = serde_json::to_value(&first).unwrap();
        let members = older.as_object_mut().unwrap();
        members.shift_remove("project");
        members.shift_remove("partner_key");
        members.insert("note".to_owned(), json!("somebody's own"));
        data.create_once(NAME, &older.to_string()).unwrap();

        let all = std::thread::scope(|scope| {
            let start = |seed| {
                let data = &data;
                scope.spawn(move || settle(data, "http://127.0.0.1:1", false, seed).unwrap())
            };
            (2..10).map(start).collect::<Vec<_>>().into_iter().map(|start| start.join().unwrap()).collect()
        });
        let all: Vec<Bootstrapped> = all;

        let text = std::fs::read_to_string(data.bootstrap()).unwrap();
        let mut now: Value = serde_json::from_str(&text).unwrap();
        for found in &all {
            let DemoRegistry { project, partner_key } = &found.data().registry;
            assert_eq!(now["project"]["api_key"], project.api_key.expose());
            assert_eq!(now["partner_key"], partner_key.expose());
        }
        let members = now.as_object_mut().unwrap();
        members.shift_remove("project");
        members.shift_remove("partner_key");
        assert_eq!(now, older);
    }

    #[test]
    fn what_is_no_bootstrap_is_left_as_it_is() {
        for text in ["", "[]", "{}", "{\"issuer\": 1}"] {
            let folder = tempfile::tempdir().unwrap();
            let data = DataDir::open(folder.path()).unwrap();
            data.create_once(NAME, text).unwrap();

            let failure = Bootstrap::settle(&data, "http://127.0.0.1:1", false, &SeededEntropy::new(1));

            assert!(failure.unwrap_err().what.contains("cannot be read"), "{text}");
            assert_eq!(std::fs::read_to_string(data.bootstrap()).unwrap(), text);
        }
    }

    #[test]
    fn what_somebody_took_away_does_not_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        assert!(settle(&data, "http://127.0.0.1:1", false, 1).is_none());
    }

    #[test]
    fn the_demo_account_has_a_value_for_each_standard_claim() {
        let demo = Bootstrap::draw("http://127.0.0.1:1", &SeededEntropy::new(1)).unwrap();
        let claims = serde_json::to_value(demo.account().claims).unwrap();
        assert_eq!(claims.as_object().unwrap().len(), 19);
    }
}

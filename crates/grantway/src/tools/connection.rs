//! From a profile to a client that can ask.

use std::sync::Arc;
use std::time::Duration;

use grantway_client::{
    Authentication, Client, ClientParts, Patience, Provider, Registration, Renewal, TokenRequest,
    TokenSource, Transport, TransportSettings,
};
use grantway_core::jws::JwsAlgorithm;
use grantway_core::secret::Secret;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::hmac::SharedSecret;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::private_key::PrivateKey;
use grantway_jose::signing_key::SigningKey;
use grantway_jose::verify::JwsVerifier;
use tokio::sync::OnceCell;

use super::flags::{GeneralFlags, TraceFlags};
use super::kept_profile::KeptProfile;
use super::preset::{self, Written};
use super::profile::{ClientProof, Grant, Profile, ProofMethod};
use super::profile_store::ProfileFolder;
use super::trace::Journal;
use crate::bounded::{self, MOST_BYTES};
use crate::compose::outbound;
use crate::config::Outbound;
use crate::outcome::{Exit, Failure};
use crate::say;

/// The way out, and somebody who sees what is asked.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) transport: Transport,
    pub(crate) journal: Journal,
    outbound: Outbound,
    /// Of the profile that the command is about, asked once.
    provider: Arc<OnceCell<Provider>>,
}

impl Way {
    /// Does that over it. What was asked is written down, however it ended.
    pub(crate) async fn over<T>(
        (general, trace): (&GeneralFlags, &TraceFlags),
        work: impl AsyncFnOnce(&Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let way = Self::open(general, trace)?;
        let done = work(&way).await;
        way.journal.write();
        done
    }

    fn open(general: &GeneralFlags, trace: &TraceFlags) -> Result<Self, Failure> {
        let journal = Journal::new(trace)?;
        let outbound = general.outbound()?;
        let transport = outbound::transport(&outbound, TransportSettings::trusting())?;
        let transport = transport.witnessed(journal.clone());
        Ok(Self { transport, journal, outbound, provider: Arc::default() })
    }

    /// The same for a resource, which may take its time and say much.
    pub(crate) fn to_resources(&self, whole: Duration) -> Result<Self, Failure> {
        let patience = Patience { idle: whole, whole, ..Patience::default() };
        let wanted = TransportSettings { patience, ..TransportSettings::trusting() };
        let transport = outbound::transport(&self.outbound, wanted)?.witnessed(self.journal.clone());
        Ok(Self { transport: transport.reading(MOST_OF_A_RESOURCE), ..self.clone() })
    }

    /// To addresses that no person chose: nothing behind her firewall is asked for whoever did.
    pub(crate) fn to_strangers(&self) -> Result<Transport, Failure> {
        let wanted = outbound::to_strangers(&self.outbound, false);
        Ok(outbound::transport(&self.outbound, wanted)?.witnessed(self.journal.clone()))
    }

    /// The client of a profile, whose provider is asked what it tells of itself.
    pub(crate) async fn client(&self, kept: &KeptProfile) -> Result<Client, Failure> {
        let asked = async || preset::written(&kept.profile.provider)?.provider(&self.transport).await;
        let provider = self.provider.get_or_try_init(asked).await?;
        self.client_of(kept, provider.clone(), None)
    }

    /// The same of a provider that is known, by a secret that is not kept yet if there is one.
    pub(crate) fn client_of(
        &self,
        kept: &KeptProfile,
        provider: Provider,
        secret: Option<&Secret>,
    ) -> Result<Client, Failure> {
        let profile = &kept.profile;
        let entropy = entropy()?;
        let parts =
            ClientParts::new(self.transport.clone(), JwsVerifier::reading(self.transport.clone()), entropy);
        let mut registration = Registration::new(profile.client_id.clone(), authentication(kept, secret)?);
        if profile.dpop {
            registration = registration.with_dpop(Arc::new(dpop_key(&kept.folder)?), DPOP_ALGORITHM);
        }
        Ok(Client::new(parts, provider, registration))
    }

    /// The tokens of a profile, renewed as its grant allows.
    pub(crate) async fn source(&self, kept: &KeptProfile) -> Result<TokenSource, Failure> {
        let client = self.client(kept).await?;
        Ok(TokenSource::new(client, renewal(&kept.profile)?, Arc::new(kept.token_store())))
    }
}

fn renewal(profile: &Profile) -> Result<Renewal, Failure> {
    if profile.grant == Grant::ClientCredentials {
        return Ok(Renewal::by_repeating(TokenRequest::client_credentials().scope(&profile.scope)));
    }
    let preset = match preset::written(&profile.provider)? {
        Written::Preset(name) => preset::Preset::named(name),
        Written::Issuer(_) => None,
    };
    let renewal = Renewal::by_refresh_token();
    Ok(match (&profile.redirect_uri, preset) {
        (Some(redirect_uri), Some(preset)) if preset.refresh_names_redirect => {
            renewal.with_parameter("redirect_uri", redirect_uri)
        }
        _ => renewal,
    })
}

fn authentication(kept: &KeptProfile, given: Option<&Secret>) -> Result<Authentication, Failure> {
    let proof = &kept.profile.authentication;
    let secret = || match (given, &proof.secret) {
        (Some(secret), _) => Ok(secret.clone()),
        (None, Some(place)) => place.secret(kept),
        (None, None) => Err(Failure::configuration(
            format!("the profile {} has no secret", kept.name()),
            "the way its client proves itself needs one",
            "give --client-secret-file, --client-secret-command or --client-secret-prompt to grantway login",
        )),
    };
    Ok(match proof.method {
        None if proof.secret.is_some() => Authentication::ClientSecret(secret()?),
        None | Some(ProofMethod::None) => Authentication::None,
        Some(ProofMethod::ClientSecretBasic) => Authentication::ClientSecretBasic(secret()?),
        Some(ProofMethod::ClientSecretPost) => Authentication::ClientSecretPost(secret()?),
        Some(ProofMethod::ClientSecretJwt) => {
            let algorithm = proof.algorithm.unwrap_or(JwsAlgorithm::HS256);
            Authentication::assertion(SharedSecret::new(secret()?), algorithm)
        }
        Some(ProofMethod::PrivateKeyJwt) => {
            let key = assertion_key(proof)?;
            let algorithm = key.algorithm();
            Authentication::assertion(key, algorithm)
        }
    })
}

fn assertion_key(proof: &ClientProof) -> Result<SigningKey, Failure> {
    let Some(path) = &proof.key_file else {
        return Err(Failure::new(
            Exit::Usage,
            "private_key_jwt needs a private key",
            "none was named",
            "give --key FILE; grantway jwk generate makes one",
        ));
    };
    let wrong = |fault: &dyn std::fmt::Display| {
        Failure::configuration(
            format!("the key {} cannot be used", path.display()),
            fault,
            "give a private key as JWK, PEM or DER, and with --alg what it signs by",
        )
    };
    let content =
        bounded::file(path, MOST_BYTES).map(zeroize::Zeroizing::new).map_err(|fault| wrong(&fault))?;
    let key = PrivateKey::read(&content).map_err(|fault| wrong(&fault))?;
    let algorithm = proof.algorithm.unwrap_or_else(|| usual_algorithm(key.kind()));
    let signing = SigningKey::new(&key, algorithm).map_err(|fault| wrong(&fault))?;
    // A provider knows the key by the name that stands in its JWK.
    let document: Option<serde_json::Value> = serde_json::from_slice(&content).ok();
    let kid =
        document.as_ref().and_then(|document| document["kid"].as_str()).and_then(|kid| kid.parse().ok());
    Ok(match kid {
        Some(kid) => signing.named(kid),
        None => signing,
    })
}

/// What a key of that kind signs by, unless somebody says otherwise.
pub(crate) const fn usual_algorithm(kind: KeyKind) -> JwsAlgorithm {
    match kind {
        KeyKind::P256 => JwsAlgorithm::ES256,
        KeyKind::P384 => JwsAlgorithm::ES384,
        KeyKind::P521 => JwsAlgorithm::ES512,
        KeyKind::Ed25519 => JwsAlgorithm::EdDSA,
        KeyKind::Rsa => JwsAlgorithm::RS256,
    }
}

/// The key of the profile; made when it is needed first.
fn dpop_key(folder: &ProfileFolder) -> Result<SigningKey, Failure> {
    let wrong = |fault: &dyn std::fmt::Display| {
        Failure::new(
            Exit::Store,
            format!("the key that the tokens of {} are bound to cannot be used", folder.name),
            fault,
            format!("sign in again for another: grantway login --profile {} --dpop", folder.name),
        )
    };
    let pem = if let Some(pem) = folder.dpop_key()? {
        pem
    } else {
        let key = PrivateKey::generate(KeyKind::P256, &entropy()?).map_err(|fault| wrong(&fault))?;
        folder.keep_dpop_key(key.to_pem())?
    };
    let key = PrivateKey::from_pem(pem.expose()).map_err(|fault| wrong(&fault))?;
    SigningKey::new(&key, DPOP_ALGORITHM).map_err(|fault| wrong(&fault))
}

/// Whoever signs in anew may do so with another key, if the one that is there is of no use.
pub(crate) fn without_a_broken_dpop_key(folder: &ProfileFolder) -> Result<(), Failure> {
    if let Err(broken) = dpop_key(folder) {
        say::warning(&format!("{}, and another is made: {}", broken.what, broken.why));
        folder.forget_dpop_key()?;
    }
    Ok(())
}

pub(crate) fn entropy() -> Result<RingEntropy, Failure> {
    RingEntropy::new().map_err(|fault| {
        Failure::new(
            Exit::CouldNotRun,
            "there is no randomness",
            fault,
            "see what is the matter with this machine",
        )
    })
}

/// Bytes that are held at once.
const MOST_OF_A_RESOURCE: usize = 64 * 1024 * 1024;
/// What every server that knows DPoP takes.
const DPOP_ALGORITHM: JwsAlgorithm = JwsAlgorithm::ES256;

//! `grantway login`: somebody signs in, and what the provider gave is kept.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use dialoguer::Input;
use grantway_client::{Client, Granted, Provider};
use grantway_core::ids::ClientId;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::scope::ScopeSet;
use grantway_core::secret::Secret;
use serde_json::{Value, json};

use super::connection::{Way, without_a_broken_dpop_key};
use super::flags::{GeneralFlags, ProfileFlag, TraceFlags, span};
use super::kept_profile::KeptProfile;
use super::preset::{self, Written};
use super::profile::{ClientProof, Grant, Profile, ProofMethod, SecretPlace};
use super::profile_store::ProfileFolder;
use super::secret_input::ClientSecretFlags;
use super::sign_in::{SignInFlags, SignedInBy, Wish, sign_in};
use super::surroundings::somebody_is_there;
use super::{failures, moment};
use crate::outcome::{Exit, Failure};
use crate::say::{self, GOOD};
use grantway_core::plain::plain;

#[derive(Args, Clone, Debug)]
pub(crate) struct LoginFlags {
    /// An issuer, or one of github, gitlab, google, microsoft and slack [default: that of the profile]
    #[arg(value_name = "ISSUER or PRESET")]
    provider: Option<String>,
    /// For the client itself: nobody signs in
    #[arg(long, conflicts_with_all = ["device", "no_browser", "redirect_port", "redirect_uri", "prompt"])]
    client_credentials: bool,
    #[command(flatten)]
    profile: ProfileFlag,
    #[command(flatten)]
    pub(crate) general: GeneralFlags,
    // What has a heading of its own stands behind what has none.
    #[command(flatten)]
    client: ClientFlags,
    #[command(flatten)]
    sign_in: SignInFlags,
    #[command(flatten)]
    trace: TraceFlags,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct DeviceFlags {
    /// An issuer, or one of github, gitlab, google, microsoft and slack [default: that of the profile]
    #[arg(value_name = "ISSUER or PRESET")]
    provider: Option<String>,
    /// Wait so long for the person
    #[arg(long, value_name = "TIME", value_parser = span, default_value = "5m")]
    timeout: Duration,
    #[command(flatten)]
    profile: ProfileFlag,
    #[command(flatten)]
    pub(crate) general: GeneralFlags,
    #[command(flatten)]
    client: ClientFlags,
    #[command(flatten)]
    trace: TraceFlags,
}

impl From<DeviceFlags> for LoginFlags {
    fn from(flags: DeviceFlags) -> Self {
        let DeviceFlags { provider, client, timeout, profile, general, trace } = flags;
        let sign_in = SignInFlags { device: true, timeout, ..SignInFlags::default() };
        Self { provider, client_credentials: false, client, sign_in, profile, general, trace }
    }
}

/// Which client it is, and how it proves that.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "The client")]
struct ClientFlags {
    /// The client's name at the provider [default: that of the profile; else it is asked for]
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    client_id: Option<ClientId>,
    /// What is asked for, with spaces between [default: that of the profile, else what the provider has]
    #[arg(long, value_name = "SCOPE")]
    scope: Option<ScopeSet>,
    /// How the client proves who it is [default: as the provider's metadata has it]
    #[arg(long, value_name = "METHOD", value_enum)]
    auth: Option<ProofMethod>,
    /// The private key of `private_key_jwt`: JWK, PEM or DER
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// What the client signs its assertions by
    #[arg(long, value_name = "ALG")]
    alg: Option<JwsAlgorithm>,
    /// Have the tokens bound to a key of this profile (RFC 9449)
    #[arg(long)]
    dpop: bool,
    /// Not any more
    #[arg(long, conflicts_with = "dpop")]
    no_dpop: bool,
    #[command(flatten)]
    secret: ClientSecretFlags,
}

/// Signs in and keeps the tokens.
pub(crate) async fn run(flags: LoginFlags) -> Result<(), Failure> {
    Way::over((&flags.general, &flags.trace), async |way| signed_in(&flags, way).await).await
}

async fn signed_in(flags: &LoginFlags, way: &Way) -> Result<(), Failure> {
    let given = flags.client.secret.take()?;
    let folder = ProfileFolder::of(&flags.profile.profile, &flags.general)?;
    let before = before(flags, &folder)?;
    let written = provider_of(flags.provider.as_deref(), before.as_ref())?;
    if let Some(before) = before.as_ref().filter(|before| before.provider != written.as_str()) {
        say::warning(&format!(
            "the profile {} is of {}, and will be of {}; with --profile NAME you have both",
            folder.name,
            before.provider,
            written.as_str()
        ));
    }
    let provider = written.provider(&way.transport).await?;
    let place = given.as_ref().map(|given| given.place.clone());
    let profile = settled((flags, place), before.as_ref(), &written, &provider)?;
    let secret = given.as_ref().and_then(|given| given.to_keep.as_ref());
    if profile.dpop {
        without_a_broken_dpop_key(&folder)?;
    }
    let wanted = KeptProfile { folder, profile };
    let client = way.client_of(&wanted, provider, secret)?;
    let KeptProfile { folder, profile } = wanted;
    let ways = flags.sign_in.clone().or_back_as(&profile);
    let obtained = if profile.grant == Grant::ClientCredentials {
        for_the_client(&client, &profile, &folder).await?
    } else {
        let wish =
            Wish { client: &client, preset: written.preset(), scope: &profile.scope, profile: &folder.name };
        sign_in(wish, &ways).await?
    };
    let profile = Profile {
        grant: obtained.grant,
        redirect_port: ways.redirect_port,
        redirect_uri: obtained.redirect_uri,
        ..profile
    };
    keep(&folder, &profile, secret, &obtained.granted).await?;
    told(flags.general.json, &folder, &profile, &obtained.granted);
    Ok(())
}

/// What the profile has, if that can be read; whoever names a provider may begin anew where it cannot.
fn before(flags: &LoginFlags, folder: &ProfileFolder) -> Result<Option<Profile>, Failure> {
    match folder.load() {
        Err(broken) if flags.provider.is_some() => {
            say::warning(&format!("{}, and is made anew: {}", broken.what, broken.why));
            Ok(None)
        }
        loaded => loaded,
    }
}

async fn for_the_client(
    client: &Client,
    profile: &Profile,
    folder: &ProfileFolder,
) -> Result<SignedInBy, Failure> {
    let granted = client.client_credentials(&profile.scope).await;
    let granted = granted.map_err(|error| failures::of_client(&error, &folder.name))?;
    Ok(SignedInBy { granted, grant: Grant::ClientCredentials, redirect_uri: None })
}

/// The same person, or another, signs in with what the profile has.
pub(crate) async fn again(way: &Way, kept: &KeptProfile) -> Result<Granted, Failure> {
    let KeptProfile { folder, profile } = kept;
    let written = preset::written(&profile.provider)?;
    let client = way.client(kept).await?;
    let wish =
        Wish { client: &client, preset: written.preset(), scope: &profile.scope, profile: &folder.name };
    let flags = SignInFlags { device: profile.grant == Grant::DeviceCode, ..SignInFlags::default() };
    let SignedInBy { granted, grant, redirect_uri } = sign_in(wish, &flags.or_back_as(profile)).await?;
    kept.alone(async |lease| {
        folder.save(&Profile { grant, redirect_uri, ..profile.clone() })?;
        lease.save(&granted.tokens).await.map_err(|fault| failures::of_store(&fault))
    })
    .await?;
    Ok(granted)
}

fn provider_of(named: Option<&str>, before: Option<&Profile>) -> Result<Written, Failure> {
    let text = named.or(before.map(|profile| &*profile.provider)).ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            "no provider is named",
            "the profile does not have one yet",
            "grantway login ISSUER, or one of github, gitlab, google, microsoft and slack",
        )
    })?;
    preset::written(text)
}

/// What the flags say is put over what was kept, unless that is about another client.
fn settled(
    (flags, place): (&LoginFlags, Option<SecretPlace>),
    before: Option<&Profile>,
    written: &Written,
    provider: &Provider,
) -> Result<Profile, Failure> {
    let ClientFlags { client_id, scope, auth, key, alg, dpop, no_dpop, secret: _ } = &flags.client;
    let before = before.filter(|before| {
        before.provider == written.as_str() && client_id.as_ref().is_none_or(|own| *own == before.client_id)
    });
    let client_id = match (client_id, before) {
        (Some(client_id), _) => client_id.clone(),
        (None, Some(before)) => before.client_id.clone(),
        (None, None) => asked_client_id(written)?,
    };
    let kept = before.map(|before| before.authentication.clone()).unwrap_or_default();
    let key_file = match key {
        Some(key) => Some(std::path::absolute(key).unwrap_or_else(|_| key.clone())),
        None => kept.key_file,
    };
    if let (Some(method), Some(_)) = (auth, key)
        && *method != ProofMethod::PrivateKeyJwt
    {
        return Err(Failure::new(
            Exit::Usage,
            "a private key is of no use to that --auth",
            "only private_key_jwt signs by one",
            "leave --key or --auth out",
        ));
    }
    let method = match (auth, key) {
        (Some(method), _) => Some(*method),
        (None, Some(_)) => Some(ProofMethod::PrivateKeyJwt),
        (None, None) => kept.method,
    };
    let authentication =
        ClientProof { method, secret: place.or(kept.secret), key_file, algorithm: alg.or(kept.algorithm) };
    let before_credentials = before.is_some_and(|before| before.grant == Grant::ClientCredentials);
    let grant = if flags.client_credentials || (before_credentials && !flags.sign_in.is_about_a_person()) {
        Grant::ClientCredentials
    } else {
        Grant::AuthorizationCode
    };
    let usual = || match grant {
        Grant::ClientCredentials => ScopeSet::empty(),
        Grant::AuthorizationCode | Grant::DeviceCode => usual_scope(written, provider),
    };
    // What was asked for the client is not what a person is asked for, nor the other way round.
    let alike = before.filter(|_| before_credentials == (grant == Grant::ClientCredentials));
    let scope = scope.clone().or(alike.map(|before| before.scope.clone())).unwrap_or_else(usual);
    let dpop = !*no_dpop && (*dpop || before.is_some_and(|before| before.dpop));
    let provider = written.as_str().to_owned();
    let redirect_port = before.and_then(|before| before.redirect_port);
    let redirect_uri = before.and_then(|before| before.redirect_uri.clone());
    Ok(Profile { provider, client_id, grant, scope, redirect_port, redirect_uri, dpop, authentication })
}

/// Who signs in, and to stay so, as far as the provider has words for it.
fn usual_scope(written: &Written, provider: &Provider) -> ScopeSet {
    if let Some(preset) = written.preset() {
        return preset.scope.parse().unwrap_or_default();
    }
    let supported = &provider.metadata.scopes_supported;
    let wanted = ["openid", "profile", "email", "offline_access"];
    let known = wanted.into_iter().filter(|word| supported.iter().any(|own| own == word));
    known.collect::<Vec<_>>().join(" ").parse().unwrap_or_default()
}

fn asked_client_id(written: &Written) -> Result<ClientId, Failure> {
    let register_at = written.preset().map(|preset| preset.register_at);
    if !somebody_is_there() {
        let next = match register_at {
            Some(address) => format!("give --client-id ID; clients are registered at {address}"),
            None => "give --client-id ID, as the provider registered it".to_owned(),
        };
        return Err(Failure::new(
            Exit::Usage,
            "no client is named",
            "the profile does not have one yet",
            next,
        ));
    }
    if let Some(address) = register_at {
        say::story(&format!("Clients of {} are registered at {address}", written.as_str()));
    }
    let typed = Input::<String>::new().with_prompt("The client's name (client_id)").interact_text();
    let wrong = |why: &dyn std::fmt::Display| {
        Failure::new(Exit::Usage, "no client is named", why, "give --client-id ID")
    };
    typed.map_err(|fault| wrong(&fault))?.trim().parse().map_err(|fault| wrong(&fault))
}

/// The tokens and the secret of one provider are never beside the name of another: they would be shown there.
async fn keep(
    folder: &ProfileFolder,
    profile: &Profile,
    secret: Option<&Secret>,
    granted: &Granted,
) -> Result<(), Failure> {
    let failed = |fault| failures::of_store(&fault);
    folder
        .alone(async |lease| {
            // Another sign-in may have ended while this one waited. What cannot be read is not alike.
            let before = folder.load().ok().flatten();
            let alike = before.is_some_and(|before| before.is_alike(profile));
            if !alike {
                lease.forget().await.map_err(failed)?;
            }
            if !alike || profile.authentication.secret != Some(SecretPlace::Kept) {
                folder.forget_client_secret()?;
            }
            folder.save(profile)?;
            if let Some(secret) = secret {
                folder.keep_client_secret(secret)?;
            }
            lease.save(&granted.tokens).await.map(drop).map_err(failed)
        })
        .await
}

fn told(json: bool, folder: &ProfileFolder, profile: &Profile, granted: &Granted) {
    let tokens = &granted.tokens;
    let scope = tokens.scope.as_ref().unwrap_or(&profile.scope);
    let claims = granted.id_token.as_ref().and_then(|claims| serde_json::to_value(claims).ok());
    if json {
        say::document(&json!({
            "profile": folder.name.as_str(), "provider": profile.provider, "client_id": profile.client_id,
            "subject": claims.as_ref().map(|claims| &claims["sub"]), "scope": scope,
            "token_type": tokens.token_type, "expires_at": tokens.expires_at.map(moment::rfc3339),
            "refreshable": tokens.refresh_token.is_some(),
        }));
        return;
    }
    let who = claims
        .as_ref()
        .and_then(person)
        .map_or_else(|| format!("{} has tokens", profile.client_id), |who| format!("{who} is signed in"));
    let (now, id) = (moment::now(), &profile.provider);
    say::story(&format!("{GOOD}{}{GOOD:#} at {id}, profile {}", plain(&who), folder.name));
    if !scope.is_empty() {
        say::story(&format!("  scope:        {}", plain(&scope.to_string())));
    }
    let end = tokens
        .expires_at
        .map_or_else(|| "the provider does not say".to_owned(), |end| moment::humane(end, now));
    say::story(&format!("  access token: ends {end}"));
    match (profile.grant, tokens.refresh_token.is_some()) {
        (Grant::ClientCredentials, _) => say::story("  after that:   another is asked for"),
        (_, true) => say::story("  after that:   it is renewed, without anybody"),
        (_, false) => say::story(
            "  after that:   somebody signs in again: no refresh token came. Some providers give one for --scope \"… offline_access\"",
        ),
    }
}

/// As the ID token calls her, whatever it has.
fn person(claims: &Value) -> Option<String> {
    let text = |name: &str| claims[name].as_str().filter(|text| !text.is_empty());
    let name = text("name").or_else(|| text("preferred_username"));
    match (name, text("email")) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => text("sub").map(str::to_owned),
    }
}

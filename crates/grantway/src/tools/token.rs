//! `grantway token`: a token that is good, and nothing else.

mod format;

use std::time::Duration;

use clap::Args;
use grantway_client::{FailureClass, TokenError, TokenSet};
use grantway_core::plain::plain;

use super::connection::Way;
use super::flags::{GeneralFlags, ProfileFlag, TraceFlags, span};
use super::profile::{Grant, Profile};
use super::profile_store::ProfileFolder;
use super::surroundings::somebody_is_there;
use super::{failures, login, moment};
use crate::outcome::{Exit, Failure};
use crate::say;

pub(crate) use self::format::Format;

#[derive(Args, Clone, Debug)]
pub(crate) struct TokenFlags {
    #[command(flatten)]
    fresh: FreshFlags,
    /// Ask nobody: end with 4 if what is kept is not good for long enough
    #[arg(long, conflicts_with = "no_login")]
    offline: bool,
    /// Print a header line, as in: grantway token -H | curl -H @- URL
    #[arg(long, short = 'H', conflicts_with_all = ["format", "json"])]
    header: bool,
    /// Print it in the form that a program reads
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, conflicts_with = "json")]
    format: Format,
    /// The ID token, for whoever wants to know who signed in
    #[arg(long, conflicts_with = "header")]
    id_token: bool,
    #[command(flatten)]
    profile: ProfileFlag,
    #[command(flatten)]
    pub(crate) general: GeneralFlags,
    #[command(flatten)]
    trace: TraceFlags,
}

/// How fresh a token has to be, and what may be done for it.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct FreshFlags {
    /// At least so much of it is left, as in 5m [default: 30s, or what the provider gives]
    #[arg(long, value_name = "TIME", value_parser = span)]
    min_ttl: Option<Duration>,
    /// Let nobody sign in: end with 8 if that would be needed. Without a terminal that is so anyhow
    #[arg(long)]
    pub(crate) no_login: bool,
}

/// Where tokens came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Cache,
    Refresh,
    New,
}

impl Source {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Refresh => "refresh",
            Self::New => "new",
        }
    }
}

pub(crate) async fn run(flags: TokenFlags) -> Result<(), Failure> {
    flags.format.may_hold(flags.id_token)?;
    let had = Way::over((&flags.general, &flags.trace), async |way| had(&flags, way).await);
    let (tokens, source) = had.await?;
    let format = match flags {
        TokenFlags { header: true, .. } => Format::Header,
        TokenFlags { general: GeneralFlags { json: true, .. }, .. } => Format::Json,
        TokenFlags { format, .. } => format,
    };
    say::line(&format.written(&tokens, source, flags.id_token)?);
    Ok(())
}

async fn had(flags: &TokenFlags, way: &Way) -> Result<(TokenSet, Source), Failure> {
    let folder = ProfileFolder::of(&flags.profile.profile, &flags.general)?;
    let profile = folder.needed()?;
    if flags.offline {
        let wanted = flags.fresh.min_ttl.unwrap_or_default();
        let kept = folder.kept_tokens().await?.filter(|kept| kept.lives_at(moment::now().plus(wanted)));
        let nobody = || {
            Failure::new(
                Exit::CouldNotRun,
                "there is no token that is good for long enough",
                "none such is kept, and nobody may be asked for another",
                "leave --offline out",
            )
        };
        return Ok((kept.ok_or_else(nobody)?, Source::Cache));
    }
    fresh(way, &folder, &profile, flags.fresh).await
}

/// Tokens that are good: those that are kept, renewed ones, or those of a person who signs in now.
pub(crate) async fn fresh(
    way: &Way,
    folder: &ProfileFolder,
    profile: &Profile,
    flags: FreshFlags,
) -> Result<(TokenSet, Source), Failure> {
    let kept = folder.kept_tokens().await?;
    let wanted = flags.min_ttl.unwrap_or(USUAL_TTL);
    if let Some(tokens) = kept.clone().filter(|kept| kept.lives_at(moment::now().plus(wanted))) {
        way.journal.tell("what is kept is good for long enough; nobody is asked");
        return Ok((tokens, Source::Cache));
    }
    let renewable = kept.as_ref().is_some_and(|kept| kept.refresh_token.is_some());
    if profile.grant != Grant::ClientCredentials && !renewable {
        let why = if kept.is_some() {
            "the token is over or soon will be, and there is no refresh token"
        } else {
            "no tokens are kept"
        };
        return signed_in(way, folder, profile, (flags, why)).await;
    }
    match renewed(way, folder, profile, flags.min_ttl).await {
        Ok(had) => Ok(had),
        Err(Trouble::Renewal(error)) if error.class() == FailureClass::Reauthorize => {
            signed_in(way, folder, profile, (flags, &error.to_string())).await
        }
        Err(trouble) => {
            let failure = match trouble {
                Trouble::Renewal(error) => failures::of_token(&error, &folder.name),
                Trouble::Setup(failure) => failure,
            };
            // Nobody said how long it has to live, so that it lives is enough.
            match kept.filter(|kept| flags.min_ttl.is_none() && kept.lives_at(moment::now())) {
                Some(kept) => {
                    say::warning(&format!(
                        "the token was not renewed, and is good for a moment: {}",
                        failure.why
                    ));
                    Ok((kept, Source::Cache))
                }
                None => Err(failure),
            }
        }
    }
}

/// Why there are no renewed tokens.
enum Trouble {
    Setup(Failure),
    Renewal(TokenError),
}

async fn renewed(
    way: &Way,
    folder: &ProfileFolder,
    profile: &Profile,
    min_ttl: Option<Duration>,
) -> Result<(TokenSet, Source), Trouble> {
    let source = way.source(folder, profile).await.map_err(Trouble::Setup)?;
    let tokens = match source.fresh_for(min_ttl.unwrap_or(USUAL_TTL)).await {
        Err(TokenError::TooShort { .. }) if min_ttl.is_none() => source.fresh().await,
        had => had,
    };
    source.settle().await;
    let tokens = tokens.map_err(Trouble::Renewal)?;
    let from = match (way.journal.asked_for_tokens(), profile.grant) {
        // Another process has just renewed them.
        (false, _) => Source::Cache,
        (true, Grant::ClientCredentials) => Source::New,
        (true, Grant::AuthorizationCode | Grant::DeviceCode) => Source::Refresh,
    };
    Ok(((*tokens).clone(), from))
}

async fn signed_in(
    way: &Way,
    folder: &ProfileFolder,
    profile: &Profile,
    (flags, why): (FreshFlags, &str),
) -> Result<(TokenSet, Source), Failure> {
    if flags.no_login || !somebody_is_there() {
        return Err(failures::sign_in_needed(&folder.name, why));
    }
    say::story(&format!("Somebody has to sign in: {}.", plain(why)));
    let granted = login::again(way, folder, profile).await?;
    Ok((granted.tokens, Source::New))
}

/// Long enough for the request that it is fetched for.
const USUAL_TTL: Duration = Duration::from_secs(30);

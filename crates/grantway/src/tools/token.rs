//! `grantway token`: a token that is good, and nothing else.

mod format;
mod id_token;

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use grantway_client::{FailureClass, TokenError, TokenSet};
use grantway_core::plain::plain;

use super::connection::Way;
use super::flags::{GeneralFlags, ProfileFlag, TraceFlags, span};
use super::kept_profile::KeptProfile;
use super::profile::Grant;
use super::stopping::unbroken;
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
    let profile = KeptProfile::of(&flags.profile.profile, &flags.general)?;
    if flags.offline {
        let wanted = moment::now().plus(flags.fresh.min_ttl.unwrap_or_default());
        let good = |kept: &TokenSet| {
            if flags.id_token { id_token::lives_at(kept, wanted) } else { kept.lives_at(wanted) }
        };
        let nobody = || {
            Failure::new(
                Exit::CouldNotRun,
                "there is no token that is good for long enough",
                "none such is kept, and nobody may be asked for another",
                "leave --offline out",
            )
        };
        return Ok((profile.tokens().await?.filter(good).ok_or_else(nobody)?, Source::Cache));
    }
    if flags.id_token {
        return with_id_token(way, &profile, flags.fresh).await;
    }
    fresh(way, &profile, flags.fresh).await
}

/// Tokens whose ID token is good, whatever the access token is.
async fn with_id_token(
    way: &Way,
    profile: &KeptProfile,
    flags: FreshFlags,
) -> Result<(TokenSet, Source), Failure> {
    let good = |tokens: &TokenSet| {
        id_token::lives_at(tokens, moment::now().plus(flags.min_ttl.unwrap_or(USUAL_TTL)))
    };
    let Some(kept) = profile.tokens().await? else {
        return signed_in(way, profile, (flags, "no tokens are kept")).await;
    };
    if kept.id_token.is_none() || good(&kept) {
        return Ok((kept, Source::Cache));
    }
    if kept.refresh_token.is_none() {
        let why = "the ID token is over or soon will be, and there is no refresh token";
        return signed_in(way, profile, (flags, why)).await;
    }
    let source = way.source(profile).await?;
    let renewed = unbroken(async {
        let renewed = source.renew(&Arc::new(kept)).await;
        source.settle().await;
        renewed
    });
    match renewed.await {
        Ok(tokens) if good(&tokens) => Ok(((*tokens).clone(), Source::Refresh)),
        Ok(_) => {
            let why = "no new ID token comes when the tokens are renewed, and the one there is ends";
            signed_in(way, profile, (flags, why)).await
        }
        Err(error) if error.class() == FailureClass::Reauthorize => {
            signed_in(way, profile, (flags, &error.to_string())).await
        }
        Err(error) => Err(failures::of_token(&error, profile.name())),
    }
}

/// Tokens that are good: those that are kept, renewed ones, or those of a person who signs in now.
pub(crate) async fn fresh(
    way: &Way,
    profile: &KeptProfile,
    flags: FreshFlags,
) -> Result<(TokenSet, Source), Failure> {
    let kept = profile.tokens().await?;
    let wanted = flags.min_ttl.unwrap_or(USUAL_TTL);
    if let Some(tokens) = kept.clone().filter(|kept| kept.lives_at(moment::now().plus(wanted))) {
        way.journal.tell("what is kept is good for long enough; nobody is asked");
        return Ok((tokens, Source::Cache));
    }
    let renewable = kept.as_ref().is_some_and(|kept| kept.refresh_token.is_some());
    if profile.profile.grant != Grant::ClientCredentials && !renewable {
        let why = if kept.is_some() {
            "the token is over or soon will be, and there is no refresh token"
        } else {
            "no tokens are kept"
        };
        return signed_in(way, profile, (flags, why)).await;
    }
    match renewed(way, profile, flags.min_ttl).await {
        Ok(had) => Ok(had),
        Err(Trouble::Renewal(error)) if error.class() == FailureClass::Reauthorize => {
            signed_in(way, profile, (flags, &error.to_string())).await
        }
        Err(trouble) => {
            let failure = match trouble {
                Trouble::Renewal(error) => failures::of_token(&error, profile.name()),
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
    profile: &KeptProfile,
    min_ttl: Option<Duration>,
) -> Result<(TokenSet, Source), Trouble> {
    let source = way.source(profile).await.map_err(Trouble::Setup)?;
    // Whoever breaks it off between the answer and the file loses a refresh token that was spent.
    let tokens = unbroken(async {
        let tokens = match source.fresh_for(min_ttl.unwrap_or(USUAL_TTL)).await {
            Err(TokenError::TooShort { .. }) if min_ttl.is_none() => source.fresh().await,
            had => had,
        };
        source.settle().await;
        tokens
    });
    let tokens = tokens.await.map_err(Trouble::Renewal)?;
    let from = match (way.journal.asked_for_tokens(), profile.profile.grant) {
        // Another process has just renewed them.
        (false, _) => Source::Cache,
        (true, Grant::ClientCredentials) => Source::New,
        (true, Grant::AuthorizationCode | Grant::DeviceCode) => Source::Refresh,
    };
    Ok(((*tokens).clone(), from))
}

async fn signed_in(
    way: &Way,
    profile: &KeptProfile,
    (flags, why): (FreshFlags, &str),
) -> Result<(TokenSet, Source), Failure> {
    if flags.no_login || !somebody_is_there() {
        return Err(failures::sign_in_needed(profile.name(), why));
    }
    say::story(&format!("Somebody has to sign in: {}.", plain(why)));
    let granted = login::again(way, profile).await?;
    Ok((granted.tokens, Source::New))
}

/// Long enough for the request that it is fetched for.
const USUAL_TTL: Duration = Duration::from_secs(30);

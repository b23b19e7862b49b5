//! `grantway introspect`: what the provider says of a token (RFC 7662).

use clap::Args;
use grantway_core::secret::Secret;

use super::connection::Way;
use super::flags::{GeneralFlags, ProfileFlag, TraceFlags};
use super::kept_profile::KeptProfile;
use super::{document, failures, input};
use crate::outcome::{Exit, Failure};
use crate::say;

#[derive(Args, Clone, Debug)]
pub(crate) struct IntrospectFlags {
    /// A token, @FILE, or - for standard input [default: the access token that the profile keeps]
    #[arg(value_name = "TOKEN", allow_hyphen_values = true)]
    token: Option<String>,
    /// The refresh token that the profile keeps
    #[arg(long, conflicts_with = "token")]
    refresh_token: bool,
    #[command(flatten)]
    profile: ProfileFlag,
    #[command(flatten)]
    pub(crate) general: GeneralFlags,
    #[command(flatten)]
    trace: TraceFlags,
}

pub(crate) async fn run(flags: IntrospectFlags) -> Result<(), Failure> {
    let told = Way::over((&flags.general, &flags.trace), async |way| told(&flags, way).await).await?;
    if flags.general.json {
        say::document(&told);
    } else {
        say::coloured(&document::told(&told));
    }
    if told["active"] == true {
        return Ok(());
    }
    Err(Failure::new(
        Exit::NotBelieved,
        "the token is not active",
        "it is over, was revoked, or is not one that this client may know of; the provider does not say which",
        "grantway token renews the profile's",
    ))
}

async fn told(flags: &IntrospectFlags, way: &Way) -> Result<serde_json::Value, Failure> {
    let profile = KeptProfile::of(&flags.profile.profile, &flags.general)?;
    let (token, hint) = match &flags.token {
        Some(token) => {
            input::warn_of_arguments(&[token], &flags.general);
            (input::token(token)?, None)
        }
        None => kept(&profile, flags.refresh_token).await?,
    };
    let client = way.client(&profile).await?;
    let told = client.introspect(&token, hint).await;
    let told = told.map_err(|error| failures::of_client(&error, profile.name()))?;
    serde_json::to_value(told).map_err(|fault| {
        Failure::new(
            Exit::CouldNotRun,
            "what the provider says cannot be written",
            fault,
            "see it with --trace",
        )
    })
}

/// A token of the profile, and what it is.
async fn kept(profile: &KeptProfile, refresh_token: bool) -> Result<(Secret, Option<&'static str>), Failure> {
    let kept = profile.tokens().await?;
    let kept = kept.ok_or_else(|| failures::sign_in_needed(profile.name(), "no tokens are kept"))?;
    if !refresh_token {
        return Ok((kept.access_token, Some("access_token")));
    }
    let token = kept.refresh_token;
    let token = token.ok_or_else(|| failures::sign_in_needed(profile.name(), "no refresh token is kept"))?;
    Ok((token, Some("refresh_token")))
}

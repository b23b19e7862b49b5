//! `grantway revoke`: gives tokens back (RFC 7009), and forgets them.

use clap::Args;
use grantway_client::{Client, ClientError, TokenSet};
use serde_json::json;

use super::connection::Way;
use super::flags::{GeneralFlags, ProfileFlag, TraceFlags};
use super::kept_profile::KeptProfile;
use super::{failures, input};
use crate::outcome::Failure;
use crate::say;

#[derive(Args, Clone, Debug)]
pub(crate) struct RevokeFlags {
    /// A token, @FILE, or - for standard input [default: those that the profile keeps, which are forgotten then]
    #[arg(value_name = "TOKEN", allow_hyphen_values = true)]
    token: Option<String>,
    /// Only forget what is kept here; the provider is not told, and the tokens stay good until they end
    #[arg(long, conflicts_with = "token")]
    forget: bool,
    #[command(flatten)]
    profile: ProfileFlag,
    #[command(flatten)]
    pub(crate) general: GeneralFlags,
    #[command(flatten)]
    trace: TraceFlags,
}

pub(crate) async fn run(flags: RevokeFlags) -> Result<(), Failure> {
    let done = Way::over((&flags.general, &flags.trace), async |way| revoked(&flags, way).await);
    let (revoked, forgotten) = done.await?;
    if flags.general.json {
        say::document(
            &json!({"profile": flags.profile.profile.as_str(), "revoked": revoked, "forgotten": forgotten}),
        );
        return Ok(());
    }
    say::story(match (revoked, forgotten) {
        (0, false) => "No tokens are kept.",
        (0, true) => "The tokens are forgotten here. The provider was not told.",
        (_, true) => "The tokens are worth nothing any more, and forgotten.",
        (_, false) => "The token is worth nothing any more.",
    });
    Ok(())
}

/// How many were given back, and whether they were forgotten.
async fn revoked(flags: &RevokeFlags, way: &Way) -> Result<(usize, bool), Failure> {
    let profile = KeptProfile::of(&flags.profile.profile, &flags.general)?;
    let failed = |error: ClientError| failures::of_client(&error, profile.name());
    let stored = |fault| failures::of_store(&fault);
    if let Some(token) = &flags.token {
        input::warn_of_arguments(&[token], &flags.general);
        let token = input::token(token)?;
        way.client(&profile).await?.revoke(&token, None).await.map_err(failed)?;
        return Ok((1, false));
    }
    if flags.forget {
        // Whatever is there, and be it broken.
        return profile
            .folder
            .alone(async |lease| lease.forget().await.map_err(stored))
            .await
            .map(|_| (0, true));
    }
    if profile.tokens().await?.is_none() {
        return Ok((0, false));
    }
    let client = way.client(&profile).await?;
    // What another process renews meanwhile would live on, and nobody would know it.
    profile
        .alone(async |lease| {
            let Some(kept) = lease.load().await.map_err(stored)? else { return Ok((0, false)) };
            let count = given_back(&client, &kept).await.map_err(failed)?;
            lease.forget().await.map_err(stored)?;
            Ok((count, true))
        })
        .await
}

/// How many were.
async fn given_back(client: &Client, kept: &TokenSet) -> Result<usize, ClientError> {
    let mut count = 0;
    // The refresh token first: at most providers the rest goes with it, and at none it comes back.
    if let Some(refresh_token) = &kept.refresh_token {
        client.revoke(refresh_token, Some("refresh_token")).await?;
        count += 1;
    }
    match client.revoke(&kept.access_token, Some("access_token")).await {
        Ok(()) => count += 1,
        // RFC 7009 section 2.2.1: a provider need not take access tokens back, and then they end by themselves.
        Err(error) if count > 0 && error.oauth_error() == Some("unsupported_token_type") => {}
        Err(error) => return Err(error),
    }
    Ok(count)
}

//! `grantway git-credential`: git asks, and is given a token for the hosts that were named
//! (git-scm.com/docs/git-credential).

use std::io::Read;

use clap::{Args, Subcommand};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;

use super::connection::Way;
use super::failures;
use super::flags::{GeneralFlags, ProfileFlag, TraceFlags};
use super::kept_profile::KeptProfile;
use super::profile::Grant;
use super::profile_store::ProfileFolder;
use super::token::{self, FreshFlags};
use crate::outcome::{Exit, Failure};
use crate::say;

#[derive(Args, Clone, Debug)]
pub(crate) struct GitCredentialFlags {
    /// What git wants
    #[command(subcommand)]
    operation: Operation,
    /// A host that is given the token, as git names it: with the port if there is one. May be given several times
    #[arg(long, value_name = "HOST", required = true)]
    host: Vec<String>,
    /// The name beside the token; some hosts want another
    #[arg(long, value_name = "NAME", default_value = "oauth2")]
    username: String,
    #[command(flatten)]
    fresh: FreshFlags,
    #[command(flatten)]
    profile: ProfileFlag,
    #[command(flatten)]
    pub(crate) general: GeneralFlags,
    #[command(flatten)]
    trace: TraceFlags,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Operation {
    /// A name and a token are asked for
    Get,
    /// They were good: nothing is done, for the profile has them
    Store,
    /// They were not: the token is renewed the next time
    Erase,
}

/// What git says, as far as it matters here.
#[derive(Debug, Default)]
struct Asked {
    protocol: String,
    host: String,
    password: Option<Secret>,
}

pub(crate) async fn run(flags: GitCredentialFlags) -> Result<(), Failure> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text).map_err(|fault| {
        Failure::new(
            Exit::CouldNotRun,
            "what git says cannot be read",
            fault,
            "git runs this, as a credential.helper",
        )
    })?;
    let asked = Asked::read(&text);
    // Git asks every helper it has: to one that is not meant it is no error to say nothing.
    if !asked.is_for(&flags.host) {
        return Ok(());
    }
    let profile = || ProfileFolder::of(&flags.profile.profile, &flags.general)?.needed();
    match flags.operation {
        Operation::Store => Ok(()),
        Operation::Erase => erase(&profile()?, &asked).await,
        Operation::Get => {
            let had = Way::over((&flags.general, &flags.trace), async |way| {
                token::fresh(way, &profile()?, flags.fresh).await
            });
            let (tokens, _) = had.await?;
            say::line(&answer(&flags.username, &tokens.access_token, tokens.expires_at));
            Ok(())
        }
    }
}

fn answer(username: &str, token: &Secret, end: Option<Timestamp>) -> String {
    let end = end.map(|end| format!("\npassword_expiry_utc={}", end.unix())).unwrap_or_default();
    format!("username={username}\npassword={}{end}", token.expose())
}

/// The token that did not work counts as over, if another can be had without anybody.
async fn erase(profile: &KeptProfile, asked: &Asked) -> Result<(), Failure> {
    let failed = |fault| failures::of_store(&fault);
    profile
        .alone(async |lease| {
            let Some(mut kept) = lease.load().await.map_err(failed)? else { return Ok(()) };
            let same =
                asked.password.as_ref().is_some_and(|password| password.matches(kept.access_token.expose()));
            let renewable = kept.refresh_token.is_some() || profile.profile.grant == Grant::ClientCredentials;
            if same && renewable {
                kept.expires_at = Some(kept.issued_at);
                lease.save(&kept).await.map_err(failed)?;
            }
            Ok(())
        })
        .await
}

impl Asked {
    fn read(text: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            match name {
                "protocol" => value.clone_into(&mut asked.protocol),
                "host" => value.clone_into(&mut asked.host),
                "password" => asked.password = Some(Secret::new(value)),
                _ => {}
            }
        }
        asked
    }

    /// Over TLS, or to this machine.
    fn is_for(&self, hosts: &[String]) -> bool {
        let here = ["localhost", "127.0.0.1", "[::1]"]
            .contains(&self.host.rsplit_once(':').map_or(&*self.host, |(host, _)| host));
        let sealed = self.protocol == "https" || (self.protocol == "http" && here);
        sealed && hosts.iter().any(|host| host.eq_ignore_ascii_case(&self.host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_was_not_named_gets_no_token() {
        let hosts = ["git.test".to_owned(), "127.0.0.1:3000".to_owned()];
        for (text, is_for) in [
            ("protocol=https\nhost=git.test\n\n", true),
            ("protocol=http\nhost=git.test\n", false),
            ("protocol=https\nhost=evil.test\n", false),
            ("protocol=https\nhost=git.test:8443\n", false),
            ("protocol=http\nhost=127.0.0.1:3000\n", true),
            ("protocol=https\n", false),
        ] {
            assert_eq!(Asked::read(text).is_for(&hosts), is_for, "{text}");
        }
    }

    #[test]
    fn git_is_told_until_when_it_may_keep_the_token() {
        let told = answer("oauth2", &Secret::new("t"), Some(Timestamp::from_unix(9)));
        assert_eq!(told, "username=oauth2\npassword=t\npassword_expiry_utc=9");
    }
}

//! `grantway git-credential`: git asks, and is given a token for the hosts that were named
//! (git-scm.com/docs/git-credential).

use std::ffi::OsString;

use clap::{Args, Subcommand};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use zeroize::Zeroizing;

use super::connection::Way;
use super::failures;
use super::flags::{GeneralFlags, ProfileFlag, TraceFlags};
use super::kept_profile::KeptProfile;
use super::profile::Grant;
use super::token::{self, FreshFlags};
use crate::bounded::{self, MOST_BYTES};
use crate::outcome::{Exit, Failure};
use crate::say;

#[derive(Args, Clone, Debug)]
pub(crate) struct GitCredentialFlags {
    /// What git wants
    #[command(subcommand)]
    operation: Operation,
    /// A host that is given the token, as git names it: with the port if there is one. May be given several times
    #[arg(long, value_name = "HOST", required = true, value_parser = host)]
    host: Vec<String>,
    /// The name beside the token; some hosts want another
    #[arg(long, value_name = "NAME", default_value = "oauth2", value_parser = username)]
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

#[derive(Clone, Debug, Subcommand)]
enum Operation {
    /// A name and a token are asked for
    Get,
    /// They were good: nothing is done, for the profile has them
    Store,
    /// They were not: the token is renewed the next time
    Erase,
    /// Any other, which a later git may want: nothing is done (gitcredentials(7), "Custom helpers")
    #[command(external_subcommand)]
    Other(#[expect(dead_code, reason = "clap has to put it somewhere")] Vec<OsString>),
}

/// What git says, as far as it matters here.
#[derive(Debug, Default)]
struct Asked {
    protocol: String,
    host: String,
    password: Option<Secret>,
}

pub(crate) async fn run(flags: GitCredentialFlags) -> Result<(), Failure> {
    let said = bounded::all(std::io::stdin().lock(), MOST_BYTES).map(Zeroizing::new);
    if let Operation::Other(_) = flags.operation {
        return Ok(());
    }
    let said = said.map_err(|fault| {
        Failure::new(
            Exit::CouldNotRun,
            "what git says cannot be read",
            fault,
            "git runs this, as a credential.helper",
        )
    })?;
    let asked = Asked::read(&String::from_utf8_lossy(&said));
    // Git asks every helper it has: to one that is not meant it is no error to say nothing.
    if !asked.is_for(&flags.host) {
        return Ok(());
    }
    let profile = || KeptProfile::of(&flags.profile.profile, &flags.general);
    match flags.operation {
        Operation::Store | Operation::Other(_) => Ok(()),
        Operation::Erase => erase(&profile()?, &asked).await,
        Operation::Get => {
            let had = Way::over((&flags.general, &flags.trace), async |way| {
                token::fresh(way, &profile()?, flags.fresh).await
            });
            let (tokens, _) = had.await?;
            say::line(&answer(&flags.username, &tokens.access_token, tokens.expires_at)?);
            Ok(())
        }
    }
}

fn answer(username: &str, token: &Secret, end: Option<Timestamp>) -> Result<String, Failure> {
    // What stands behind a line's end would be another thing that git is told, as another host.
    if token.expose().contains(ENDS_A_LINE) {
        return Err(Failure::new(
            Exit::Refused,
            "the token cannot be told to git",
            "there is a line's end in it, which no token has (RFC 6750 section 2.1)",
            "tell its provider",
        ));
    }
    let end = end.map(|end| format!("\npassword_expiry_utc={}", end.unix())).unwrap_or_default();
    Ok(format!("username={username}\npassword={}{end}", token.expose()))
}

fn username(text: &str) -> Result<String, String> {
    if text.contains(ENDS_A_LINE) { Err("it is one line".to_owned()) } else { Ok(text.to_owned()) }
}

/// As git says it: `git.example.com`, with the port if there is one.
fn host(text: &str) -> Result<String, String> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || ['/', '@', '?', '#', '\\'].contains(&c);
    if text.is_empty() || text.contains(odd) {
        return Err("write the host alone, without scheme, user and path, as in git.example.com or \
                    git.example.com:8443"
            .to_owned());
    }
    Ok(text.to_owned())
}

/// For git, or for what reads along.
const ENDS_A_LINE: [char; 3] = ['\n', '\r', '\0'];

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
    use clap::Parser;

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
        let told = answer("oauth2", &Secret::new("t"), Some(Timestamp::from_unix(9))).unwrap();
        assert_eq!(told, "username=oauth2\npassword=t\npassword_expiry_utc=9");
    }

    #[test]
    fn a_token_that_would_tell_git_more_than_itself_is_not_told() {
        for token in ["t\nhost=evil.test", "t\r", "t\0"] {
            let failure = answer("oauth2", &Secret::new(token), None).unwrap_err();
            assert_eq!(failure.exit, Exit::Refused, "{token:?}");
            assert!(!failure.why.contains("evil"), "{}", failure.why);
        }
    }

    #[derive(Debug, clap::Parser)]
    struct Git {
        #[command(flatten)]
        flags: GitCredentialFlags,
    }

    #[test]
    fn what_a_later_git_wants_is_no_error() {
        let read = |operation| Git::try_parse_from(["x", "--host", "git.test", operation]);
        for operation in ["capability", "unheard-of"] {
            let helper = read(operation).unwrap();
            assert!(matches!(helper.flags.operation, Operation::Other(_)), "{operation}");
        }
        assert!(matches!(read("get").unwrap().flags.operation, Operation::Get));
    }

    #[test]
    fn a_host_is_written_as_git_says_it() {
        for good in ["git.test", "git.test:8443", "[::1]:3000"] {
            assert_eq!(host(good).as_deref(), Ok(good));
        }
        for bad in ["https://git.test", "git.test/", "me@git.test", "git.test/group", "", "a b"] {
            let why = host(bad).unwrap_err();
            assert!(why.contains("git.example.com:8443"), "{bad}: {why}");
        }
        assert!(username("oauth2").is_ok() && username("a\nhost=evil.test").is_err());
    }
}

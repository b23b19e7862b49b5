//! What went wrong with a provider, in three lines and with an exit code.

use grantway_client::{CallError, CallbackFault, ClientError, DiscoveryError, SetupFault, TokenError};
use grantway_core::discovery::{DiscoveryFault, NoMetadata};
use grantway_core::seam::{FetchFault, FetchFaultKind, SeamError};

use super::profile::ProfileName;
use crate::outcome::{Exit, Failure};

/// Where tokens are kept, something is wrong.
pub(crate) fn of_store(fault: &SeamError) -> Failure {
    Failure::new(
        Exit::Store,
        "the tokens that are kept cannot be had",
        fault,
        "do what it says; --store or GRANTWAY_HOME names another folder",
    )
}

/// Nobody answered.
pub(crate) fn of_fetch(fault: &FetchFault, whom: &str) -> Failure {
    let next = match fault.kind {
        FetchFaultKind::Url => "write the whole address, with https; http is for this machine alone",
        FetchFaultKind::Name => "look at the spelling of the host, and at the network",
        FetchFaultKind::Address => {
            "link-local addresses and the metadata services of clouds are asked by nobody; name another"
        }
        FetchFaultKind::Connection => "see whether it runs, and on this port",
        FetchFaultKind::Tls => {
            "if the certificate is of your own authority, name that: GRANTWAY_OUTBOUND_CA_BUNDLE, or [outbound] ca_bundle \
             of the file after --config"
        }
        FetchFaultKind::Timeout => {
            "try again; if only a proxy leads out, name it: GRANTWAY_OUTBOUND_PROXY, or [outbound] proxy of the file \
             after --config"
        }
        FetchFaultKind::TooLarge | FetchFaultKind::Protocol => {
            "see with --trace what is asked, and who answers there"
        }
    };
    let what = match fault.kind {
        FetchFaultKind::TooLarge => format!("{whom} answers more than is read"),
        _ => format!("{whom} cannot be reached"),
    };
    Failure::new(Exit::CouldNotRun, what, fault, next)
}

/// It tells nothing of itself.
pub(crate) fn of_discovery(error: &DiscoveryError) -> Failure {
    let what = format!("{} tells nothing of itself", error.issuer);
    match &error.fault {
        DiscoveryFault::Issuer(fault) => Failure::new(
            Exit::Usage,
            format!("{:?} is no issuer", error.issuer),
            fault,
            "write it as https://login.example.com, without query",
        ),
        DiscoveryFault::Seam(fault) => Failure::new(Exit::CouldNotRun, what, fault, "try again"),
        DiscoveryFault::Nowhere(tried) => {
            if let Some((_, NoMetadata::Unreached(fault))) = tried.last() {
                return of_fetch(fault, &error.issuer);
            }
            let other = tried.iter().find_map(|(_, why)| match why {
                NoMetadata::Issuer { found } => Some(found.clone()),
                NoMetadata::Unreached(_) | NoMetadata::Status(_) | NoMetadata::Malformed(_) => None,
            });
            let next = other.map_or_else(
                || {
                    "look at the issuer: it is what stands before /.well-known, and every character counts"
                        .to_owned()
                },
                |found| format!("if you meant that one, write it just so: {found}"),
            );
            Failure::new(Exit::Refused, what, &error.fault, next)
        }
    }
}

/// The client did not get what it wanted.
pub(crate) fn of_client(error: &ClientError, profile: &ProfileName) -> Failure {
    let told = error.to_string();
    let again = || format!("sign in again: grantway login --profile {profile}");
    match error {
        ClientError::Setup(SetupFault::NoRefreshToken | SetupFault::NothingKept) => {
            sign_in_needed(profile, told)
        }
        ClientError::Setup(SetupFault::Missing(member)) => Failure::new(
            Exit::Configuration,
            "the provider does not have what is needed",
            told,
            format!("grantway discover shows what it has; {member} is not among it"),
        ),
        ClientError::Setup(_) => Failure::new(
            Exit::Configuration,
            "the client is not set up for this",
            told,
            format!("set it up anew: grantway login --profile {profile}"),
        ),
        ClientError::Unreached(fault) => of_fetch(fault, "the provider"),
        ClientError::Refused { reply, .. } => {
            refused(reply.error.as_deref().unwrap_or_default(), &told, again())
        }
        ClientError::Callback(CallbackFault::Refused { error: word, .. }) => refused(word, &told, again()),
        ClientError::Callback(CallbackFault::TimedOut) => Failure::new(
            Exit::TimedOut,
            "nobody came back from the provider",
            told,
            "try again; --timeout 10m waits longer, --device needs no browser here",
        ),
        ClientError::Callback(CallbackFault::Malformed(_) | CallbackFault::NoCode) => Failure::new(
            Exit::Refused,
            "the provider sent nothing that can be used",
            told,
            "if it was pasted, paste the whole address that the browser ended at",
        ),
        ClientError::Callback(_) => Failure::new(
            Exit::NotBelieved,
            "what came back is not the answer to this sign-in",
            told,
            "begin again, and use the newest address",
        ),
        ClientError::IdToken(_) => Failure::new(
            Exit::NotBelieved,
            "the provider's word about who signed in is not to be believed",
            told,
            "see the token with grantway jwt, and what the provider publishes with grantway discover",
        ),
        ClientError::AfterLostAnswer { then, .. } => Failure { why: told, ..of_client(then, profile) },
        ClientError::Seam(fault) if fault.part == "token file" => of_store(fault),
        ClientError::Seam(fault) => {
            Failure::new(Exit::CouldNotRun, "a part of the program broke down", fault, "try again")
        }
        ClientError::Unreadable(_) => Failure::new(
            Exit::Refused,
            "the provider's answer cannot be read",
            told,
            "see with --trace what it says; it may not be an address of OAuth",
        ),
        _ => Failure::new(Exit::Refused, "it did not work", told, "see with --trace what was asked"),
    }
}

/// There is no token.
pub(crate) fn of_token(error: &TokenError, profile: &ProfileName) -> Failure {
    match error {
        TokenError::Client(error) => of_client(error, profile),
        TokenError::TooShort { .. } => Failure::new(
            Exit::Refused,
            "the provider gives no token that lives so long",
            error,
            "ask for less: --min-ttl 0",
        ),
        _ => Failure::new(Exit::CouldNotRun, "there is no token", error, "try again"),
    }
}

/// A resource was not asked.
pub(crate) fn of_call(error: &CallError<FetchFault>, profile: &ProfileName) -> Failure {
    match error {
        CallError::Token(error) => of_token(error, profile),
        CallError::Sent(fault) => of_fetch(fault, "the resource"),
    }
}

/// A person would have to sign in.
pub(crate) fn sign_in_needed(profile: &ProfileName, why: impl std::fmt::Display) -> Failure {
    Failure::new(
        Exit::SignInNeeded,
        "somebody has to sign in",
        why,
        format!("grantway login --profile {profile}"),
    )
}

fn refused(word: &str, told: &str, again: String) -> Failure {
    let (exit, what, next) = match word {
        "access_denied" => (Exit::Denied, "the person, or the provider for her, said no", again),
        "expired_token" => (Exit::TimedOut, "the code was not typed in while it was good", again),
        "invalid_client" | "incorrect_client_credentials" | "bad_client_secret" => (
            Exit::Refused,
            "the provider does not take the client for who it says it is",
            "look at the client_id and the secret, and at --auth: how the client is registered to prove itself".to_owned(),
        ),
        "invalid_grant" | "bad_refresh_token" | "invalid_refresh_token" | "token_revoked" => {
            (Exit::Refused, "what was granted is no longer good", again)
        }
        "invalid_scope" => (
            Exit::Refused,
            "the provider does not give this scope",
            "grantway discover shows scopes_supported; give --scope".to_owned(),
        ),
        "unauthorized_client" | "unsupported_grant_type" => (
            Exit::Refused,
            "the client is not registered for this way of getting tokens",
            "allow it in the client's registration at the provider, or sign in another way".to_owned(),
        ),
        "invalid_redirect_uri" | "redirect_uri_mismatch" | "bad_redirect_uri" => (
            Exit::Refused,
            "the provider does not send people back to this machine",
            "register http://127.0.0.1/callback, or http://localhost:PORT/callback and give --redirect-port PORT"
                .to_owned(),
        ),
        _ => (Exit::Refused, "the provider refused", "see with --trace what was asked".to_owned()),
    };
    Failure::new(exit, what, told, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_end_has_its_own_exit_code() {
        let profile: ProfileName = "work".parse().unwrap();
        let refused = |error: &str| {
            ClientError::from(CallbackFault::Refused { error: error.to_owned(), description: None })
        };
        let fetch = FetchFault { kind: FetchFaultKind::Name, detail: "nobody knows it".to_owned() };
        for (error, exit) in [
            (refused("access_denied"), Exit::Denied),
            (refused("invalid_scope"), Exit::Refused),
            (refused("something_of_their_own"), Exit::Refused),
            (refused("expired_token"), Exit::TimedOut),
            (CallbackFault::TimedOut.into(), Exit::TimedOut),
            (CallbackFault::State.into(), Exit::NotBelieved),
            (ClientError::Unreached(fetch), Exit::CouldNotRun),
            (SetupFault::NothingKept.into(), Exit::SignInNeeded),
            (SetupFault::NoDpopKey.into(), Exit::Configuration),
            (SeamError::unavailable("token file", "locked").into(), Exit::Store),
            (SeamError::broken("entropy", "none").into(), Exit::CouldNotRun),
        ] {
            assert_eq!(of_client(&error, &profile).exit, exit, "{error}");
        }
    }
}

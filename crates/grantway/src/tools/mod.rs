//! The command line for whoever is at the keyboard: tokens for people and programs, and what is in them.
//!
//! A file for each command, with its flags and what it does. What is data goes to standard output, what is said about it
//! to standard error.

mod completion;
mod connection;
mod discover;
mod document;
mod failures;
mod flags;
mod git_credential;
mod home;
mod input;
mod introspect;
mod jwk;
mod jwt;
mod kept_profile;
mod login;
mod man;
mod masked;
mod moment;
mod pasted;
mod preset;
mod private_file;
mod profile;
mod profile_store;
mod qr;
mod request;
mod revoke;
mod secret_input;
mod sign_in;
mod stopping;
mod surroundings;
mod test_connection;
mod token;
mod trace;
mod waiting;

use std::process::ExitCode;

use clap::{Command, Subcommand};

use crate::outcome::Failure;
use crate::process::{report, runtime};

use self::completion::CompletionFlags;
use self::discover::DiscoverFlags;
use self::git_credential::GitCredentialFlags;
use self::introspect::IntrospectFlags;
use self::jwk::JwkCommand;
use self::jwt::JwtFlags;
use self::login::{DeviceFlags, LoginFlags};
use self::man::ManFlags;
use self::request::RequestFlags;
use self::revoke::RevokeFlags;
use self::test_connection::TestConnectionFlags;
use self::token::TokenFlags;

#[derive(Debug, Subcommand)]
pub(crate) enum Tool {
    /// Sign in at a provider, and keep the tokens
    ///
    /// Opens a browser, waits on this machine for it to come back, and keeps what the provider gave in a profile. Where
    /// there is no browser, a code is shown that is typed in elsewhere, or the address the browser ended at is pasted.
    #[command(after_help = EXIT_CODES)]
    Login(LoginFlags),
    /// Sign in with a code that is typed in on another device
    #[command(after_help = EXIT_CODES)]
    Device(DeviceFlags),
    /// Print an access token that is good, and nothing else
    ///
    /// The one that is kept, if enough is left of it; else a new one by the refresh token; else somebody signs in, if
    /// somebody is there.
    #[command(after_help = EXIT_CODES)]
    Token(TokenFlags),
    /// Ask an API in the name of a profile
    ///
    /// The token is shown as it has to be, renewed if the API refuses it, and sent nowhere else. What the API answers
    /// goes to standard output.
    #[command(after_help = EXIT_CODES)]
    Request(RequestFlags),
    /// Show what is in a token, and whether it is to be believed
    #[command(after_help = EXIT_CODES)]
    Jwt(JwtFlags),
    /// Make keys, name them, and write them in other forms
    #[command(subcommand)]
    Jwk(JwkCommand),
    /// Ask the provider about a token
    ///
    /// Ends with 9 if the token is not active.
    #[command(after_help = EXIT_CODES)]
    Introspect(IntrospectFlags),
    /// Give the tokens of a profile back, and forget them
    #[command(after_help = EXIT_CODES)]
    Revoke(RevokeFlags),
    /// Say what a provider tells of itself, and where that lies
    #[command(after_help = EXIT_CODES)]
    Discover(DiscoverFlags),
    /// Test whether a connection gets its token, and say what is wrong if it does not
    ///
    /// Takes the settings that the API takes, asks the token endpoint once, and tells each step. Nothing is kept.
    #[command(after_help = EXIT_CODES)]
    TestConnection(TestConnectionFlags),
    /// Give git a token: git config credential.helper '!grantway git-credential --host HOST'
    #[command(name = "git-credential", after_help = EXIT_CODES)]
    GitCredential(GitCredentialFlags),
    /// Print what a shell needs to complete arguments
    #[command(after_help = EXIT_CODES)]
    Completion(CompletionFlags),
    /// Write the manual pages
    #[command(after_help = EXIT_CODES)]
    Man(ManFlags),
}

/// Does what it says; the program is what it is a command of.
pub(crate) fn run(tool: Tool, program: Command) -> ExitCode {
    match tool {
        Tool::Login(flags) => waited_for(flags.general.json, login::run(flags)),
        Tool::Device(flags) => waited_for(flags.general.json, login::run(LoginFlags::from(flags))),
        Tool::Token(flags) => waited_for(flags.general.json, token::run(flags)),
        Tool::Request(flags) => waited_for(flags.general.json, request::run(flags)),
        Tool::Jwt(flags) => waited_for(flags.general.json, jwt::run(flags)),
        Tool::Jwk(command) => report(command.json(), || jwk::run(command)),
        Tool::Introspect(flags) => waited_for(flags.general.json, introspect::run(flags)),
        Tool::Revoke(flags) => waited_for(flags.general.json, revoke::run(flags)),
        Tool::Discover(flags) => waited_for(flags.general.json, discover::run(flags)),
        Tool::TestConnection(flags) => waited_for(flags.general.json, test_connection::run(flags)),
        Tool::GitCredential(flags) => waited_for(flags.general.json, git_credential::run(flags)),
        Tool::Completion(flags) => report(flags.json, || completion::run(&flags, &program)),
        Tool::Man(flags) => report(flags.json, || man::run(&flags, program)),
    }
}

fn waited_for(json: bool, command: impl Future<Output = Result<(), Failure>>) -> ExitCode {
    report(json, || {
        runtime()?.block_on(async {
            stopping::heed()?;
            command.await
        })
    })
}

const EXIT_CODES: &str = "\
Exit codes:
  0   done
  2   the arguments are wrong
  3   the configuration, a profile or a registration is wrong
  4   the network or TLS, or the program could not run
  5   the provider or the resource refused
  6   the person refused
  7   nobody decided in time
  8   a person has to sign in, and may not be asked
  9   a token or a signature is not to be believed
  10  what is kept is locked or cannot be read";

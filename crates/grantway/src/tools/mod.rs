//! The command line for whoever is at the keyboard: tokens for people and programs, and what is in them.
//!
//! A file for each command, with its flags and what it does. What is data goes to standard output, what is said about it
//! to standard error.

mod connection;
mod discover;
mod failures;
mod flags;
mod login;
mod masked;
mod moment;
mod pasted;
mod plain;
mod preset;
mod profile;
mod profile_store;
mod qr;
mod secret_input;
mod sign_in;
mod surroundings;
mod test_connection;
mod token;
mod trace;
mod waiting;

use std::process::ExitCode;

use clap::Subcommand;

use crate::commands::{report, runtime};

use self::discover::DiscoverFlags;
use self::login::{DeviceFlags, LoginFlags};
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
    /// Say what a provider tells of itself, and where that lies
    #[command(after_help = EXIT_CODES)]
    Discover(DiscoverFlags),
    /// Test whether a connection gets its token, and say what is wrong if it does not
    ///
    /// Takes the settings that the API takes, asks the token endpoint once, and tells each step. Nothing is kept.
    #[command(after_help = EXIT_CODES)]
    TestConnection(TestConnectionFlags),
}

/// Does what it says.
pub(crate) fn run(tool: Tool) -> ExitCode {
    match tool {
        Tool::Login(flags) => report(flags.common.json, || runtime()?.block_on(login::run(flags))),
        Tool::Device(flags) => {
            report(flags.common.json, || runtime()?.block_on(login::run(LoginFlags::from(flags))))
        }
        Tool::Token(flags) => report(flags.common.json, || runtime()?.block_on(token::run(flags))),
        Tool::Discover(flags) => report(flags.common.json, || runtime()?.block_on(discover::run(flags))),
        Tool::TestConnection(flags) => {
            report(flags.common.json, || runtime()?.block_on(test_connection::run(flags)))
        }
    }
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

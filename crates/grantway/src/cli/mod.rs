//! The arguments, as `--help` explains them.

pub(crate) mod api_keys;
mod arguments;
pub(crate) mod projects;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use grantway_core::ids::KeyId;
use grantway_core::jws::JwsAlgorithm;

use crate::config::{HomeFlags, ServeFlags};

pub(crate) use self::arguments::read;

/// OAuth 2 and OpenID Connect: an identity provider, and tokens of any other, in one program.
#[derive(Debug, Parser)]
#[command(name = "grantway", version, disable_help_subcommand = true)]
pub(crate) struct Grantway {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The identity provider alone.
#[derive(Debug, Parser)]
#[command(name = "grantway-server", version)]
pub(crate) struct GrantwayServer {
    #[command(flatten)]
    pub(crate) flags: ServeFlags,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start the identity provider
    ///
    /// Prints `listening on URL` as its first line; the provider answers from then on. The first
    /// start makes keys and, on a loopback issuer, demo data.
    #[command(after_help = EXIT_CODES)]
    Serve(ServeFlags),
    /// Bring the database's tables up to date, and stop
    #[command(after_help = EXIT_CODES)]
    Migrate(MigrateFlags),
    /// The configuration file
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The keys that this provider signs by
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The projects: what your customers connect, apart from each other
    #[command(subcommand)]
    Projects(projects::ProjectsCommand),
    /// The keys by which programs ask, for one project or as a partner, who has all
    #[command(subcommand)]
    ApiKeys(api_keys::ApiKeysCommand),
    #[cfg(feature = "tools")]
    #[command(flatten)]
    Tool(Box<crate::tools::Tool>),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Say whether a provider can start with it, and everything that is wrong with it
    ///
    /// Reads the file and the environment as `serve` does, and touches nothing else: neither the data
    /// directory nor the database.
    #[command(after_help = EXIT_CODES)]
    Check(CheckFlags),
    /// Print the JSON Schema of the configuration file, by which an editor completes it
    ///
    /// Draft 2020-12, always as JSON. Editors that know TOML take it from a first line
    /// `#:schema ./grantway.schema.json`.
    #[command(after_help = EXIT_CODES)]
    Schema(SchemaFlags),
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CheckFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SchemaFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// The keys that tokens are signed by, which take turns
    #[command(subcommand)]
    Signing(SigningCommand),
    /// The key that everything at rest is sealed with
    #[command(subcommand)]
    Root(RootCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum RootCommand {
    /// Put a new root key in the place of the one that is, and seal everything anew
    ///
    /// Servers go on meanwhile: they read the new key within seconds, and the one before it opens what it
    /// sealed until nothing is left of that. Broken off at any point, it goes on when it is run again.
    #[command(after_help = EXIT_CODES)]
    Rotate(RotateRootFlags),
}

#[derive(Args, Clone, Debug)]
pub(crate) struct RotateRootFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
    /// How long running servers get to read the new key; 0 if none runs
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    pub(crate) settle: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SigningCommand {
    /// Show every key: whose turn it is, who was before and who is next
    #[command(after_help = EXIT_CODES)]
    List(ListKeysFlags),
    /// Make new keys, which take over once everybody has had the time to fetch them
    ///
    /// Running servers read the new key within a minute; it signs ten minutes after it was made.
    #[command(after_help = EXIT_CODES)]
    Rotate(RotateFlags),
    /// Take in a private key that was made elsewhere, to take over in its turn
    #[command(after_help = EXIT_CODES)]
    Import(ImportFlags),
    /// Write a key out: its public half, or with --private the key itself
    #[command(after_help = EXIT_CODES)]
    Export(ExportFlags),
}

impl SigningCommand {
    pub(crate) const fn home(&self) -> &HomeFlags {
        match self {
            Self::List(flags) => &flags.home,
            Self::Rotate(flags) => &flags.home,
            Self::Import(flags) => &flags.home,
            Self::Export(flags) => &flags.home,
        }
    }
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ListKeysFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct RotateFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
    /// Only the key of this algorithm: RS256 or ES256 [default: both]
    #[arg(long, value_name = "ALG")]
    pub(crate) alg: Option<JwsAlgorithm>,
    /// Sign with the new key as soon as it is read; readers of an older key set refuse what it signs
    /// until they fetch another
    #[arg(long)]
    pub(crate) now: bool,
    /// The keys before have leaked: take them away at once, and with them all that they signed
    #[arg(long)]
    pub(crate) withdraw: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ImportFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
    /// A private key: JWK, PEM or DER in PKCS#8, PKCS#1 or SEC 1; not encrypted
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Signs by this algorithm [default: RS256 for an RSA key, ES256 for one on P-256]
    #[arg(long, value_name = "ALG")]
    pub(crate) alg: Option<JwsAlgorithm>,
    /// Sign with it as soon as it is read
    #[arg(long)]
    pub(crate) now: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ExportFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
    /// The key's name, as `list` shows it
    #[arg(value_name = "KID")]
    pub(crate) kid: KeyId,
    /// The private key, as PKCS#8 in PEM; whoever has it can sign as this provider
    #[arg(long)]
    pub(crate) private: bool,
    /// Into this file, which must not exist and is readable by its owner alone [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct MigrateFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
}

const EXIT_CODES: &str = "\
Exit codes:
  0   done
  2   the arguments are wrong
  3   the configuration, the data directory or the root key is wrong
  4   the address cannot be listened on, or the program could not run
  10  the database is locked or cannot be read";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Grantway::command().debug_assert();
        GrantwayServer::command().debug_assert();
    }
}

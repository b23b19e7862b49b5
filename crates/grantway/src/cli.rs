//! The arguments, as `--help` explains them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// OAuth 2 and OpenID Connect: an identity provider in one program.
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
}

/// Where things lie: what every command takes.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct HomeFlags {
    /// The configuration file [default: ./grantway.toml, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where database, root key and bootstrap.json lie
    #[arg(long, value_name = "DIR", default_value = "grantway-data")]
    pub(crate) data: PathBuf,
    /// The database [default: sqlite in the data directory]
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Say what happened as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ServeFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
    /// The address and port to listen on; port 0 takes any free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<String>,
    /// The provider's name on the web, kept byte for byte [default: the URL it listens on]
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,
    /// Make demo data although the issuer is not on loopback
    #[arg(long)]
    pub(crate) demo: bool,
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

//! What the arguments say of the configuration.

use std::path::PathBuf;

use clap::Args;

/// Where things lie: what every command of the server takes.
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

/// How it serves.
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

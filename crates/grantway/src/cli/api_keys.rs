//! The arguments of `grantway api-keys`.

use clap::{Args, Subcommand};
use grantway_core::api_key::{ApiKeyHolder, narrowed_to, prefix_of};
use grantway_core::error::Malformed;
use grantway_core::ids::{ApiKeyId, ProjectId};
use grantway_core::scope::ScopeSet;
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;

use super::EXIT_CODES;
use crate::config::HomeFlags;

#[derive(Debug, Subcommand)]
pub(crate) enum ApiKeysCommand {
    /// Show the keys of a project or of the partners, the oldest first; never a key whole
    #[command(after_help = EXIT_CODES)]
    List(ListApiKeysFlags),
    /// Make a key and show it, this once
    ///
    /// Servers that run take it at once.
    #[command(after_help = EXIT_CODES)]
    Create(CreateApiKeyFlags),
    /// End a key at once, in every server
    ///
    /// One that the configuration or bootstrap.json declares comes back with the next start.
    #[command(after_help = EXIT_CODES)]
    Revoke(RevokeApiKeyFlags),
}

impl ApiKeysCommand {
    pub(crate) const fn home(&self) -> &HomeFlags {
        match self {
            Self::List(flags) => &flags.home,
            Self::Create(flags) => &flags.home,
            Self::Revoke(flags) => &flags.home,
        }
    }
}

/// Whose keys.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct HolderFlags {
    /// Of the project of this id
    #[arg(long, value_name = "ID")]
    project: Option<ProjectId>,
    /// Of whoever has all projects, and makes new ones
    #[arg(long)]
    partner: bool,
}

impl HolderFlags {
    pub(crate) fn holder(&self) -> ApiKeyHolder {
        self.project.clone().map_or(ApiKeyHolder::Partner, ApiKeyHolder::Project)
    }
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ListApiKeysFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
    #[command(flatten)]
    pub(crate) holder: HolderFlags,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct CreateApiKeyFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
    #[command(flatten)]
    pub(crate) holder: HolderFlags,
    /// What people call it
    #[arg(value_name = "NAME", value_parser = grantway_core::project::name_of)]
    pub(crate) name: String,
    #[arg(
        long,
        value_name = "SCOPE",
        value_parser = scope,
        help = "What it may do: connection_test, projects, api_keys, separated by spaces [default: whatever its \
                holder may]"
    )]
    pub(crate) scope: Option<ScopeSet>,
    /// No longer good from then on, such as 2030-01-31T00:00:00Z [default: never]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) expires_at: Option<Timestamp>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct RevokeApiKeyFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
    /// The key's prefix, as `list` shows it
    #[arg(value_name = "PREFIX", value_parser = prefix)]
    pub(crate) id: ApiKeyId,
}

fn scope(raw: &str) -> Result<ScopeSet, String> {
    let scope = narrowed_to(raw).ok().filter(|scope| !scope.is_empty());
    scope.ok_or_else(|| "give some of connection_test, projects, api_keys".to_owned())
}

fn time(raw: &str) -> Result<Timestamp, String> {
    Timestamp::from_rfc3339(raw).ok_or_else(|| "write it like 2030-01-31T00:00:00Z".to_owned())
}

/// Whoever has the whole key before him, which may have leaked, need not take it apart.
fn prefix(raw: &str) -> Result<ApiKeyId, Malformed> {
    prefix_of(&Secret::new(raw)).map_or_else(|| raw.parse(), Ok)
}

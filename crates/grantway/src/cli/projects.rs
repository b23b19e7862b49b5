//! The arguments of `grantway projects`.

use clap::{Args, Subcommand};

use super::EXIT_CODES;
use crate::config::HomeFlags;

#[derive(Debug, Subcommand)]
pub(crate) enum ProjectsCommand {
    /// Show every project, the oldest first
    #[command(after_help = EXIT_CODES)]
    List(ListProjectsFlags),
    /// Make a project, beside a server that runs or without one
    #[command(after_help = EXIT_CODES)]
    Create(CreateProjectFlags),
}

impl ProjectsCommand {
    pub(crate) const fn home(&self) -> &HomeFlags {
        match self {
            Self::List(flags) => &flags.home,
            Self::Create(flags) => &flags.home,
        }
    }
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ListProjectsFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct CreateProjectFlags {
    #[command(flatten)]
    pub(crate) home: HomeFlags,
    /// What people call it
    #[arg(value_name = "NAME", value_parser = grantway_core::project::name_of)]
    pub(crate) name: String,
}

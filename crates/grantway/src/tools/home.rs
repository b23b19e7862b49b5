//! The folder of a person's own: her profiles, and what she has settled for all commands.

use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};

use crate::outcome::{Exit, Failure};

/// The one that is named, else where the system keeps settings.
pub(crate) fn home(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let names = AppStrategyArgs {
        top_level_domain: "org".to_owned(),
        author: "Grantway".to_owned(),
        app_name: "grantway".to_owned(),
    };
    let strategy = choose_app_strategy(names).map_err(|fault| {
        Failure::new(
            Exit::Store,
            "there is no place for profiles",
            fault,
            "name a folder: --store DIR, or GRANTWAY_HOME in the environment",
        )
    })?;
    Ok(strategy.config_dir())
}

//! `grantway man`: the manual pages.

use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::generate_to;

use crate::outcome::{Exit, Failure};
use crate::say;

#[derive(Args, Clone, Debug)]
pub(crate) struct ManFlags {
    /// The folder they are written into, one for each command; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Say what went wrong as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) fn run(flags: &ManFlags, program: Command) -> Result<(), Failure> {
    let folder = &flags.folder;
    let written = std::fs::create_dir_all(folder).and_then(|()| generate_to(program, folder));
    written.map_err(|fault| {
        Failure::new(
            Exit::CouldNotRun,
            format!("no pages can be written to {}", folder.display()),
            fault,
            "name another folder",
        )
    })?;
    say::story(&format!("The pages are in {0}. To read one: man {0}/grantway-login.1", folder.display()));
    Ok(())
}

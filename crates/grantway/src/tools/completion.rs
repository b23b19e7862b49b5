//! `grantway completion`: what a shell needs to complete our arguments.

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use crate::outcome::Failure;
use crate::say;

#[derive(Args, Clone, Debug)]
pub(crate) struct CompletionFlags {
    /// Which shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
    /// Say what went wrong as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[expect(clippy::unnecessary_wraps, reason = "as every command ends")]
pub(crate) fn run(flags: &CompletionFlags, mut program: Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    generate(flags.shell, &mut program, "grantway", &mut script);
    say::bytes(&script);
    Ok(())
}

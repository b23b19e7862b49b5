//! `grantway completion`: what a shell needs to complete our arguments.

use clap::{ArgGroup, Args, Command, Id};
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
pub(crate) fn run(flags: &CompletionFlags, program: &Command) -> Result<(), Failure> {
    say::bytes(&script(flags.shell, program));
    Ok(())
}

fn script(shell: Shell, program: &Command) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut offered(program), "grantway", &mut script);
    script
}

/// The same command without what is hidden: shells would offer that, and a command cannot be taken from.
fn offered(command: &Command) -> Command {
    let hidden = |id: &Id| command.get_arguments().any(|arg| arg.get_id() == id && arg.is_hide_set());
    let mut offered = Command::new(command.get_name().to_owned())
        .disable_help_subcommand(command.is_disable_help_subcommand_set())
        .args(command.get_arguments().filter(|arg| !arg.is_hide_set()).cloned())
        .groups(command.get_groups().map(|group| {
            let args = group.get_args().filter(|id| !hidden(id)).cloned();
            ArgGroup::new(group.get_id().clone())
                .args(args)
                .multiple(group.clone().is_multiple())
                .required(group.is_required_set())
        }))
        .subcommands(command.get_subcommands().filter(|command| !command.is_hide_set()).map(offered));
    if let Some(version) = command.get_version() {
        offered = offered.version(version.to_owned());
    }
    match command.get_about() {
        Some(about) => offered.about(about.clone()),
        None => offered,
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, ValueEnum};

    use super::*;
    use crate::cli::Grantway;

    #[test]
    fn what_is_hidden_is_offered_by_no_shell_and_everything_else_is() {
        for shell in Shell::value_variants() {
            let script = String::from_utf8(script(*shell, &Grantway::command())).unwrap();
            let words = script.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            let offers = |name: &str| words.clone().any(|word| word.trim_start_matches('-') == name);
            assert!(!offers("client-secret"), "{shell}");
            for name in ["client-secret-file", "git-credential", "thumbprint", "version", "help"] {
                assert!(offers(name), "{shell}: {name}");
            }
        }
    }
}

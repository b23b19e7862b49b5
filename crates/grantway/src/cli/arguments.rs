//! Reads the arguments, and tells what is wrong with them.

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::{Arg, Command, Error, Parser};

use crate::outcome::{Exit, Failure};
use crate::say;

/// The program that was asked for; else it is told what is wrong or what was asked about it, and here is how that ends.
pub(crate) fn read<P: Parser>(arguments: &[OsString]) -> Result<P, ExitCode> {
    parsed(P::command(), arguments).map_err(|error| {
        if error.use_stderr() && is_json(arguments) {
            say::failure(&failure(&error), true);
            return Exit::Usage.into();
        }
        // Whoever closed our output does not want to be told.
        let _ = error.print();
        u8::try_from(error.exit_code()).unwrap_or(1).into()
    })
}

fn parsed<P: Parser>(command: Command, arguments: &[OsString]) -> Result<P, Error> {
    let given = without(command.clone(), &|value| value.is_empty()).try_get_matches_from(arguments);
    let read = |matches| P::from_arg_matches(&matches).map_err(|error| error.format(&mut P::command()));
    given.and_then(read).map_err(|error| {
        if !error.use_stderr() {
            return error;
        }
        // To clap, what the environment says stands among the arguments, and its usage line shows it there. What is
        // wrong with the arguments is so without it too.
        without(command, &|_| true).try_get_matches_from(arguments).err().unwrap_or(error)
    })
}

/// The command, for which the variables with such values are not set.
fn without(command: Command, passed_over: &dyn Fn(&OsStr) -> bool) -> Command {
    let set = |arg: Arg| {
        let value = arg.get_env().and_then(std::env::var_os);
        if value.is_some_and(|value| passed_over(&value)) { arg.env(Resettable::Reset) } else { arg }
    };
    command.mut_args(set).mut_subcommands(|command| without(command, passed_over))
}

/// Of arguments that are wrong nobody knows more than how they are written.
fn is_json(arguments: &[OsString]) -> bool {
    arguments.iter().take_while(|argument| *argument != "--").any(|argument| argument == "--json")
}

/// What clap writes in paragraphs: what is wrong, perhaps a tip, and the usage.
fn failure(error: &Error) -> Failure {
    let text = error.render().to_string();
    let paragraphs: Vec<_> =
        text.split("\n\n").map(|all| all.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let starting = |start: &str| paragraphs.iter().find_map(|paragraph| paragraph.strip_prefix(start));
    let why = match error.kind() {
        // Then it is the help, which begins with what the command is for.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "no command is named",
        _ => starting("error: ").unwrap_or_default(),
    };
    let next = starting("tip: ").map(str::to_owned);
    let usage = || starting("Usage: ").map(|usage| format!("write it as: {usage}"));
    let next = next.or_else(usage).unwrap_or_else(|| "--help says what there is".to_owned());
    Failure::new(Exit::Usage, "the arguments are wrong", why, next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Grantway;

    /// Of the variables that cargo sets for a test, one that has something in it and one that is empty.
    #[derive(Debug, Parser)]
    struct Program {
        #[arg(long, env = "CARGO_MANIFEST_DIR")]
        store: Option<String>,
        #[arg(long, env = "CARGO_PKG_HOMEPAGE", default_value = "default")]
        profile: String,
        #[arg(long)]
        host: String,
    }

    fn of<P: Parser>(arguments: &[&str]) -> Result<P, Error> {
        let arguments: Vec<_> = ["x"].iter().chain(arguments).map(OsString::from).collect();
        parsed(P::command(), &arguments)
    }

    #[test]
    fn what_is_empty_in_the_environment_is_not_set() {
        assert_eq!(std::env::var_os("CARGO_PKG_HOMEPAGE").as_deref(), Some(OsStr::new("")));

        let program: Program = of(&["--host", "git.test"]).unwrap();

        assert_eq!((&*program.profile, &*program.host), ("default", "git.test"));
        assert!(program.store.is_some_and(|store| !store.is_empty()), "what has something in it is taken");
    }

    #[test]
    fn what_the_environment_says_is_no_argument_that_somebody_wrote() {
        let error = of::<Program>(&[]).unwrap_err().to_string();
        assert!(error.contains("--host") && !error.contains("--store"), "{error}");
    }

    #[test]
    fn a_program_reads_what_is_wrong_with_the_arguments() {
        for (arguments, why, next) in [
            (&["config", "chekc", "--json"][..], "unrecognized subcommand 'chekc'", "'check'"),
            (&["config", "check", "--jsno"], "unexpected argument '--jsno' found", "'--json'"),
            (&["keys", "signing", "import"], "not provided: <FILE>", "write it as: "),
            (&[], "no command is named", "write it as: x <COMMAND>"),
            (&["config", "--json"], "unexpected argument '--json' found", "write it as: "),
        ] {
            let failure = failure(&of::<Grantway>(arguments).unwrap_err());
            assert_eq!(failure.exit, Exit::Usage);
            assert!(failure.why.contains(why), "{arguments:?}: {}", failure.why);
            assert!(failure.next.contains(next), "{arguments:?}: {}", failure.next);
        }
    }

    #[test]
    fn what_stands_behind_two_hyphens_is_no_flag() {
        for (arguments, json) in
            [(&["a", "--json"][..], true), (&["a", "--", "--json"], false), (&["a"], false)]
        {
            let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
            assert_eq!(is_json(&arguments), json, "{arguments:?}");
        }
    }
}

//! Where things lie, and how tools are called from here.

use std::env;
use std::ffi::OsStr;
use std::io::{BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use cargo_metadata::{Message, Metadata, MetadataCommand};

use crate::failure::Failure;

/// The checkout that this xtask was built from.
pub(crate) struct Workspace {
    metadata: Metadata,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self, Failure> {
        let metadata = metadata(MetadataCommand::new().no_deps())?;
        Ok(Self { metadata })
    }

    pub(crate) fn root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    /// Where builds go: `CARGO_TARGET_DIR`, a cargo configuration, or `target`.
    pub(crate) fn target(&self) -> &Path {
        self.metadata.target_directory.as_std_path()
    }

    /// Every package of every platform that any feature of ours leads to.
    pub(crate) fn everything() -> Result<Metadata, Failure> {
        metadata(MetadataCommand::new().features(cargo_metadata::CargoOpt::AllFeatures))
    }

    /// A cargo that does not know it was called by `cargo run`.
    pub(crate) fn cargo(&self) -> Command {
        self.unaware(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// A tool that calls cargo, and does not know that it was called by `cargo run`.
    ///
    /// What `cargo run` tells xtask about xtask would reach the build scripts of others. ring's
    /// asks to be run again when it changes, and everything above ring would be built twice.
    pub(crate) fn unaware(&self, program: impl AsRef<OsStr>) -> Command {
        let mut tool = Command::new(program);
        tool.current_dir(self.root());
        env::vars_os()
            .map(|(name, _)| name)
            .filter(|name| {
                let name = name.to_string_lossy();
                name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
            })
            .for_each(|name| {
                tool.env_remove(name);
            });
        tool
    }
}

/// Runs a tool to its end; its own words go where ours go.
pub(crate) fn run(tool: &mut Command, next: &str) -> Result<(), Failure> {
    let said = spoken(tool);
    match tool.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format_args!("`{said}` failed"), status, next)),
        Err(error) => Err(not_started(tool, &error)),
    }
}

/// Runs a `cargo build`, and returns where the programs of those names lie.
pub(crate) fn built<const N: usize>(build: &mut Command, names: [&str; N]) -> Result<[PathBuf; N], Failure> {
    build.args(["--message-format", "json-render-diagnostics"]);
    let mut running = piped(build)?;
    let mut programs: [Option<PathBuf>; N] = [const { None }; N];
    for message in Message::parse_stream(lines_of(&mut running)) {
        if let Ok(Message::CompilerArtifact(made)) = message
            && made.target.is_bin()
            && !made.profile.test
            && let Some(at) = names.iter().position(|name| *name == made.target.name)
        {
            programs[at] = made.executable.map(PathBuf::from);
        }
    }
    let next = "mend what the compiler names";
    match running.wait() {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(Failure::new("the build failed", status, next)),
        Err(error) => return Err(not_started(build, &error)),
    }
    if let Some(at) = programs.iter().position(Option::is_none) {
        let missing = names[at];
        return Err(Failure::new(
            format_args!("the build made no program `{missing}`"),
            "cargo named none",
            next,
        ));
    }
    Ok(programs.map(|program| program.expect("each was found above")))
}

/// Starts a tool whose words are read here.
pub(crate) fn piped(tool: &mut Command) -> Result<Child, Failure> {
    tool.stdout(Stdio::piped()).spawn().map_err(|error| not_started(tool, &error))
}

pub(crate) fn lines_of(tool: &mut Child) -> BufReader<ChildStdout> {
    BufReader::new(tool.stdout.take().expect("the tool was started with a pipe"))
}

/// Why a tool did not even start.
pub(crate) fn not_started(tool: &Command, error: &std::io::Error) -> Failure {
    let next = match error.kind() {
        ErrorKind::NotFound => "install it, or put it on the PATH",
        _ => "see that it can be run by hand",
    };
    Failure::new(format_args!("`{}` could not be started", spoken(tool)), error, next)
}

fn spoken(tool: &Command) -> String {
    let program = Path::new(tool.get_program()).file_name().unwrap_or(tool.get_program());
    let words = std::iter::once(program).chain(tool.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn metadata(command: &mut MetadataCommand) -> Result<Metadata, Failure> {
    command.manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")).exec().map_err(|error| {
        Failure::new(
            "cargo cannot describe the workspace",
            error,
            "mend the Cargo.toml it names, or see that the package registry can be reached",
        )
    })
}

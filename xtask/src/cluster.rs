//! A PostgreSQL of one's own: made in a temporary folder, reached by a socket there and nowhere else,
//! gone when it is dropped.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::failure::Failure;
use crate::workspace;

/// A running server. It is as durable as any: what a test sees here is what an operator gets.
pub(crate) struct Cluster {
    programs: Programs,
    owner: Option<Owner>,
    folder: TempDir,
    server: Child,
}

impl Cluster {
    pub(crate) fn start(programs: Programs) -> Result<Self, Failure> {
        let owner = Owner::if_needed()?;
        let folder = folder(owner)?;
        let mut initdb = programs.command("initdb", owner);
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        initdb.arg("-D").arg(folder.path().join(DATA)).stdout(Stdio::null());
        workspace::run(&mut initdb, "see what initdb says above")?;
        let server = serve(&programs, owner, folder.path())?;
        let cluster = Self { programs, owner, folder, server };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// Are we whom PostgreSQL refuses to run as?
    pub(crate) fn is_root() -> bool {
        id("-u", None) == Some(0)
    }

    /// How to connect to it.
    pub(crate) fn url(&self) -> String {
        let folder = self.folder.path().to_string_lossy().replace('/', "%2F");
        format!("postgres://postgres@localhost/postgres?host={folder}")
    }

    /// Ends it as a crash does, and starts it again on what it had written.
    pub(crate) fn restart(&mut self) -> Result<(), Failure> {
        self.stop()?;
        self.server = serve(&self.programs, self.owner, self.folder.path())?;
        self.wait_until_ready()
    }

    fn stop(&mut self) -> Result<(), Failure> {
        let mut stop = self.programs.command("pg_ctl", self.owner);
        stop.args(["stop", "--silent", "--mode=immediate", "-D"]).arg(self.folder.path().join(DATA));
        workspace::run(&mut stop, "see what pg_ctl says above")?;
        self.server
            .wait()
            .map(drop)
            .map_err(|error| Failure::new("PostgreSQL did not end", error, "end it by hand"))
    }

    fn wait_until_ready(&self) -> Result<(), Failure> {
        for _ in 0..PATIENCE {
            let mut ask = self.programs.command("pg_isready", self.owner);
            ask.args(["--quiet", "--username=postgres", "--host"]).arg(self.folder.path());
            if ask.status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            thread::sleep(BETWEEN);
        }
        let log = fs::read_to_string(self.folder.path().join(LOG)).unwrap_or_default();
        Err(Failure::new("PostgreSQL did not come up", log, "see what it says above"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Nobody is left to hear that it had ended before.
        let _ = self.stop();
    }
}

/// Where PostgreSQL's programs lie.
#[derive(Clone)]
pub(crate) struct Programs(PathBuf);

impl Programs {
    /// Those on the PATH, else the newest where Debian keeps them.
    pub(crate) fn find() -> Option<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
            .map(|found| found.flatten().map(|version| version.path()).collect())
            .unwrap_or_default();
        versions.sort_by_key(|version| number(version));
        let debian = versions.into_iter().rev().map(|version| version.join("bin"));
        let complete = |folder: &PathBuf| NEEDED.iter().all(|program| folder.join(program).is_file());
        env::split_paths(&path).chain(debian).find(complete).map(Self)
    }

    fn command(&self, program: &str, owner: Option<Owner>) -> Command {
        let mut command = Command::new(self.0.join(program));
        // A working directory that the owner may not enter is a warning at every step.
        command.current_dir("/");
        if let Some(Owner { user, group }) = owner {
            command.uid(user).gid(group);
        }
        command
    }
}

fn number(version: &Path) -> u32 {
    version.file_name().and_then(OsStr::to_str).and_then(|name| name.parse().ok()).unwrap_or(0)
}

/// Whom PostgreSQL runs as where we are root, as whom it refuses to.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    fn if_needed() -> Result<Option<Self>, Failure> {
        if !Cluster::is_root() {
            return Ok(None);
        }
        let of = |name| Some(Self { user: id("-u", Some(name))?, group: id("-g", Some(name))? });
        ["postgres", "nobody"].into_iter().find_map(of).map(Some).ok_or_else(|| {
            Failure::new(
                "PostgreSQL does not run as root",
                "there is neither a user postgres nor a user nobody to run it as",
                "run as another user",
            )
        })
    }
}

fn id(which: &str, user: Option<&str>) -> Option<u32> {
    let said = Command::new("id").arg(which).args(user).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(said.stdout).ok()?.trim().parse().ok()
}

fn folder(owner: Option<Owner>) -> Result<TempDir, Failure> {
    let refused =
        |error| Failure::new("no folder for PostgreSQL", error, "make the temporary folder writable");
    // Not in the target directory: another user must reach it, and a socket's path has 107 bytes.
    let folder = tempfile::Builder::new().prefix("grantway-pg-").tempdir().map_err(refused)?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).map_err(refused)?;
    if let Some(Owner { user, group }) = owner {
        chown(folder.path(), Some(user), Some(group)).map_err(refused)?;
    }
    Ok(folder)
}

fn serve(programs: &Programs, owner: Option<Owner>, folder: &Path) -> Result<Child, Failure> {
    let refused = |error| Failure::new("no log for PostgreSQL", error, "make the temporary folder writable");
    let log = fs::File::create(folder.join(LOG)).map_err(refused)?;
    let mut server = programs.command("postgres", owner);
    server.arg("-D").arg(folder.join(DATA)).arg("-k").arg(folder);
    server.args(["-c", "listen_addresses=", "-c", "max_connections=400"]);
    server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    server.spawn().map_err(|error| workspace::not_started(&server, &error))
}

const NEEDED: [&str; 4] = ["initdb", "pg_ctl", "pg_isready", "postgres"];
const DATA: &str = "data";
const LOG: &str = "log";
const PATIENCE: u32 = 600;
const BETWEEN: Duration = Duration::from_millis(50);

//! What a commit costs in PostgreSQL: one row, one statement, prepared.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::time::sleep;
use tokio_postgres::{Client, NoTls};

use crate::floor::storage::Steps;
use crate::http::Wrong;
use crate::processor::Processors;
use crate::serving;

/// One connection that waits for each answer. A backend `of_ours` is on this machine, where it can be
/// asked what it used.
pub(crate) async fn alone(url: &str, of_ours: bool, span: Duration) -> Result<Steps, Wrong> {
    let database = connected(url).await?;
    database
        .batch_execute(
            "CREATE TABLE IF NOT EXISTS grantway_bench (id bigint PRIMARY KEY, digest bytea NOT NULL); \
             INSERT INTO grantway_bench VALUES (1, '') ON CONFLICT DO NOTHING",
        )
        .await?;
    let backend: i32 = database.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
    let update = database.prepare("UPDATE grantway_bench SET digest = $1 WHERE id = 1").await?;
    let backend = u32::try_from(backend).ok().filter(|_| of_ours);
    let used = || backend.and_then(serving::processor_time);
    let (began, before) = (Instant::now(), used());
    let (mut waits, mut rows) = (Vec::new(), 0_u32);
    while began.elapsed() < span {
        let each = Instant::now();
        let digest: &[u8] = &[u8::try_from(rows % 251).unwrap_or_default(); 32];
        database.execute(&update, &[&digest]).await?;
        waits.push(each.elapsed());
        rows += 1;
    }
    let processor = used().zip(before).map(|(after, before)| after.saturating_sub(before));
    let took = began.elapsed();
    waits.sort_unstable();
    database.batch_execute("DROP TABLE grantway_bench").await?;
    Ok(Steps { name: "postgres-commit", driver: "tokio-postgres", rows, took, processor, waits })
}

async fn connected(url: &str) -> Result<Client, Wrong> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(async move {
        // Whoever asks the client learns that the connection is gone.
        let _ = connection.await;
    });
    Ok(client)
}

/// A cluster of our own that ends with this value.
#[derive(Debug)]
pub(crate) struct Cluster {
    server: Child,
    pub(crate) url: String,
}

impl Cluster {
    /// Makes one with the `initdb` of this machine; without one, the reason in words.
    pub(crate) async fn start(folder: &Path, processors: &Processors) -> Result<Self, Wrong> {
        let tools = tools().ok_or_else(|| Wrong::new("initdb is not installed"))?;
        let identity = identity(folder)?;
        let data = folder.join("postgres");
        let mut initdb = identity.command(&tools.join("initdb"));
        initdb.args(["--auth", "trust", "--username", "bench", "--encoding", "UTF8", "--pgdata"]).arg(&data);
        let made = initdb.output()?;
        if !made.status.success() {
            return Err(Wrong::new(format_args!("initdb: {}", String::from_utf8_lossy(&made.stderr))));
        }
        let mut postgres = identity.command(&tools.join("postgres"));
        postgres.arg("-D").arg(&data).arg("-k").arg(folder).args(["-c", "listen_addresses="]);
        postgres.stdout(Stdio::null()).stderr(Stdio::null());
        processors.serve_from_here();
        let server = postgres.spawn();
        processors.drive_from_here();
        let url = format!("host={} user=bench dbname=postgres", folder.display());
        let cluster = Self { server: server?, url };
        let asked = Instant::now();
        while connected(&cluster.url).await.is_err() {
            if asked.elapsed() > START {
                return Err(Wrong::new("PostgreSQL did not start"));
            }
            sleep(Duration::from_millis(50)).await;
        }
        Ok(cluster)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is its fast shutdown; the processes it started end with it.
        let process = i32::try_from(self.server.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(process) = process {
            let _ = rustix::process::kill_process(process, rustix::process::Signal::INT);
        }
        let _ = self.server.wait();
    }
}

/// Where the programs of PostgreSQL lie: on the PATH, or where Debian puts them, the newest last.
fn tools() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort();
    let complete = |folder: &PathBuf| folder.join("initdb").exists() && folder.join("postgres").exists();
    debian.into_iter().rev().chain(std::env::split_paths(&path)).find(complete)
}

/// As whom it runs: PostgreSQL refuses to be root.
struct Identity(Option<(u32, u32)>);

/// Ours, or another's to whom the folder is given.
fn identity(folder: &Path) -> Result<Identity, Wrong> {
    if !rustix::process::geteuid().is_root() {
        return Ok(Identity(None));
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let named = |name: &str| {
        let mut fields = users.lines().find(|line| line.split(':').next() == Some(name))?.split(':');
        Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let other = named("postgres").or_else(|| named("nobody"));
    let (user, group) = other.ok_or_else(|| Wrong::new("there is no user postgres or nobody to be"))?;
    chown(folder, Some(user), Some(group))?;
    Ok(Identity(Some((user, group))))
}

impl Identity {
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        if let Self(Some((user, group))) = self {
            command.uid(*user).gid(*group);
        }
        command
    }
}

const START: Duration = Duration::from_secs(30);

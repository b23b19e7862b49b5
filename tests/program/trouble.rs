//! A database that is locked, full or gone: what is said, that nothing is lost, and that it passes.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use grantway_tests::{Answer, Cluster, Front};
use http::Method;
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;

use super::serving::Serving;
use super::{declared, grantway};

#[tokio::test]
async fn a_database_that_another_program_holds_is_said_to_be_unavailable_until_it_lets_go() {
    let folder = TempDir::new().unwrap();
    let (_serving, front) = served(folder.path(), &[]);
    let token = refresh_token(&front).await;
    let url = format!("sqlite://{}", folder.path().join("grantway-data/grantway.db").display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();

    let (ready, refused) = tokio::join!(readiness(&front), front.refresh(&token));
    let discovery = front.fetch(Method::GET, "/.well-known/openid-configuration").await;
    other.execute("ROLLBACK").await.unwrap();

    assert_eq!((ready.status.as_u16(), discovery.status.as_u16()), (503, 200));
    assert_unavailable(&refused);
    assert_eq!(readiness(&front).await.status, 200);
    assert_eq!(front.refresh(&token).await.status, 200, "nothing was spent");
}

#[tokio::test]
async fn a_disk_that_is_full_loses_nothing_and_is_noticed_when_it_is_not_any_more() {
    let folder = TempDir::new().unwrap();
    let (serving, front) = served(folder.path(), &[]);
    let pid = Pid::from_raw(i32::try_from(serving.id()).unwrap());
    let token = refresh_token(&front).await;

    // Nothing that this process writes to a file finds room.
    let full = Rlimit { current: Some(1), ..getrlimit(Resource::Fsize) };
    let before = prlimit(pid, Resource::Fsize, full).unwrap();
    let refused = front.refresh(&token).await;
    let ready = readiness(&front).await;
    let again = front.refresh(&token).await;
    let keys = front.fetch(Method::GET, "/.well-known/jwks.json").await;
    prlimit(pid, Resource::Fsize, before).unwrap();

    assert_unavailable(&refused);
    assert_unavailable(&again);
    assert_eq!(ready.status, 503);
    assert_eq!(keys.status, 200, "what needs no write goes on");
    assert_eq!(readiness(&front).await.status, 200);
    let next = front.refresh(&token).await;
    assert_eq!(next.status, 200, "{}", next.text());
    assert_eq!(front.refresh(&next.member("refresh_token")).await.status, 200);
}

mod on_postgres {
    use super::*;

    #[tokio::test]
    async fn a_server_that_crashes_is_found_again_with_all_that_was_answered() {
        let (mut cluster, folder) = (Cluster::start(), TempDir::new().unwrap());
        let (_serving, front) = served(folder.path(), &["--database-url", cluster.url()]);
        let token = refresh_token(&front).await;

        cluster.restart();

        let ready = readiness(&front).await;
        assert_eq!(ready.status, 200, "{}", ready.text());
        let next = front.refresh(&token).await;
        assert_eq!(next.status, 200, "{}", next.text());
    }

    #[tokio::test]
    async fn a_server_that_only_reads_is_said_to_be_unavailable_until_it_writes_again() {
        let (cluster, folder) = (Cluster::start(), TempDir::new().unwrap());
        let (_serving, front) = served(folder.path(), &["--database-url", cluster.url()]);
        let token = refresh_token(&front).await;
        let mut operator = PgConnection::connect(cluster.url()).await.unwrap();

        read_only(&mut operator, "on").await;
        let refused = front.refresh(&token).await;
        let ready = readiness(&front).await;
        read_only(&mut operator, "off").await;

        assert_unavailable(&refused);
        assert_eq!(ready.status, 503);
        assert_eq!(readiness(&front).await.status, 200);
        assert_eq!(front.refresh(&token).await.status, 200, "nothing was spent");
    }

    /// What CVE-2020-15223 was: the client believed that the stolen token was dead.
    #[tokio::test]
    async fn a_replay_that_could_not_be_revoked_is_not_answered_as_if_it_had_been() {
        let (folder, cluster) = (TempDir::new().unwrap(), Cluster::start());
        let mut operator = PgConnection::connect(cluster.url()).await.unwrap();
        let (_serving, front) = served(folder.path(), &["--database-url", cluster.url()]);
        let stolen = refresh_token(&front).await;
        let second = front.refresh(&stolen).await.member("refresh_token");
        let third = front.refresh(&second).await.member("refresh_token");

        read_only(&mut operator, "on").await;
        let replayed = front.refresh(&stolen).await;
        let basic = Some(("confidential", "sesame"));
        let revoked = front.post("/oauth/token/revoke", basic, &[("token", &third)]).await;
        read_only(&mut operator, "off").await;
        let still_good = front.refresh(&third).await;
        let replayed_again = front.refresh(&stolen).await;

        assert_unavailable(&replayed);
        assert_unavailable(&revoked);
        assert_eq!(still_good.status, 200, "nothing was revoked, and nobody was told so");
        assert_eq!(replayed_again.error(), "invalid_grant");
        let fourth = still_good.member("refresh_token");
        assert_eq!(front.refresh(&fourth).await.error(), "invalid_grant", "now it is revoked");
    }

    async fn read_only(operator: &mut PgConnection, value: &str) {
        let set = format!("ALTER SYSTEM SET default_transaction_read_only = {value}");
        operator.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(set))).await.unwrap();
        operator.execute("SELECT pg_reload_conf()").await.unwrap();
        let setting = "SELECT current_setting('default_transaction_read_only')";
        while sqlx::query_scalar::<_, String>(setting).fetch_one(&mut *operator).await.unwrap() != value {}
    }
}

/// A server with somebody to sign in.
fn served(folder: &Path, more: &[&str]) -> (Serving, Front) {
    let mut command = unhurt(&grantway(folder), folder);
    command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(declared(folder)).args(more);
    let serving = Serving::of(&mut command);
    let front = Front::at(vec![serving.address()]);
    (serving, front)
}

/// The same program, which the signal about a file that may not grow does not end: a full disk sends none.
/// Its log lies on that disk too.
fn unhurt(program: &Command, folder: &Path) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]).arg(program.get_program());
    for (name, _) in program.get_envs().filter(|(_, value)| value.is_none()) {
        shell.env_remove(name);
    }
    let log = File::create(folder.join("log")).unwrap();
    shell.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    shell
}

async fn refresh_token(front: &Front) -> String {
    front.redeem(&front.code("openid offline_access").await).await.member("refresh_token")
}

async fn readiness(front: &Front) -> Answer {
    front.fetch(Method::GET, "/readyz").await
}

fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert_eq!(answer.error(), "temporarily_unavailable");
}

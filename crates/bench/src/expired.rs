//! What rows that are over cost those that are not: refreshes before there are any, while they are
//! removed, and after.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use crate::contender::{Arena, Contender, Measured};
use crate::http::Wrong;
use crate::load::Span;
use crate::ours;
use crate::report::say;
use crate::workload::Workload;

/// Measures and prints.
pub(crate) async fn run(arena: &Arena, server: &Path, rows: u32) -> Result<(), Wrong> {
    let recipe = |folder: &Path| ours::command(server, folder);
    say(format_args!("measuring refreshes beside {rows} grants that are over"));
    let mut contender = Contender::start(arena, Workload::Refresh, &recipe).await?;
    for _ in 0..REPETITIONS {
        contender.repeat(arena.span).await?;
    }
    let before = contender.measured();
    let database = Connection::open(contender.folder().join("data/grantway.db"))?;
    database.busy_timeout(Duration::from_mins(1))?;
    contender.pause()?;
    fill(&database, rows)?;
    contender.resume(arena, ours::command(server, contender.folder())?)?;

    let mut left = count(&database)?;
    let full = left;
    let mut repetitions = 0;
    while left > 0 {
        contender.repeat(Span { warm_up: Duration::ZERO, ..arena.span }).await?;
        repetitions += 1;
        let now = count(&database)?;
        if now == left && repetitions > STUCK_AFTER {
            return Err(Wrong::new(format_args!("{left} rows are left and nobody removes them")));
        }
        left = now;
    }
    let during = contender.measured();
    for _ in 0..REPETITIONS {
        contender.repeat(arena.span).await?;
    }
    let after = contender.measured();

    say(format_args!("\n{full} rows that were over were gone after {repetitions} repetitions\n"));
    say(format_args!("{:<20}{:>11}{:>11}{:>11}{:>11}", "", "ours µs", "units/s", "p50 µs", "p99 µs"));
    for (when, Measured { processor_micros, per_second, p50_micros, p99_micros, .. }) in
        [("before", before), ("while they are removed", during), ("after", after)]
    {
        let micros = processor_micros.map_or_else(|| "-".to_owned(), |micros| format!("{micros:.1}"));
        say(format_args!("{when:<23}{micros:>8}{per_second:>11.0}{p50_micros:>11.0}{p99_micros:>11.0}"));
    }
    Ok(())
}

/// Copies a grant that stands, with numbers below every other and an end that lies behind.
fn fill(database: &Connection, rows: u32) -> Result<(), Wrong> {
    let mut columns = database.prepare("SELECT name FROM pragma_table_info('oauth_grant')")?;
    let columns = columns.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let values: Vec<_> = columns
        .iter()
        .map(|column| match column.as_str() {
            "grant_id" => "(SELECT MIN(grant_id) FROM oauth_grant) - n.i".to_owned(),
            "needed_until" => "unixepoch() - 86400".to_owned(),
            other => format!("one.{other}"),
        })
        .collect();
    let insert = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
         INSERT INTO oauth_grant ({}) SELECT {} FROM (SELECT * FROM oauth_grant LIMIT 1) AS one, n",
        columns.join(", "),
        values.join(", "),
    );
    database.execute(&insert, [rows])?;
    Ok(())
}

fn count(database: &Connection) -> Result<u32, Wrong> {
    let query = "SELECT COUNT(*) FROM oauth_grant WHERE needed_until < unixepoch() - 3600";
    Ok(database.query_row(query, [], |row| row.get(0))?)
}

const REPETITIONS: usize = 3;
/// The server sweeps a minute after it found nothing.
const STUCK_AFTER: usize = 30;

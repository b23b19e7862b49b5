//! The table, the JSON, and the comparison of two runs.

use std::fmt::Display;
use std::fs;
use std::io::{Write, stdout};
use std::path::Path;

use serde_json::{Value, json};

use crate::contender::{Arena, Measured};
use crate::floor::storage::Steps;
use crate::workload::Workload;

/// Everything that a run showed.
pub(crate) struct Report {
    circumstances: Value,
    pub(crate) rows: Vec<Row>,
    pub(crate) storage: Vec<Steps>,
    /// What was not measured, and why.
    pub(crate) left_out: Vec<String>,
}

pub(crate) struct Row {
    pub(crate) workload: Workload,
    pub(crate) floor: Measured,
    pub(crate) ours: Measured,
    /// npm's `oidc-provider`, if it was asked for and can answer.
    pub(crate) peer: Option<Measured>,
}

impl Report {
    pub(crate) fn begin(arena: &Arena, rustc: &str) -> Self {
        let mut circumstances = machine(rustc, arena.processors_there);
        circumstances["filesystem"] = filesystem(&arena.scratch).into();
        circumstances["placement"] = arena.processors.to_string().into();
        circumstances["connections"] = arena.connections.into();
        circumstances["counted_milliseconds"] = arena.span.counted.as_millis().to_string().into();
        Self { circumstances, rows: Vec::new(), storage: Vec::new(), left_out: Vec::new() }
    }

    /// Takes down what only the end of a run can tell.
    pub(crate) fn end(&mut self) {
        take_down_the_load(&mut self.circumstances);
    }

    pub(crate) fn print(&self) {
        say("");
        say_each(&self.circumstances);
        say("\nServer processor time for each unit in µs; a unit of code_pkce is two requests.\n");
        say(line([
            "workload",
            "floor",
            "floor µs",
            "ours µs",
            "ratio",
            "goal µs",
            "units/s",
            "p50 µs",
            "p99 µs",
            "peak MiB",
            "syncs/unit",
        ]));
        for row in &self.rows {
            say(line(row.cells().each_ref().map(String::as_str)));
        }
        self.print_peer();
        if !self.storage.is_empty() {
            say("\nStorage without a server; commits are durable, and a group is 16 rows.\n");
        }
        for steps in &self.storage {
            say(steps.words());
        }
        for why in self.left_out.iter().chain(&self.missing()) {
            say(format_args!("not measured: {why}"));
        }
    }

    fn print_peer(&self) {
        let mut rows = self.rows.iter().filter_map(|row| Some((row, row.peer.as_ref()?))).peekable();
        if rows.peek().is_none() {
            return;
        }
        say("\nThe peer: npm's oidc-provider, each step a durable commit in SQLite.\n");
        say(compared_line(["workload", "peer µs", "× ours", "units/s", "p50 µs", "p99 µs", "syncs/unit"]));
        for (row, peer) in rows {
            let times = peer.processor_micros.zip(row.ours.processor_micros).map(|(peer, ours)| peer / ours);
            let figure = |figure: Option<f64>, digits| {
                figure.map_or_else(absent, |figure| format!("{figure:.digits$}"))
            };
            say(compared_line([
                row.workload.name(),
                &figure(peer.processor_micros, 1),
                &figure(times, 1),
                &figure(Some(peer.per_second), 0),
                &figure(Some(peer.p50_micros), 0),
                &figure(Some(peer.p99_micros), 0),
                &figure(peer.syncs.as_ref().ok().copied(), 2),
            ]));
        }
    }

    /// What rows could not say, each reason once.
    fn missing(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        for measured in
            self.rows.iter().flat_map(|row| [Some(&row.floor), Some(&row.ours), row.peer.as_ref()]).flatten()
        {
            if let Err(why) = &measured.syncs {
                reasons.push(format!("syncs: {why}"));
            }
            if measured.processor_micros.is_none() {
                reasons.push("processor time: this system has no /proc".to_owned());
            }
            if measured.peak_kib.is_none() {
                reasons.push("peak memory: this system has no /proc".to_owned());
            }
        }
        reasons.sort();
        reasons.dedup();
        reasons
    }

    pub(crate) fn document(&self) -> Value {
        let rows: Vec<Value> = self.rows.iter().map(Row::document).collect();
        let storage: Vec<Value> = self.storage.iter().map(Steps::document).collect();
        json!({
            "format": 1,
            "circumstances": self.circumstances,
            "rows": rows,
            "storage": storage,
            "left_out": self.left_out,
        })
    }
}

impl Row {
    fn cells(&self) -> [String; 11] {
        let Self { workload, floor, ours, peer: _ } = self;
        let ratio = ours.processor_micros.zip(floor.processor_micros).map(|(ours, floor)| ours / floor);
        let tenths = |figure: Option<f64>| figure.map_or_else(absent, |figure| format!("{figure:.1}"));
        [
            workload.name().to_owned(),
            workload.floor().name().to_owned(),
            tenths(floor.processor_micros),
            tenths(ours.processor_micros),
            ratio.map_or_else(absent, |ratio| format!("{ratio:.2}")),
            workload.goal().map_or_else(absent, |goal| format!("{goal:.0}")),
            format!("{:.0}", ours.per_second),
            format!("{:.0}", ours.p50_micros),
            format!("{:.0}", ours.p99_micros),
            ours.peak_kib.map_or_else(absent, |kib| (kib / 1024).to_string()),
            ours.syncs.as_ref().map_or_else(|_| absent(), |syncs| format!("{syncs:.2}")),
        ]
    }

    fn document(&self) -> Value {
        json!({
            "workload": self.workload.name(),
            "goal_processor_micros": self.workload.goal(),
            "floor_name": self.workload.floor().name(),
            "floor_drivers": self.workload.floor().drivers(),
            "floor": self.floor.document(),
            "ours": self.ours.document(),
            "peer": self.peer.as_ref().map(Measured::document),
        })
    }
}

impl Measured {
    fn document(&self) -> Value {
        json!({
            "processor_micros": self.processor_micros,
            "units_per_second": self.per_second,
            "p50_micros": self.p50_micros,
            "p99_micros": self.p99_micros,
            "peak_kib": self.peak_kib,
            "syncs_per_unit": self.syncs.as_ref().ok(),
            "syncs_not_measured": self.syncs.as_ref().err(),
        })
    }
}

impl Steps {
    fn micros_of_a_row(&self) -> Option<f64> {
        Some(self.processor?.as_secs_f64() * 1e6 / f64::from(self.rows))
    }

    fn percentile_micros(&self, percent: usize) -> f64 {
        let rank = (self.waits.len() * percent).div_ceil(100).saturating_sub(1);
        self.waits.get(rank).map_or(0.0, |wait| wait.as_secs_f64() * 1e6)
    }

    fn per_second(&self) -> f64 {
        f64::from(self.rows) / self.took.as_secs_f64()
    }

    fn words(&self) -> String {
        let processor = self.micros_of_a_row().map_or_else(absent, |micros| format!("{micros:.1}"));
        format!(
            "{:<20} {:<15} {processor:>7} µs of processor a row, {:>7.0} rows/s, wait p50 {:.0} µs, p99 {:.0} µs",
            self.name,
            self.driver,
            self.per_second(),
            self.percentile_micros(50),
            self.percentile_micros(99),
        )
    }

    fn document(&self) -> Value {
        json!({
            "name": self.name,
            "driver": self.driver,
            "processor_micros_a_row": self.micros_of_a_row(),
            "rows_per_second": self.per_second(),
            "p50_micros": self.percentile_micros(50),
            "p99_micros": self.percentile_micros(99),
        })
    }
}

/// Prints what is new in relation to what is old.
pub(crate) fn compare(new: &Value, old: &Value) {
    say("\nNew in relation to old (new / old); `floor µs` shows how much of it is the machine.\n");
    say(compared_line(["workload", "ours µs", "floor µs", "units/s", "p50", "p99", "peak"]));
    comparison(new, old).into_iter().for_each(say);
}

fn comparison(new: &Value, old: &Value) -> Vec<String> {
    let compared = |row: &Value| {
        let rows = old["rows"].as_array();
        let before = rows.and_then(|rows| rows.iter().find(|before| before["workload"] == row["workload"]));
        let ratio = |of: &str, figure: &str| {
            let new = row[of][figure].as_f64()?;
            let old = before?[of][figure].as_f64()?;
            Some(format!("{:.2}", new / old))
        };
        let cell = |of, figure| ratio(of, figure).unwrap_or_else(absent);
        compared_line([
            row["workload"].as_str().unwrap_or_default(),
            &cell("ours", "processor_micros"),
            &cell("floor", "processor_micros"),
            &cell("ours", "units_per_second"),
            &cell("ours", "p50_micros"),
            &cell("ours", "p99_micros"),
            &cell("ours", "peak_kib"),
        ])
    };
    new["rows"].as_array().into_iter().flatten().map(compared).collect()
}

/// Where a run takes place, and what else goes on there.
pub(crate) fn machine(rustc: &str, processors: usize) -> Value {
    json!({
        "processor": first_line("/proc/cpuinfo", "model name"),
        "processors": processors,
        "kernel": words_in("/proc/sys/kernel/osrelease"),
        "rustc": rustc,
        "load_before": words_in("/proc/loadavg"),
    })
}

/// At the end of a run.
pub(crate) fn take_down_the_load(circumstances: &mut Value) {
    circumstances["load_after"] = words_in("/proc/loadavg").into();
}

pub(crate) fn say_each(circumstances: &Value) {
    for (name, value) in circumstances.as_object().into_iter().flatten() {
        say(format_args!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    }
}

/// One line for whoever called.
pub(crate) fn say(text: impl Display) {
    // A reader who closed the pipe has decided not to hear it.
    let _ = writeln!(stdout(), "{text}");
}

fn line(cells: [&str; 11]) -> String {
    let [workload, floor, rest @ ..] = cells;
    let rest = columns(&rest);
    format!("{workload:<19} {floor:<14}{rest}")
}

fn compared_line(cells: [&str; 7]) -> String {
    let [workload, rest @ ..] = cells;
    let rest = columns(&rest);
    format!("{workload:<19}{rest}")
}

fn columns(cells: &[&str]) -> String {
    cells.iter().fold(String::new(), |line, cell| format!("{line}{cell:>11}"))
}

fn words_in(file: &str) -> String {
    fs::read_to_string(file).map_or_else(|_| unknown(), |text| text.trim().to_owned())
}

fn first_line(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_once(':')).map_or_else(unknown, |(_, value)| value.trim().to_owned())
}

/// The kind of the file system that holds a folder: a sync in memory costs nothing and proves nothing.
fn filesystem(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let holding = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        let (at, kind) = (fields.next()?, fields.next()?);
        folder.starts_with(at).then(|| (at.len(), kind.to_owned()))
    });
    holding.max_by_key(|(length, _)| *length).map_or_else(unknown, |(_, kind)| kind)
}

fn unknown() -> String {
    "unknown".to_owned()
}

pub(crate) fn absent() -> String {
    "-".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_new_over_old_and_says_nothing_of_what_was_not_there() {
        let run = |workload: &str, micros: f64| {
            let figures = json!({"processor_micros": micros, "units_per_second": 1000.0});
            json!({"rows": [{"workload": workload, "ours": figures, "floor": figures}]})
        };

        let cells = |new: &Value, old: &Value| {
            let lines = comparison(new, old);
            lines[0].split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };

        let same = cells(&run("refresh", 90.0), &run("refresh", 120.0));
        assert_eq!(same, ["refresh", "0.75", "0.75", "1.00", "-", "-", "-"]);
        let other = cells(&run("refresh", 90.0), &run("discovery", 9.0));
        assert_eq!(other, ["refresh", "-", "-", "-", "-", "-", "-"]);
    }

    #[test]
    fn what_was_not_measured_is_said_in_words() {
        let measured = || Measured {
            processor_micros: None,
            per_second: 1.0,
            p50_micros: 1.0,
            p99_micros: 1.0,
            peak_kib: Some(2048),
            syncs: Err("strace is not installed".to_owned()),
        };
        let row = Row { workload: Workload::Jwks, floor: measured(), ours: measured(), peer: None };
        let report = Report { circumstances: json!({}), rows: vec![row], storage: vec![], left_out: vec![] };

        let cells = report.rows[0].cells();

        assert_eq!(cells[2..5], ["-", "-", "-"]);
        assert_eq!(
            report.missing(),
            ["processor time: this system has no /proc", "syncs: strace is not installed"]
        );
    }
}

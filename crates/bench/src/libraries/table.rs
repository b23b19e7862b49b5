//! A table of contenders, the same in JSON, and what is to be said of each row.

use serde_json::{Value, json};

use crate::report::{absent, say};

pub(super) struct Table {
    /// What the rows are about.
    pub(super) subject: &'static str,
    pub(super) aim: Aim,
    /// Of the one that ours is set in relation to, of ours, and of the others.
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// What is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// To be hardly dearer than the first, which ours is made of, and ahead of everybody whom the first is ahead of.
    NearTheFloor,
    /// To be ahead of everybody.
    Ahead,
}

pub(super) struct Row {
    pub(super) subject: &'static str,
    pub(super) verb: &'static str,
    /// As the table has the names; nothing of a library that does not have the algorithm.
    pub(super) micros: Vec<Option<f64>>,
}

impl Table {
    pub(super) fn print(&self) {
        let [first, ours, others @ ..] = self.names.as_slice() else { return };
        let titles: Vec<&str> =
            [first, ours, "ratio"].into_iter().chain(others.iter().map(String::as_str)).collect();
        let widths: Vec<usize> = titles.iter().map(|title| (title.len() + 2).max(9)).collect();
        say(line((self.subject, "operation"), &titles, &widths) + "  verdict");
        for row in &self.rows {
            let line = line((row.subject, row.verb), &row.cells(), &widths);
            say(format_args!("{line}  {}", self.verdict(row)));
        }
        if self.aim == Aim::NearTheFloor {
            let ratios: Vec<f64> = self.rows.iter().filter_map(Row::ratio).collect();
            let within = ratios.iter().filter(|ratio| **ratio <= WITHIN).count();
            say(format_args!("\n{within} of {} rows are within {WITHIN:.2} of {first}", ratios.len()));
        }
    }

    pub(super) fn document(&self) -> Value {
        self.rows
            .iter()
            .map(|row| {
                let micros = self.names.iter().cloned().zip(row.micros.iter().map(|micros| json!(micros)));
                json!({
                    self.subject: row.subject,
                    "operation": row.verb,
                    "micros": Value::Object(micros.collect()),
                    "ratio": row.ratio(),
                    "verdict": self.verdict(row),
                })
            })
            .collect()
    }

    fn verdict(&self, row: &Row) -> String {
        let [floor, ours, ..] = row.micros.as_slice() else { return absent() };
        let first = self.names.first().map_or("", String::as_str);
        let Some(ours) = ours else { return "ours has none".to_owned() };
        let ahead = self.names.iter().zip(&row.micros);
        let ahead = ahead.filter_map(|(name, other)| Some((name.as_str(), (*other)?)));
        let ahead = ahead.filter(|(_, other)| *ours > other * EVEN);
        let mut said = Vec::new();
        let (of_both, of_ours): (Vec<_>, Vec<_>) = match self.aim {
            Aim::Ahead => (Vec::new(), ahead.collect()),
            Aim::NearTheFloor => {
                match row.ratio() {
                    None => said.push(format!("{first} has none")),
                    Some(ratio) if ratio > WITHIN => said.push(format!("{ratio:.2} of {first}")),
                    Some(_) => said.push(GOOD.to_owned()),
                }
                ahead
                    .filter(|(name, _)| *name != first)
                    .partition(|(_, other)| floor.is_some_and(|floor| floor > *other))
            }
        };
        let lost = format!("{first} itself loses to");
        for (words, ahead) in [(lost.as_str(), of_both), ("behind", of_ours)] {
            if !ahead.is_empty() {
                let names: Vec<&str> = ahead.into_iter().map(|(name, _)| name).collect();
                said.push(format!("{words} {}", names.join(" and ")));
            }
        }
        if said.is_empty() { GOOD.to_owned() } else { said.join("; ") }
    }
}

impl Row {
    /// Of ours to the first.
    fn ratio(&self) -> Option<f64> {
        match *self.micros.as_slice() {
            [Some(first), Some(ours), ..] => Some(ours / first),
            _ => None,
        }
    }

    /// The ratio stands behind ours.
    fn cells(&self) -> Vec<String> {
        let figure = |figure: Option<f64>| figure.map_or_else(absent, |figure| format!("{figure:.2}"));
        let mut cells: Vec<String> = self.micros.iter().copied().map(figure).collect();
        cells.insert(cells.len().min(2), figure(self.ratio()));
        cells
    }
}

fn line((subject, verb): (&str, &str), cells: &[impl AsRef<str>], widths: &[usize]) -> String {
    let begin = format!("{subject:<10} {verb:<10}");
    cells.iter().zip(widths).fold(begin, |line, (cell, width)| format!("{line}{:>width$}", cell.as_ref()))
}

const GOOD: &str = "good";
/// So near to the floor we want to be.
const WITHIN: f64 = 1.10;
/// Less is not to be told from chance: two runs differ by as much.
const EVEN: f64 = 1.02;

#[cfg(test)]
mod tests {
    use super::*;

    fn table(aim: Aim) -> Table {
        let names = ["ring", "ours", "one", "two"].map(str::to_owned).to_vec();
        Table { subject: "algorithm", aim, names, rows: Vec::new() }
    }

    fn row(micros: [Option<f64>; 4]) -> Row {
        Row { subject: "ES256", verb: "sign", micros: micros.to_vec() }
    }

    #[test]
    fn near_the_floor_a_row_is_judged_by_it_and_by_those_whom_it_beats() {
        let table = table(Aim::NearTheFloor);
        for (micros, verdict) in [
            ([Some(100.0), Some(109.0), Some(200.0), None], "good"),
            ([Some(100.0), Some(111.0), Some(200.0), None], "1.11 of ring"),
            ([Some(100.0), Some(103.0), Some(50.0), None], "good; ring itself loses to one"),
            ([Some(100.0), Some(103.0), Some(50.0), Some(40.0)], "good; ring itself loses to one and two"),
            (
                [Some(100.0), Some(105.0), Some(100.0), Some(99.0)],
                "good; ring itself loses to two; behind one",
            ),
            ([Some(100.0), Some(101.0), Some(100.0), None], "good"),
            ([None, Some(100.0), None, None], "ring has none"),
            ([Some(100.0), None, None, None], "ours has none"),
        ] {
            assert_eq!(table.verdict(&row(micros)), verdict, "{micros:?}");
        }
    }

    #[test]
    fn ahead_a_row_is_judged_by_everybody() {
        let table = table(Aim::Ahead);
        for (micros, verdict) in [
            ([Some(100.0), Some(50.0), Some(200.0), Some(50.0)], "good"),
            ([Some(100.0), Some(50.0), Some(200.0), Some(40.0)], "behind two"),
            ([Some(100.0), Some(109.0), Some(100.0), None], "behind ring and one"),
        ] {
            assert_eq!(table.verdict(&row(micros)), verdict, "{micros:?}");
        }
    }

    #[test]
    fn a_library_that_does_not_have_the_algorithm_has_a_dash() {
        assert_eq!(row([None, Some(650.0), None, Some(1.0)]).cells(), ["-", "650.00", "-", "-", "1.00"]);
        assert_eq!(row([Some(2.0), Some(3.0), None, None]).cells(), ["2.00", "3.00", "1.50", "-", "-"]);
    }
}

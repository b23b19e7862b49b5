use serde::Deserialize;

use super::condition::Verdict;
use super::report::Report;

/// What is known of an issuer: everything that is found there and does not pass, with the reason.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    #[serde(default)]
    expected: Vec<Expected>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Every plan that has the modules, if there is none.
    plan: Option<String>,
    modules: Vec<String>,
    condition: String,
    verdict: Verdict,
    /// For whoever reads the file.
    because: String,
}

/// How a report and a baseline differ.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// Found, and not expected.
    pub unexplained: Vec<Entry>,
    /// Expected, and not found: better than it was, so the line can go.
    pub stale: Vec<Entry>,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The plan.
    pub plan: String,
    /// The module.
    pub module: String,
    /// The condition.
    pub condition: String,
    /// How it stands with it.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub why: String,
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// In words, if it is none, or expects what always holds.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self = toml::from_str(text).map_err(|fault| fault.to_string())?;
        for expected in &baseline.expected {
            if expected.verdict == Verdict::Pass {
                return Err(format!("{} is expected to pass, as everything is", expected.condition));
            }
            if expected.because.trim().is_empty() {
                return Err(format!("nothing says why {} is expected", expected.condition));
            }
        }
        Ok(baseline)
    }

    /// Compares a report with what is known.
    #[must_use]
    pub fn compare(&self, report: &Report) -> Difference {
        let found = report.entries();
        let unexplained =
            found.iter().filter(|entry| !self.expected.iter().any(|one| one.means(entry))).cloned().collect();
        let stale = report
            .played()
            .flat_map(|(plan, module)| {
                let about = self.expected.iter().filter(move |one| one.is_about(plan, module));
                about.map(move |one| one.entry(plan, module))
            })
            .filter(|entry| !found.iter().any(|found| found.is_same(entry)))
            .collect();
        Difference { unexplained, stale }
    }
}

impl Expected {
    fn is_about(&self, plan: &str, module: &str) -> bool {
        self.plan.as_deref().is_none_or(|own| own == plan) && self.modules.iter().any(|own| own == module)
    }

    fn means(&self, entry: &Entry) -> bool {
        self.is_about(&entry.plan, &entry.module)
            && self.condition == entry.condition
            && self.verdict == entry.verdict
    }

    fn entry(&self, plan: &str, module: &str) -> Entry {
        Entry {
            plan: plan.to_owned(),
            module: module.to_owned(),
            condition: self.condition.clone(),
            verdict: self.verdict,
            why: self.because.clone(),
        }
    }
}

impl Entry {
    fn is_same(&self, other: &Self) -> bool {
        (&self.plan, &self.module, &self.condition, self.verdict)
            == (&other.plan, &other.module, &other.condition, other.verdict)
    }
}

impl Difference {
    /// Is the report just what was expected?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.unexplained.is_empty() && self.stale.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::condition::{Condition, Finding};
    use crate::conformance::report::Played;

    #[test]
    fn what_is_found_and_what_is_expected_have_to_agree() {
        let baseline = |condition: &str, verdict: &str, modules: &str| {
            let text = format!(
                "[[expected]]\nmodules = {modules}\ncondition = {condition:?}\nverdict = {verdict:?}\nbecause = \"x\""
            );
            Baseline::parse(&text).unwrap()
        };
        for (condition, verdict, modules, unexplained, stale) in [
            ("a", "warning", r#"["one"]"#, 0, 0),
            // In another module, of another kind, of another condition.
            ("a", "warning", r#"["other"]"#, 1, 0),
            ("a", "failure", r#"["one"]"#, 1, 1),
            ("b", "warning", r#"["one"]"#, 1, 1),
            // Two modules share a line, and it is true of one of them alone.
            ("a", "warning", r#"["one", "two"]"#, 0, 1),
        ] {
            let difference = baseline(condition, verdict, modules).compare(&report());

            let found = (difference.unexplained.len(), difference.stale.len());
            assert_eq!(found, (unexplained, stale), "{condition} {verdict} {modules}: {difference:?}");
        }
    }

    #[test]
    fn a_line_for_another_plan_is_about_nothing_here() {
        let text = "[[expected]]\nplan = \"q\"\nmodules = [\"one\"]\ncondition = \"a\"\nverdict = \"warning\"\n\
            because = \"x\"";

        let difference = Baseline::parse(text).unwrap().compare(&report());

        assert_eq!((difference.unexplained.len(), difference.stale.len()), (1, 0));
    }

    #[test]
    fn a_line_without_a_reason_is_none() {
        let text =
            "[[expected]]\nmodules = [\"one\"]\ncondition = \"a\"\nverdict = \"warning\"\nbecause = \" \"";

        assert!(Baseline::parse(text).unwrap_err().contains("nothing says why a is expected"));
    }

    /// Two modules, of which the first warns of `a` and passes `b`.
    fn report() -> Report {
        let played = |module, findings| Played { plan: "p", module, says: "", findings }.gather();
        let (a, b) = (Condition::new("a", "", ""), Condition::new("b", "", ""));
        let warned: Vec<Finding> =
            vec![a.must(None), a.should(Some("why".to_owned())), a.must(None), b.must(None)];
        Report {
            issuer: String::new(),
            played: vec![played("one", warned), played("two", vec![a.must(None)])],
        }
    }
}

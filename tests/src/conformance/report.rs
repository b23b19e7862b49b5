use std::fmt::Write;

use serde_json::{Value, json};

use super::baseline::{Difference, Entry};
use super::condition::{Finding, Verdict};

/// What was found at an issuer.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its name.
    pub issuer: String,
    /// In the order of the plans.
    pub played: Vec<Played>,
}

/// A module that was played.
#[derive(Clone, Debug)]
pub struct Played {
    /// In which plan.
    pub plan: &'static str,
    /// Which.
    pub module: &'static str,
    /// What it asserts.
    pub says: &'static str,
    /// What was found, each condition once, in the order they were first looked at.
    pub findings: Vec<Finding>,
}

impl Played {
    /// A condition that was looked at twice stands as it was worst; what is said of it is said once.
    pub(crate) fn gather(mut self) -> Self {
        let mut gathered: Vec<Finding> = Vec::new();
        for finding in self.findings {
            match gathered.iter_mut().find(|own| own.condition.id == finding.condition.id) {
                None => gathered.push(finding),
                Some(own) if finding.verdict > own.verdict => *own = finding,
                Some(_) => {}
            }
        }
        self.findings = gathered;
        self
    }

    /// The worst of it.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Pass)
    }
}

impl Report {
    /// The worst of it.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.played.iter().map(Played::verdict).max().unwrap_or(Verdict::Pass)
    }

    /// Everything that does not pass.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let entries = self.played.iter().flat_map(|played| {
            let bad = played.findings.iter().filter(|finding| finding.verdict != Verdict::Pass);
            bad.map(|finding| Entry {
                plan: played.plan.to_owned(),
                module: played.module.to_owned(),
                condition: finding.condition.id.to_owned(),
                verdict: finding.verdict,
                why: finding.why.clone(),
            })
        });
        entries.collect()
    }

    pub(crate) fn played(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.played.iter().map(|played| (played.plan, played.module))
    }

    /// For a person: a line for each module, and below it what does not pass, or all that was looked at.
    #[must_use]
    pub fn to_text(&self, all: bool) -> String {
        let mut text = format!("{}\n", self.issuer);
        let mut plan = "";
        for played in &self.played {
            if played.plan != plan {
                plan = played.plan;
                let _ = writeln!(text, "\n{plan}");
            }
            let _ = writeln!(text, "  {:7}  {}", played.verdict(), played.module);
            for Finding { condition, verdict, why } in &played.findings {
                if all || *verdict != Verdict::Pass {
                    let (id, reference) = (condition.id, condition.reference);
                    let _ = writeln!(text, "           {verdict:7}  {id}: {why} ({reference})");
                }
            }
        }
        let count = |verdict| self.played.iter().filter(|played| played.verdict() == verdict).count();
        let _ = writeln!(
            text,
            "\nmodules: {}, of them {} passed, {} with warnings, {} skipped, {} failed",
            self.played.len(),
            count(Verdict::Pass),
            count(Verdict::Warning),
            count(Verdict::Skipped),
            count(Verdict::Failure)
        );
        text
    }

    /// For a script.
    #[must_use]
    pub fn to_json(&self, difference: Option<&Difference>) -> Value {
        let finding = |finding: &Finding| {
            json!({
                "condition": finding.condition.id,
                "verdict": finding.verdict,
                "why": finding.why,
                "reference": finding.condition.reference,
            })
        };
        let module = |played: &Played| {
            json!({
                "plan": played.plan,
                "module": played.module,
                "verdict": played.verdict(),
                "conditions": played.findings.iter().map(finding).collect::<Vec<_>>(),
            })
        };
        let mut report = json!({
            "issuer": self.issuer,
            "verdict": self.verdict(),
            "modules": self.played.iter().map(module).collect::<Vec<_>>(),
        });
        if let Some(Difference { unexplained, stale }) = difference {
            let entries = |entries: &[Entry]| entries.iter().map(Entry::to_json).collect::<Vec<_>>();
            report["unexplained"] = json!(entries(unexplained));
            report["stale"] = json!(entries(stale));
        }
        report
    }
}

impl Entry {
    fn to_json(&self) -> Value {
        json!({
            "plan": self.plan,
            "module": self.module,
            "condition": self.condition,
            "verdict": self.verdict,
            "why": self.why,
        })
    }
}

impl Difference {
    /// For a person.
    #[must_use]
    pub fn to_text(&self) -> String {
        if self.is_empty() {
            return "just as the baseline has it\n".to_owned();
        }
        let mut text = String::new();
        let mut list = |title: &str, entries: &[Entry]| {
            if !entries.is_empty() {
                let _ = writeln!(text, "{title}");
            }
            for Entry { plan, module, condition, verdict, why } in entries {
                let _ = writeln!(text, "  {verdict:7}  {plan} / {module} / {condition}: {why}");
            }
        };
        list("not in the baseline:", &self.unexplained);
        list("in the baseline and not found (take it out):", &self.stale);
        text
    }
}

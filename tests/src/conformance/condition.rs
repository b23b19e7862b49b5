use std::fmt;

use serde::Serialize;

/// A small thing that must, or should, be so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its name in reports and baselines.
    pub id: &'static str,
    /// What is so when it holds.
    pub says: &'static str,
    /// Where that is written.
    pub reference: &'static str,
}

impl Condition {
    pub(crate) const fn new(id: &'static str, says: &'static str, reference: &'static str) -> Self {
        Self { id, says, reference }
    }

    /// What is not so is a failure.
    pub(crate) fn must(self, fault: Option<String>) -> Finding {
        self.found(Verdict::Failure, fault)
    }

    /// What is not so is a warning.
    pub(crate) fn should(self, fault: Option<String>) -> Finding {
        self.found(Verdict::Warning, fault)
    }

    pub(crate) fn skipped(self, why: String) -> Finding {
        self.found(Verdict::Skipped, Some(why))
    }

    fn found(self, otherwise: Verdict, fault: Option<String>) -> Finding {
        let verdict = if fault.is_some() { otherwise } else { Verdict::Pass };
        Finding { condition: self, verdict, why: fault.unwrap_or_else(|| self.says.to_owned()) }
    }
}

/// How it stands with a condition, a module, a whole run: the worst of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is so.
    Pass,
    /// It could not be looked at here, and that is no fault.
    Skipped,
    /// It should be otherwise.
    Warning,
    /// It must be otherwise.
    Failure,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pass => "pass",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Failure => "FAILURE",
        })
    }
}

/// What was found when a condition was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub condition: Condition,
    /// How it stands.
    pub verdict: Verdict,
    /// In a sentence.
    pub why: String,
}

/// Why a module ends before its last step.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nothing can follow on what was found.
    Found(Finding),
    /// The way there is not passable: no answer, no form, no token to go on with.
    Broken(String),
    /// This issuer does not have what the module is about.
    Skipped(String),
}

impl Stop {
    pub(crate) fn finding(self) -> Finding {
        match self {
            Self::Found(finding) => finding,
            Self::Broken(why) => PASSABLE.must(Some(why)),
            Self::Skipped(why) => APPLIES.skipped(why),
        }
    }
}

const PASSABLE: Condition =
    Condition::new("the-way-there", "every step could be taken", "OpenID Connect Core 3.1.1");
const APPLIES: Condition =
    Condition::new("module-applies", "the issuer has what this module is about", "OpenID Connect Core 15");

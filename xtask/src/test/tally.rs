//! Counting what cargo's test programs say of themselves.

use crate::say;
use crate::test::need::Need;

/// The sum over all test programs, doc tests included.
#[derive(Default)]
pub(super) struct Tally {
    passed: u64,
    failed: u64,
    ignored: u64,
    left_out: u64,
    /// A test program died without saying what came of its tests.
    broken: bool,
}

impl Tally {
    /// Takes in a line such as
    /// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s`.
    pub(super) fn read(&mut self, line: &str) {
        if !line.starts_with("test result: ") {
            return;
        }
        for part in line.split(';') {
            let words: Vec<&str> = part.split_whitespace().collect();
            for pair in words.windows(2) {
                let Ok(number) = pair[0].parse::<u64>() else {
                    continue;
                };
                match pair[1] {
                    "passed" => self.passed += number,
                    "failed" => self.failed += number,
                    "ignored" => self.ignored += number,
                    // Nothing is filtered but by `--skip`, and that comes from `--without`.
                    "filtered" => self.left_out += number,
                    _ => {}
                }
            }
        }
    }

    /// Cargo ended, well or badly.
    pub(super) fn ended(&mut self, well: bool) {
        if !well && self.failed == 0 {
            self.broken = true;
            self.failed = 1;
        }
    }

    pub(super) fn is_good(&self) -> bool {
        self.failed == 0 && self.passed > 0
    }

    /// Says what was left out, then the line that stands last and alone.
    pub(super) fn close(&self, without: &[Need]) {
        if self.broken {
            say::line("a test program died without a result, see above; it is counted as one failure");
        }
        say::line(self.omission(without));
        say::line(self.closing());
    }

    fn omission(&self, without: &[Need]) -> String {
        if without.is_empty() {
            return "left out: nothing".to_owned();
        }
        let names: Vec<String> = without.iter().map(ToString::to_string).collect();
        format!("left out by --without: {} (tests: {})", names.join(", "), self.left_out)
    }

    fn closing(&self) -> String {
        format!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.ignored + self.left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_add_up_and_other_lines_do_not_count() {
        let mut tally = Tally::default();

        for line in [
            "running 3 tests",
            "test a ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
            "test result: \u{1b}[31mFAILED\u{1b}[m. 4 passed; 5 failed; 0 ignored; 0 measured; 0 filtered out; \
             finished in 1.20s",
            "9 passed, 9 failed",
        ] {
            tally.read(line);
        }
        tally.ended(false);

        assert_eq!(tally.closing(), "7 passed, 5 failed, 3 skipped");
        assert!(!tally.is_good());
    }

    #[test]
    fn a_program_that_dies_without_a_result_is_a_failure() {
        let mut tally = Tally { passed: 1, ..Tally::default() };

        tally.ended(false);

        assert_eq!(tally.closing(), "1 passed, 1 failed, 0 skipped");
    }

    #[test]
    fn a_run_without_a_test_is_not_good() {
        let mut tally = Tally::default();

        tally.ended(true);

        assert!(!tally.is_good());
    }

    #[test]
    fn what_was_left_out_is_said_by_name() {
        let tally = Tally { passed: 4, left_out: 2, ..Tally::default() };

        assert_eq!(tally.omission(&[]), "left out: nothing");
        assert_eq!(
            tally.omission(&[Need::Node, Need::Python]),
            "left out by --without: node, python (tests: 2)"
        );
    }
}

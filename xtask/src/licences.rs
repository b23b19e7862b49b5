//! May we ship what we build on? The licences of everything in the tree against `deny.toml`.
//!
//! The same file tells cargo-deny the same, for people who have it.

use std::fs;

use cargo_metadata::Package;
use spdx::{Expression, Licensee, ParseMode};
use toml::{Table, Value};

use crate::failure::Failure;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let allowed = Allowed::from_deny_toml(workspace)?;
    let everything = Workspace::everything()?;
    let refused: Vec<String> = everything.packages.iter().filter_map(|p| allowed.objects_to(p)).collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        "a dependency has a licence that deny.toml does not allow",
        refused.join("; "),
        "do without the dependency, or add its licence to deny.toml after reading it",
    ))
}

/// What deny.toml allows: of everybody, and of one crate alone.
struct Allowed {
    everywhere: Vec<Licensee>,
    exceptions: Vec<(String, Vec<Licensee>)>,
}

impl Allowed {
    fn from_deny_toml(workspace: &Workspace) -> Result<Self, Failure> {
        let path = workspace.root().join("deny.toml");
        let unreadable = |why: String| {
            Failure::new("deny.toml does not say which licences are allowed", why, "mend deny.toml")
        };
        let text = fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        Self::parse(&text).map_err(unreadable)
    }

    fn parse(deny: &str) -> Result<Self, String> {
        let table: Table = deny.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let licences = table.get("licenses").and_then(Value::as_table).ok_or("it has no [licenses]")?;
        let exceptions = licences.get("exceptions").and_then(Value::as_array).into_iter().flatten();
        let exceptions = exceptions.map(|exception| {
            let exception = exception.as_table().ok_or("an exception is not a table")?;
            let name = exception.get("crate").and_then(Value::as_str).ok_or("an exception names no crate")?;
            Ok((name.to_owned(), allow_list(exception)?))
        });
        Ok(Self { everywhere: allow_list(licences)?, exceptions: exceptions.collect::<Result<_, String>>()? })
    }

    fn objects_to(&self, package: &Package) -> Option<String> {
        let Some(licence) = &package.license else {
            return Some(format!("{} {} names no licence", package.name, package.version));
        };
        let permitted = self.permits(&package.name, licence);
        (!permitted).then(|| format!("{} {} is {licence}", package.name, package.version))
    }

    fn permits(&self, name: &str, licence: &str) -> bool {
        let excepted = self.exceptions.iter().filter(|(of, _)| of == name).flat_map(|(_, allow)| allow);
        let allowed: Vec<&Licensee> = self.everywhere.iter().chain(excepted).collect();
        // Old manifests write "MIT/Apache-2.0".
        Expression::parse_mode(licence, ParseMode::LAX).is_ok_and(|expression| {
            expression.evaluate(|asked| allowed.iter().any(|licensee| licensee.satisfies(asked)))
        })
    }
}

fn allow_list(table: &Table) -> Result<Vec<Licensee>, String> {
    let names = table.get("allow").and_then(Value::as_array).ok_or("a list `allow` is missing")?;
    let licensees = names.iter().map(|name| {
        let name = name.as_str().ok_or("a list `allow` holds something that is not a string")?;
        Licensee::parse(name).map_err(|error| error.to_string())
    });
    licensees.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_judged_as_a_whole() {
        let allowed = Allowed::parse("[licenses]\nallow = [\"MIT\", \"Unicode-3.0\"]").unwrap();

        for (licence, permitted) in [
            ("MIT", true),
            ("MIT OR Apache-2.0", true),
            ("MIT/Apache-2.0", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("Apache-2.0", false),
            ("MIT AND AGPL-3.0-only", false),
            ("Apache-2.0 WITH LLVM-exception", false),
            ("our own", false),
        ] {
            assert_eq!(allowed.permits("some", licence), permitted, "{licence}");
        }
    }

    #[test]
    fn an_exception_is_for_one_crate() {
        let deny = "[licenses]\nallow = [\"MIT\"]\nexceptions = [{ crate = \"one\", allow = [\"MPL-2.0\"] }]";
        let allowed = Allowed::parse(deny).unwrap();

        assert!(allowed.permits("one", "MPL-2.0"));
        assert!(allowed.permits("one", "MIT"));
        assert!(!allowed.permits("another", "MPL-2.0"));
    }

    #[test]
    fn a_list_that_cannot_be_read_is_not_an_empty_one() {
        for deny in ["", "[licenses]", "[licenses]\nallow = [1]", "[licenses]\nallow = [\"no such\"]"] {
            assert!(Allowed::parse(deny).is_err(), "{deny}");
        }
    }
}

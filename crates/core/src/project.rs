//! What one customer of an operator connects and tests, apart from all others.

use crate::error::Malformed;
use crate::ids::ProjectId;
use crate::plain::is_obeyed;
use crate::time::Timestamp;

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its name in addresses.
    pub id: ProjectId,
    /// Its name for people.
    pub name: String,
    /// When it began.
    pub created_at: Timestamp,
}

/// What people may call a project or a key: 1 to 120 characters on one line, without the space around them.
pub fn name_of(raw: &str) -> Result<String, Malformed> {
    let name = raw.trim();
    let whole = (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(is_obeyed);
    if whole { Ok(name.to_owned()) } else { Err(Malformed("name")) }
}

const MAX_NAME: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_on_one_line_and_neither_empty_nor_endless() {
        let longest = "\u{e9}".repeat(MAX_NAME);
        assert_eq!(name_of(" Caf\u{e9} ").as_deref(), Ok("Caf\u{e9}"));
        assert!(name_of(&longest).is_ok());
        for bad in ["", "  ", "a\nb", "a\u{7f}", "a\u{202e}b", &format!("{longest}x")] {
            assert!(name_of(bad).is_err(), "{bad:?}");
        }
    }
}

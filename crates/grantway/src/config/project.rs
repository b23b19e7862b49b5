//! `[[project]]`: what one customer connects, apart from all others.

use grantway_core::ids::ProjectId;
use grantway_core::project::name_of;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::outcome::Failure;

/// A project. Made at a start that does not find it; one that is there gets this name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredProject {
    /// Its name in addresses: 1 to 64 letters, digits, `-` and `_`.
    pub(crate) id: String,
    /// What people call it. Default: the `id`.
    name: Option<String>,
    /// Where it is declared, for whoever has to mend it.
    #[serde(skip)]
    pub(crate) place: String,
}

impl DeclaredProject {
    /// Its id and its name.
    pub(crate) fn settle(&self) -> Result<(ProjectId, String), Failure> {
        let refuse = |why: &str| {
            let what = format!("the project {:?} cannot be used", self.id);
            Failure::configuration(what, why, "change it in the [[project]] table").at(&self.place)
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let legal = self.id.len() <= MAX_ID && self.id.bytes().all(plain);
        let id = self.id.parse().ok().filter(|_| legal);
        let id = id.ok_or_else(|| refuse("id is not 1 to 64 letters, digits, - and _"))?;
        let name = name_of(self.name.as_deref().unwrap_or(&self.id));
        let name = name.map_err(|_| refuse("name is not 1 to 120 characters on one line"))?;
        Ok((id, name))
    }
}

const MAX_ID: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_a_plain_id_and_a_name_for_people() {
        let settle = |id: &str, name: Option<&str>| {
            let name = name.map(str::to_owned);
            DeclaredProject { id: id.to_owned(), name, place: "x line 1".to_owned() }.settle()
        };
        assert_eq!(settle("acme-1", None).unwrap().1, "acme-1");
        assert_eq!(settle("acme_1", Some(" Acme ")).unwrap().1, "Acme");
        for (id, name) in
            [("", None), ("a/b", None), ("..", None), ("a b", None), ("a", Some("")), ("a", Some("\n"))]
        {
            assert!(settle(id, name).unwrap_err().what.contains("x line 1"), "{id:?} {name:?}");
        }
        assert!(settle(&"x".repeat(65), None).is_err());
    }
}

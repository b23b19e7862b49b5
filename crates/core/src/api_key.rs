//! Keys by which programs ask on behalf of a project, or of all of them.
//!
//! A key goes on the wire as `prefix.secret` behind `Bearer`. The prefix names it, in lists and logs too; what follows
//! the dot is known to its owner alone.

use crate::error::Malformed;
use crate::ids::{ApiKeyId, ProjectId};
use crate::scope::ScopeSet;
use crate::seam::Entropy;
use crate::secret::Secret;
use crate::time::Timestamp;

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its prefix.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub holder: ApiKeyHolder,
    /// What it may do, of [`SCOPES`]. Empty: whatever its holder may.
    pub scope: ScopeSet,
    /// When it was made.
    pub created_at: Timestamp,
    /// No longer good from then on.
    pub expires_at: Option<Timestamp>,
    /// When it was last shown, to a minute or so.
    pub last_used_at: Option<Timestamp>,
}

/// Whose a key is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ApiKeyHolder {
    /// Whoever has all the projects, and makes new ones.
    Partner,
    /// One project.
    Project(ProjectId),
}

impl ApiKey {
    /// Does it reach that project?
    #[must_use]
    pub fn reaches(&self, project: &ProjectId) -> bool {
        match &self.holder {
            ApiKeyHolder::Partner => true,
            ApiKeyHolder::Project(own) => own == project,
        }
    }

    /// Whatever project it is about: may it do that?
    #[must_use]
    pub fn may(&self, scope: &str) -> bool {
        self.scope.is_empty() || self.scope.contains(scope)
    }
}

/// A new key whole, and the prefix it begins with.
pub fn draw_api_key(entropy: &dyn Entropy) -> (ApiKeyId, Secret) {
    let id = ApiKeyId::draw(entropy);
    let shown = Secret::draw(entropy, &format!("{id}."));
    (id, shown)
}

/// The prefix of a key, if it has the form of one.
#[must_use]
pub fn prefix_of(key: &Secret) -> Option<ApiKeyId> {
    let (prefix, secret) = key.expose().split_once('.')?;
    let whole = !secret.is_empty() && !secret.contains('.');
    prefix.parse().ok().filter(|_| whole)
}

/// What a key may be narrowed to, of [`SCOPES`] alone.
pub fn narrowed_to(raw: &str) -> Result<ScopeSet, Malformed> {
    let scope: ScopeSet = raw.parse()?;
    if scope.iter().all(|name| SCOPES.contains(&name)) { Ok(scope) } else { Err(Malformed("scope")) }
}

/// Testing connections.
pub const CONNECTION_TEST: &str = "connection_test";
/// Seeing and making projects.
pub const PROJECTS: &str = "projects";
/// Seeing, making and ending keys.
pub const API_KEYS: &str = "api_keys";
/// All that a key can be narrowed to.
pub const SCOPES: [&str; 3] = [CONNECTION_TEST, PROJECTS, API_KEYS];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_dot_and_something_on_either_side() {
        let prefix = |key: &str| prefix_of(&Secret::new(key)).map(String::from);
        assert_eq!(prefix("key_1.secret").as_deref(), Some("key_1"));
        for other in ["", ".", "key_1", "key_1.", ".secret", "e30.e30.AA", "key 1 .secret", "k\u{e9}y.secret"]
        {
            assert_eq!(prefix(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_key_is_narrowed_to_what_there_is() {
        for (raw, good) in [("", true), ("connection_test api_keys", true), ("connection_test openid", false)]
        {
            assert_eq!(narrowed_to(raw).is_ok(), good, "{raw:?}");
        }
    }
}

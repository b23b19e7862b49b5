use serde_json::Value;
use url::Url;

use super::{Keys, metadata};
use crate::Answer;
use crate::conformance::Suite;
use crate::conformance::condition::{Finding, Stop};

/// An issuer as it describes itself.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    pub(crate) issuer: String,
    pub(crate) metadata: Value,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) userinfo_endpoint: Option<Url>,
    pub(crate) end_session_endpoint: Option<Url>,
    pub(crate) keys: Keys,
}

impl Provider {
    /// Fetches the description and the keys, and looks whether one can go on with them.
    pub(crate) fn look_at(suite: &Suite, findings: &mut Vec<Finding>) -> Result<Self, Stop> {
        let answer: Answer = suite.http.get(&suite.well_known(), &[("accept", "application/json")])?;
        let metadata = metadata::read(&answer)?;
        findings.extend(metadata::spine(&suite.issuer, &answer, &metadata));
        let needed = |name: &str| endpoint(&metadata, name).ok_or_else(|| metadata::cannot_go_on(name));
        let jwks_uri = needed("jwks_uri")?;
        Ok(Self {
            issuer: suite.issuer.clone(),
            authorization_endpoint: needed("authorization_endpoint")?,
            token_endpoint: needed("token_endpoint")?,
            userinfo_endpoint: endpoint(&metadata, "userinfo_endpoint"),
            end_session_endpoint: endpoint(&metadata, "end_session_endpoint"),
            keys: Keys::look_at(suite, &jwks_uri, findings)?,
            metadata,
        })
    }

    /// A member that is `false` if it is left out.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.metadata[name] == true
    }
}

fn endpoint(metadata: &Value, name: &str) -> Option<Url> {
    Url::parse(metadata[name].as_str()?).ok()
}

//! `/api/v1/projects/{projectId}/apiKeys`

use grantway_core::api_key::{API_KEYS, ApiKey, ApiKeyHolder, narrowed_to};
use grantway_core::audit::Event;
use grantway_core::http::Reply;
use grantway_core::ids::ApiKeyId;
use grantway_core::project::name_of;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::{ApiKeyIssued, NewApiKey};
use grantway_core::secret::{Secret, on_the_wire};
use grantway_core::time::Timestamp;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use super::{project_of, shown, written};
use crate::ConnectParts;
use crate::access::{may_pass_on, of_a_partner};
use crate::fault::Fault;
use crate::http::Asked;

pub(crate) async fn list(parts: &ConnectParts, headers: &HeaderMap, named: &str) -> Result<Reply, Fault> {
    of_a_partner(parts, headers, API_KEYS).await?;
    let project = project_of(parts, named).await?;
    let keys = parts.api_keys.list(&ApiKeyHolder::Project(project.id)).await?;
    Ok(shown(&keys.into_iter().map(ShownKey::from).collect::<Vec<_>>()))
}

pub(crate) async fn issue(parts: &ConnectParts, asked: Asked, named: &str) -> Result<Reply, Fault> {
    let by = of_a_partner(parts, &asked.headers, API_KEYS).await?;
    let project = project_of(parts, named).await?;
    let wanted: WantedKey = asked.object(MEMBERS).await?;
    let scope = wanted.scope()?;
    if !may_pass_on(&by, &scope) {
        parts.audit.record(Event::ApiKeyRefused { api_key_id: Some(by.id), reason: "scope" });
        return Err(Fault::Narrowed);
    }
    let new = NewApiKey {
        name: name_of(&wanted.name).map_err(|_| Fault::Member(NAME))?,
        holder: ApiKeyHolder::Project(project.id.clone()),
        scope,
        expires_at: wanted.end(parts.clock.now(), &by)?,
    };
    match parts.api_keys.issue(new).await? {
        ApiKeyIssued::Issued { key, shown: api_key } => {
            parts.audit.record(Event::ApiKeyIssued {
                api_key_id: key.id.clone(),
                project_id: Some(project.id),
                by: Some(by.id),
            });
            Ok(shown(&IssuedKey { key: key.into(), api_key }))
        }
        ApiKeyIssued::NoSuchProject => Err(Fault::NoSuchProject),
    }
}

/// A key as an address names it.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) project: String,
    pub(crate) api_key: String,
}

pub(crate) async fn revoke(parts: &ConnectParts, headers: &HeaderMap, named: Named) -> Result<Reply, Fault> {
    let by = of_a_partner(parts, headers, API_KEYS).await?;
    let project = project_of(parts, &named.project).await?;
    let id: ApiKeyId = named.api_key.parse().map_err(|_| Fault::NoSuchKey)?;
    if !parts.api_keys.revoke(&ApiKeyHolder::Project(project.id.clone()), &id).await? {
        return Err(Fault::NoSuchKey);
    }
    parts.audit.record(Event::ApiKeyRevoked {
        api_key_id: id,
        project_id: Some(project.id),
        by: Some(by.id),
    });
    Ok(Reply::empty(StatusCode::OK).no_store())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WantedKey {
    name: String,
    expires_at: Option<String>,
    scopes: Option<Vec<String>>,
}

impl WantedKey {
    fn scope(&self) -> Result<ScopeSet, Fault> {
        let names = self.scopes.as_deref().unwrap_or_default();
        // An empty name would narrow it to nothing, which is no narrowing at all; and two are not one.
        if names.iter().any(|name| name.is_empty() || name.contains(' ')) {
            return Err(Fault::Member(SCOPES));
        }
        narrowed_to(&names.join(" ")).map_err(|_| Fault::Member(SCOPES))
    }

    /// A key that ends makes none that ends later.
    fn end(&self, now: Timestamp, by: &ApiKey) -> Result<Option<Timestamp>, Fault> {
        let Some(text) = &self.expires_at else { return Ok(by.expires_at) };
        let end = Timestamp::from_rfc3339(text).filter(|end| *end > now).ok_or(Fault::Member(EXPIRES_AT))?;
        if by.expires_at.is_some_and(|own| end > own) {
            return Err(Fault::Member(LATER_THAN_OWN));
        }
        Ok(Some(end))
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownKey {
    id: ApiKeyId,
    name: String,
    scopes: Vec<String>,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
}

/// The one answer that has the whole key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct IssuedKey {
    #[serde(flatten)]
    key: ShownKey,
    #[serde(with = "on_the_wire")]
    api_key: Secret,
}

impl From<ApiKey> for ShownKey {
    fn from(key: ApiKey) -> Self {
        let ApiKey { id, name, holder: _, scope, created_at, expires_at, last_used_at } = key;
        Self {
            id,
            name,
            scopes: scope.iter().map(str::to_owned).collect(),
            created_at: written(created_at),
            expires_at: expires_at.map(written),
            last_used_at: last_used_at.map(written),
        }
    }
}

const MEMBERS: &str = "name has to be a text, expiresAt a date and time, scopes a list of texts";
const NAME: &str = "name has to be a text of 1 to 120 characters on one line";
const EXPIRES_AT: &str =
    "expiresAt has to be a date and time to come, in RFC 3339, such as 2030-01-31T00:00:00Z";
const LATER_THAN_OWN: &str = "expiresAt may be no later than the end of the key that this is asked with";
const SCOPES: &str = "scopes has to be a list of connection_test, projects and api_keys";

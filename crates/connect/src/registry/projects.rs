//! `/api/v1/projects`

use grantway_core::api_key::PROJECTS;
use grantway_core::audit::Event;
use grantway_core::http::Reply;
use grantway_core::ids::ProjectId;
use grantway_core::project::{Project, name_of};
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::{project_of, shown, written};
use crate::ConnectParts;
use crate::access::of_a_partner;
use crate::fault::Fault;
use crate::http::Asked;

pub(crate) async fn list(parts: &ConnectParts, headers: &HeaderMap) -> Result<Reply, Fault> {
    of_a_partner(parts, headers, PROJECTS).await?;
    let projects: Vec<_> = parts.projects.list().await?.into_iter().map(ShownProject::from).collect();
    Ok(shown(&projects))
}

pub(crate) async fn show(parts: &ConnectParts, headers: &HeaderMap, named: &str) -> Result<Reply, Fault> {
    of_a_partner(parts, headers, PROJECTS).await?;
    Ok(shown(&ShownProject::from(project_of(parts, named).await?)))
}

pub(crate) async fn create(parts: &ConnectParts, asked: Asked) -> Result<Reply, Fault> {
    let by = of_a_partner(parts, &asked.headers, PROJECTS).await?;
    let WantedProject { name } = asked.object(NAME).await?;
    let name = name_of(&name).map_err(|_| Fault::Member(NAME))?;
    let project = parts.projects.create(&name).await?;
    parts.audit.record(Event::ProjectCreated { project_id: project.id.clone(), by: Some(by.id) });
    Ok(shown(&ShownProject::from(project)))
}

#[derive(Debug, Deserialize)]
struct WantedProject {
    name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownProject {
    id: ProjectId,
    name: String,
    created_at: String,
}

impl From<Project> for ShownProject {
    fn from(Project { id, name, created_at }: Project) -> Self {
        Self { id, name, created_at: written(created_at) }
    }
}

const NAME: &str = "name has to be a text of 1 to 120 characters on one line";

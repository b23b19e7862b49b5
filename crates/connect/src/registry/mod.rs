//! The projects of an operator's customers, and their keys. Partners alone are let in.

pub(crate) mod api_keys;
pub(crate) mod projects;

use grantway_core::http::Reply;
use grantway_core::ids::ProjectId;
use grantway_core::project::Project;
use grantway_core::time::Timestamp;
use http::StatusCode;
use serde::Serialize;

use crate::ConnectParts;
use crate::fault::Fault;

/// The project that an address names.
async fn project_of(parts: &ConnectParts, named: &str) -> Result<Project, Fault> {
    let id: ProjectId = named.parse().map_err(|_| Fault::NoSuchProject)?;
    parts.projects.find(&id).await?.ok_or(Fault::NoSuchProject)
}

fn shown(document: &impl Serialize) -> Reply {
    Reply::json(StatusCode::OK, document).no_store()
}

/// RFC 3339, in UTC.
fn written(time: Timestamp) -> String {
    // What lies beyond the year 9999 is as good as its end.
    time.to_rfc3339().unwrap_or_else(|| "9999-12-31T23:59:59Z".to_owned())
}

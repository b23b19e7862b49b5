//! The projects of an operator's customers, and their keys. Partners alone are let in.

pub(crate) mod api_keys;
pub(crate) mod projects;

use grantway_core::http::Reply;
use grantway_core::ids::ProjectId;
use grantway_core::project::Project;
use grantway_core::time::Timestamp;
use http::StatusCode;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

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
    let time = OffsetDateTime::from_unix_timestamp(time.unix()).ok().and_then(|at| at.format(&Rfc3339).ok());
    // What lies beyond the year 9999 is as good as its end.
    time.unwrap_or_else(|| "9999-12-31T23:59:59Z".to_owned())
}

/// RFC 3339, of any zone; parts of a second are left out.
fn read(text: &str) -> Option<Timestamp> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    Some(Timestamp::from_unix(time.unix_timestamp()))
}

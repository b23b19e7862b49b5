use grantway_core::ids::{InstanceId, ProjectId};
use grantway_core::project::Project;
use grantway_core::seam::SeamError;
use grantway_store::traits::ProjectStore;
use sea_orm::QueryResult;

use crate::SeaStore;
use crate::row::{parsed, plain, row, rows, statement, time};

impl ProjectStore for SeaStore {
    async fn put_project(&self, instance: &InstanceId, project: &Project) -> Result<(), SeamError> {
        let Project { id, name, created_at } = project;
        let statement = statement(
            "INSERT INTO project (instance, project_id, name, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (instance, project_id) DO UPDATE SET name = excluded.name",
            [instance.as_str().into(), id.as_str().into(), name.as_str().into(), created_at.unix().into()],
        );
        self.writer.execute(statement).await.map(drop)
    }

    async fn find_project(
        &self,
        instance: &InstanceId,
        id: &ProjectId,
    ) -> Result<Option<Project>, SeamError> {
        let statement = statement(
            "SELECT project_id, name, created_at FROM project WHERE instance = $1 AND project_id = $2",
            [instance.as_str().into(), id.as_str().into()],
        );
        row(&self.reader, statement).await?.map(|row| read(&row)).transpose()
    }

    async fn projects(&self, instance: &InstanceId) -> Result<Vec<Project>, SeamError> {
        let statement = statement(
            "SELECT project_id, name, created_at FROM project WHERE instance = $1 \
             ORDER BY created_at, project_id",
            [instance.as_str().into()],
        );
        rows(&self.reader, statement).await?.iter().map(read).collect()
    }
}

fn read(row: &QueryResult) -> Result<Project, SeamError> {
    Ok(Project {
        id: parsed(row, "project_id")?,
        name: plain(row, "name")?,
        created_at: time(row, "created_at")?,
    })
}

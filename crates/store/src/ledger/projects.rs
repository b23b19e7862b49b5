use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::ids::{InstanceId, ProjectId};
use grantway_core::project::Project;
use grantway_core::seam::{Clock, Entropy, ProjectDirectory, SeamError};

use crate::traits::ProjectStore;

/// Projects over any store.
#[derive(Debug)]
pub struct Projects<S> {
    store: Arc<S>,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl<S: ProjectStore> Projects<S> {
    /// The projects of an instance.
    #[must_use]
    pub const fn new(
        store: Arc<S>,
        instance: InstanceId,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { store, instance, clock, entropy }
    }

    /// A project of that id, with that name; one that is there keeps all else.
    pub async fn declare(&self, id: ProjectId, name: &str) -> Result<(), SeamError> {
        self.put(id, name).await.map(drop)
    }

    async fn put(&self, id: ProjectId, name: &str) -> Result<Project, SeamError> {
        let project = Project { id, name: name.to_owned(), created_at: self.clock.now() };
        self.store.put_project(&self.instance, &project).await?;
        Ok(project)
    }
}

#[async_trait]
impl<S: ProjectStore> ProjectDirectory for Projects<S> {
    async fn find(&self, id: &ProjectId) -> Result<Option<Project>, SeamError> {
        self.store.find_project(&self.instance, id).await
    }

    async fn list(&self) -> Result<Vec<Project>, SeamError> {
        self.store.projects(&self.instance).await
    }

    async fn create(&self, name: &str) -> Result<Project, SeamError> {
        self.put(ProjectId::draw(&*self.entropy), name).await
    }
}

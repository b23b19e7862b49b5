use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;
use crate::ids::ProjectId;
use crate::project::Project;

/// Knows the projects. Asked by connect and doctor; implemented by store.
#[async_trait]
pub trait ProjectDirectory: Debug + Send + Sync {
    /// The project of that name.
    async fn find(&self, id: &ProjectId) -> Result<Option<Project>, SeamError>;

    /// All of them, the oldest first.
    async fn list(&self) -> Result<Vec<Project>, SeamError>;

    /// A new one, with a name drawn for it.
    async fn create(&self, name: &str) -> Result<Project, SeamError>;
}

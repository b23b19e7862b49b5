use std::fmt::Debug;
use std::future::Future;

use grantway_core::ids::{InstanceId, ProjectId};
use grantway_core::project::Project;
use grantway_core::seam::SeamError;

/// Keeps the projects.
pub trait ProjectStore: Debug + Send + Sync + 'static {
    /// Adds the project; one that is there gets its name, and began when it did.
    fn put_project(
        &self,
        instance: &InstanceId,
        project: &Project,
    ) -> impl Future<Output = Result<(), SeamError>> + Send;

    /// The project of that id.
    fn find_project(
        &self,
        instance: &InstanceId,
        id: &ProjectId,
    ) -> impl Future<Output = Result<Option<Project>, SeamError>> + Send;

    /// Every project, by the time it began.
    fn projects(&self, instance: &InstanceId)
    -> impl Future<Output = Result<Vec<Project>, SeamError>> + Send;
}

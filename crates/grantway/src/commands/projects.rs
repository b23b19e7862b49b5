//! The projects, for whoever looks after them.

use grantway_core::audit::{Audit, Event};
use grantway_core::project::Project;
use grantway_core::seam::ProjectDirectory;
use grantway_store::ledger::Projects;
use serde_json::{Value, json};

use super::keys_signing::readable;
use crate::audit::LoggedAudit;
use crate::cli::projects::{CreateProjectFlags, ProjectsCommand};
use crate::compose::storage::{Storage, breakdown};
use crate::config::Config;
use crate::outcome::Failure;
use crate::say;

pub(crate) async fn run(command: ProjectsCommand) -> Result<(), Failure> {
    let config = Config::load_home(command.home().clone())?;
    let Storage { store, instance, clock, entropy, .. } = Storage::open(&config).await?;
    let projects = Projects::new(store, instance, clock, entropy);
    let as_json = command.home().json;
    match command {
        ProjectsCommand::List(_) => {
            show(&projects.list().await.map_err(|fault| breakdown(&fault))?, as_json);
        }
        ProjectsCommand::Create(CreateProjectFlags { name, .. }) => {
            let project = projects.create(&name).await.map_err(|fault| breakdown(&fault))?;
            LoggedAudit.record(Event::ProjectCreated { project_id: project.id.clone(), by: None });
            show(&[project], as_json);
        }
    }
    Ok(())
}

fn show(projects: &[Project], as_json: bool) {
    if as_json {
        let document = |project: &Project| {
            let Project { id, name, created_at } = project;
            json!({"id": id.as_str(), "name": name, "created_at": created_at.unix()})
        };
        let listed: Vec<Value> = projects.iter().map(document).collect();
        say::document(&json!({"projects": listed}));
        return;
    }
    say::line(&format!("{:<27} {:<21} {}", "id", "began", "name"));
    for Project { id, name, created_at } in projects {
        say::line(&format!("{:<27} {:<21} {name}", id.as_str(), readable(*created_at)));
    }
}

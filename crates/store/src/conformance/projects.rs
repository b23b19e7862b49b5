//! Projects.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::project::Project;
use grantway_core::seam::{Clock, ProjectDirectory};
use grantway_core::testing::{FixedClock, SeededEntropy};

use super::kit::instance;
use crate::ledger::Projects;
use crate::traits::ProjectStore;

/// All that is known of each comes back.
pub async fn a_project_is_found_by_its_id_and_listed_the_oldest_first<S: ProjectStore>(store: S) {
    let (projects, clock) = scene(store);
    let begin = clock.now();
    assert_eq!(projects.list().await.expect("a working store"), []);
    assert_eq!(projects.find(&id("prj_none")).await.expect("a working store"), None);

    let mut made = Vec::new();
    for name in ["Zeta", "Caf\u{e9} \"ten\"", "Alpha"] {
        made.push(projects.create(name).await.expect("a working store"));
        clock.advance(Duration::from_secs(1));
    }

    assert_eq!(projects.list().await.expect("a working store"), made);
    assert_eq!((made[1].name.as_str(), made[0].created_at), ("Caf\u{e9} \"ten\"", begin));
    for project in made {
        assert_eq!(projects.find(&project.id).await.expect("a working store"), Some(project));
    }
}

/// And began when it first did.
pub async fn a_project_that_is_declared_again_has_its_new_name<S: ProjectStore>(store: S) {
    let (projects, clock) = scene(store);
    let begin = clock.now();

    projects.declare(id("acme"), "Acme").await.expect("a working store");
    clock.advance(Duration::from_secs(1));
    projects.declare(id("acme"), "Acme Limited").await.expect("a working store");

    let now = Project { id: id("acme"), name: "Acme Limited".to_owned(), created_at: begin };
    assert_eq!(projects.find(&id("acme")).await.expect("a working store"), Some(now.clone()));
    assert_eq!(projects.list().await.expect("a working store"), [now]);
}

/// An id may be another project in another instance.
pub async fn instances_do_not_see_each_others_projects<S: ProjectStore>(store: S) {
    let store = Arc::new(store);
    let ours = projects_of(Arc::clone(&store), "ins_one", Arc::new(FixedClock::default()));
    let theirs = projects_of(store, "ins_two", Arc::new(FixedClock::default()));

    ours.declare(id("acme"), "Ours").await.expect("a working store");
    assert_eq!(theirs.find(&id("acme")).await.expect("a working store"), None);
    theirs.declare(id("acme"), "Theirs").await.expect("a working store");

    let names = async |of: &Projects<S>| -> Vec<String> {
        of.list().await.expect("a working store").into_iter().map(|project| project.name).collect()
    };
    assert_eq!((names(&ours).await, names(&theirs).await), (vec!["Ours".into()], vec!["Theirs".into()]));
}

fn scene<S: ProjectStore>(store: S) -> (Projects<S>, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::default());
    (projects_of(Arc::new(store), instance().as_str(), clock.clone()), clock)
}

fn projects_of<S: ProjectStore>(store: Arc<S>, instance: &str, clock: Arc<FixedClock>) -> Projects<S> {
    Projects::new(store, instance.parse().expect("a name"), clock, Arc::new(SeededEntropy::new(1)))
}

fn id(name: &str) -> grantway_core::ids::ProjectId {
    name.parse().expect("a name")
}

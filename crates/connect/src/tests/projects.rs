use grantway_core::audit::Event;
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_project_is_made_shown_and_listed() {
    let world = World::new();
    world.clock.advance(MINUTE);

    let made = world.post("/api/v1/projects", PARTNER, r#"{"name": " Café ", "other": 1}"#).await.good();

    let expected = json!({"id": "prj_2", "name": "Caf\u{e9}", "createdAt": "2026-01-01T00:01:00Z"});
    assert_eq!(made, expected);
    assert_eq!(world.ask("GET /api/v1/projects/prj_2", Some(PARTNER)).await.good(), expected);
    let first = json!({"id": "prj_1", "name": "First", "createdAt": "2026-01-01T00:00:00Z"});
    assert_eq!(world.ask("GET /api/v1/projects", Some(PARTNER)).await.good(), json!([first, expected]));
    let by = Some("partner".parse().unwrap());
    assert_eq!(world.audit.events(), [Event::ProjectCreated { project_id: "prj_2".parse().unwrap(), by }]);
}

#[tokio::test]
async fn a_project_that_is_not_there_is_not_found_however_it_is_spelled() {
    let world = World::new();
    for named in ["prj_9", "%2e%2e", "a%2Fb", "%ff", "%20", "caf%C3%A9", "PRJ_1"] {
        let answer = world.ask(&format!("GET /api/v1/projects/{named}"), Some(PARTNER)).await;
        assert_eq!(answer.fault(), (404, 130), "{named}");
    }
    assert_eq!(world.ask("GET /api/v1/projects/prj%5F1", Some(PARTNER)).await.good()["id"], "prj_1");
}

#[tokio::test]
async fn a_body_that_is_no_project_makes_none() {
    let world = World::new();
    let long = format!(r#"{{"name": "{}"}}"#, "x".repeat(121));
    let longest = format!(r#"{{"name": "{}"}}"#, "x".repeat(70_000));
    for (body, fault) in [
        ("", (400, 100)),
        ("{", (400, 100)),
        ("[]", (400, 100)),
        ("null", (400, 100)),
        ("name=x", (400, 100)),
        ("{}", (400, 101)),
        (r#"{"name": 1}"#, (400, 101)),
        (r#"{"name": " "}"#, (400, 101)),
        (r#"{"name": "a\nb"}"#, (400, 101)),
        (&long, (400, 101)),
        (&longest, (413, 103)),
    ] {
        let answer = world.post("/api/v1/projects", PARTNER, body).await;
        assert_eq!(answer.fault(), fault, "{body:.40}");
    }
    let form = request("POST /api/v1/projects", Some(PARTNER)).header(CONTENT_TYPE, "text/plain");
    let answer = world.send(form.body(Body::from(r#"{"name": "x"}"#)).unwrap()).await;
    assert_eq!(answer.fault(), (415, 102));
    assert_eq!(world.shelf.projects.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_does_not_say_that_it_is_json_is_believed() {
    let world = World::new();
    let silent = request("POST /api/v1/projects", Some(PARTNER));
    world.send(silent.body(Body::from(r#"{"name": "x"}"#)).unwrap()).await.good();
}

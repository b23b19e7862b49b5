use grantway_core::audit::Event;
use serde_json::json;

use super::*;

const KEYS: &str = "/api/v1/projects/prj_1/apiKeys";

#[tokio::test]
async fn a_key_is_shown_whole_once_and_ends_when_it_is_revoked() {
    let world = World::new();
    let wanted =
        json!({"name": "CI", "expiresAt": "2026-01-31T01:00:00+01:00", "scopes": ["connection_test"]});

    let mut issued = world.post(KEYS, PARTNER, &wanted.to_string()).await.good();

    let whole = issued.as_object_mut().unwrap().remove("apiKey").unwrap();
    assert_eq!(whole, "key_3.good");
    let known = json!({
        "id": "key_3", "name": "CI", "scopes": ["connection_test"],
        "createdAt": "2026-01-01T00:00:00Z", "expiresAt": "2026-01-31T00:00:00Z",
    });
    assert_eq!(issued, known);
    world.shelf.keys.lock().unwrap()[3].last_used_at = Some(world.clock.now().plus(MINUTE));
    let listed = world.ask(&format!("GET {KEYS}"), Some(PARTNER)).await.good();
    assert_eq!(listed[1]["lastUsedAt"], "2026-01-01T00:01:00Z");
    assert_eq!(listed.as_array().unwrap().len(), 2, "and not those of the partner");
    assert!(!listed.to_string().contains("good"), "{listed}");

    let revoke = format!("DELETE {KEYS}/key_3");
    assert_eq!(world.ask(&revoke, Some(PARTNER)).await.good(), Value::Null);
    assert_eq!(world.ask(&revoke, Some(PARTNER)).await.fault(), (404, 131));
    let (by, project_id) = (Some("partner".parse().unwrap()), Some("prj_1".parse().unwrap()));
    let api_key_id = "key_3".parse::<ApiKeyId>().unwrap();
    assert_eq!(
        world.audit.events(),
        [
            Event::ApiKeyIssued {
                api_key_id: api_key_id.clone(),
                project_id: project_id.clone(),
                by: by.clone()
            },
            Event::ApiKeyRevoked { api_key_id, project_id, by },
        ]
    );
}

#[tokio::test]
async fn a_partners_own_key_is_not_revoked_by_the_way_of_a_project() {
    let world = World::new();
    let answer = world.ask(&format!("DELETE {KEYS}/partner"), Some(PARTNER)).await;
    assert_eq!(answer.fault(), (404, 131));
    assert_eq!(world.shelf.keys.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_project_that_is_not_there_has_no_keys_and_gets_none() {
    let world = World::new();
    for call in ["GET", "DELETE"] {
        let key = if call == "DELETE" { "/project" } else { "" };
        let answer = world.ask(&format!("{call} /api/v1/projects/prj_9/apiKeys{key}"), Some(PARTNER)).await;
        assert_eq!(answer.fault(), (404, 130), "{call}");
    }
    let answer = world.post("/api/v1/projects/prj_9/apiKeys", PARTNER, r#"{"name": "x"}"#).await;
    assert_eq!(answer.fault(), (404, 130));
    assert_eq!(world.shelf.keys.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_body_that_is_no_key_issues_none() {
    let world = World::new();
    for (body, fault) in [
        ("{", (400, 100)),
        (r#"{"scopes": []}"#, (400, 101)),
        (r#"{"name": ""}"#, (400, 101)),
        (r#"{"name": "x", "expiresAt": "tomorrow"}"#, (400, 101)),
        (r#"{"name": "x", "expiresAt": "2026-01-01T00:00:00Z"}"#, (400, 101)),
        (r#"{"name": "x", "expiresAt": 1798761600}"#, (400, 101)),
        (r#"{"name": "x", "scopes": "projects"}"#, (400, 101)),
        (r#"{"name": "x", "scopes": ["everything"]}"#, (400, 101)),
        (r#"{"name": "x", "scopes": [""]}"#, (400, 101)),
        (r#"{"name": "x", "scopes": ["connection_test api_keys"]}"#, (400, 101)),
    ] {
        assert_eq!(world.post(KEYS, PARTNER, body).await.fault(), fault, "{body}");
    }
    assert_eq!(world.shelf.keys.lock().unwrap().len(), 3);
}

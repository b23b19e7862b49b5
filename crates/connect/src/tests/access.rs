use std::time::Duration;

use grantway_core::audit::Event;

use super::*;

/// Every operation, with the scope that a narrowed key needs for it.
const CALLS: [&str; 6] = [
    "GET /api/v1/projects",
    "POST /api/v1/projects",
    "GET /api/v1/projects/prj_1",
    "GET /api/v1/projects/prj_1/apiKeys",
    "POST /api/v1/projects/prj_1/apiKeys",
    "DELETE /api/v1/projects/prj_1/apiKeys/project",
];

#[tokio::test]
async fn without_a_good_key_there_is_a_challenge_and_nothing_else() {
    let world = World::new();
    for call in CALLS {
        let none = world.ask(call, None).await;
        assert_eq!(none.fault(), (401, 110), "{call}");
        assert_eq!(none.headers["www-authenticate"], "Bearer realm=\"api\"");
        for wrong in ["partner.bad", "nobody.good", "partner", "partner.good.good", "not a key"] {
            let answer = world.ask(call, Some(wrong)).await;
            assert_eq!(answer.fault(), (401, 110), "{call} {wrong}");
            assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"api\", error=\"invalid_token\"");
            assert!(!answer.document.to_string().contains("partner"), "{}", answer.document);
        }
    }
    assert_eq!(world.shelf.keys.lock().unwrap().len(), 3);
    assert_eq!(world.shelf.projects.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_project_key_cannot_use_the_registry_not_even_its_own_project() {
    let world = World::new();
    for call in CALLS {
        assert_eq!(world.ask(call, Some("project.good")).await.fault(), (403, 120), "{call}");
    }
    let event = Event::ApiKeyRefused { api_key_id: Some("project".parse().unwrap()), reason: "partner_only" };
    assert_eq!(world.audit.events(), vec![event; CALLS.len()]);
}

#[tokio::test]
async fn a_narrowed_key_does_what_its_scopes_say() {
    let world = World::new();
    for call in CALLS {
        let answer = world.ask(call, Some("narrow.good")).await;
        let refused = answer.status == StatusCode::FORBIDDEN;
        assert_eq!(refused, !call.contains("apiKeys"), "{call}: {}", answer.document);
    }
}

#[tokio::test]
async fn nobody_issues_a_key_that_may_do_more_than_his_own() {
    let world = World::new();
    let path = "/api/v1/projects/prj_1/apiKeys";
    for (scopes, status) in [
        (r#"["connection_test"]"#, 200),
        (r#"["connection_test", "api_keys"]"#, 200),
        (r#"["projects"]"#, 403),
        ("[]", 403),
        ("null", 403),
    ] {
        let body = format!(r#"{{"name": "x", "scopes": {scopes}}}"#);
        let answer = world.post(path, "narrow.good", &body).await;
        assert_eq!(answer.status.as_u16(), status, "{scopes}: {}", answer.document);
    }
    assert_eq!(world.shelf.keys.lock().unwrap().len(), 5);
}

#[tokio::test]
async fn nobody_issues_a_key_that_outlives_his_own() {
    let world = World::new();
    let path = "/api/v1/projects/prj_1/apiKeys";
    let end = world.clock.now().plus(Duration::from_secs(3600));
    world.shelf.keys.lock().unwrap()[0].expires_at = Some(end);
    for (expires_at, status) in [
        ("null", 200),
        (r#""2026-01-01T00:59:59Z""#, 200),
        (r#""2026-01-01T01:00:00Z""#, 200),
        (r#""2026-01-01T01:00:01Z""#, 400),
    ] {
        let body = format!(r#"{{"name": "x", "expiresAt": {expires_at}}}"#);
        let answer = world.post(path, PARTNER, &body).await;
        assert_eq!(answer.status.as_u16(), status, "{expires_at}: {}", answer.document);
    }
    let keys = world.shelf.keys.lock().unwrap();
    assert_eq!(keys[3].expires_at, Some(end), "the end of the key that it was asked with");
    assert!(keys[3..].iter().all(|key| key.expires_at <= Some(end)));
}

#[tokio::test]
async fn an_address_where_nothing_is_is_told_in_the_same_form() {
    let world = World::new();
    for call in ["GET /api/v1/nothing", "POST /api/v1/projects/prj_1/endpoints", "GET /api/v1/projects/"] {
        let answer = world.ask(call, Some(PARTNER)).await;
        assert_eq!(answer.fault(), (404, 132), "{call}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{call}");
    }
}

#[tokio::test]
async fn a_refusal_names_the_prefix_and_never_the_secret() {
    let world = World::new();

    world.ask(CALLS[0], None).await;
    world.ask(CALLS[0], Some("partner.SECRET")).await;
    world.ask(CALLS[0], Some("SECRET")).await;

    let refused = |id: Option<&str>, reason| Event::ApiKeyRefused {
        api_key_id: id.map(|id| id.parse().unwrap()),
        reason,
    };
    let expected = [refused(None, "no_key"), refused(Some("partner"), "unknown"), refused(None, "unknown")];
    assert_eq!(world.audit.events(), expected);
    assert!(!format!("{:?}", world.audit.events()).contains("SECRET"));
}

#[tokio::test]
async fn another_method_is_refused_with_those_there_are() {
    let world = World::new();
    for (call, allowed) in [
        ("PUT /api/v1/projects", "GET, HEAD, POST"),
        ("DELETE /api/v1/projects/prj_1", "GET, HEAD"),
        ("PATCH /api/v1/projects/prj_1/apiKeys", "GET, HEAD, POST"),
        ("GET /api/v1/projects/prj_1/apiKeys/project", "DELETE"),
    ] {
        let answer = world.ask(call, Some(PARTNER)).await;
        assert_eq!(answer.fault(), (405, 140), "{call}");
        assert_eq!(answer.headers["allow"], allowed, "{call}");
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_no_refusal() {
    let world = World::new();
    world.shelf.broken.store(true, Ordering::SeqCst);

    let answer = world.ask(CALLS[0], Some(PARTNER)).await;

    assert_eq!(answer.fault(), (503, 150));
    assert_eq!(answer.headers["retry-after"], "5");
    assert!(!answer.document.to_string().contains("locked"), "{}", answer.document);
    assert!(matches!(world.audit.events()[..], [Event::Breakdown { part: "database", .. }]));
}

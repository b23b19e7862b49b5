//! The document that says what the API is: it holds what others say of theirs, and what is answered is what it says.

use grantway_core::seam::FetchFaultKind;
use url::Url;

use super::*;
use crate::routes::OPENAPI;

#[tokio::test]
async fn everybody_may_read_it() {
    let scene = Scene::new();
    let answer = scene.send(Request::get(ADDRESS).body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
    assert_eq!(answer.json()["info"]["version"], env!("CARGO_PKG_VERSION"));
    let posted = scene.send(Request::post(ADDRESS).body(Body::empty()).unwrap()).await;
    assert_eq!((posted.status, posted.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn the_interface_of_others_is_in_it_unchanged() {
    let theirs: Value = serde_json::from_str(include_str!("fixtures/convoy_24.1.4.json")).unwrap();
    assert_eq!(changes(&theirs, &document(), ""), [""; 0]);
}

#[test]
fn a_change_to_it_would_be_seen() {
    let theirs = json!({"a": {"type": "string"}, "list": [1, {"b": 2}]});
    let added = json!({"a": {"type": "string", "enum": []}, "list": [1, {"b": 2, "c": 3}, 4], "d": 5});
    assert_eq!(changes(&theirs, &added, ""), [""; 0]);
    let changed = json!({"a": {"type": "integer"}, "list": [{"b": 2}]});
    assert_eq!(changes(&theirs, &changed, ""), ["/a/type", "/list/0", "/list/1"]);
}

#[test]
fn whatever_it_names_is_in_it() {
    let document = document();
    let text = document.to_string();
    let named: Vec<_> =
        text.split(r##""$ref":"#"##).skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(named.len() > 10, "{named:?}");
    for pointer in named {
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[tokio::test]
async fn each_of_its_servers_has_what_it_says() {
    let document = document();
    let own: Url = format!("https://op.test{ADDRESS}").parse().unwrap();
    let mut addresses = Vec::new();
    for server in document["servers"].as_array().unwrap() {
        let server = own.join(server["url"].as_str().unwrap()).unwrap();
        let path = TEST.replace("{projectID}", "prj");
        addresses.push(format!("{}{path}", server.path().trim_end_matches('/')));
    }
    assert_eq!(addresses, [PATH, PATH.strip_prefix("/api").unwrap()]);
    let scene = Scene::new();
    for address in addresses {
        assert_eq!(scene.send(request(&address, "mine.secret", "{}")).await.status, 400, "{address}");
    }
}

#[tokio::test]
async fn what_is_answered_is_what_it_says() {
    let body = json!({"oauth2": shared(&json!({}))}).to_string();
    let diagnosed = format!("{PATH}?diagnose=true");
    let elsewhere = PATH.replace("prj", "other");
    let mut untyped = request(PATH, "mine.secret", &body);
    untyped.headers_mut().insert(CONTENT_TYPE, "text/plain".parse().unwrap());
    let scene = Scene::new();
    scene.provider.says(&json!({"access_token": "t", "token_type": "bot", "expires_in": 60}));
    scene.provider.answers(401, "application/json", r#"{"error":"invalid_client"}"#);
    scene.provider.says(&json!({"access_token": "t", "expires_in": "60", "error": "partial"}));
    let said = json!({"error": "odd", "error_description": "why", "error_uri": "https://idp.test/why"});
    scene.provider.answers(400, "application/json", said.to_string());
    let fault = FetchFault { kind: FetchFaultKind::Tls, detail: "expired".to_owned() };
    scene.provider.comes_to(Err(fault));
    let unsigned = json!({"oauth2": shared(&json!({"authentication_type": "client_assertion"}))}).to_string();
    for (request, status) in [
        (request(PATH, "mine.secret", &body), 200),
        (request(PATH, "mine.secret", &body), 200),
        (request(&diagnosed, "mine.secret", &body), 200),
        (request(&diagnosed, "mine.secret", &body), 200),
        (request(&diagnosed, "mine.secret", &body), 200),
        (request(&diagnosed, "mine.secret", &unsigned), 200),
        (request(PATH, "mine.secret", "{"), 400),
        (request(PATH, "mine.secret", "{}"), 400),
        (request(&elsewhere, "partner.secret", &body), 400),
        (request(PATH, "other.secret", &body), 401),
        (request(PATH, "narrow.secret", &body), 403),
        (request(&elsewhere, "mine.secret", &body), 404),
        (request(PATH, "mine.secret", &"x".repeat(65 * 1024)), 413),
        (untyped, 415),
        (request(PATH, "broken.secret", &body), 503),
    ] {
        let shown = format!("{request:?}");
        expect_described(&scene.send(request).await, status, &shown);
    }
    let narrow = Scene::with(1);
    for _ in 0..60 {
        narrow.test(json!({})).await;
    }
    expect_described(&narrow.send(request(PATH, "mine.secret", &body)).await, 429, "too often");
}

#[test]
fn a_member_that_it_does_not_name_would_be_seen() {
    let good = json!({"status": true, "message": "m", "data": {"success": true}});
    let with = |pointer: &str, more: Value| {
        let mut answer = good.clone();
        answer.pointer_mut(pointer).unwrap().as_object_mut().unwrap().insert("more".to_owned(), more);
        answer
    };
    let schema =
        document()["paths"][TEST]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
            .clone();
    assert!(validator(&schema).is_valid(&good));
    for bad in [with("", json!(1)), with("/data", json!(1)), json!({"status": "true"})] {
        assert!(!validator(&schema).is_valid(&bad), "{bad}");
    }
}

fn document() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

/// Where `theirs` is not in `ours`, as JSON Pointers. What is there besides is no matter.
fn changes(theirs: &Value, ours: &Value, at: &str) -> Vec<String> {
    let absent = Value::Null;
    let deeper = |name: &str, theirs: &Value, ours: Option<&Value>| {
        let name = name.replace('~', "~0").replace('/', "~1");
        changes(theirs, ours.unwrap_or(&absent), &format!("{at}/{name}"))
    };
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            theirs.iter().flat_map(|(name, value)| deeper(name, value, ours.get(name))).collect()
        }
        (Value::Array(theirs), Value::Array(ours)) => theirs
            .iter()
            .enumerate()
            .flat_map(|(place, value)| deeper(&place.to_string(), value, ours.get(place)))
            .collect(),
        _ if theirs == ours => Vec::new(),
        _ => vec![at.to_owned()],
    }
}

fn expect_described(answer: &Answer, status: u16, shown: &str) {
    assert_eq!(answer.status, status, "{shown}");
    let response = document()["paths"][TEST]["post"]["responses"][status.to_string()].clone();
    assert!(response["description"].is_string(), "{status} is not described");
    for name in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
        assert!(answer.header(name).is_some(), "{shown}: there is no {name}");
    }
    let Some(content) = response.get("content") else {
        assert_eq!(answer.text(), "", "{shown}");
        return;
    };
    let schema = &content[answer.header("content-type").unwrap()]["schema"];
    let faults: Vec<_> =
        validator(schema).iter_errors(&answer.json()).map(|fault| fault.to_string()).collect();
    assert_eq!(faults, [""; 0], "{shown}: {}", answer.text());
}

/// As strict as can be: nothing may be in an answer that the document does not name.
fn validator(schema: &Value) -> jsonschema::Validator {
    let mut whole =
        json!({"allOf": [schema], "unevaluatedProperties": false, "components": document()["components"]});
    for (name, schema) in whole["components"]["schemas"].as_object_mut().unwrap() {
        // It stands in `allOf` beside others, which the whole sees to.
        if name != "util.ServerResponse" {
            schema["additionalProperties"] = json!(false);
        }
    }
    jsonschema::draft202012::new(&whole).unwrap()
}

const ADDRESS: &str = "/api/v1/openapi.json";
const TEST: &str = "/v1/projects/{projectID}/endpoints/oauth2/test";

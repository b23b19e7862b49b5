//! Projects and API keys: over HTTP, by command and declared, all on one data directory.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use grantway_tests::{Answer, Database, tcp};
use http::Request;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::nodes::Nodes;
use super::serving::Serving;
use super::{ended, grantway};
use crate::backends::on_each_database;

on_each_database!(what_one_node_issues_or_revokes_the_other_knows_at_once);

#[tokio::test]
async fn the_demo_has_a_project_with_a_key_and_a_partner_key() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path(), &[]);
    let demo = bootstrap(folder.path());
    let partner = Program::new(&serving, text(&demo["partner_key"]));
    let own = Program::new(&serving, text(&demo["project"]["api_key"]));
    let id = text(&demo["project"]["id"]);

    let projects = partner.ask("GET", "/api/v1/projects").await;
    let made = partner.post("/api/v1/projects", &json!({"name": "Acme"})).await.json();

    assert_eq!(projects.json()[0]["id"], id);
    assert_eq!(projects.json()[0]["name"], "Demo project");
    assert_eq!(own.ask("GET", "/api/v1/projects").await.status, 403);
    assert_eq!(own.ask("GET", &format!("/api/v1/projects/{id}/apiKeys")).await.status, 403);
    let keys = format!("/api/v1/projects/{}/apiKeys", text(&made["id"]));
    let issued = partner.post(&keys, &json!({"name": "CI"})).await.json();
    let fresh = Program::new(&serving, text(&issued["apiKey"]));
    assert_eq!(fresh.ask("GET", "/api/v1/projects").await.status, 403, "good, and not a partner's");
    let listed = partner.ask("GET", &keys).await;
    assert!(listed.json()[0]["lastUsedAt"].is_string(), "{}", listed.text());
    let revoked = partner.ask("DELETE", &format!("{keys}/{}", text(&issued["id"]))).await;
    assert_eq!((revoked.status.as_u16(), revoked.text().as_str()), (200, ""));
    let refused = fresh.ask("GET", "/api/v1/projects").await;
    assert_eq!((refused.status.as_u16(), &refused.json()["errorCode"]), (401, &json!(110)));
    assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"api\", error=\"invalid_token\"");
}

#[tokio::test]
async fn below_an_issuer_with_a_path_the_registry_has_it_too() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path(), &["--issuer", "http://127.0.0.1:1/tenant"]);
    let partner = Program::new(&serving, text(&bootstrap(folder.path())["partner_key"]));

    assert_eq!(partner.ask("GET", "/tenant/api/v1/projects").await.status, 200);
    assert_eq!(partner.ask("GET", "/api/v1/projects").await.status, 404);
}

#[test]
fn four_that_start_together_have_one_project_and_one_key_of_each_kind() {
    let folder = TempDir::new().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| drop(Serving::start(folder.path(), &[])));
        }
    });

    let demo = bootstrap(folder.path());
    let projects = command(folder.path(), &["projects", "list"]);
    let partners = command(folder.path(), &["api-keys", "list", "--partner"]);
    let id = text(&demo["project"]["id"]);
    let own = command(folder.path(), &["api-keys", "list", "--project", &id]);

    assert_eq!(projects["projects"].as_array().unwrap().len(), 1, "{projects}");
    for (keys, whole) in [(&partners, &demo["partner_key"]), (&own, &demo["project"]["api_key"])] {
        assert_eq!(keys["api_keys"].as_array().unwrap().len(), 1, "{keys}");
        assert!(text(whole).starts_with(&(text(&keys["api_keys"][0]["id"]) + ".")), "{keys}");
    }
}

#[tokio::test]
async fn four_that_start_together_complete_an_older_bootstrap_alike_and_leave_the_rest() {
    let folder = TempDir::new().unwrap();
    drop(Serving::start(folder.path(), &["--issuer", ISSUER]));
    let mut older = bootstrap(folder.path());
    let members = older.as_object_mut().unwrap();
    let gone = [members.shift_remove("project").unwrap(), members.shift_remove("partner_key").unwrap()];
    members.insert("note".to_owned(), json!("somebody's own"));
    fs::write(folder.path().join(BOOTSTRAP), older.to_string()).unwrap();

    let starting: Vec<_> = std::thread::scope(|scope| {
        let start = || Serving::start(folder.path(), &["--issuer", ISSUER]);
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });

    let mut now = bootstrap(folder.path());
    let partner = text(&now["partner_key"]);
    for serving in &starting {
        let keys = Program::new(serving, partner.clone()).ask("GET", "/api/v1/projects").await;
        assert_eq!(keys.status, 200, "{}", keys.text());
        assert_eq!(keys.json().as_array().unwrap().len(), 2, "the one before, and one that all agree on");
    }
    let partners = command(folder.path(), &["api-keys", "list", "--partner"]);
    assert_eq!(partners["api_keys"].as_array().unwrap().len(), 2, "{partners}");
    let members = now.as_object_mut().unwrap();
    let new = [members.shift_remove("project").unwrap(), members.shift_remove("partner_key").unwrap()];
    assert_ne!(new, gone);
    assert_eq!(now, older);
}

#[tokio::test]
async fn what_commands_do_beside_a_server_it_knows_at_once() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path(), &[]);

    let project = command(folder.path(), &["projects", "create", "Acme"]);
    let id = text(&project["projects"][0]["id"]);
    let partner = command(folder.path(), &["api-keys", "create", "Hub", "--partner"]);
    let own = ["api-keys", "create", "CI", "--project", &id, "--scope", "connection_test", "--expires-at"];
    let own = command(folder.path(), &[&own[..], &["2999-01-01T00:00:00Z"]].concat());
    let listed = command(folder.path(), &["api-keys", "list", "--project", &id]);

    let hub = Program::new(&serving, text(&partner["api_key"]));
    assert_eq!(hub.ask("GET", &format!("/api/v1/projects/{id}")).await.json()["name"], "Acme");
    let ci = Program::new(&serving, text(&own["api_key"]));
    assert_eq!(ci.ask("GET", "/api/v1/projects").await.status, 403);
    assert_eq!(listed["api_keys"][0]["scope"], "connection_test");
    assert_eq!(listed["api_keys"][0]["expires_at"], 32_472_144_000_i64);
    assert!(!listed.to_string().contains(&text(&own["api_key"])), "{listed}");
    // A key that leaked is at hand whole.
    command(folder.path(), &["api-keys", "revoke", &text(&partner["api_key"])]);
    assert_eq!(hub.ask("GET", "/api/v1/projects").await.status, 401);
    let said = ended(grantway(folder.path()).args(["projects", "list"]));
    assert!(String::from_utf8_lossy(&said.stdout).contains("Acme"));
    let said = ended(grantway(folder.path()).args(["api-keys", "list", "--project", &id]));
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("2999-01-01T00:00:00Z") && said.contains("CI (connection_test)"), "{said}");
}

#[test]
fn what_a_command_cannot_do_is_said_in_three_lines_and_never_with_a_secret() {
    let folder = TempDir::new().unwrap();
    for (arguments, code, words) in [
        (&["projects", "create", " "][..], 2, "name"),
        (&["api-keys", "create", "CI"], 2, "--partner"),
        (&["api-keys", "create", "CI", "--partner", "--project", "x"], 2, "cannot be used with"),
        (&["api-keys", "create", "CI", "--partner", "--scope", "all"], 2, "connection_test"),
        (&["api-keys", "create", "CI", "--partner", "--expires-at", "soon"], 2, "2030-01-31T00:00:00Z"),
        (
            &["api-keys", "create", "CI", "--partner", "--expires-at", "2000-01-01T00:00:00Z"],
            3,
            "over before",
        ),
        (&["api-keys", "create", "CI", "--project", "prj_none"], 3, "there is no project prj_none"),
        (&["api-keys", "list", "--project", "prj_none"], 3, "there is no project prj_none"),
        (&["api-keys", "revoke", "key_none.HUSH"], 3, "there is no API key key_none\n"),
    ] {
        let output = ended(grantway(folder.path()).args(arguments));

        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words) && !said.contains("HUSH"), "{arguments:?}: {said}");
        assert!(code == 2 || said.lines().count() == 3, "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn a_declared_key_takes_the_place_of_the_one_before() {
    let folder = TempDir::new().unwrap();
    let (first, second, third) = (key("ci", 'a'), key("ci", 'b'), key("build", 'c'));
    let mut gone = Vec::new();
    for (now, name) in [(&first, "Acme"), (&second, "Acme Limited"), (&third, "Acme Limited")] {
        let tables = format!(
            "[[project]]\nid = \"acme\"\nname = \"{name}\"\n\
             [[api_key]]\nname = \"CI\"\nkey = \"{now}\"\nproject = \"acme\"\n\
             [[api_key]]\nname = \"Hub\"\nkey_file = \"hub.key\"\npartner = true\nexpires_at = 2999-01-01T00:00:00Z\n"
        );
        fs::write(folder.path().join("grantway.toml"), tables).unwrap();
        fs::write(folder.path().join("hub.key"), key("hub", 'd') + "\n").unwrap();
        let serving = Serving::start(folder.path(), &[]);

        let hub = Program::new(&serving, key("hub", 'd'));
        assert_eq!(hub.ask("GET", "/api/v1/projects/acme").await.json()["name"], name);
        let status = async |key: &String| {
            Program::new(&serving, key.clone()).ask("GET", "/api/v1/projects").await.status.as_u16()
        };
        assert_eq!(status(now).await, 403, "{now} is a project's");
        for before in &gone {
            assert_eq!(status(before).await, 401, "{before} was declared before");
        }
        gone.push(now.clone());
        let keys = hub.ask("GET", "/api/v1/projects/acme/apiKeys").await;
        assert_eq!(keys.json().as_array().unwrap().len(), 1, "{}", keys.text());
    }
}

#[test]
fn a_key_that_is_declared_for_a_project_that_is_not_there_is_no_start() {
    let folder = TempDir::new().unwrap();
    let tables = format!("[[api_key]]\nname = \"CI\"\nkey = \"{}\"\nproject = \"acme\"\n", key("ci", 'a'));
    fs::write(folder.path().join("grantway.toml"), tables).unwrap();

    let output = ended(grantway(folder.path()).args(["serve", "--listen", "127.0.0.1:0"]));

    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("the API key \"CI\" cannot be used (grantway.toml line 1)"), "{said}");
}

#[tokio::test]
async fn decisions_are_logged_with_prefixes_and_without_secrets() {
    let folder = TempDir::new().unwrap();
    let mut serving = Serving::of(
        grantway(folder.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("GRANTWAY_LOG", "grantway=info"),
    );
    let demo = bootstrap(folder.path());
    let partner = Program::new(&serving, text(&demo["partner_key"]));
    let keys = format!("/api/v1/projects/{}/apiKeys", text(&demo["project"]["id"]));

    let issued = partner.post(&keys, &json!({"name": "CI"})).await.json();
    let id = text(&issued["id"]);
    Program::new(&serving, format!("{id}.wrong")).ask("GET", &keys).await;
    partner.ask("DELETE", &format!("{keys}/{id}")).await;

    for (what, also) in [("api key issued", &*id), ("api key refused", &id), ("api key revoked", &id)] {
        let line = serving.logs(what);
        assert!(line.contains(also) && !line.contains(&text(&issued["apiKey"])), "{line}");
        assert!(!line.contains("wrong") && !line.contains(&partner.key), "{line}");
    }
}

async fn what_one_node_issues_or_revokes_the_other_knows_at_once(database: Database) {
    let tables = format!("[[api_key]]\nname = \"Hub\"\nkey = \"{}\"\npartner = true\n", key("hub", 'a'));
    let nodes = Nodes::start(&database, "", &tables);
    let [one, other] = nodes.addresses.map(|address| Program { address, key: key("hub", 'a') });

    let project = one.post("/api/v1/projects", &json!({"name": "Acme"})).await.json();
    let keys = format!("/api/v1/projects/{}/apiKeys", text(&project["id"]));
    let issued = other.post(&keys, &json!({"name": "CI"})).await.json();

    let there = Program { address: one.address, key: text(&issued["apiKey"]) };
    assert_eq!(there.ask("GET", &keys).await.status, 403, "{issued}");
    assert_eq!(other.ask("DELETE", &format!("{keys}/{}", text(&issued["id"]))).await.status, 200);
    assert_eq!(there.ask("GET", &keys).await.status, 401);
}

/// Somebody's program, with the key it has.
struct Program {
    address: SocketAddr,
    key: String,
}

impl Program {
    fn new(serving: &Serving, key: String) -> Self {
        Self { address: serving.address(), key }
    }

    async fn ask(&self, method: &str, path: &str) -> Answer {
        self.send(method, path, Vec::new()).await
    }

    async fn post(&self, path: &str, document: &Value) -> Answer {
        self.send("POST", path, document.to_string().into_bytes()).await
    }

    async fn send(&self, method: &str, path: &str, body: Vec<u8>) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {}", self.key));
        let request = request.header("content-type", "application/json").body(body).unwrap();
        tcp::exchange(self.address, &request).await.unwrap()
    }
}

/// What a command answers that is done.
fn command(folder: &Path, arguments: &[&str]) -> Value {
    let output = ended(grantway(folder).args(arguments).arg("--json"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn bootstrap(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join(BOOTSTRAP)).unwrap()).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn key(prefix: &str, letter: char) -> String {
    format!("{prefix}.{}", letter.to_string().repeat(32))
}

const BOOTSTRAP: &str = "grantway-data/bootstrap.json";
/// Where they listen they say; what they are called stays the same.
const ISSUER: &str = "http://127.0.0.1:1";

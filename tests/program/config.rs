//! `grantway config check`: all that is wrong at once, and nothing touched.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{declared, ended, grantway};

#[test]
fn a_good_configuration_is_said_to_be_good_and_nothing_is_made() {
    let folder = TempDir::new().unwrap();
    declared(folder.path());
    let check = ["config", "check", "--config", "declared.toml"];

    let said = ended(grantway(folder.path()).args(check));
    let as_json = ended(grantway(folder.path()).args(check).arg("--json"));

    assert_eq!(said.status.code(), Some(0));
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(text.contains("good") && text.contains("1 application and 1 account"), "{text}");
    let document: Value = serde_json::from_slice(&as_json.stdout).unwrap();
    assert_eq!(document["good"], true);
    assert_eq!(document["applications"], json!(["confidential"]));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "only the file that was there");
}

#[test]
fn the_schema_of_the_file_is_printed_for_editors_and_nothing_is_made() {
    let folder = TempDir::new().unwrap();

    let said = ended(grantway(folder.path()).args(["config", "schema"]));
    let as_json = ended(grantway(folder.path()).args(["config", "schema", "--json"]));

    assert_eq!(said.status.code(), Some(0));
    let schema: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(said.stdout, as_json.stdout);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_a_start_refuses_it_too() {
    let folder = TempDir::new().unwrap();
    let application = |client_id: &str, more: &str| {
        format!("[[application]]\nclient_id = \"{client_id}\"\nclient_secret = \"s\"\n{more}\n")
    };
    let text = [
        "[server]\nissuer = \"https://login.test\"\nsatellite_hosts = [\"LOGIN.test.\", \"app.test:80\"]\n\
         theme = \"nowhere.css\"\n",
        &application("shop", "redirect_uris = [\"http://shop.test/cb\"]"),
        &application("shop", "post_logout_redirect_uris = [\"https://shop.test/bye#top\"]"),
        &application("user_1", ""),
        "[[account]]\nusername = \"ada\"\n[[account]]\nusername = \"Ada\"\n",
        "[[account]]\nusername = \"b\"\nemail = \"x@a.test\"\n[[account]]\nusername = \"c\"\nemail = \"X@a.test\"\n",
        "[[account]]\nusername = \"at@home\"\n",
        &format!("[[account]]\nusername = \"long\"\npassword = \"{}\"\n", "x".repeat(1025)),
        "[outbound]\nca_bundle = \"nowhere.pem\"\n",
        "[[project]]\nid = \"a/b\"\n",
        "[[api_key]]\nname = \"short\"\nkey = \"ci.HUSH\"\npartner = true\n",
        "[[api_key]]\nname = \"nobody\"\nkey = \"ci.0123456789abcdef0123456789abcdef\"\n",
    ]
    .concat();
    fs::write(folder.path().join("grantway.toml"), text).unwrap();

    let checked = ended(grantway(folder.path()).args(["config", "check"]));
    let started = ended(grantway(folder.path()).args(["serve", "--listen", "127.0.0.1:0"]));

    let complaint = String::from_utf8_lossy(&checked.stderr);
    assert_eq!(checked.status.code(), Some(3), "{complaint}");
    for fault in [
        "satellite_hosts has \"LOGIN.test.\"",
        "satellite_hosts has \"app.test:80\"",
        "the theme nowhere.css cannot be used",
        "\"http://shop.test/cb\" cannot be a redirect URI",
        "\"https://shop.test/bye#top\" cannot be a redirect URI",
        "begins with user_",
        "the application \"shop\" is declared twice (grantway.toml line 9)",
        "the account \"ada\" is declared twice",
        "the email \"x@a.test\" is declared twice",
        "the account \"at@home\" cannot be made (grantway.toml line 27)",
        "the account \"long\" cannot be made (grantway.toml line 29)",
        "its password is longer than 1024 bytes",
        "the application \"shop\" cannot be used (grantway.toml line 5)",
        "the application \"shop\" cannot be used (grantway.toml line 9)",
        "[outbound] ca_bundle nowhere.pem cannot be read",
        "the project \"a/b\" cannot be used (grantway.toml line 34)",
        "the API key \"short\" cannot be used (grantway.toml line 36)",
        "the API key \"nobody\" cannot be used (grantway.toml line 40)",
    ] {
        assert!(complaint.contains(fault), "{fault}: {complaint}");
    }
    assert!(!complaint.contains("HUSH"), "{complaint}");
    assert_eq!(complaint.lines().count(), 15 * 3, "{complaint}");
    assert_eq!(started.status.code(), Some(3));
    assert!(!folder.path().join("grantway-data").exists(), "nothing was made");
}

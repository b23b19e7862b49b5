//! What a provider tells of itself.

use grantway_tests::provider::{Endpoint, Fault};

use super::{Shell, provider};

#[test]
fn it_says_what_there_is_and_where_it_lies() {
    let (provider, shell) = (provider(), Shell::new());
    let found = shell.run(&["discover", provider.issuer()]);
    assert!(found.out.contains(&provider.url(Endpoint::Token)), "{found:?}");
    assert!(found.err.contains("/.well-known/openid-configuration"), "{found:?}");

    provider.turn(Fault::NoOpenIdDocument);
    let told = shell.tells(&[
        "discover",
        "--json",
        &format!("{}/.well-known/openid-configuration", provider.issuer()),
    ]);
    assert!(
        told["found_at"].as_str().unwrap().ends_with("/.well-known/oauth-authorization-server"),
        "{told}"
    );
    assert_eq!(told["passed_over"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(told["metadata"]["issuer"], provider.issuer());
}

#[test]
fn whoever_tells_nothing_is_told_apart_from_whoever_is_not_there() {
    let (other, shell) = (provider(), Shell::new());
    other.turn(Fault::IssuerMismatch);
    assert_eq!(shell.run(&["discover", other.issuer()]).code, 5);
    let gone = other.issuer().to_owned();
    drop(other);
    assert_eq!(shell.run(&["discover", &gone]).code, 4);
    let metadata_service = shell.run(&["discover", "http://169.254.169.254"]);
    assert_eq!(metadata_service.code, 4, "{metadata_service:?}");
    assert_eq!(shell.run(&["discover", "nonsense"]).code, 2);
}

#[test]
fn the_outbound_settings_of_the_file_count() {
    let (provider, shell) = (provider(), Shell::new());
    super::write(shell.home.path(), "grantway.toml", "[outbound]\nproxy = \"http://127.0.0.1:1\"\n");
    let ended = shell.run(&["discover", provider.issuer()]);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(provider.received().is_empty());
}

#[test]
fn a_folder_that_somebody_else_wrote_settles_nothing_unless_it_is_named() {
    let (provider, shell, elsewhere) = (provider(), Shell::new(), tempfile::tempdir().unwrap());
    let file =
        super::write(elsewhere.path(), "grantway.toml", "[outbound]\nproxy = \"http://127.0.0.1:1\"\n");
    let run = |arguments: &[&str]| {
        let mut command = shell.command(arguments);
        super::Ended::of(command.current_dir(elsewhere.path()).output().unwrap())
    };

    let ended = run(&["discover", provider.issuer()]);
    assert_eq!(ended.code, 0, "{ended:?}");

    let ended = run(&["discover", provider.issuer(), "--config", &file]);
    assert_eq!(ended.code, 4, "{ended:?}");
}

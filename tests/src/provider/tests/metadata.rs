use serde_json::json;

use super::asked::get;
use crate::provider::{Endpoint, Fault, Faults, ForeignProvider, Setup};

/// What is where OpenID Connect has it, and where RFC 8414 has it.
fn placed(provider: &ForeignProvider, path: &str) -> [crate::Answer; 2] {
    let origin = provider.issuer().strip_suffix(path).unwrap();
    let places = [
        format!("{origin}{path}/.well-known/openid-configuration"),
        format!("{origin}/.well-known/oauth-authorization-server{path}"),
    ];
    places.map(|place| get(&place, &[]))
}

#[test]
fn the_document_is_in_both_places_whether_the_issuer_has_a_path_or_not() {
    for path in ["", "/tenant"] {
        let provider = ForeignProvider::of(Setup { issuer_path: path, ..Setup::default() });

        let [openid, oauth] = placed(&provider, path);

        assert_eq!(openid.body, oauth.body);
        assert_eq!(openid.member("issuer"), provider.issuer());
        assert_eq!(openid.member("token_endpoint"), provider.url(Endpoint::Token));
        assert_eq!(openid.json()["authorization_response_iss_parameter_supported"], true);
    }
}

#[test]
fn either_document_may_be_missing() {
    for (fault, found) in [(Fault::NoOpenIdDocument, [404, 200]), (Fault::NoOauthDocument, [200, 404])] {
        let provider = ForeignProvider::start(fault);
        assert_eq!(placed(&provider, "").map(|answer| answer.status.as_u16()), found);
    }
}

#[test]
fn a_fault_that_metadata_can_tell_changes_that_member_alone() {
    let provider = ForeignProvider::start(Faults::none());
    let sound = placed(&provider, "")[0].json();
    let methods = "token_endpoint_auth_methods_supported";
    for (fault, member, expected) in [
        (Fault::IssuerMismatch, "issuer", json!("https://issuer.test")),
        (
            Fault::BasicOnly,
            methods,
            json!(["client_secret_basic", "client_secret_jwt", "private_key_jwt", "none"]),
        ),
        (
            Fault::PostOnly,
            methods,
            json!(["client_secret_post", "client_secret_jwt", "private_key_jwt", "none"]),
        ),
        (Fault::PkceRejected, "code_challenge_methods_supported", json!(null)),
    ] {
        provider.turn(fault);

        let told = placed(&provider, "")[0].json();

        let mut changed = sound.clone();
        match expected {
            serde_json::Value::Null => drop(changed.as_object_mut().unwrap().remove(member)),
            expected => changed[member] = expected,
        }
        assert_eq!(told, changed, "{fault:?}");
        assert_ne!(told, sound, "{fault:?}");
    }
}

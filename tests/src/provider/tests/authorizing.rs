use super::asked::{ask, authorize, code_form};
use crate::provider::{Endpoint, Fault, Faults, ForeignProvider};
use crate::{VERIFIER, challenge};

#[test]
fn a_response_may_lack_what_a_client_knows_it_by() {
    for fault in [Fault::IssWrong, Fault::IssMissing, Fault::StateDropped] {
        let provider = ForeignProvider::start(fault);

        let answer = authorize(&provider, &[]);

        let (state, iss) = match fault {
            Fault::IssWrong => (Some("state-of-the-client"), Some("https://issuer.test")),
            Fault::IssMissing => (Some("state-of-the-client"), None),
            _ => (None, Some(provider.issuer())),
        };
        assert!(answer.parameter("code").is_some());
        assert_eq!(answer.parameter("state").as_deref(), state, "{fault:?}");
        assert_eq!(answer.parameter("iss").as_deref(), iss, "{fault:?}");
    }
}

#[test]
fn pkce_may_be_required_or_unknown() {
    let challenge = challenge(VERIFIER);
    let with = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    for (faults, is_good_with, is_good_without) in [
        (Faults::none(), true, true),
        (Fault::PkceRequired.into(), true, false),
        (Fault::PkceRejected.into(), false, true),
    ] {
        let provider = ForeignProvider::start(faults.clone());
        for (more, is_good) in [(&with[..], is_good_with), (&[], is_good_without)] {
            let answer = authorize(&provider, more);

            let Some(code) = answer.parameter("code") else {
                assert_eq!(answer.parameter("error").as_deref(), Some("invalid_request"));
                assert!(!is_good, "{faults:?} {more:?}");
                continue;
            };
            assert!(is_good, "{faults:?} {more:?}");
            let form = code_form(&code);
            let form = if more.is_empty() { &form[..3] } else { &form[..] };
            assert_eq!(ask(&provider, Endpoint::Token, form).status, 200);
        }
    }
}

#[test]
fn a_provider_that_does_not_know_pkce_does_not_take_a_verifier_either() {
    let provider = ForeignProvider::start(Fault::PkceRejected);
    let code = authorize(&provider, &[]).parameter("code").unwrap();
    assert_eq!(ask(&provider, Endpoint::Token, &code_form(&code)).error(), "invalid_request");
}

use super::asked::{call_api, get, tokens};
use crate::provider::{Endpoint, Fault, Faults, ForeignProvider};

#[test]
fn the_api_may_know_one_spelling_of_bearer() {
    let provider = ForeignProvider::start(Fault::CaseSensitiveBearer);
    let token = tokens(&provider, "read").member("access_token");
    for (scheme, status) in [("Bearer", 200), ("bearer", 401)] {
        assert_eq!(call_api(&provider, &format!("{scheme} {token}")).status, status);
    }
}

#[test]
fn the_api_may_be_open_to_anybody() {
    for (faults, status) in [(Faults::none(), 401), (Fault::OpenApi.into(), 200)] {
        let provider = ForeignProvider::start(faults);
        assert_eq!(get(&provider.url(Endpoint::Api), &[]).status, status);
        assert_eq!(call_api(&provider, "Bearer nonsense").status, status);
    }
}

#[test]
fn the_api_may_be_elsewhere_where_a_token_is_wanted_too() {
    let provider = ForeignProvider::start(Fault::ApiRedirect);

    let sent = call_api(&provider, "Bearer token");
    let there = sent.location().unwrap();
    let dropped = get(there, &[]);
    let kept = get(there, &[("authorization", "Bearer token")]);

    assert_eq!(sent.status, 307);
    assert!(!there.starts_with(provider.issuer()) && there.ends_with("/api"));
    assert_eq!((dropped.status.as_u16(), kept.status.as_u16()), (401, 200));
    let heard = provider.received_elsewhere();
    assert_eq!(heard.iter().map(|received| received.carries("token")).collect::<Vec<_>>(), [false, true]);
}

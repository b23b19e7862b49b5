use serde_json::{Map, Value, json};

use super::asked::{ask, tokens};
use crate::provider::{Endpoint, Fault, Faults, ForeignProvider};

#[test]
fn each_oddity_of_a_token_reply_changes_that_and_nothing_else() {
    // The chance is the same for all of them, and so are the tokens.
    let sound = tokens(&ForeignProvider::start(Faults::none()), "read write").json();
    let end = 1_767_225_600 + 3600;
    for (fault, change) in [
        (Fault::StringExpiry, set("expires_in", json!("3600"))),
        (Fault::FloatExpiry, set("expires_in", json!(3600.0))),
        (Fault::EpochExpiry, set("expires_in", json!(end))),
        (Fault::IsoExpiry, set("expires_in", json!("2026-01-01T01:00:00Z"))),
        (Fault::MsExpiry, set("expires_in", json!(3_600_000))),
        (Fault::ExpiresAt, renamed("expires_in", "expires_at", Some(json!(end)))),
        (Fault::NoExpiry, without("expires_in")),
        (Fault::NoType, without("token_type")),
        (Fault::OddType, set("token_type", json!("bot"))),
        (Fault::UnknownType, set("token_type", json!("mac"))),
        (Fault::Renamed, renamed("access_token", "accessToken", None)),
        (Fault::ScopeArray, set("scope", json!(["read", "write"]))),
        (Fault::CommaScopeReply, set("scope", json!("read,write"))),
        (Fault::PartialScope, set("scope", json!("read"))),
    ] {
        let answer = tokens(&ForeignProvider::start(fault), "read write");

        let mut expected = sound.as_object().unwrap().clone();
        change(&mut expected);
        assert_eq!(answer.json(), Value::Object(expected), "{fault:?}");
        assert_ne!(answer.json(), sound, "{fault:?}");
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    }
}

#[test]
fn a_nested_reply_has_all_of_it_one_floor_down() {
    let sound = tokens(&ForeignProvider::start(Faults::none()), "read").json();

    let nested = tokens(&ForeignProvider::start(Fault::Nested), "read").json();

    assert_eq!(nested, json!({"authed_user": sound}));
}

#[test]
fn a_form_encoded_reply_says_the_same_and_so_does_its_error() {
    let sound = tokens(&ForeignProvider::start(Faults::none()), "read write").json();
    let provider = ForeignProvider::start(Fault::FormBody);

    let granted = tokens(&provider, "read write");
    let refused = ask(&provider, Endpoint::Token, &[("grant_type", "fly")]);

    for answer in [&granted, &refused] {
        assert_eq!(answer.header("content-type"), "application/x-www-form-urlencoded");
    }
    assert!(granted.text().starts_with("access_token="));
    let pairs = |body: &[u8]| -> Map<String, Value> {
        url::form_urlencoded::parse(body).map(|(name, value)| (name.into(), value.into())).collect()
    };
    let mut expected = sound.as_object().unwrap().clone();
    expected["expires_in"] = json!("3600");
    assert_eq!(pairs(&granted.body), expected);
    assert_eq!(
        (refused.status.as_u16(), &pairs(&refused.body)["error"]),
        (400, &json!("unsupported_grant_type"))
    );
}

#[test]
fn an_error_may_hide_in_success() {
    let sound = tokens(&ForeignProvider::start(Faults::none()), "read").json();
    let ask_wrongly = |provider: &ForeignProvider| {
        let answer = ask(provider, Endpoint::Token, &[("grant_type", "fly")]);
        (answer.status.as_u16(), answer.json())
    };
    let plain = ask_wrongly(&ForeignProvider::start(Faults::none()));
    assert_eq!((plain.0, &plain.1["error"]), (400, &json!("unsupported_grant_type")));

    let ok_false = ForeignProvider::start(Fault::OkFalse200);
    let in_success = ForeignProvider::start(Fault::Error200);

    assert_eq!(ask_wrongly(&ok_false), (200, json!({"ok": false, "error": "unsupported_grant_type"})));
    assert_eq!(ask_wrongly(&in_success), (200, plain.1));
    let mut with_ok = sound.clone();
    with_ok["ok"] = true.into();
    assert_eq!(tokens(&ok_false, "read").json(), with_ok);
    assert_eq!(tokens(&in_success, "read").json(), sound);
}

#[test]
fn a_list_with_commas_is_what_a_provider_of_commas_takes_and_gives() {
    let provider = ForeignProvider::start(Fault::CommaScope);
    let form = |scope| [("grant_type", "client_credentials"), ("scope", scope)];

    let commas = ask(&provider, Endpoint::Token, &form("read,write"));
    let spaces = ask(&provider, Endpoint::Token, &form("read write"));

    assert_eq!(commas.member("scope"), "read,write");
    assert_eq!(spaces.error(), "invalid_scope");
}

type Change = Box<dyn Fn(&mut Map<String, Value>)>;

fn set(name: &'static str, value: Value) -> Change {
    Box::new(move |members| members[name] = value.clone())
}

fn without(name: &'static str) -> Change {
    Box::new(move |members| drop(members.remove(name)))
}

fn renamed(from: &'static str, to: &'static str, value: Option<Value>) -> Change {
    Box::new(move |members| {
        let was = members.remove(from).unwrap();
        members.insert(to.to_owned(), value.clone().unwrap_or(was));
    })
}

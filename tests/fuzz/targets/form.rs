//! A form or a query: what is read is what a browser meant, and survives being written again.

#![no_main]

use grantway_core::http::{Form, MAX_FORM_BYTES};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let Ok(form) = Form::parse(raw) else { return };
    let pairs: Vec<(&str, &str)> = form.pairs().collect();
    assert!(pairs.len() <= 100);
    assert!(pairs.iter().all(|(name, value)| !name.chars().chain(value.chars()).any(char::is_control)));

    // Of what is read at all, every reader of forms reads the same.
    let others: Vec<_> = url::form_urlencoded::parse(raw).collect();
    assert_eq!(others.len(), pairs.len());
    assert!(others.iter().zip(&pairs).all(|(other, own)| (&*other.0, &*other.1) == *own));

    let state = pairs.iter().filter(|(name, _)| *name == "state").count();
    assert_eq!(form.one("state").is_err(), state > 1);
    let names = || pairs.iter().map(|(name, _)| *name).filter(|name| *name != "resource");
    let repeated = names().enumerate().any(|(at, name)| names().take(at).any(|earlier| earlier == name));
    assert_eq!(form.without_repetition().is_err(), repeated);

    let query = form.to_query(&[]);
    assert!(query.is_ascii());
    // Escapes take three bytes for one, so what just fitted may fit no longer.
    if query.len() <= MAX_FORM_BYTES {
        let again = Form::parse(query.as_bytes()).expect("what we wrote is well-formed");
        assert!(again.pairs().eq(form.pairs()));
        assert_eq!(again.to_query(&[]), query);
    }
    assert!(Form::parse(form.to_query(&["state"]).as_bytes()).map_or(true, |rest| {
        rest.one("state") == Ok(None) && rest.pairs().count() == pairs.len() - state
    }));
});

//! In what two tokens differ.

use serde_json::{Map, Value, json};

use super::Read;
use crate::say::{self, BAD, GOOD, STRONG};
use crate::tools::document;
use grantway_core::plain::plain;

pub(super) fn show(one: &Read, other: &Read, as_json: bool) {
    let parts = [("header", &one.header, &other.header), ("claims", &one.claims, &other.claims)];
    if as_json {
        let [header, claims] = parts.map(|(_, one, other)| {
            let differing = differing(one, other);
            differing
                .into_iter()
                .map(|name| (name.to_owned(), json!([one.get(name), other.get(name)])))
                .collect::<Map<_, _>>()
        });
        say::document(&json!({"header": header, "claims": claims}));
        return;
    }
    say::story("Neither is verified.");
    let mut lines = Vec::new();
    for (title, one, other) in parts {
        let differing = differing(one, other);
        if differing.is_empty() {
            lines.push(format!("{STRONG}{title}{STRONG:#}: the same"));
            continue;
        }
        lines.push(format!("{STRONG}{title}{STRONG:#}"));
        for name in differing {
            for (sign, colour, value) in [('-', BAD, one.get(name)), ('+', GOOD, other.get(name))] {
                if let Some(value) = value {
                    lines.push(format!(
                        "{colour}{sign} {}  {}{colour:#}",
                        plain(name),
                        document::member(name, value)
                    ));
                }
            }
        }
    }
    say::coloured(&lines.join("\n"));
}

/// The names whose values are not the same, in the order of the first, then of the other.
fn differing<'a>(one: &'a Map<String, Value>, other: &'a Map<String, Value>) -> Vec<&'a str> {
    let only_there = other.keys().filter(|name| !one.contains_key(*name));
    let all = one.keys().chain(only_there).map(String::as_str);
    all.filter(|name| one.get(*name) != other.get(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_once_in_order() {
        let map = |value: Value| value.as_object().unwrap().clone();
        let one = map(json!({"a": 1, "b": 2, "c": null}));
        let other = map(json!({"d": 4, "b": 3, "a": 1}));
        assert_eq!(differing(&one, &other), ["b", "c", "d"]);
    }
}

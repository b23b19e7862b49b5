//! A document of JSON as people read it: a line for each member, and times as times.

use grantway_core::time::Timestamp;
use serde_json::Value;

use super::moment;
use grantway_core::plain::plain;

/// Each member of an object on a line of its own.
pub(crate) fn told(document: &Value) -> String {
    let Value::Object(members) = document else { return plain(&document.to_string()) };
    let widest = members.keys().map(|name| name.chars().count()).max().unwrap_or(0);
    let lines =
        members.iter().map(|(name, value)| format!("  {:widest$}  {}", plain(name), member(name, value)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A value, and if it is a time that too.
pub(crate) fn member(name: &str, value: &Value) -> String {
    let time = value.as_i64().filter(|_| TIMES.contains(&name));
    let text = match value {
        Value::String(text) => plain(text),
        other => plain(&other.to_string()),
    };
    match time {
        Some(seconds) => format!("{text}  {}", moment::humane(Timestamp::from_unix(seconds), moment::now())),
        None => text,
    }
}

/// The claims and members that are times: RFC 7519 section 4.1, RFC 7662 section 2.2, OpenID Connect Core sections 2 and 5.1.
const TIMES: [&str; 5] = ["exp", "iat", "nbf", "auth_time", "updated_at"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_told_as_such_and_nothing_is_drawn() {
        let told =
            told(&json!({"sub": "a\u{1b}[2J", "exp": 1_795_564_865, "size": 1_795_564_865, "aud": ["x"]}));
        let lines: Vec<_> = told.lines().collect();
        assert_eq!(lines[0], "  sub   a [2J");
        assert!(lines[1].starts_with("  exp   1795564865  2026-11-25 00:01:05 UTC, "), "{told}");
        assert_eq!((lines[2], lines[3]), ("  size  1795564865", "  aud   [\"x\"]"));
    }
}

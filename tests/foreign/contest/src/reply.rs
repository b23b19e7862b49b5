//! Replies of a token endpoint, read from bytes to typed tokens.
//!
//! `PROGRAM told plain` says what the reply of that name tells, and `PROGRAM read plain 500` reads it for so many
//! milliseconds and says what that cost.

use std::hint::black_box;
use std::process::ExitCode;

use serde_json::{Map, Value};

use crate::{ABSENT, MISUSED, said, stopwatch, time};

/// What stood in the answer, as it came off the wire.
#[derive(Clone, Copy, Debug)]
pub struct Reply {
    /// Of the answer, whose `Content-Type` is [`CONTENT_TYPE`].
    pub status: u16,
    /// JSON.
    pub body: &'static str,
}

impl Reply {
    fn named(name: &str) -> Option<Self> {
        let (status, body) = match name {
            "plain" => (200, include_str!("../replies/plain.json")),
            "id_token" => (200, include_str!("../replies/id_token.json")),
            "error" => (400, include_str!("../replies/error.json")),
            _ => return None,
        };
        Some(Self { status, body })
    }
}

/// A library about to read one reply again and again.
pub trait Reader: Sized {
    /// What it makes of a reply.
    type Read;

    /// With everything ready that does not depend on the bytes.
    fn ready(reply: Reply) -> Self;

    /// From bytes to typed tokens, or to a typed error.
    fn read(&self) -> Self::Read;

    /// What it understood: members by their names in RFC 6749, `token_type` in lower case, and `scope` as a list. A
    /// member that the library dropped is absent.
    fn told(read: Self::Read) -> Map<String, Value>;
}

/// Does what the arguments say.
pub fn run<R: Reader>() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [verb, name, rest @ ..] = arguments.as_slice() else { return ExitCode::from(MISUSED) };
    let Some(reply) = Reply::named(name) else { return ExitCode::from(ABSENT) };
    let reader = R::ready(reply);
    match (verb.as_str(), time(rest)) {
        ("told", None) => said(&Value::Object(R::told(reader.read())).to_string()),
        ("read", Some(time)) => said(&stopwatch::take(time, || {
            black_box(black_box(&reader).read());
        })),
        _ => ExitCode::from(MISUSED),
    }
}

/// Of every reply.
pub const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_replies_are_what_is_said_of_them() {
        for (name, members) in [("plain", 5), ("id_token", 16), ("error", 2)] {
            let reply = Reply::named(name).unwrap();
            let read: Map<String, Value> = serde_json::from_str(reply.body).unwrap();
            assert_eq!(read.len(), members, "{name}");
        }
        let read: Value = serde_json::from_str(Reply::named("id_token").unwrap().body).unwrap();
        assert_eq!(read["id_token"].as_str().unwrap().len(), 1024);
    }
}

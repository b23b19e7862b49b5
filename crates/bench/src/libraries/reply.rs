//! Reading replies of a token endpoint.

use serde_json::Value;

use crate::http::Wrong;
use crate::report::say;

use super::Arena;
use super::program::{Program, Work};
use super::table::{Aim, Row, Table};

/// The second of the contenders is ours.
pub(super) fn measure(arena: &Arena, contenders: Vec<Program>) -> Result<Table, Wrong> {
    let mut rows = Vec::new();
    for reply in REPLIES {
        say(format_args!("measuring the reply {reply}"));
        agree(&contenders, reply).map_err(|wrong| wrong.during(reply))?;
        let present: Vec<_> = contenders.iter().map(Some).collect();
        let micros = arena.micros(&present, Work { verb: "read", subject: reply, given: "" })?;
        rows.push(Row { subject: reply, verb: "read", micros });
    }
    let names = contenders.into_iter().map(|program| program.name).collect();
    Ok(Table { subject: "reply", aim: Aim::Ahead, names, rows })
}

/// Nobody is measured who understood something else than ours did. Some drop what others keep.
fn agree(contenders: &[Program], reply: &'static str) -> Result<(), Wrong> {
    let [_, ours, ..] = contenders else { return Err(Wrong::new("there is nobody to compare with")) };
    let all = ours.told(reply)?;
    for program in contenders {
        let told = program.told(reply)?;
        if !is_part_of(&told, &all) {
            return Err(Wrong::new(format_args!(
                "{} was told {told}, and {} was told {all}",
                program.name, ours.name
            )));
        }
    }
    Ok(())
}

/// Every member is there with the same value, and the one that a reply is about is among them.
fn is_part_of(told: &Value, all: &Value) -> bool {
    let Some(members) = told.as_object() else { return false };
    let about = ["access_token", "error"].iter().any(|name| members.contains_key(*name));
    about && members.iter().all(|(name, value)| all.get(name) == Some(value))
}

/// What RFC 6749 section 5.1 has; the same with an ID token of 1 KiB and ten more members; what section 5.2 has.
const REPLIES: [&str; 3] = ["plain", "id_token", "error"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_drops_a_member_agrees_and_who_reads_another_value_does_not() {
        let all = json!({"access_token": "a", "expires_in": 1, "foci": "1"});
        for (told, agrees) in [
            (json!({"access_token": "a", "expires_in": 1, "foci": "1"}), true),
            (json!({"access_token": "a"}), true),
            (json!({"access_token": "a", "expires_in": 2}), false),
            (json!({"access_token": "a", "scope": []}), false),
            (json!({"expires_in": 1}), false),
            (json!("a"), false),
        ] {
            assert_eq!(is_part_of(&told, &all), agrees, "{told}");
        }
    }
}

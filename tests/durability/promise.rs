use super::trace::{Call, Trace};

/// The answers that were sent before everything written until then was on the disk.
///
/// For requests that come one at a time: then what was written since the answer before belongs to the
/// request.
pub(super) fn broken_in_turn(trace: &Trace) -> Vec<String> {
    let late = |answer: &Call| {
        let writes = trace.calls().filter(|call| is_write(call) && call.began < answer.began);
        let last = writes.map(|call| call.done.unwrap_or(call.began)).max()?;
        (!is_synced_between(trace, last, answer.began)).then(|| {
            format!("answered in line {} what was written in line {last} and not synced", answer.began)
        })
    };
    trace.calls().filter(|call| call.answers()).filter_map(late).collect()
}

/// Was what holds `trail` on the disk before the first answer that holds `word`? For requests that come
/// together: the trail of a token is its digest, which no other row has.
pub(super) fn broken_by(trace: &Trace, word: &str, trail: &[u8]) -> Option<String> {
    let Some(answer) = trace.calls().find(|call| call.answers() && call.says(word.as_bytes())) else {
        return Some(format!("{word} was never answered"));
    };
    let Some(written) = trace.calls().find(|call| is_write(call) && call.says(trail)) else {
        return Some(format!("{word} was never written"));
    };
    let synced = written.done.is_some_and(|written| is_synced_between(trace, written, answer.began));
    (!synced).then(|| format!("{word} was answered in line {} before it was synced", answer.began))
}

/// How often the database was synced from the reading of one word to that of another.
pub(super) fn syncs_between(trace: &Trace, from: &str, to: &str) -> usize {
    let at = |word| trace.first(word).map(|call| call.began).unwrap();
    let (from, to) = (at(from), at(to));
    trace.calls().filter(|call| call.syncs(WAL) && call.began > from && call.began < to).count()
}

fn is_write(call: &Call) -> bool {
    call.writes_to(WAL)
}

fn is_synced_between(trace: &Trace, written: usize, answered: usize) -> bool {
    let between = |call: &Call| {
        call.syncs(WAL) && call.began > written && call.done.is_some_and(|done| done < answered)
    };
    trace.calls().any(between)
}

/// Where SQLite writes what is committed.
pub(super) const WAL: &str = "grantway.db-wal";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::durability::trace::escaped;

    /// Constructed: a write, a sync and an answer, in the order given.
    fn trace(order: &[&str]) -> Trace {
        let hex = |text: &str| escaped(text.as_bytes());
        let line = |event: &&str| match *event {
            "write" => format!("1 pwrite64(3<{}>, \"\\xaa\\xbb\", 2, 0) = 2", hex("/d/grantway.db-wal")),
            "sync" => format!("1 fdatasync(3<{}>) = 0", hex("/d/grantway.db-wal")),
            "other sync" => format!("1 fdatasync(4<{}>) = 0", hex("/d/grantway.db")),
            "failed sync" => format!("1 fdatasync(3<{}>) = -1 EIO", hex("/d/grantway.db-wal")),
            word => format!(
                "2 writev(5<{}>, [{{iov_base=\"{}\"}}], 1) = 9",
                hex("socket"),
                hex(&format!("HTTP/1.1 {word}"))
            ),
        };
        Trace::parse(&order.iter().map(line).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn an_answer_comes_after_the_sync_of_what_it_promises() {
        for (order, kept) in [
            (&["write", "sync", "token"][..], true),
            (&["token", "write", "sync"], false),
            (&["write", "token", "sync"], false),
            (&["sync", "write", "token"], false),
            (&["write", "other sync", "token"], false),
            (&["write", "failed sync", "token"], false),
            (&["write", "failed sync", "sync", "token"], true),
        ] {
            assert_eq!(broken_by(&trace(order), "token", &[0xaa, 0xbb]).is_none(), kept, "{order:?}");
        }
        assert!(broken_by(&trace(&["sync", "token"]), "token", &[0xaa]).is_some(), "never written");
        assert!(broken_by(&trace(&["write", "sync"]), "token", &[0xaa]).is_some(), "never answered");
    }

    #[test]
    fn in_turn_every_write_before_an_answer_counts_as_its_own() {
        for (order, broken) in [
            (&["token", "write", "sync", "other"][..], 0),
            (&["write", "token", "sync", "other"], 1),
            (&["write", "sync", "token", "write", "other"], 1),
            (&["token", "other"], 0),
        ] {
            assert_eq!(broken_in_turn(&trace(order)).len(), broken, "{order:?}");
        }
    }
}

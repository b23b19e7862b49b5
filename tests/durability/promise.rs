use super::trace::{Call, Trace};

/// The answers that were sent before everything written until then was on the disk.
///
/// For requests that come one at a time: then what was written since the answer before belongs to the
/// request. An answer that says that the server failed promises nothing.
pub(super) fn broken_in_turn(trace: &Trace) -> Vec<String> {
    let late = |answer: &Call| {
        let last = trace.calls().filter(|call| is_write(call) && call.began < answer.began).last()?;
        (!is_synced_before(trace, last, answer)).then(|| {
            format!(
                "answered in line {} what was written in line {} and not synced",
                answer.began, last.began
            )
        })
    };
    let promises = trace.calls().filter(|call| call.answers() && !call.says(b"HTTP/1.1 5"));
    promises.filter_map(late).collect()
}

/// Was what holds `trail` on the disk before the first answer that holds `word`? For requests that come
/// together: the trail of a token is its digest, which no other row has.
pub(super) fn broken_by(trace: &Trace, word: &str, trail: &[u8]) -> Option<String> {
    let Some(answer) = trace.calls().find(|call| call.answers() && call.says(word.as_bytes())) else {
        return Some(format!("{word} was never answered"));
    };
    let Some(committed) = commit_of(trace, trail) else {
        return Some(format!("{word} was never committed"));
    };
    (!is_synced_before(trace, committed, answer))
        .then(|| format!("{word} was answered in line {} before it was synced", answer.began))
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

/// A sync that failed keeps nothing, and neither does a later one: by then the system may have dropped
/// what it could not write.
fn is_synced_before(trace: &Trace, written: &Call, answer: &Call) -> bool {
    let Some(written) = written.done else { return false };
    let sync = trace.calls().find(|call| call.syncs(WAL) && call.began > written);
    sync.and_then(|sync| sync.done).is_some_and(|done| done < answer.began)
}

/// The last page of the transaction that holds `trail`: without it a reader of the log takes none of them.
fn commit_of<'a>(trace: &'a Trace, trail: &[u8]) -> Option<&'a Call> {
    let (mut is_last, mut is_found) = (false, false);
    for write in trace.calls().filter(|call| is_write(call)) {
        if let Some(header) = write.bytes().filter(|bytes| bytes.len() == FRAME_HEADER) {
            // https://sqlite.org/fileformat2.html#walformat: the size of the database after a commit,
            // zero in all other frames.
            is_last = header[4..8] != [0; 4];
            continue;
        }
        is_found |= write.says(trail);
        if is_found && is_last {
            return Some(write);
        }
    }
    None
}

/// Where SQLite writes what is committed.
pub(super) const WAL: &str = "grantway.db-wal";
const FRAME_HEADER: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::durability::trace::escaped;

    /// Constructed: writes, syncs and answers, in the order given.
    fn trace(order: &[&str]) -> Trace {
        let hex = |text: &str| escaped(text.as_bytes());
        let wal = format!("3<{}>", hex("/d/grantway.db-wal"));
        let frame = |size: u8, page: &str| {
            let mut header = [0; FRAME_HEADER];
            header[7] = size;
            format!(
                "1 pwrite64({wal}, \"{}\", 24, 0) = 24\n1 pwrite64({wal}, \"{page}\", 2, 0) = 2",
                escaped(&header)
            )
        };
        let line = |event: &&str| match *event {
            "write" => frame(9, "\\xaa\\xbb"),
            "begin" => frame(0, "\\xaa\\xbb"),
            "end" => frame(9, "\\xcc"),
            "sync" => format!("1 fdatasync({wal}) = 0"),
            "other sync" => format!("1 fdatasync(4<{}>) = 0", hex("/d/grantway.db")),
            "failed sync" => format!("1 fdatasync({wal}) = -1 EIO"),
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
            (&["write", "failed sync", "sync", "token"], false),
            (&["begin", "end", "sync", "token"], true),
            (&["begin", "sync", "end", "token"], false),
            (&["begin", "sync", "token"], false),
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
            (&["write", "failed sync", "503 Service Unavailable"], 0),
        ] {
            assert_eq!(broken_in_turn(&trace(order)).len(), broken, "{order:?}");
        }
    }
}

use std::collections::HashMap;

/// The calls to the system that strace saw (`-f -y -xx`), in the order in which they began.
#[derive(Debug)]
pub(super) struct Trace(Vec<Call>);

/// One call: which, on what, and from which line of the trace to which it lasted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: String,
    /// The file or the socket it was about; empty if it was about none.
    pub(super) file: String,
    /// Its arguments as strace writes them, every byte of a text as `\x` and two digits.
    said: String,
    pub(super) began: usize,
    /// `None` if it never ended, failed, or was only said to have been carried out.
    pub(super) done: Option<usize>,
}

impl Trace {
    pub(super) fn parse(text: &str) -> Self {
        let mut calls: Vec<Call> = Vec::new();
        let mut unfinished: HashMap<&str, usize> = HashMap::new();
        for (number, line) in text.lines().enumerate() {
            let Some((thread, rest)) = line.split_once(char::is_whitespace) else { continue };
            let rest = rest.trim_start();
            if rest.starts_with("<... ") {
                if let Some(call) = unfinished.remove(thread) {
                    calls[call].said.push_str(rest);
                    calls[call].done = is_done(rest).then_some(number);
                }
                continue;
            }
            let Some((name, said)) = rest.split_once('(') else { continue };
            if rest.ends_with("<unfinished ...>") {
                unfinished.insert(thread, calls.len());
            }
            let file = said.split_once('<').and_then(|(_, after)| after.split_once('>'));
            calls.push(Call {
                name: name.to_owned(),
                file: file.map_or_else(String::new, |(file, _)| readable(file)),
                said: said.to_owned(),
                began: number,
                done: is_done(rest).then_some(number),
            });
        }
        Self(calls)
    }

    pub(super) fn calls(&self) -> impl Iterator<Item = &Call> {
        self.0.iter()
    }

    /// Where these words were first read or written, by whatever call.
    pub(super) fn first(&self, words: &str) -> Option<&Call> {
        self.calls().find(|call| call.says(words.as_bytes()))
    }
}

impl Call {
    /// Are these bytes among what it reads or writes?
    pub(super) fn says(&self, bytes: &[u8]) -> bool {
        self.said.contains(&escaped(bytes))
    }

    /// What it writes, if that is one piece.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        unescaped(self.said.split('"').nth(1)?)
    }

    pub(super) fn writes_to(&self, file: &str) -> bool {
        self.name.contains("write") && self.file.ends_with(file)
    }

    pub(super) fn syncs(&self, file: &str) -> bool {
        matches!(self.name.as_str(), "fsync" | "fdatasync") && self.file.ends_with(file)
    }

    /// The beginning of an answer of HTTP.
    pub(super) fn answers(&self) -> bool {
        (self.name.contains("write") || self.name.starts_with("send")) && self.says(b"HTTP/1.1 ")
    }
}

/// It ended, it did not fail, and strace did not answer in the place of the system.
fn is_done(line: &str) -> bool {
    let result = line.rsplit_once(" = ").map(|(_, result)| result);
    result.is_some_and(|result| !result.starts_with(['-', '?']) && !result.contains("INJECTED"))
}

/// As strace writes them with `-xx`.
pub(super) fn escaped(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("\\x{byte:02x}"))
}

fn readable(escaped: &str) -> String {
    match unescaped(escaped) {
        Some(bytes) if !bytes.is_empty() => String::from_utf8_lossy(&bytes).into_owned(),
        _ => escaped.to_owned(),
    }
}

fn unescaped(escaped: &str) -> Option<Vec<u8>> {
    escaped.split("\\x").skip(1).map(|digits| u8::from_str_radix(digits, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_others_interrupt_lasts_until_it_is_resumed() {
        let trace = Trace::parse(
            "7  pwrite64(3<\\x61\\x2d\\x77\\x61\\x6c>, \"\\x01\\x02\", 2, 0) = 2\n\
             7  fsync(3<\\x61\\x2d\\x77\\x61\\x6c> <unfinished ...>\n\
             8  writev(4<\\x73>, [{iov_base=\"\\x48\\x54\\x54\\x50\\x2f\\x31\\x2e\\x31\\x20\", iov_len=9}], 1) = 9\n\
             7  <... fsync resumed>)  = 0\n\
             7  +++ exited with 0 +++\n",
        );

        let calls: Vec<_> = trace.calls().collect();

        assert_eq!(calls.len(), 3);
        assert_eq!(calls[0].bytes(), Some(vec![1, 2]));
        assert!(calls[0].writes_to("-wal") && calls[0].says(&[1, 2]) && !calls[0].says(&[2, 1]));
        assert!(calls[1].syncs("-wal"));
        assert_eq!((calls[1].began, calls[1].done), (1, Some(3)));
        assert!(calls[2].answers());
    }

    #[test]
    fn what_failed_or_never_ended_or_was_not_carried_out_is_not_done() {
        for line in [
            "7  fsync(3<\\x61>) = -1 EIO (Input/output error)",
            "7  fsync(3<\\x61>) = 0 (INJECTED)",
            "7  fsync(3<\\x61> <unfinished ...>",
            "7  fsync(3<\\x61>) = ?",
        ] {
            assert_eq!(Trace::parse(line).calls().next().unwrap().done, None, "{line}");
        }
    }
}

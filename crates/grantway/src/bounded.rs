//! Reads what somebody names, as far as there is any use for it: `/dev/zero` has no end.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// All of it, unless that is more than so many bytes.
pub(crate) fn all(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    let mut from = from.take(most.saturating_add(1));
    from.read_to_end(&mut all)?;
    if from.limit() == 0 {
        return Err(io::Error::new(ErrorKind::FileTooLarge, format!("it is longer than {most} bytes")));
    }
    Ok(all)
}

/// The same of a file.
pub(crate) fn file(path: impl AsRef<Path>, most: u64) -> io::Result<Vec<u8>> {
    all(File::open(path)?, most)
}

/// The same of a file with text in it.
pub(crate) fn text(path: impl AsRef<Path>, most: u64) -> io::Result<String> {
    let content = file(path, most)?;
    String::from_utf8(content).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is no text in UTF-8"))
}

/// Nobody writes a configuration, a key or a token that is longer.
pub(crate) const MOST_BYTES: u64 = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_is_not_read_to_it() {
        assert_eq!(all(&b"four"[..], 4).unwrap(), b"four");
        assert_eq!(all(&b"fives"[..], 4).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(all(io::repeat(0), 4).unwrap_err().to_string(), "it is longer than 4 bytes");
    }
}

//! A file that nobody else reads.

use std::io::{ErrorKind, Result, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Puts a file there, or in the place of the one that is there: whole or not at all, and readable by its owner alone from
/// the first moment. A link is replaced, never followed.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<()> {
    beside(path, content)?.persist(path)?;
    Ok(())
}

/// The same where none is. False: there is one, which stays as it is.
pub(crate) fn create(path: &Path, content: &[u8]) -> Result<bool> {
    match beside(path, content)?.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(fault) if fault.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(fault) => Err(fault.error),
    }
}

/// Can one be put there, as far as can be known beforehand? Nothing is left of the attempt.
pub(crate) fn can_replace(path: &Path) -> Result<()> {
    beside(path, &[])?.close()
}

fn beside(path: &Path, content: &[u8]) -> Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn nobody_else_reads_it_whatever_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let (open, other, link) =
            (folder.path().join("open"), folder.path().join("other"), folder.path().join("link"));
        fs::write(&open, "before").unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o666)).unwrap();
        fs::write(&other, "of another").unwrap();
        symlink(&other, &link).unwrap();

        for path in [&open, &link, &folder.path().join("new")] {
            replace(path, b"after").unwrap();

            let there = fs::symlink_metadata(path).unwrap();
            assert!(there.is_file(), "{}", path.display());
            assert_eq!(there.permissions().mode() & 0o777, 0o600, "{}", path.display());
            assert_eq!(fs::read(path).unwrap(), b"after");
        }
        assert_eq!(fs::read_to_string(&other).unwrap(), "of another");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "nothing else is left there");
    }

    #[test]
    fn of_two_that_make_it_the_first_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");

        assert!(create(&path, b"first").unwrap());
        assert!(!create(&path, b"second").unwrap());

        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left there");
    }
}

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use super::{ended, grantway};

/// A data directory with a database in it.
fn made() -> TempDir {
    let folder = TempDir::new().unwrap();
    let served = super::serving::Serving::start(folder.path(), &[]);
    drop(served);
    folder
}

fn key(folder: &Path) -> std::path::PathBuf {
    folder.join("grantway-data/root.key")
}

#[test]
fn each_kind_of_trouble_has_its_exit_code_and_three_lines() {
    let empty = TempDir::new().unwrap();
    fs::write(empty.path().join("bad.toml"), "[server]\nlsten = \"x\"\n").unwrap();
    let letter = TempDir::new().unwrap();
    fs::create_dir(letter.path().join("grantway-data")).unwrap();
    fs::write(letter.path().join("grantway-data/grantway.db"), "a letter, and not a database ".repeat(99))
        .unwrap();
    let open = made();
    fs::set_permissions(key(open.path()), Permissions::from_mode(0o644)).unwrap();
    let foreign = made();
    fs::write(key(foreign.path()), "A".repeat(43)).unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    for (folder, more, code, says) in [
        (&empty, &["--config", "bad.toml"][..], 3, "did you mean `listen`?"),
        (&empty, &["--config", "none.toml"], 3, "check the path after --config"),
        (&empty, &["--issuer", "http://login.example.com"], 3, "use https"),
        (&empty, &["--listen", "203.0.113.1:1"], 4, "127.0.0.1:0 takes any free port"),
        (&letter, &[], 10, "check --database-url"),
        (&open, &[], 3, "run: chmod 600"),
        (&foreign, &[], 3, "the database was sealed with another root key"),
    ] {
        // The last flag of a name counts for clap only where it may be repeated, so one is left out.
        let own = if more.contains(&"--listen") { &serve[..1] } else { &serve[..] };
        let output = ended(grantway(folder.path()).args(own).args(more));

        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{more:?}: {complaint}");
        assert!(complaint.contains(says), "{more:?}: {complaint}");
        assert_eq!(complaint.lines().count(), 3, "{more:?}: {complaint}");
        assert!(output.stdout.is_empty(), "{more:?}");
    }
}

#[test]
fn wrong_arguments_end_with_2_and_help_with_0() {
    let folder = TempDir::new().unwrap();

    assert_eq!(ended(grantway(folder.path()).args(["serve", "--nope"])).status.code(), Some(2));
    assert_eq!(ended(&mut grantway(folder.path())).status.code(), Some(2));
    let help = ended(grantway(folder.path()).args(["serve", "--help"]));

    assert_eq!(help.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&help.stdout).contains("Exit codes"));
}

#[test]
fn migrate_makes_the_tables_and_says_so_to_programs_too() {
    let folder = TempDir::new().unwrap();

    let words = ended(grantway(folder.path()).arg("migrate"));
    let document = ended(grantway(folder.path()).args(["migrate", "--json"]));

    assert_eq!(words.status.code(), Some(0));
    assert!(!words.stdout.is_empty());
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&document.stdout).unwrap()["migrated"], true);
    assert!(folder.path().join("grantway-data/grantway.db").exists());
}

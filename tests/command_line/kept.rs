//! What is kept, when something is the matter with it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::{Shell, provider};

#[test]
fn a_file_that_others_can_read_or_that_holds_something_else_is_not_used() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    for name in ["tokens.json", "profile.toml"] {
        let path = shell.profile("default").join(name);
        let good = fs::read_to_string(&path).unwrap();

        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let ended = shell.run(&["token"]);
        assert_eq!((ended.code, &*ended.out), (10, ""), "{name}: {ended:?}");
        assert!(ended.err.contains("644"), "{name}: {ended:?}");

        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "something else").unwrap();
        let ended = shell.run(&["token"]);
        assert_eq!((ended.code, &*ended.out), (10, ""), "{name}: {ended:?}");
        fs::write(&path, good).unwrap();
    }
    assert_eq!(shell.run(&["token"]).code, 0);
}

use std::error::Error;

use super::*;

fn tokens(json: &str) -> TokenSet {
    serde_json::from_str(json).unwrap()
}

fn fault(broken: &SeamError) -> &TokenFileFault {
    broken.source().and_then(<dyn Error>::downcast_ref).expect("a fault of the file")
}

fn some() -> TokenSet {
    tokens(
        r#"{"access_token":"t","token_type":"Bearer","issued_at":1,"refresh_token":"r","instance_url":"https://eu.test"}"#,
    )
}

#[tokio::test]
async fn what_is_saved_is_loaded_with_members_nobody_knows() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    assert!(file.load().await.unwrap().is_none());

    let mut lease = file.lease().await.unwrap();
    assert_eq!(lease.save(&some()).await.unwrap(), Saved::Durably);

    for kept in [lease.load().await.unwrap().unwrap(), file.load().await.unwrap().unwrap()] {
        assert_eq!(serde_json::to_value(&kept).unwrap(), serde_json::to_value(some()).unwrap());
    }
    let mut names: Vec<_> = folder
        .path()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["tokens.json", "tokens.json.lock"]);
}

#[tokio::test]
async fn room_is_made_before_it_is_needed_and_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let new = folder.path().join("tokens.json.new");

    let mut lease = file.lease().await.unwrap();
    lease.reserve().await.unwrap();
    assert_eq!(fs::metadata(&new).unwrap().len(), ROOM);
    lease.save(&some()).await.unwrap();
    assert!(!new.exists());
    assert!(fs::metadata(folder.path().join("tokens.json")).unwrap().len() < 500);
    assert_eq!(file.load().await.unwrap().unwrap().access_token.expose(), "t");

    lease.reserve().await.unwrap();
    lease.release().await;
    assert!(!new.exists());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_stands_in_the_place_of_the_new_file_is_not_followed_and_told_if_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.path().join("tokens.json.new")).unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let mut lease = file.lease().await.unwrap();
    assert!(lease.reserve().await.is_ok(), "what stands there is not followed");

    drop(lease);
    fs::remove_file(folder.path().join("tokens.json.new")).unwrap();
    fs::create_dir(folder.path().join("tokens.json.new")).unwrap();
    let refused = file.lease().await.unwrap().reserve().await.unwrap_err();
    assert!(matches!(fault(&refused), TokenFileFault::Io { .. }), "{refused}");
}

#[tokio::test]
async fn what_is_forgotten_is_gone_and_may_be_forgotten_twice() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let mut lease = file.lease().await.unwrap();
    lease.save(&some()).await.unwrap();

    for _ in 0..2 {
        assert_eq!(lease.forget().await.unwrap(), Saved::Durably);
        assert!(lease.load().await.unwrap().is_none() && !folder.path().join("tokens.json").exists());
    }
    lease.save(&some()).await.unwrap();
    assert!(file.load().await.unwrap().is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn what_a_link_leads_to_is_forgotten_and_the_link_stays() {
    let folder = tempfile::tempdir().unwrap();
    let [file, link] = ["tokens.json", "link.json"].map(|name| folder.path().join(name));
    TokenFile::new(&file).lease().await.unwrap().save(&some()).await.unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();

    TokenFile::new(&link).lease().await.unwrap().forget().await.unwrap();

    assert!(!file.exists() && link.is_symlink());
}

#[tokio::test]
async fn one_holds_the_lease_and_others_can_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let other = file.clone().with_patience(Duration::from_millis(50));

    let mut lease = file.lease().await.unwrap();
    lease.save(&some()).await.unwrap();
    let refused = other.lease().await.unwrap_err();

    assert!(matches!(fault(&refused), TokenFileFault::Locked { .. }), "{refused}");
    assert_eq!(refused.kind, SeamErrorKind::Unavailable);
    assert!(other.load().await.unwrap().is_some());
    drop(lease);
    other.lease().await.unwrap();
}

#[tokio::test]
async fn what_is_no_file_of_tokens_is_told_apart_and_quotes_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    let written =
        |text: &str| owners().create(true).truncate(true).open(&path).unwrap().write_all(text.as_bytes());
    for text in [
        "",
        "{",
        r#"{"access_token":"sesame"}"#,
        r#"{"access_token":"t","token_type":"Bearer","issued_at":"sesame"}"#,
    ] {
        written(text).unwrap();
        let broken = TokenFile::new(&path).load().await.unwrap_err();
        assert!(matches!(fault(&broken), TokenFileFault::NoTokens { .. }), "{broken}");
        assert_eq!(broken.kind, SeamErrorKind::Broken);
        assert!(!format!("{broken} {broken:?}").contains("sesame"), "{broken:?}");
    }

    let nowhere = TokenFile::new(folder.path().join("none/tokens.json"));
    for broken in [nowhere.load().await.unwrap_err(), nowhere.lease().await.unwrap_err()] {
        assert!(matches!(fault(&broken), TokenFileFault::Io { .. }), "{broken}");
        assert_eq!(broken.kind, SeamErrorKind::Broken);
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn nobody_but_the_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        let file = TokenFile::new(&path);
        // What a crash may have left, with whatever permissions.
        fs::write(beside(&path, "new"), "").unwrap();

        file.lease().await.unwrap().save(&some()).await.unwrap();
        assert_eq!((mode(&path), mode(&beside(&path, "lock"))), (0o600, 0o600));

        for open in [0o640, 0o604, 0o620] {
            path.metadata()
                .map(|_| fs::set_permissions(&path, PermissionsExt::from_mode(open)))
                .unwrap()
                .unwrap();
            let broken = file.load().await.unwrap_err();
            assert!(
                matches!(fault(&broken), TokenFileFault::OpenToOthers { mode, .. } if *mode == open),
                "{broken}"
            );
            assert_eq!(broken.kind, SeamErrorKind::Broken);
        }
    }

    #[tokio::test]
    async fn a_link_stays_one_and_shares_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("tokens.json"), folder.path().join("link"));
        let (file, linked) =
            (TokenFile::new(&path), TokenFile::new(&link).with_patience(Duration::from_millis(50)));
        file.lease().await.unwrap().save(&some()).await.unwrap();
        symlink("tokens.json", &link).unwrap();

        linked
            .lease()
            .await
            .unwrap()
            .save(&tokens(r#"{"access_token":"u","token_type":"Bearer","issued_at":2}"#))
            .await
            .unwrap();
        let lease = file.lease().await.unwrap();

        assert!(file.load().await.unwrap().unwrap().access_token.matches("u"));
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert!(linked.lease().await.is_err());
        drop(lease);
    }
}

//! Against `grantway serve`, as a person meets it first.

use std::fs;

use grantway_tests::{Browser, Front, Page};
use serde_json::Value;
use url::Url;

use super::{Ended, Shell, SigningIn, an_id_token_until, get};
use crate::interop::served::Served;

struct Own {
    served: Served,
    bootstrap: Value,
    shell: Shell,
}

impl Own {
    fn start() -> Self {
        let served = Served::start();
        let bootstrap = serde_json::from_str(&fs::read_to_string(served.bootstrap()).unwrap()).unwrap();
        Self { served, bootstrap, shell: Shell::new() }
    }

    fn begins(&self) -> SigningIn {
        let public = self.bootstrap["applications"]["public"]["client_id"].as_str().unwrap();
        self.shell.begins(&["login", self.served.issuer(), "--client-id", public, "--no-browser"])
    }

    /// She signs in, and says whether she agrees.
    async fn answers(&self, begun: SigningIn, consented: &str) -> (Ended, Page) {
        let issuer = self.served.issuer();
        let address = issuer.parse::<Url>().unwrap().socket_addrs(|| None).unwrap();
        let mut browser = Browser::at(issuer, Front::at(address).router);
        let page = browser.open(&begun.url).await;
        let account = |name: &str| self.bootstrap["account"][name].as_str().unwrap();
        let page = browser
            .submit(&page, &[("username", account("username")), ("password", account("password"))])
            .await;
        let back = browser.submit(&page, &[("consented", consented)]).await;
        let callback = back.answer.location().unwrap_or_else(|| panic!("{}", back.words())).to_owned();
        get(&callback);
        (begun.ends(), back)
    }
}

#[tokio::test]
async fn a_person_signs_in_asks_and_gives_back() {
    let own = Own::start();
    let (ended, _) = own.answers(own.begins(), "true").await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.err.contains("is signed in"), "{}", ended.err);
    let (shell, issuer) = (&own.shell, own.served.issuer());

    let userinfo: Value =
        serde_json::from_str(&shell.says(&["request", "GET", &format!("{issuer}/oauth/userinfo")])).unwrap();
    assert!(userinfo["sub"].is_string(), "{userinfo}");
    let token = shell.says(&["token"]);
    assert_eq!(shell.run(&["jwt", &token, "--verify", "--issuer", issuer]).code, 0);
    shell.is_over();
    assert_eq!(shell.tells(&["token", "--json"])["source"], "refresh");
    shell.says(&["revoke"]);
    assert_eq!(shell.run(&["token"]).code, 8);
}

#[tokio::test]
async fn an_id_token_is_renewed_when_it_ends_itself() {
    let own = Own::start();
    let (ended, _) = own.answers(own.begins(), "true").await;
    assert_eq!(ended.code, 0, "{ended:?}");
    let shell = &own.shell;
    shell.changes_kept(|kept| kept["id_token"] = an_id_token_until(1000).into());

    let told = shell.tells(&["token", "--id-token", "--json"]);

    assert_eq!(told["source"], "refresh");
    assert_eq!(told["id_token"], shell.kept()["id_token"]);
    assert_ne!(told["id_token"], an_id_token_until(1000));
    let end = &told["expires_at"];
    shell.changes_kept(|kept| kept["expires_at"] = 9_999_999_999_i64.into());
    assert_eq!(&shell.tells(&["token", "--id-token", "--json"])["expires_at"], end, "it is its own end");
}

#[tokio::test]
async fn a_person_who_says_no_is_told_apart() {
    let own = Own::start();
    let (ended, _) = own.answers(own.begins(), "false").await;
    assert_eq!(ended.code, 6, "{ended:?}");
    assert_eq!(own.shell.run(&["token"]).code, 8);
}

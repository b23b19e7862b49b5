//! What the demo shows. Every value is escaped.

use grantway_core::http::{Language, Page, Reply, escape};
use http::StatusCode;
use serde_json::Value;

use super::Demo;

/// What came of it.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) id_token: Value,
    pub(super) userinfo: Value,
    pub(super) scope: String,
    /// In seconds.
    pub(super) expires_in: Option<u64>,
}

pub(super) fn explain(demo: &Demo) -> Reply {
    let start = start(demo);
    let main = format!(
        "<h1>Try a sign-in</h1>\n\
        <p>This page plays an application that knows nobody. It sends you to the provider, which asks \
        who you are and whether you agree, and sends you back with a code. The application redeems the \
        code and shows what it got.</p>\n\
        <a class=\"button\" href=\"{start}\">Sign in with the demo account</a>\n\
        <p class=\"quiet\">The account's name and password were printed at the first start and lie in \
        bootstrap.json.</p>"
    );
    page(demo, StatusCode::OK, "Try a sign-in", &main)
}

pub(super) fn arrived(demo: &Demo, shown: &Arrived) -> Reply {
    let name = shown.userinfo["name"].as_str().or(shown.userinfo["sub"].as_str()).unwrap_or("somebody");
    let minutes =
        shown.expires_in.map_or_else(String::new, |seconds| format!(", good for {} minutes", seconds / 60));
    let start = start(demo);
    let main = format!(
        "<h1>Signed in</h1>\n\
         <p>The application knows you now as <strong>{}</strong>. It holds an access token{} for: {}.</p>\n\
         <h2>The ID token says</h2>\n<pre>{}</pre>\n\
         <h2>Userinfo says</h2>\n<pre>{}</pre>\n\
         <a class=\"button\" href=\"{start}\">Sign in again</a>",
        escape(name),
        minutes,
        escape(&shown.scope),
        pretty(&shown.id_token),
        pretty(&shown.userinfo),
    );
    page(demo, StatusCode::OK, "Signed in", &main)
}

pub(super) fn failed(demo: &Demo, what: &str, next: &str) -> Reply {
    let start = start(demo);
    let main = format!(
        "<h1>The sign-in did not come to an end</h1>\n\
         <p class=\"alarm\" role=\"alert\">{}</p>\n<p>{}</p>\n\
         <a class=\"button\" href=\"{start}\">Start again</a>",
        escape(what),
        escape(next),
    );
    page(demo, StatusCode::BAD_REQUEST, "The sign-in did not come to an end", &main)
}

fn start(demo: &Demo) -> String {
    escape(&demo.at("/demo/start"))
}

fn page(demo: &Demo, status: StatusCode, title: &str, main: &str) -> Reply {
    demo.parts.pages.page(&Page { language: Language::En, status, title, main })
}

fn pretty(document: &Value) -> String {
    escape(&serde_json::to_string_pretty(document).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::Router;
    use grantway_core::http::PageShell;
    use grantway_core::testing::SeededEntropy;
    use grantway_jose::seal::{RootKey, RootSealer};
    use serde_json::json;

    use super::*;
    use crate::config::issuer::Issuer;
    use crate::demo::DemoParts;

    #[test]
    fn what_is_shown_is_text() {
        let script = "<script>alert(1)</script>";
        let shown = Arrived {
            id_token: json!({"nonce": script}),
            userinfo: json!({"name": script}),
            scope: script.into(),
            expires_in: Some(3600),
        };
        let demo = Demo::new(DemoParts {
            issuer: Issuer::new("http://127.0.0.1:1", &[]).unwrap(),
            instance: "ins_1".parse().unwrap(),
            entropy: Arc::new(SeededEntropy::new(1)),
            sealer: Arc::new(RootSealer::new(
                &RootKey::generate(&SeededEntropy::new(1)).into(),
                Arc::new(SeededEntropy::new(1)),
            )),
            provider: Router::new(),
            pages: PageShell::new(),
        });
        for page in [arrived(&demo, &shown), failed(&demo, script, script)] {
            assert!(!String::from_utf8_lossy(&page.body).contains("<script"));
        }
    }
}

//! A person at a browser, once for each connection: pages, forms, cookies.

use std::collections::BTreeMap;

use url::{Position, Url};

use crate::form::Form;
use crate::http::{Answer, Connection, Wrong};
use crate::target::{Target, get, post};

/// What a browser would send along, whatever the path.
#[derive(Debug, Default)]
pub(super) struct Cookies(BTreeMap<String, String>);

impl Cookies {
    pub(super) fn keep(&mut self, answer: &Answer) {
        for line in &answer.cookies {
            let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            if line.contains("Max-Age=0") || line.contains("01 Jan 1970") {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub(super) fn header(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("cookie: {}\r\n", pairs.join("; "))
    }
}

/// Follows an authorization request until it leaves for the application, doing what pages ask.
pub(super) async fn sign_in(
    target: &Target,
    connection: &mut Connection,
    cookies: &mut Cookies,
    address: String,
) -> Result<(), Wrong> {
    let origin = Url::parse(&format!("http://{}/", target.address))?;
    let mut url = origin.join(&address)?;
    let mut filled: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let path = &url[Position::BeforePath..Position::AfterQuery];
        let request = match filled.take() {
            None => get(target.address, path, &cookies.header()),
            Some(body) => {
                let origin = url.origin().ascii_serialization();
                let headers = format!("{}origin: {origin}\r\n", cookies.header());
                post(target.address, path, &headers, &body)
            }
        };
        let answer = connection.ask(&request).await?;
        cookies.keep(&answer);
        if let Some(location) = &answer.location {
            url = url.join(location)?;
            if url.origin() != origin.origin() {
                return arrived(target, &url);
            }
            continue;
        }
        let answer = answer.expect(200)?;
        let form = Form::first_of(&answer.text())
            .ok_or_else(|| Wrong::new(format_args!("a page without a form: {}", answer.text())))?;
        filled = Some(form.filled_in(target.person.username, target.person.password));
        url = url.join(&form.action)?;
    }
    Err(Wrong::new(format_args!("still at {url} after {MOST_PAGES} pages")))
}

fn arrived(target: &Target, url: &Url) -> Result<(), Wrong> {
    let with_code = url.query_pairs().any(|(name, _)| name == "code");
    if with_code && url.as_str().starts_with(target.application.redirect_uri) {
        return Ok(());
    }
    Err(Wrong::new(format_args!("sent to {url} without a code")))
}

const MOST_PAGES: usize = 12;

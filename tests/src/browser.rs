use std::collections::BTreeMap;

use axum::body::Body;
use http::header::{CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE};
use http::{Method, Request};
use scraper::{Html, Selector};
use url::Url;

use crate::{Answer, Form, ISSUER};

/// A person at a browser: cookies, redirects on our own origin, forms; no script.
#[derive(Clone, Debug)]
pub struct Browser {
    router: axum::Router,
    origin: Url,
    cookies: BTreeMap<String, String>,
    follows: usize,
}

/// A page a browser shows, and where it came from.
#[derive(Debug)]
pub struct Page {
    /// The address in the bar.
    pub url: Url,
    /// The last answer: a page, or the redirect that leaves our origin.
    pub answer: Answer,
}

impl Browser {
    /// Without any cookie.
    #[must_use]
    pub fn new(router: axum::Router) -> Self {
        Self::at(ISSUER, router)
    }

    /// The same for a provider that calls itself otherwise.
    ///
    /// # Panics
    /// If the origin is no URL.
    #[must_use]
    pub fn at(origin: &str, router: axum::Router) -> Self {
        let origin = Url::parse(origin).expect("the origin is a URL");
        Self { router, origin, cookies: BTreeMap::new(), follows: 10 }
    }

    /// Follows a link; redirects are followed while they stay on our origin.
    pub async fn open(&mut self, address: &str) -> Page {
        self.walk(Method::GET, address, None).await
    }

    /// Fills in the only form of a page and presses the button of that name and value, or the only one.
    ///
    /// # Panics
    /// If the page has no form.
    pub async fn submit(&mut self, page: &Page, filled: &[(&str, &str)]) -> Page {
        self.fill_in(page.form().expect("the page has a form"), filled).await
    }

    /// The same with one form of several.
    pub async fn fill_in(&mut self, form: Form, filled: &[(&str, &str)]) -> Page {
        let mut fields = form.fields;
        for (name, value) in filled {
            fields.retain(|(own, _)| own != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        self.walk(Method::POST, form.action.as_str(), Some(body)).await
    }

    /// Posts a body as a form of our own pages would.
    pub async fn post(&mut self, address: &str, body: String) -> Page {
        self.walk(Method::POST, address, Some(body)).await
    }

    /// The cookies it holds.
    #[must_use]
    pub const fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }

    /// Puts a cookie in, as an attacker on a sibling domain might.
    pub fn plant_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    async fn walk(&mut self, method: Method, address: &str, body: Option<String>) -> Page {
        let own = self.origin.clone();
        let mut url = own.join(address).expect("an address of our own");
        let mut answer = self.ask(method, &url, body).await;
        for _ in 0..self.follows {
            let Some(target) = answer.location().and_then(|target| url.join(target).ok()) else { break };
            if target.origin() != own.origin() {
                break;
            }
            url = target;
            answer = self.ask(Method::GET, &url, None).await;
        }
        Page { url, answer }
    }

    async fn ask(&mut self, method: Method, url: &Url, body: Option<String>) -> Answer {
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut request = Request::builder().method(method).uri(path);
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        if body.is_some() {
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(ORIGIN, url.origin().ascii_serialization());
        }
        let request = request.body(Body::from(body.unwrap_or_default())).expect("a well-formed request");
        let answer = Answer::of(&self.router, request).await;
        for set in answer.headers.get_all(SET_COOKIE) {
            let set = set.to_str().expect("a cookie in ASCII");
            let pair = set.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                if set.contains("Max-Age=0") {
                    self.cookies.remove(name);
                } else {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        answer
    }
}

impl Page {
    /// What it says, without tags.
    #[must_use]
    pub fn words(&self) -> String {
        let document = Html::parse_document(&self.answer.text());
        let main = Selector::parse("main").expect("a selector");
        let words: Vec<_> = document.select(&main).flat_map(|main| main.text()).collect();
        words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A parameter of its own address.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
    }

    /// Its first form.
    #[must_use]
    pub fn form(&self) -> Option<Form> {
        self.forms().into_iter().next()
    }

    /// Its first form that posts to that path.
    #[must_use]
    pub fn form_to(&self, path: &str) -> Option<Form> {
        self.forms().into_iter().find(|form| form.action.path() == path)
    }

    fn forms(&self) -> Vec<Form> {
        Form::all(&self.answer.text(), &self.url)
    }
}

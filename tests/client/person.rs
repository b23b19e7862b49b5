//! A person at a browser, who does what the pages of a provider ask.

use axum::body::Bytes;
use grantway_client::Transport;
use grantway_tests::conformance::Jar;
use grantway_tests::{Answer, Button, Form};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, ORIGIN};
use http::{Method, Request};
use url::Url;
use url::form_urlencoded::Serializer;

use super::parts::transport;

/// Keeps cookies, follows redirects, and fills in whatever form a page shows.
pub(crate) struct Person {
    transport: Transport,
    jar: Jar,
    password: &'static str,
    /// The button that she presses where there is one of that name and value; else the first.
    presses: (&'static str, &'static str),
    /// Does she leave it at that?
    then_stops: bool,
}

/// Where the pages led.
#[derive(Debug)]
enum End {
    /// Back to the application, which reads that: a query, or a form that was posted.
    Back(String),
    /// To a page that asks for nothing more.
    Page(String),
}

impl Person {
    /// Ada, who agrees to everything.
    pub(crate) fn ada(password: &'static str) -> Self {
        Self {
            transport: transport(),
            jar: Jar::default(),
            password,
            presses: ("consented", "true"),
            then_stops: false,
        }
    }

    /// The same, who says no by that button, and does nothing at the pages after that.
    pub(super) fn refusing_by(self, name: &'static str, value: &'static str) -> Self {
        Self { presses: (name, value), then_stops: true, ..self }
    }

    /// What she brings back to the application at `redirect_uri`.
    pub(crate) async fn brings_back(&mut self, url: &str, redirect_uri: &str) -> String {
        match self.follow(url, redirect_uri).await {
            End::Back(query) => query,
            End::Page(html) => panic!("she ended at a page and not back at {redirect_uri}:\n{html}"),
        }
    }

    /// The page that she ends at.
    pub(crate) async fn ends_at(&mut self, url: &str) -> String {
        match self.follow(url, "https://nowhere.test/").await {
            End::Page(html) => html,
            End::Back(query) => panic!("she was sent away with {query}"),
        }
    }

    async fn follow(&mut self, url: &str, redirect_uri: &str) -> End {
        let mut next = (Method::GET, Url::parse(url).unwrap(), String::new());
        let mut stopped = false;
        for _ in 0..MOST_HOPS {
            let (_, at, _) = &next;
            if is_at(at, redirect_uri) {
                return End::Back(at.query().unwrap_or_default().to_owned());
            }
            let at = at.clone();
            let answer = self.ask(next).await;
            if let Some(location) = answer.location().filter(|_| answer.status.is_redirection()) {
                next = (Method::GET, at.join(location).unwrap(), String::new());
                continue;
            }
            let forms = Form::all(&answer.text(), &at);
            assert!(answer.status.is_success(), "{at} answered {}:\n{}", answer.status, answer.text());
            if let Some(form) = forms.iter().find(|form| is_at(&form.action, redirect_uri)) {
                return End::Back(encoded(&form.fields));
            }
            match forms.into_iter().find(|form| !form.buttons.is_empty() || form.is_hidden()) {
                Some(form) if !stopped => {
                    stopped = self.then_stops && form.buttons.iter().any(|button| self.prefers(button));
                    next = self.filled(form);
                }
                Some(_) | None => return End::Page(answer.text()),
            }
        }
        panic!("{MOST_HOPS} pages and redirects end nowhere; the last was {}", next.1);
    }

    async fn ask(&mut self, (method, url, body): (Method, Url, String)) -> Answer {
        let mut request = Request::builder().method(&method).uri(url.as_str()).header(ACCEPT, "text/html");
        if let Some(cookies) = self.jar.header(&url) {
            request = request.header(COOKIE, cookies);
        }
        if method == Method::POST {
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(ORIGIN, url.origin().ascii_serialization());
        }
        let answer = self.transport.send(request.body(Bytes::from(body)).unwrap()).await;
        let (head, body) = answer.unwrap_or_else(|fault| panic!("{url}: {fault}")).into_parts();
        let answer = Answer { status: head.status, headers: head.headers, body: body.to_vec() };
        self.jar.keep(&url, &answer);
        answer
    }

    fn prefers(&self, button: &Button) -> bool {
        (button.name.as_deref(), button.value.as_str()) == (Some(self.presses.0), self.presses.1)
    }

    fn filled(&self, form: Form) -> (Method, Url, String) {
        let answered = form.fields.into_iter().zip(&form.inputs).map(|((name, value), input)| {
            let value = match &*input.kind {
                "password" => self.password.to_owned(),
                "text" | "email" if matches!(&*name, "login" | "username") => "ada".to_owned(),
                _ => value,
            };
            (name, value)
        });
        let mut fields: Vec<_> = answered.collect();
        let pressed =
            form.buttons.iter().find(|button| self.prefers(button)).or_else(|| form.buttons.first());
        if let Some(Button { name: Some(name), value }) = pressed {
            fields.push((name.clone(), value.clone()));
        }
        if form.method == "post" {
            return (Method::POST, form.action, encoded(&fields));
        }
        let mut url = form.action;
        url.query_pairs_mut().clear().extend_pairs(&fields);
        (Method::GET, url, String::new())
    }
}

fn encoded(fields: &[(String, String)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn is_at(url: &Url, redirect_uri: &str) -> bool {
    url.as_str().split('?').next() == Some(redirect_uri)
}

const MOST_HOPS: usize = 25;

use http::StatusCode;
use url::Url;

use super::Suite;
use super::cast::Cast;
use super::condition::Stop;
use super::http::Form as Fields;
use super::jar::Jar;
use super::pages::Pages;
use crate::{Answer, Button, Form, Input};

/// A person at a browser: keeps cookies, follows redirects, fills in what pages ask for.
#[derive(Clone, Debug)]
pub(crate) struct Person<'a> {
    suite: &'a Suite,
    jar: Jar,
}

/// What a person is willing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hands {
    /// Signs in, and agrees to everything.
    Willing,
    /// Looks at the first page that asks for something.
    Folded,
}

/// Where a person sets out to.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) url: Url,
    /// A link if there is none.
    pub(crate) form: Option<Fields>,
    /// Of the page that it is on.
    pub(crate) origin: Option<String>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) end: End,
    /// Was there a page to sign in at?
    pub(crate) signed_in: bool,
    /// A status that makes a browser send the password on to where it redirects.
    pub(crate) password_sent_on: Option<StatusCode>,
}

#[derive(Debug)]
pub(crate) enum End {
    /// The application was called back.
    Called(Call),
    /// A page that asks for nothing, or for what the person does not do.
    Page(Page),
}

/// An application is called back, through the browser.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) url: Url,
    pub(crate) by: By,
}

#[derive(Clone, Debug)]
pub(crate) enum By {
    Redirect(StatusCode),
    Form { method: String, enctype: String, fields: Fields },
}

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) answer: Answer,
    pub(crate) asks: Asks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    Nothing,
    /// Who one is.
    Password,
    /// Some button to be pressed.
    Press,
}

impl Link {
    pub(crate) const fn to(url: Url) -> Self {
        Self { url, form: None, origin: None }
    }
}

impl<'a> Person<'a> {
    pub(crate) fn new(suite: &'a Suite) -> Self {
        Self { suite, jar: Jar::default() }
    }

    /// Goes on until the browser is sent to one of the `watched` addresses, or there is nothing to do.
    pub(crate) fn follow(&mut self, link: Link, watched: &[&str], hands: Hands) -> Result<Walk, Stop> {
        let mut way = Way { link, with_password: false, passwords: 0, sent_on: None };
        for _ in 0..MOST_HOPS {
            if let Some(end) = self.step(&mut way, watched, hands)? {
                return Ok(Walk { end, signed_in: way.passwords > 0, password_sent_on: way.sent_on });
            }
        }
        let last = way.link.url;
        Err(Stop::Broken(format!("{MOST_HOPS} pages and redirects end nowhere; the last was {last}")))
    }

    fn step(&mut self, way: &mut Way, watched: &[&str], hands: Hands) -> Result<Option<End>, Stop> {
        let answer = self.ask(&way.link)?;
        if let Some(target) = onward(&way.link.url, &answer) {
            return Ok(way.redirected(target, answer.status, watched));
        }
        let forms = Form::all(&answer.text(), &way.link.url);
        if let Some(form) = forms.iter().find(|form| watched.iter().any(|at| is_at(&form.action, at))) {
            return Ok(Some(End::Called(Call::by_form(form))));
        }
        let (form, asks) = chosen(&forms, &self.suite.cast.pages);
        let willing = asks == Asks::Nothing || hands == Hands::Willing;
        let Some(form) = form.filter(|_| willing) else {
            return Ok(Some(End::Page(Page { url: way.link.url.clone(), answer, asks })));
        };
        way.with_password = asks == Asks::Password;
        way.passwords += usize::from(way.with_password);
        if way.passwords > MOST_PASSWORDS {
            let at = &way.link.url;
            return Err(Stop::Broken(format!(
                "the person is asked for the password again and again at {at}"
            )));
        }
        way.link = self.filled(form, &way.link.url);
        Ok(None)
    }

    fn ask(&mut self, link: &Link) -> Result<Answer, Stop> {
        let cookies = self.jar.header(&link.url);
        let mut headers = vec![("accept", "text/html,application/xhtml+xml")];
        headers.extend(cookies.as_deref().map(|cookies| ("cookie", cookies)));
        let answer = match &link.form {
            None => self.suite.http.get(&link.url, &headers)?,
            Some(form) => {
                headers.extend(link.origin.as_deref().map(|origin| ("origin", origin)));
                self.suite.http.post(&link.url, &headers, form)?
            }
        };
        self.jar.keep(&link.url, &answer);
        Ok(answer)
    }

    fn filled(&self, form: &Form, page: &Url) -> Link {
        let Cast { person, pages, .. } = &self.suite.cast;
        let fill = |((name, value), input): (&(String, String), &Input)| {
            let value = if pages.is_password(name, input) {
                &person.password
            } else if pages.is_username(name, input) {
                &person.username
            } else {
                value
            };
            (name.clone(), value.clone())
        };
        let mut fields: Fields = form.fields.iter().zip(&form.inputs).map(fill).collect();
        if let Some(Button { name: Some(name), value }) = pages.pressed(form) {
            fields.push((name.clone(), value.clone()));
        }
        if form.method == "post" {
            return Link {
                url: form.action.clone(),
                form: Some(fields),
                origin: Some(page.origin().ascii_serialization()),
            };
        }
        let mut url = form.action.clone();
        url.query_pairs_mut().clear().extend_pairs(&fields);
        Link::to(url)
    }
}

/// Where a person is between two pages.
struct Way {
    link: Link,
    /// Was the form just sent one with a password?
    with_password: bool,
    passwords: usize,
    sent_on: Option<StatusCode>,
}

impl Way {
    fn redirected(&mut self, target: Url, status: StatusCode, watched: &[&str]) -> Option<End> {
        // RFC 9110 section 15.4.8: by these the form goes on as it was sent.
        let keeps_form = matches!(status.as_u16(), 307 | 308) && self.link.form.is_some();
        if keeps_form && self.with_password {
            self.sent_on = Some(status);
        }
        if watched.iter().any(|watched| is_at(&target, watched)) {
            return Some(End::Called(Call { url: target, by: By::Redirect(status) }));
        }
        if keeps_form {
            self.link.url = target;
        } else {
            self.link = Link::to(target);
        }
        None
    }
}

impl Call {
    fn by_form(form: &Form) -> Self {
        let Form { action, method, enctype, fields, .. } = form.clone();
        Self { url: action, by: By::Form { method, enctype, fields } }
    }

    /// What the application is told, wherever it stands.
    pub(crate) fn parameters(&self) -> Fields {
        match &self.by {
            By::Form { fields, .. } => fields.clone(),
            By::Redirect(_) => self.url.query_pairs().into_owned().collect(),
        }
    }
}

impl Page {
    /// What it is, for a sentence.
    pub(crate) fn described(&self) -> String {
        let asks = match self.asks {
            Asks::Nothing => "",
            Asks::Password => " that asks for a password",
            Asks::Press => " that asks for a decision",
        };
        format!("a page of status {}{asks} at {}", self.answer.status.as_u16(), self.url.path())
    }
}

/// The form that the page is about: one for a password, else the first that can be sent.
fn chosen<'f>(forms: &'f [Form], pages: &Pages) -> (Option<&'f Form>, Asks) {
    let asks_password = |form: &&Form| {
        form.fields.iter().zip(&form.inputs).any(|((name, _), input)| pages.is_password(name, input))
    };
    if let Some(form) = forms.iter().find(asks_password) {
        return (Some(form), Asks::Password);
    }
    // A script sends what has nothing for a person on it.
    match forms.iter().find(|form| !form.buttons.is_empty() || form.is_hidden()) {
        None => (None, Asks::Nothing),
        Some(form) if form.buttons.is_empty() => (Some(form), Asks::Nothing),
        Some(form) => (Some(form), Asks::Press),
    }
}

fn onward(url: &Url, answer: &Answer) -> Option<Url> {
    let redirects = matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    url.join(answer.location().filter(|_| redirects)?).ok()
}

fn is_at(url: &Url, watched: &str) -> bool {
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    Url::parse(watched).is_ok_and(|mut watched| {
        watched.set_query(None);
        watched.set_fragment(None);
        watched == bare
    })
}

const MOST_HOPS: usize = 25;
const MOST_PASSWORDS: usize = 3;

//! `/connection-test`: the same test for people, as a form and as an answer that is explained.
//!
//! The form needs no mark that it is ours: what it opens is opened by the API key that is typed into it, and nothing that
//! a browser sends by itself.

mod presets;
mod typed;

use askama::Template;
use grantway_core::audit::Event;
use grantway_core::http::{Form, FormFault, Language, Page, Reply};
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use http::header::ALLOW;
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use self::presets::{PRESETS, Preset};
use self::typed::{Amiss, Typed};
use crate::Doctor;
use crate::connection_test::{Refused, TestAnswer};
use crate::messages::Messages;

/// Why there is nothing in a request to go by.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unreadable {
    NotAForm,
    TooLarge,
    Encoding,
}

impl Unreadable {
    pub(crate) const fn of(fault: &FormFault) -> Self {
        match fault {
            FormFault::TooLarge => Self::TooLarge,
            FormFault::Encoding | FormFault::Repeated(_) | FormFault::RepeatedOther => Self::Encoding,
        }
    }
}

/// What was posted, and which fields have characters of control.
#[derive(Debug)]
pub(crate) struct Pasted {
    form: Form,
    odd: Vec<String>,
}

impl Pasted {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Unreadable> {
        let read = Form::parse_pasted(body).and_then(|(form, odd)| {
            form.without_repetition()?;
            Ok(Self { form, odd })
        });
        read.map_err(|fault| Unreadable::of(&fault))
    }
}

/// GET: the form, filled in as far as a preset goes.
pub(crate) fn show(doctor: &Doctor, headers: &HeaderMap, query: &Form) -> Reply {
    let preset = query.one("preset").ok().flatten().and_then(Preset::of);
    let page = ConnectionTestPage {
        preset,
        typed: preset.map_or_else(Typed::default, Typed::of_preset),
        ..ConnectionTestPage::new(Speech::of(headers, query))
    };
    render(doctor, StatusCode::OK, &page)
}

/// POST: the test is made, if whoever asks may have it made.
pub(crate) async fn submit(doctor: &Doctor, headers: &HeaderMap, pasted: &Pasted) -> Reply {
    let form = &pasted.form;
    let speech = Speech::of(headers, form);
    let typed = Typed::of(form);
    let again = |problem| ConnectionTestPage {
        typed: typed.clone(),
        problem: Some(problem),
        ..ConnectionTestPage::new(speech)
    };
    let say = speech.say();
    let entered = match form.one("api_key").ok().flatten() {
        Some(shown) => doctor.door.enter(&Secret::new(shown), &typed.project_id).await,
        None => Err(Refused::Nobody),
    };
    let admitted = match entered {
        Ok(admitted) => admitted,
        Err(refused) => {
            let page = again(Problem::of_refusal(say, refused));
            return refused.dress(render(doctor, refused.status(), &page));
        }
    };
    let reply = match typed.settings(pasted) {
        Err(amiss) => {
            render(doctor, StatusCode::UNPROCESSABLE_ENTITY, &again(Problem::of_settings(say, amiss)))
        }
        Ok(settings) => {
            let answer = doctor.tested(&admitted, &settings, true).await.concealed(|_| "…".to_owned());
            let page = ConnectionTestPage { typed, answer: Some(answer), ..ConnectionTestPage::new(speech) };
            render(doctor, StatusCode::OK, &page)
        }
    };
    admitted.left.tell(reply)
}

/// The form anew: what was in it cannot be known.
pub(crate) fn unreadable(doctor: &Doctor, headers: &HeaderMap, why: Unreadable) -> Reply {
    let speech = Speech::of_headers(headers);
    let say = speech.say();
    let (status, words) = match why {
        Unreadable::NotAForm => (StatusCode::UNSUPPORTED_MEDIA_TYPE, say.not_a_form),
        Unreadable::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, say.too_much),
        Unreadable::Encoding => (StatusCode::BAD_REQUEST, say.unreadable),
    };
    let problem = Some(Problem { words: words.to_owned(), field: "" });
    render(doctor, status, &ConnectionTestPage { problem, ..ConnectionTestPage::new(speech) })
}

/// The address exists, the method does not (RFC 9110 section 15.5.6).
pub(crate) fn wrong_method(doctor: &Doctor, headers: &HeaderMap, method: &Method) -> Reply {
    let speech = Speech::of_headers(headers);
    let problem = Some(Problem { words: (speech.say().wrong_method)(method.as_str()), field: "" });
    let page = ConnectionTestPage { problem, ..ConnectionTestPage::new(speech) };
    let allowed = HeaderValue::from_static("GET, HEAD, POST");
    render(doctor, StatusCode::METHOD_NOT_ALLOWED, &page).with(ALLOW, allowed)
}

fn render(doctor: &Doctor, status: StatusCode, page: &ConnectionTestPage) -> Reply {
    let title = page.title();
    // Whoever hears the page hears its title first: that what she sent came back.
    let again = page.problem.is_some().then(|| (page.say.again_title)(title));
    match page.render() {
        Ok(main) => {
            let title = again.as_deref().unwrap_or(title);
            doctor.pages.page(&Page { language: page.speech.language, status, title, main: &main })
        }
        Err(fault) => {
            doctor.audit.record(Event::from(&SeamError::broken("connection test page", fault)));
            Reply::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// In which language a person is spoken to; one that an address asks for stays in the forms.
#[derive(Clone, Copy, Debug)]
struct Speech {
    language: Language,
    asked: Option<Language>,
}

impl Speech {
    fn of(headers: &HeaderMap, form: &Form) -> Self {
        let asked = Language::asked_for(form);
        Self { language: asked.unwrap_or_else(|| Language::of_headers(headers)), asked }
    }

    fn of_headers(headers: &HeaderMap) -> Self {
        Self { language: Language::of_headers(headers), asked: None }
    }

    const fn say(self) -> &'static Messages {
        Messages::of(self.language)
    }
}

/// What is the matter with what was sent.
#[derive(Debug)]
struct Problem {
    words: String,
    /// Which field it is about; empty, if it is about none.
    field: &'static str,
}

impl Problem {
    fn of_refusal(say: &Messages, refused: Refused) -> Self {
        let (words, field) = match refused {
            Refused::Nobody => (say.key_missing.to_owned(), "api_key"),
            Refused::Unknown => (say.key_unknown.to_owned(), "api_key"),
            Refused::TooMany(_) => ((say.too_often)("1"), ""),
            Refused::TooOften(left) => ((say.too_often)(&left.reset.to_string()), ""),
            Refused::OtherProject(_) => (say.other_project.to_owned(), "project_id"),
            Refused::NoProject(_) => (say.no_project.to_owned(), "project_id"),
            Refused::Scope(_) => (say.scope_missing.to_owned(), "api_key"),
            Refused::Unavailable => (say.unavailable.to_owned(), ""),
        };
        Self { words, field }
    }

    fn of_settings(say: &Messages, amiss: Amiss) -> Self {
        let (words, field) = match amiss {
            Amiss::Missing(field) => (say.field_missing.to_owned(), field),
            Amiss::Braces(field) => (say.braces_left.to_owned(), field),
            Amiss::Control(field) => (say.control_characters.to_owned(), field),
            Amiss::SigningKey => (say.signing_key_unreadable.to_owned(), "signing_key"),
            Amiss::Other => (say.unreadable.to_owned(), ""),
        };
        Self { words, field }
    }
}

#[derive(Template)]
#[template(path = "connection_test.html")]
struct ConnectionTestPage {
    say: &'static Messages,
    speech: Speech,
    preset: Option<&'static Preset>,
    typed: Typed,
    problem: Option<Problem>,
    answer: Option<TestAnswer>,
}

impl ConnectionTestPage {
    fn new(speech: Speech) -> Self {
        Self { say: speech.say(), speech, preset: None, typed: Typed::default(), problem: None, answer: None }
    }

    fn title(&self) -> &'static str {
        match &self.answer {
            None => self.say.title,
            Some(answer) if answer.data.success => self.say.works_title,
            Some(_) => self.say.fails_title,
        }
    }

    fn ui_locales(&self) -> Option<&'static str> {
        self.speech.asked.map(Language::tag)
    }

    /// What is said in English whatever the page speaks, as the API says it.
    fn is_english(&self) -> bool {
        self.speech.language == Language::En
    }

    fn is_amiss(&self, field: &str) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.field == field)
    }

    /// What is folded up cannot be seen to be marked.
    fn is_amiss_in(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.is_amiss(field))
    }

    /// Where whoever has nothing to read first begins to type.
    fn is_first(&self, field: &str) -> bool {
        match &self.problem {
            None => self.answer.is_none() && self.preset.is_none() && field == "project_id",
            Some(problem) => problem.field == field,
        }
    }

    fn phase(&self, name: &'static str) -> &'static str {
        match name {
            "assertion" => self.say.phase_assertion,
            "address" => self.say.phase_address,
            "connect" => self.say.phase_connect,
            "tls" => self.say.phase_tls,
            "request" => self.say.phase_request,
            "reply" => self.say.phase_reply,
            "fields" => self.say.phase_fields,
            other => other,
        }
    }
}

/// The fields that are folded up for those who need none of them.
const ASSERTION: &[&str] = &["signing_key", "signing_algorithm", "issuer", "subject", "assertion_audience"];
const MORE: &[&str] = &["grant_type", "access_token", "token_type", "expires_in", "expiry_time_unit"];

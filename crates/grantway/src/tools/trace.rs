//! What was asked and what was answered: told while it happens, and written down.

mod curl;
mod document;
mod har;
mod text;
mod told;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use grantway_client::{Exchange, Witness};
use grantway_core::time::Timestamp;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use url::form_urlencoded;

use self::document::Document;
use self::text::{NAMELESS, Text, is_padding};
use super::flags::TraceFlags;
use super::masked::looks_secret;
use super::moment;
use super::private_file;
use crate::outcome::{Exit, Failure};
use crate::say;

/// Sees every request. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Journal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    tell: bool,
    show_secrets: bool,
    har: Option<PathBuf>,
    curl: Option<PathBuf>,
    steps: Mutex<Vec<Step>>,
    asked_for_tokens: AtomicBool,
}

/// One request, and what came of it.
#[derive(Debug)]
struct Step {
    at: Timestamp,
    took: Duration,
    method: String,
    /// Without its query.
    url: Text,
    query: Vec<Parameter>,
    headers: Vec<Field>,
    body: Body,
    outcome: Outcome,
}

#[derive(Debug)]
enum Outcome {
    Answered { status: StatusCode, headers: Vec<Field>, body: Body },
    Not(Text),
}

/// What a message carries.
#[derive(Debug)]
enum Body {
    Nothing,
    Form(Vec<Parameter>),
    Json(Document),
    /// Of a resource, which is whoever asked's own affair.
    Other {
        content_type: Option<String>,
        bytes: usize,
    },
}

#[derive(Debug)]
struct Field {
    name: String,
    value: Text,
}

impl Field {
    fn new(name: impl Into<String>, value: impl AsRef<str>) -> Self {
        let name = name.into();
        Self { value: Text::of(&name, value.as_ref()), name }
    }
}

/// Of a form or of a query.
#[derive(Debug)]
enum Parameter {
    Named(Field),
    /// One without an equals sign: nothing tells what it is, so it is taken for a secret.
    Nameless(Text),
}

impl Parameter {
    fn all(text: &[u8]) -> Vec<Self> {
        let decoded = |part| form_urlencoded::parse(part).map(|(name, value)| (name, value, has_name(part)));
        text.split(|byte| *byte == b'&')
            .flat_map(decoded)
            .map(|(name, value, has_name)| {
                if has_name && !looks_secret(&name) {
                    return Self::Named(Field::new(name, value));
                }
                let whole = if value.is_empty() { name.into_owned() } else { format!("{name}={value}") };
                Self::Nameless(Text::secret(NAMELESS, &whole))
            })
            .collect()
    }

    /// With what stands between its name and its value.
    fn shown(&self, between: &str, show_secrets: bool) -> String {
        match self {
            Self::Named(field) => format!("{}{between}{}", field.name, field.value.shown(show_secrets)),
            Self::Nameless(value) => value.shown(show_secrets),
        }
    }
}

impl Journal {
    /// Refuses before anything is asked what could not be written in the end.
    pub(crate) fn new(flags: &TraceFlags) -> Result<Self, Failure> {
        if let (Some(har), Some(curl)) = (&flags.trace_har, &flags.trace_curl)
            && place(har) == place(curl)
        {
            return Err(Failure::new(
                Exit::Usage,
                "--trace-har and --trace-curl name the same file",
                "one of them would take the place of the other",
                "name two files",
            ));
        }
        for path in [&flags.trace_har, &flags.trace_curl].into_iter().flatten() {
            can_write(path).map_err(|why| {
                let what = format!("{} cannot be written", path.display());
                Failure::new(Exit::CouldNotRun, what, why, "name another file")
            })?;
        }
        Ok(Self(Arc::new(Inner {
            tell: flags.trace,
            show_secrets: flags.secrets_shown()?,
            har: flags.trace_har.clone(),
            curl: flags.trace_curl.clone(),
            steps: Mutex::default(),
            asked_for_tokens: AtomicBool::new(false),
        })))
    }

    /// Has this process itself asked for tokens?
    pub(crate) fn asked_for_tokens(&self) -> bool {
        self.0.asked_for_tokens.load(Ordering::Relaxed)
    }

    /// Tells something that is not a request.
    pub(crate) fn tell(&self, text: &str) {
        if self.0.tell {
            say::story(&format!("{0}     {text}{0:#}", say::FAINT));
        }
    }

    /// Writes down what was asked; the command has ended, well or not, and ends no other way by this.
    pub(crate) fn write(&self) {
        let steps = self.steps();
        for (path, text) in [
            (&self.0.har, self.0.har.as_ref().map(|_| har::archive(&steps))),
            (&self.0.curl, self.0.curl.as_ref().map(|_| curl::script(&steps))),
        ] {
            if let (Some(path), Some(text)) = (path, text)
                && let Err(why) = write(path, &text)
            {
                say::warning(&format!("{} cannot be written: {why}", path.display()));
            }
        }
    }

    fn steps(&self) -> MutexGuard<'_, Vec<Step>> {
        self.0.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the place of the file that was there, if any was.
fn write(path: &Path, text: &str) -> io::Result<()> {
    of_its_own(path)?;
    private_file::replace(path, text.as_bytes())
}

fn can_write(path: &Path) -> io::Result<()> {
    of_its_own(path)?;
    private_file::can_replace(path)
}

fn of_its_own(path: &Path) -> io::Result<()> {
    if path.file_name().is_none() || fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::other(
            "it is there, and is no file of its own: a link, a folder, a pipe or a device",
        ));
    }
    Ok(())
}

/// Where a path leads, however it is written.
fn place(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
}

impl Witness for Journal {
    fn saw(&self, exchange: &Exchange<'_>) {
        let step = Step::of(exchange);
        if let Body::Form(fields) = &step.body
            && fields
                .iter()
                .any(|field| matches!(field, Parameter::Named(field) if field.name == "grant_type"))
        {
            self.0.asked_for_tokens.store(true, Ordering::Relaxed);
        }
        let mut steps = self.steps();
        if self.0.tell {
            say::story(&told::told(steps.len() + 1, &step, self.0.show_secrets));
        }
        if self.0.har.is_some() || self.0.curl.is_some() || self.0.tell {
            steps.push(step);
        }
    }
}

impl Step {
    fn of(exchange: &Exchange<'_>) -> Self {
        let request = exchange.request;
        let whole = request.uri().to_string();
        let whole = whole.split('#').next().unwrap_or_default();
        let (url, query) = whole.split_once('?').unwrap_or((whole, ""));
        let outcome = match exchange.outcome {
            Ok(answer) => Outcome::Answered {
                status: answer.status(),
                headers: fields(answer.headers()),
                body: Body::of(answer.headers(), answer.body()),
            },
            Err(fault) => Outcome::Not(Text::within(&fault.to_string())),
        };
        Self {
            at: moment::now(),
            took: exchange.took,
            method: request.method().to_string(),
            url: Text::within(url),
            query: Parameter::all(query.as_bytes()),
            headers: fields(request.headers()),
            body: Body::of(request.headers(), request.body()),
            outcome,
        }
    }
}

impl Body {
    fn of(headers: &HeaderMap, body: &[u8]) -> Self {
        if body.is_empty() {
            return Self::Nothing;
        }
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type
            .and_then(|value| value.split(';').next())
            .map(|value| value.trim().to_ascii_lowercase());
        match essence.as_deref() {
            Some("application/x-www-form-urlencoded") => Self::Form(Parameter::all(body)),
            Some(json) if json == "application/json" || json.ends_with("+json") => {
                serde_json::from_slice(body)
                    .map_or_else(|_| Self::other(content_type, body), |json| Self::Json(Document::of(json)))
            }
            _ => Self::other(content_type, body),
        }
    }

    fn other(content_type: Option<&str>, body: &[u8]) -> Self {
        Self::Other { content_type: content_type.map(str::to_owned), bytes: body.len() }
    }
}

/// As it is sent: does it begin with a name?
fn has_name(part: &[u8]) -> bool {
    let value = part.iter().position(|byte| *byte == b'=').map(|equals| &part[equals + 1..]);
    value.is_some_and(|value| !is_padding(value))
}

fn fields(headers: &HeaderMap) -> Vec<Field> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| Field::new(name.as_str(), text(value))).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use grantway_core::seam::{FetchFault, FetchFaultKind};
    use http::{Request, Response};
    use serde_json::{Value, json};

    use super::*;

    pub(super) fn steps() -> Vec<Step> {
        let request = Request::post("https://op.test/token?api_key=sesame-sesame-sesame-sesame")
            .header("authorization", "Basic c2VzYW1lLXNlc2FtZS1zZXNhbWU=")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from("grant_type=authorization_code&code=sesame-sesame-sesame&redirect_uri=http%3A%2F%2F127.0.0.1%3A7%2Fcallback"))
            .unwrap();
        let answer = Response::builder()
            .status(200)
            .header("content-type", "application/json")
            .header("set-cookie", "sesame-sesame-sesame-sesame=1")
            .body(Bytes::from(
                r#"{"access_token":"sesame-sesame-sesame","token_type":"Bearer","nested":{"refresh_token":"sesame-sesame-sesame"},"list":["eyJzZXNhbWUiOiJzZXNhbWUifQ.sesame.sesame"]}"#,
            ))
            .unwrap();
        vec![Step::of(&exchange(&request, &answer))]
    }

    fn exchange<'a>(request: &'a Request<Bytes>, answer: &'a Response<Bytes>) -> Exchange<'a> {
        Exchange::new(request, Ok(answer), Duration::from_millis(12))
    }

    /// One that nothing was answered to.
    pub(super) fn step(request: &Request<Bytes>) -> Step {
        Step::of(&exchange(request, &Response::new(Bytes::new())))
    }

    #[test]
    fn no_secret_is_in_anything_that_is_told_or_written() {
        let steps = steps();
        for text in [told::told(1, &steps[0], false), har::archive(&steps), curl::script(&steps)] {
            let bare = text.replace("sesa…same", "").replace("c2Vz…bWU=", "");
            assert!(!bare.contains("sesame") && !bare.contains("c2VzYW1l"), "{text}");
            assert!(text.contains("op.test/token"), "{text}");
        }
        assert!(told::told(1, &steps[0], true).contains("sesame-sesame-sesame"));
    }

    /// Every place of an exchange where a name and a value can stand.
    fn everywhere(name: &str, value: &str, document: &Value) -> Vec<Step> {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
        let address = format!("https://sesame:sesame@op.test/a;sid=sesame?{query}");
        let [form, json] = ["application/x-www-form-urlencoded", "application/json"].map(|content_type| {
            let body = if content_type == "application/json" { document.to_string() } else { query.clone() };
            let request = Request::post(&address).header("content-type", content_type).header(name, value);
            let answer = Response::builder().status(303).header("content-type", content_type);
            (
                request.body(Bytes::from(body.clone())).unwrap(),
                answer.header(name, value).body(Bytes::from(body)).unwrap(),
            )
        });
        let not = FetchFault { kind: FetchFaultKind::Protocol, detail: format!("nobody is at {address}") };
        let fault = Exchange::new(&form.0, Err(&not), Duration::ZERO);
        vec![Step::of(&exchange(&form.0, &form.1)), Step::of(&exchange(&json.0, &json.1)), Step::of(&fault)]
    }

    fn none_is_in(steps: &[Step]) {
        let told = steps.iter().map(|step| told::told(1, step, false)).collect::<String>();
        for text in [told, har::archive(steps), curl::script(steps)] {
            assert!(!text.contains("sesame") && !text.contains("815815"), "{text}");
        }
    }

    #[test]
    fn no_secret_is_in_it_that_an_address_has() {
        for address in [
            "https://a.test/cb?code=sesame",
            "https://a.test/cb?iss=x&state=sesame#y",
            "/cb#access_token=sesame&token_type=Bearer",
            "https://a.test/?to=https%3A%2F%2Fb.test%2F%3Fcode%3Dsesame",
            "https://a.test/x;jsessionid=sesame",
            "https://sesame@a.test/",
            "https://ada:sesame@a.test/",
            "https://sesame:word@a.test/",
            "https://a.test/o?X-Amz-Signature=sesame&X-Amz-Security-Token=sesame",
            "https://a.test/o?sv=1&sig=sesame",
            r#"<https://a.test/?page=2>; rel="next", <https://a.test/?token=sesame>; rel="last""#,
        ] {
            for name in [
                "location",
                "content-location",
                "referer",
                "link",
                "refresh",
                "verification_uri_complete",
                "redirect_uri",
                "authorization_url",
            ] {
                none_is_in(&everywhere(
                    name,
                    address,
                    &json!({name: address, "more": [[{name: [address]}]]}),
                ));
            }
        }
        let steps = everywhere("location", "https://a.test/cb?code=sesame&iss=x", &json!(0));
        let har: Value = serde_json::from_str(&har::archive(&steps)).unwrap();
        assert_eq!(
            har["log"]["entries"][0]["response"]["redirectURL"], "https://a.test/cb?code=…&iss=x",
            "what is no secret is still there"
        );
        assert!(told::told(1, &steps[0], false).contains("location: https://a.test/cb?code=…&iss=x"));
        assert!(told::told(1, &steps[0], true).contains("location: https://a.test/cb?code=sesame&iss=x"));
    }

    #[test]
    fn no_secret_is_in_it_that_a_name_tells() {
        for name in [
            "key",
            "x-api-key",
            "sig",
            "signature",
            "x-amz-signature",
            "x-amz-security-token",
            "session",
            "sid",
            "jwt",
            "pwd",
            "pin",
            "otp",
            "credential",
            "credentials",
            "auth",
            "userPassword",
            "client_secret",
        ] {
            for below in [
                json!("sesame"),
                json!(815_815),
                json!(["sesame", 815_815]),
                json!({"issuer": "sesame", "more": [{"size": 815_815}]}),
            ] {
                none_is_in(&everywhere(name, "sesame", &json!({"more": [{name: below}], name: below})));
            }
        }
    }

    #[test]
    fn no_secret_is_in_it_that_has_no_name_or_tells_itself() {
        for pair in [
            "sesame",
            "b=c&sesame&d",
            "sesame==",
            "a=ghp_sesame",
            "ghp_sesame=a",
            "a=-----BEGIN+PRIVATE+KEY-----%0Asesame%0A-----END+PRIVATE+KEY-----",
            "a=ask+with+ort_sesame-sesame,+please",
            "a=https%3A%2F%2Fa.test%2F%3Fses%61me",
            "a=%7B%22kty%22%3A%22EC%22%2C%22d%22%3A%22sesame%22%7D",
            "SAMLResponse=sesame",
            "bearer=sesame",
        ] {
            let request = Request::post(format!("https://op.test/a?{pair}"))
                .header("content-type", "application/x-www-form-urlencoded")
                .header("location", format!("/a?{pair}"))
                .body(Bytes::from(pair))
                .unwrap();
            let steps = [step(&request)];
            none_is_in(&steps);
            assert!(!told::told(1, &steps[0], false).contains("ses%61me"), "{pair}");
            assert!(told::told(1, &steps[0], true).contains("ses"), "{pair}");
        }
        assert!(
            matches!(Parameter::all(b"&a=&b=c&").as_slice(), [Parameter::Named(a), Parameter::Named(_)] if a.value.shown(false).is_empty())
        );
    }

    #[test]
    fn a_terminal_is_told_nothing_by_what_an_exchange_is() {
        let request = Request::get("https://op.test/").body(Bytes::new()).unwrap();
        let not =
            FetchFault { kind: FetchFaultKind::Protocol, detail: "\u{1b}]0;x\u{9b}2J\u{202e}".to_owned() };
        let step = Step::of(&Exchange::new(&request, Err(&not), Duration::ZERO));
        let told = told::told(1, &step, false);
        assert!(told.contains(" ]0;x 2J "), "{told:?}");
        assert!(!told.contains("\u{1b}]") && !told.contains(['\u{9b}', '\u{202e}']), "{told:?}");
    }

    fn writing(har: Option<PathBuf>, curl: Option<PathBuf>) -> Result<Journal, Failure> {
        let mut flags = TraceFlags::default();
        (flags.trace_har, flags.trace_curl) = (har, curl);
        Journal::new(&flags)
    }

    #[cfg(unix)]
    #[test]
    fn what_is_written_is_its_owners_alone_and_follows_no_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        use std::os::unix::net::UnixListener;

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("open"), "before").unwrap();
        fs::set_permissions(at("open"), fs::Permissions::from_mode(0o644)).unwrap();
        for name in ["open", "new"] {
            write(&at(name), "after").unwrap();
            assert_eq!(fs::read_to_string(at(name)).unwrap(), "after");
            assert_eq!(fs::metadata(at(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        }

        fs::write(at("other"), "of another").unwrap();
        symlink(at("other"), at("link")).unwrap();
        symlink(at("nothing"), at("dangling")).unwrap();
        let _listener = UnixListener::bind(at("socket")).unwrap();
        fs::create_dir(at("folder")).unwrap();
        for name in ["link", "dangling", "socket", "folder"] {
            let why = write(&at(name), "after").unwrap_err().to_string();
            assert!(why.contains("no file of its own"), "{why}");
            let failure = writing(Some(at(name)), None).unwrap_err();
            assert_eq!((failure.exit, failure.why), (Exit::CouldNotRun, why), "{name}");
            assert!(!fs::symlink_metadata(at(name)).unwrap().is_file(), "{name}");
        }
        assert_eq!(fs::read_to_string(at("other")).unwrap(), "of another");
    }

    #[test]
    fn what_cannot_be_written_is_refused_before_anything_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| Some(folder.path().join(name));
        let journal = |har, curl| writing(har, curl).map(|_| ()).map_err(|failure| failure.exit);
        fs::write(at("there").unwrap(), "before").unwrap();

        for (har, curl, expected) in [
            (at("a.har"), at("a.sh"), Ok(())),
            (at("there"), None, Ok(())),
            (at("nowhere/a.har"), None, Err(Exit::CouldNotRun)),
            (None, at("nowhere/a.sh"), Err(Exit::CouldNotRun)),
            (None, at("there/a.sh"), Err(Exit::CouldNotRun)),
            (None, at("."), Err(Exit::CouldNotRun)),
            (at(""), None, Err(Exit::CouldNotRun)),
            (at("a"), at("a"), Err(Exit::Usage)),
            (at("a"), at("./a"), Err(Exit::Usage)),
        ] {
            assert_eq!(journal(har.clone(), curl.clone()), expected, "{har:?} {curl:?}");
        }
        let (bare, dotted) = (Some(PathBuf::from("a.har")), Some(PathBuf::from("./a.har")));
        assert_eq!(journal(bare, dotted), Err(Exit::Usage));
        assert_eq!(fs::read_to_string(at("there").unwrap()).unwrap(), "before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left there");
    }

    #[test]
    fn what_can_be_written_no_more_takes_nothing_else_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let (har, curl) = (folder.path().join("gone/a.har"), folder.path().join("a.sh"));
        fs::create_dir(folder.path().join("gone")).unwrap();
        let journal = writing(Some(har), Some(curl.clone())).unwrap();
        fs::remove_dir(folder.path().join("gone")).unwrap();

        journal.write();

        assert!(fs::read_to_string(curl).unwrap().starts_with("#!/bin/sh"));
    }
}

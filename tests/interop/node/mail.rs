//! Mail by a server of others: what a person who has forgotten her password gets, and when.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::ChildStderr;

use axum::extract::Request;
use axum::middleware::map_request;
use grantway_tests::{Browser, Front, ISSUER, PASSWORD, Page, redirect_of};
use http::HeaderValue;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::interop::mail_server::MailServer;
use crate::program::grantway;
use crate::program::serving::Serving;

const NEW: &str = "an entirely new password";

/// A server that writes to people.
struct Provider {
    front: Front,
    serving: Serving,
    _folder: TempDir,
}

impl Provider {
    /// Sends by the plain server on that port.
    fn start(port: u16) -> Self {
        Self::with(&format!("url = \"smtp://127.0.0.1:{port}\""), &[])
    }

    fn with(mail: &str, environment: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let config = declared(folder.path(), mail);
        let mut command = grantway(folder.path());
        command.args(["serve", "--listen", "127.0.0.1:0", "--config", &config]).env("GRANTWAY_LOG", "info");
        command.envs(environment.iter().copied());
        let serving = Serving::of(&mut command);
        Self { front: Front::at(vec![serving.address()]), serving, _folder: folder }
    }

    async fn forget(&self, name: &str) -> Page {
        forget(&self.front, name).await
    }

    fn log(&mut self) -> BufReader<ChildStderr> {
        BufReader::new(self.serving.log())
    }
}

fn declared(folder: &Path, mail: &str) -> String {
    let path = folder.join("declared.toml");
    let text = format!(
        "[server]\nissuer = \"{ISSUER}\"\ntrusted_proxies = [\"127.0.0.0/8\"]\n\
         [mail]\nfrom = \"Login <login@example.com>\"\n{mail}\n\
         [[account]]\nusername = \"ada\"\nemail = \"ada@people.test\"\npassword = \"{PASSWORD}\"\n\
         [[account]]\nusername = \"gone\"\nemail = \"gone@people.test\"\npassword = \"{PASSWORD}\"\n\
         [[application]]\nclient_id = \"confidential\"\nclient_secret = \"sesame\"\nredirect_uris = [\"{}\"]\n",
        redirect_of("confidential"),
    );
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

async fn forget(front: &Front, name: &str) -> Page {
    let mut browser = front.browser();
    let page = browser.open("/forgot-password").await;
    browser.submit(&page, &[("username", name)]).await
}

async fn sign_in(browser: &mut Browser, password: &str) -> Page {
    let page = browser.open("/sign-in").await;
    browser.submit(&page, &[("username", "ada"), ("password", password)]).await
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link_and_nobody_who_had_it_stays() {
    let mail = MailServer::start();
    let provider = Provider::start(mail.port());
    let front = &provider.front;
    let mut elsewhere = front.signed_in().await;
    let refresh_token =
        front.redeem(&front.code("openid offline_access").await).await.member("refresh_token");

    provider.forget("Ada").await;
    let message = mail.next();
    let mut person = front.browser();
    let form = person.open(&message.link()).await;
    let set = person.submit(&form, &[("password", NEW)]).await;

    assert_eq!(set.answer.status, 200, "{}", set.words());
    assert_eq!(message.0["to"], json!(["ada@people.test"]));
    assert_eq!(message.0["envelope"], json!(["ada@people.test"]));
    assert_eq!(message.0["from"], "login@example.com");
    assert_eq!(message.0["subject"], "Set a new password");
    assert_eq!((&message.0["language"], &message.0["automatic"]), (&json!("en"), &json!("auto-generated")));
    assert!(message.link().starts_with(&format!("{ISSUER}/reset-password?token=")), "{message:?}");
    assert_eq!(message.0["hello"], "[127.0.0.1]");
    let told = mail.next();
    assert_eq!(told.0["subject"], "Your password was changed");

    assert_eq!(person.open(&message.link()).await.answer.status, 410);
    assert_eq!(person.submit(&form, &[("password", PASSWORD)]).await.answer.status, 410);
    assert_eq!(sign_in(&mut front.browser(), PASSWORD).await.answer.status, 422);
    assert_eq!(sign_in(&mut person, NEW).await.url.path(), "/signed-in");
    assert_eq!(elsewhere.open("/signed-in").await.url.path(), "/sign-in");
    assert_eq!(front.refresh(&refresh_token).await.error(), "invalid_grant");
    // Whoever read the mail of the address has shown that it is hers.
    assert!(!person.open("/signed-in").await.words().contains("not verified"));
}

#[tokio::test]
async fn the_answer_is_the_same_for_nobody_and_nobody_is_written_to() {
    let mail = MailServer::start();
    let provider = Provider::start(mail.port());
    let mut answers = Vec::new();
    for name in ["nobody", "nobody@people.test", "ada"] {
        let page = provider.forget(name).await;
        let mut headers = page.answer.headers.clone();
        headers.remove("date");
        answers.push((page.answer.status, format!("{headers:?}"), page.answer.text()));
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    assert_eq!(answers[0].0, 200);

    // It ends only when nothing waits to be sent.
    provider.serving.said();
    let written = mail.rest();
    assert_eq!(written.len(), 1, "{written:?}");
    assert_eq!(written[0].0["to"], json!(["ada@people.test"]));
}

#[tokio::test]
async fn a_host_that_a_request_names_is_in_no_link() {
    let mail = MailServer::start();
    let provider = Provider::start(mail.port());
    for name in ["host", "x-forwarded-host", "forwarded"] {
        let poison = move |mut request: Request| async move {
            let value = if name == "forwarded" { "host=evil.test" } else { "evil.test" };
            request.headers_mut().insert(name, HeaderValue::from_static(value));
            request
        };
        let poisoned = Front::of(provider.front.router.clone().layer(map_request(poison)));

        forget(&poisoned, "ada").await;

        let message = mail.next();
        assert!(message.link().starts_with(&format!("{ISSUER}/")), "{name}: {message:?}");
        assert!(!message.text().contains("evil"), "{name}: {message:?}");
    }
}

#[tokio::test]
async fn while_the_mail_server_is_down_the_answer_is_the_same_and_the_mail_comes_when_it_is_up() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut provider = Provider::start(port);
    let mut log = provider.log().lines();

    let down = provider.forget("ada").await;
    let failed = log.by_ref().map_while(Result::ok).find(|line| line.contains("breakdown")).unwrap();
    let mail = MailServer::with(&json!({"port": port, "tls": "none"}));
    let message = mail.next();
    let up = provider.forget("ada").await;

    assert_eq!((down.answer.status, down.answer.text()), (up.answer.status, up.answer.text()));
    assert!(failed.contains("mail") && failed.contains("refused"), "{failed}");
    mail.next();
    provider.serving.said();
    let log: Vec<_> = log.map_while(Result::ok).chain([failed]).collect();
    let token = message.link().split_once("token=").unwrap().1.to_owned();
    assert!(!log.iter().any(|line| line.contains(&token) || line.contains("people.test")), "{log:#?}");
    assert_eq!(log.iter().filter(|line| line.contains("mail sent")).count(), 2, "{log:#?}");
}

#[tokio::test]
async fn what_waits_is_sent_before_the_program_ends() {
    let mail = MailServer::start();
    let provider = Provider::start(mail.port());
    for _ in 0..3 {
        provider.forget("ada").await;
    }

    provider.serving.said();

    assert_eq!(mail.rest().len(), 3);
}

#[tokio::test]
async fn an_address_that_the_server_refuses_is_given_up_and_named_by_nobody() {
    let mail = MailServer::with(&json!({"port": 0, "tls": "none", "refuses": "gone@people.test"}));
    let mut provider = Provider::start(mail.port());
    let mut log = provider.log().lines();

    provider.forget("gone").await;

    let given_up = log.by_ref().map_while(Result::ok).find(|line| line.contains("mail not sent")).unwrap();
    assert!(given_up.contains("550") && !given_up.contains("gone@"), "{given_up}");
    provider.serving.said();
    assert!(mail.rest().is_empty());
}

#[tokio::test]
async fn mail_goes_over_tls_to_a_server_that_is_known_and_as_a_user() {
    let folder = TempDir::new().unwrap();
    let Authority { bundle, cert, key } = Authority::make(folder.path());
    let ca_bundle = format!("ca_bundle = \"{bundle}\"");
    for (tls, scheme) in [("smtps", "smtps"), ("starttls", "smtp")] {
        let mail = MailServer::with(
            &json!({"port": 0, "tls": tls, "cert": cert, "key": key, "user": "ada+mail", "password": "s p"}),
        );
        let url = format!("url = \"{scheme}://ada+mail@127.0.0.1:{}\"\n{ca_bundle}", mail.port());
        let provider = Provider::with(&url, &[("GRANTWAY_MAIL_PASSWORD", "s p")]);

        provider.forget("ada").await;

        let message = mail.next();
        assert_eq!((&message.0["protected"], &message.0["signed_in_as"]), (&json!(true), &json!("ada+mail")));
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_that_cannot_be_trusted() {
    let folder = TempDir::new().unwrap();
    let Authority { bundle, cert, key } = Authority::make(folder.path());
    fs::create_dir(folder.path().join("other")).unwrap();
    let stranger = Authority::make(&folder.path().join("other"));
    let known = format!("ca_bundle = \"{bundle}\"");
    let unknown = format!("ca_bundle = \"{}\"", stranger.bundle);
    let with = |tls: &str, password: &str| json!({"port": 0, "tls": tls, "cert": cert, "key": key, "user": "ada", "password": password});
    let nobody = json!({"port": 0, "tls": "none"});
    for (what, settings, user, ca_bundle) in [
        ("no STARTTLS where it is required", nobody, None, &known),
        ("certified by a stranger", with("smtps", "sesame"), Some("smtps"), &unknown),
        ("certified by a stranger, later", with("starttls", "sesame"), Some("smtp"), &unknown),
        ("certified by nobody known", with("smtps", "sesame"), Some("smtps"), &String::new()),
        ("another password", with("smtps", "other"), Some("smtps"), &known),
    ] {
        let mail = MailServer::with(&settings);
        let server = match user {
            Some(scheme) => format!("{scheme}://ada@127.0.0.1:{}", mail.port()),
            None => format!("smtp://127.0.0.1:{}", mail.port()),
        };
        let environment: &[_] = if user.is_some() { &[("GRANTWAY_MAIL_PASSWORD", "sesame")] } else { &[] };
        let mut provider = Provider::with(&format!("url = \"{server}\"\n{ca_bundle}"), environment);
        let mut log = provider.log().lines();

        provider.forget("ada").await;

        let told = log.by_ref().map_while(Result::ok).find(|line| line.contains("breakdown")).unwrap();
        assert!(!told.contains("sesame") && !told.contains("token="), "{what}: {told}");
        provider.serving.said();
        assert!(mail.rest().is_empty(), "{what}");
    }
}

#[tokio::test]
async fn an_address_is_verified_by_who_reads_its_mail_and_then_said_to_be() {
    let mail = MailServer::start();
    let provider = Provider::start(mail.port());
    let front = &provider.front;
    let mut person = front.signed_in().await;
    let access_token = front.redeem(&front.code("openid email").await).await.member("access_token");
    let verified = async || -> Value { front.userinfo(&access_token).await.json()["email_verified"].clone() };
    assert_eq!(verified().await, false);

    let page = person.open("/signed-in").await;
    let asked = person.submit(&page, &[]).await;
    let message = mail.next();
    // A program looks what is behind the link, without cookies, and presses no button.
    front.browser().open(&message.link()).await;
    assert_eq!(verified().await, false);
    let mut phone = front.browser();
    let page = phone.open(&message.link()).await;
    let pressed = phone.submit(&page, &[]).await;

    assert_eq!(
        (asked.answer.status, pressed.answer.status),
        (200.try_into().unwrap(), 200.try_into().unwrap())
    );
    assert!(pressed.words().contains("ada@people.test"), "{}", pressed.words());
    assert_eq!(verified().await, true);
    assert!(!person.open("/signed-in").await.words().contains("not verified"));
}

/// Who says that a server on this machine is who it is.
struct Authority {
    /// The path of its own certificate.
    bundle: String,
    cert: String,
    key: String,
}

impl Authority {
    fn make(folder: &Path) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let cert = leaf.signed_by(&key, &authority).unwrap().pem();
        let bundle = folder.join("ca.pem");
        fs::write(&bundle, authority.pem()).unwrap();
        Self { bundle: bundle.to_str().unwrap().to_owned(), cert, key: key.serialize_pem() }
    }
}

//! A provider that repeats what it was sent, wherever it can write to.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::HeaderName;
use http::header::{LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};

use super::*;

/// One with words of its own between blanks and quotes, as some are.
const SECRET: &str = r#"Sword "Fish" & Chips? 17"#;

fn document(status: u16, body: &Value) -> Response<Bytes> {
    with_header(status, CONTENT_TYPE, "application/json", body.to_string())
}

fn with_header(status: u16, name: HeaderName, value: &str, body: impl Into<Bytes>) -> Response<Bytes> {
    Response::builder().status(status).header(name, value).body(body.into()).unwrap()
}

fn in_a_form(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn in_digits(text: &str) -> String {
    let halves = text.bytes().flat_map(|byte| [byte >> 4, byte & 0xf]);
    halves.map(|half| char::from_digit(half.into(), 16).unwrap()).collect()
}

const ECHOES: [(&str, Echo); 29] = [
    ("error", |proof| document(400, &json!({ "error": proof }))),
    ("error_description", |proof| {
        document(400, &json!({"error": "invalid_scope", "error_description": proof}))
    }),
    ("error_uri", |proof| {
        document(401, &json!({"error": "e", "error_uri": format!("http://e.example/?{proof}")}))
    }),
    ("across the cut", |proof| {
        let description = format!("{} {proof}", "x".repeat(490));
        document(400, &json!({"error": "invalid_scope", "error_description": description}))
    }),
    ("again and again", |proof| {
        let description = format!("{proof} ").repeat(200);
        document(400, &json!({"error": "invalid_request", "error_description": description}))
    }),
    ("between what is not seen", |proof| {
        let description = format!("\u{202e}{}\u{7}\u{2066}", proof.replace(' ', "\r\n\u{200f}"));
        document(400, &json!({"error": "invalid_target", "error_description": description}))
    }),
    ("other members", |proof| document(400, &json!({"errorCode": proof, "message": proof}))),
    ("nested error", |proof| document(400, &json!({"error": {"type": proof, "message": proof}}))),
    ("a name", |proof| document(400, &json!({ proof: "no" }))),
    ("an array", |proof| document(400, &json!([proof]))),
    ("a body in a form", |proof| {
        let body = format!("error=e&error_description=no+{}", in_a_form(proof));
        with_header(400, CONTENT_TYPE, "application/x-www-form-urlencoded", body)
    }),
    ("a body that breaks off", |proof| {
        let body = format!("error=e&error_description={}", &in_a_form(proof)[..20]);
        with_header(400, CONTENT_TYPE, "application/x-www-form-urlencoded", body)
    }),
    ("a page", |proof| {
        with_header(400, CONTENT_TYPE, "text/html", format!("<html><h1>{proof}</h1><p title='{proof}'>"))
    }),
    ("a text", |proof| with_header(502, CONTENT_TYPE, "text/plain", format!("client_secret: {proof}"))),
    ("a text that is cut", |proof| {
        with_header(400, CONTENT_TYPE, "text/plain", format!("{}{proof}", "no ".repeat(76)))
    }),
    ("location", |proof| with_header(302, LOCATION, &format!("http://e.example/{proof}/go?{proof}"), "")),
    ("location in a URL", |proof| with_header(307, LOCATION, &format!("/to/{}", in_a_form(proof)), "")),
    ("retry-after", |proof| with_header(429, RETRY_AFTER, proof, "")),
    ("content type", |proof| with_header(400, CONTENT_TYPE, proof, "")),
    ("content type of a token", |proof| with_header(200, CONTENT_TYPE, proof, r#"{"access_token":"t"}"#)),
    ("long content type", |proof| with_header(400, CONTENT_TYPE, &format!("{}{proof}", "x".repeat(190)), "")),
    ("challenge", |proof| {
        let proof = proof.replace('\\', "\\\\").replace('"', "\\\"");
        with_header(401, WWW_AUTHENTICATE, &format!(r#"Bearer error="e", error_description="{proof}""#), "")
    }),
    ("error beside a token", |proof| document(200, &json!({"access_token": "t", "error": proof}))),
    ("error in a success", |proof| document(200, &json!({"ok": false, "error": proof}))),
    ("token type", |proof| document(200, &json!({"access_token": "t", "token_type": proof}))),
    ("renamed members", |proof| {
        document(200, &json!({"accessToken": proof, "tokenType": proof, "scope": [proof]}))
    }),
    ("encoded otherwise", |proof| {
        let javascript = in_a_form(proof).replace('+', "%20").replace("%21", "!").replace("%27", "'");
        let lower = javascript.replace("%2B", "%2b").replace("%3F", "%3f").replace("%7C", "%7c");
        let html = proof.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let unseen: String = proof.chars().flat_map(|c| [c, '\u{200b}']).collect();
        let hex: String = in_digits(proof);
        let description = [javascript, lower, html, unseen, STANDARD.encode(proof), hex].join(" ");
        document(400, &json!({"error": "invalid_request", "error_description": description}))
    }),
    ("encoded in base64 for URLs", |proof| {
        let encoded = URL_SAFE_NO_PAD.encode(proof);
        document(400, &json!({"error": "invalid_request", "error_description": encoded}))
    }),
    ("expiry and others", |proof| {
        document(201, &json!({"access_token": proof, "expires_in": proof, "scope": proof, "id_token": proof}))
    }),
];

/// Of each text that a diagnosis has, also of those that are names.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(members) => {
            found.extend(members.keys().cloned());
            members.values().for_each(|value| texts(value, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn without_blanks(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace() && !"\\\u{200b}".contains(*c)).collect()
}

#[tokio::test]
async fn what_was_sent_is_shown_nowhere_though_the_provider_repeats_it_everywhere() {
    let key = json!({"kty": "EC", "crv": "P-256", "kid": "one", "x": "AAAA", "y": "AAAA", "d": "AAAA"});
    for more in [
        json!({ "client_secret": SECRET }),
        json!({"client_secret": SECRET, "authentication_type": "shared_secret_basic"}),
        json!({"authentication_type": "client_assertion", "signing_key": key, "issuer": "app", "subject": "app", "assertion_audience": "urn:idp"}),
    ] {
        for (place, echo) in ECHOES {
            let scene = Scene::new();
            *scene.provider.echoes.lock().unwrap() = Some(echo);

            let answer = scene.diagnose(shared(&more)).await;

            let (mut shown, diagnostics) = (Vec::new(), &answer["diagnostics"]);
            texts(diagnostics, &mut shown);
            let proof = scene.provider.asked()[0].proof();
            let (in_base64, for_urls) = (STANDARD.encode(&proof), URL_SAFE_NO_PAD.encode(&proof));
            let hex: String = in_digits(&proof);
            let proofs =
                [&proof, SECRET, &in_a_form(&proof), &in_base64, &for_urls, &hex].map(without_blanks);
            for text in &shown {
                let obeyed = |c: char| c.is_control() || "\u{200f}\u{202e}\u{2066}".contains(c);
                assert!(!text.contains(obeyed), "{place}: {text:?}");
                let text = without_blanks(text);
                for part in proofs.iter().flat_map(|proof| proof.windows(6)) {
                    assert!(
                        !text.windows(6).any(|own| own == part),
                        "{place} {more}: {part:?} in {diagnostics}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_token_that_came_is_not_shown_where_it_is_repeated_either() {
    let scene = Scene::new();
    scene.provider.says(&json!({
        "access_token": "swordfish", "refresh_token": "and-chips", "error": "swordfish and-chips", "token_type": "a swordfish",
    }));
    let answer = scene.diagnose(shared(&json!({}))).await;
    assert_eq!(answer["data"]["token_type"], "a swordfish");
    let diagnostics = answer["diagnostics"].to_string();
    assert!(!diagnostics.contains("swordfish") && !diagnostics.contains("and-chips"), "{diagnostics}");
    assert!(diagnostics.contains("a token of type a …"), "{diagnostics}");
}

#[tokio::test]
async fn a_token_is_hidden_whatever_became_of_the_reading() {
    let said = "swordfish and-chips id-card, deep-one";
    for (more, document) in [
        (json!({"access_token": "foo"}), json!({"foo": "swordfish\n", "refresh_token": "and-chips"})),
        (json!({"access_token": "nope"}), json!({"access_token": "swordfish", "refreshToken": "and-chips"})),
        (json!({}), json!({"access_token": " swordfish ", "refresh_token": "and-chips"})),
        (json!({}), json!({"access_token": "swordfish", "token_type": "mac", "refresh_token": "and-chips"})),
    ] {
        for status in [200, 400] {
            let scene = Scene::new();
            let mut document = document.clone();
            let more = json!({ "field_mapping": more });
            let others = json!({"id_token": "id-card", "error": "odd", "error_description": said, "scope": [said], "data": [{"access-token": "deep-one"}]});
            document.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
            scene.provider.answers(status, "application/json", document.to_string());
            let diagnostics = scene.diagnose(shared(&more)).await["diagnostics"].to_string();
            for secret in ["swordfish", "and-chips", "id-card", "deep-one"] {
                assert!(!diagnostics.contains(secret), "{document} {status}: {diagnostics}");
            }
        }
    }
}

#[tokio::test]
async fn where_there_are_more_tokens_than_are_looked_for_nothing_is_shown() {
    for (number, shown) in [(32, "no …"), (33, "…")] {
        let scene = Scene::new();
        let tokens: Vec<_> =
            (0..number).map(|at| json!({"access_token": format!("swordfish{at:02}")})).collect();
        let document = json!({"error": "e", "error_description": format!("no swordfish{:02}", number - 1), "all": tokens});
        scene.provider.answers(400, "application/json", document.to_string());
        let answer = scene.diagnose(shared(&json!({}))).await;
        assert_eq!(answer["diagnostics"]["provider"]["error_description"], shown, "{number}");
    }
}

#[tokio::test]
async fn a_token_of_a_megabyte_among_many_marks_is_not_shown() {
    let scene = Scene::new();
    let document = json!({"x": "…".repeat(1300), "access_token": "a".repeat(1_000_000)});
    scene.provider.answers(200, "application/json", document.to_string());
    let answer = scene.diagnose(shared(&json!({"field_mapping": {"access_token": "nope"}}))).await;
    assert_eq!(answer["diagnostics"]["finding"]["id"], "token_elsewhere");
    assert!(!answer.to_string().contains("aaaa"), "{answer}");
}

#[tokio::test]
async fn a_password_in_an_address_is_neither_sent_nor_shown() {
    let key = json!({"kty": "EC", "crv": "P-256", "kid": "one", "x": "AAAA", "y": "AAAA", "d": "AAAA"});
    for more in [
        json!({}),
        json!({"authentication_type": "shared_secret_basic"}),
        json!({"authentication_type": "client_assertion", "signing_key": key}),
    ] {
        for (user, secret) in
            [("user:Pa55%20word@", "Pa55"), ("t0ken-of-mine@", "t0ken"), (":Pa55word@", "Pa55")]
        {
            let scene = Scene::new();
            let said = "wrong: Pa55 word, t0ken-of-mine, Pa55word";
            let said = json!({"error": "invalid_client", "error_description": said}).to_string();
            let answer = Response::builder()
                .status(302)
                .header(LOCATION, format!("https://{user}idp.test/there?{user}"));
            scene.provider.comes_to(Ok(answer.body(Bytes::from(said)).unwrap()));
            let mut settings = shared(&more);
            settings["url"] = json!(format!("https://{user}idp.test/token?a=b"));

            let answer = scene.diagnose(settings).await;

            let asked = &scene.provider.asked()[0];
            assert_eq!(asked.url, "https://idp.test/token?a=b");
            let sent = format!("{asked:?}");
            assert!(!sent.contains(secret), "{sent}");
            assert!(!answer.to_string().contains(secret), "{answer}");
            let finding = &answer["diagnostics"]["finding"];
            assert!(finding["means"].as_str().unwrap().contains(" https://idp.test/there."), "{finding}");
            assert_eq!(answer["diagnostics"]["tolerances"][0]["id"], "url_user_information");
        }
    }
}

//! The page: who may use it, what comes back in it, and in which language.

use http::header::ACCEPT_LANGUAGE;

use super::*;

const PAGE: &str = "/connection-test";

fn filled(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = vec![
        ("project_id", "prj"),
        ("api_key", "mine.secret"),
        ("url", "https://idp.test/token"),
        ("client_id", "app"),
        ("authentication_type", "shared_secret"),
        ("client_secret", "open sesame"),
        ("signing_algorithm", "ES256"),
        ("expiry_time_unit", "seconds"),
    ];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| name != other));
    fields.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn posted(more: &[(&str, &str)]) -> Request<Body> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(filled(more)).finish();
    Request::post(PAGE).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.into()).unwrap()
}

fn asked(query: &str) -> Request<Body> {
    Request::get(format!("{PAGE}{query}")).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn everybody_gets_the_form_and_nobody_a_test_without_a_key() {
    let scene = Scene::new();
    let form = scene.send(asked("")).await;
    assert_eq!((form.status, form.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(form.header("content-security-policy").unwrap().contains("form-action 'self'"));
    assert_eq!(form.header("cache-control"), Some("no-store"));
    assert!(form.text().contains(r#"<form method="post" action="connection-test" autocomplete="off">"#));
    for (more, status, words) in [
        (&[("api_key", "")][..], 401, "The API key is missing."),
        (&[("api_key", "other.secret")], 401, "There is no such API key"),
        (&[("api_key", "narrow.secret")], 403, "does not have the scope connection_test"),
        (&[("api_key", "broken.secret")], 503, "does not work right now"),
        (&[("project_id", "other")], 404, "not one of this project"),
        (&[("project_id", "other"), ("api_key", "partner.secret")], 400, "no such project"),
    ] {
        let answer = scene.send(posted(more)).await;
        assert_eq!(answer.status, status, "{more:?}");
        assert!(answer.text().contains(words), "{more:?}: {}", answer.text());
        assert!(answer.text().contains(r#"role="alert""#), "{more:?}");
        assert!(
            answer.text().contains("<title>Test an OAuth\u{a0}2 connection: try again</title>"),
            "{more:?}"
        );
        let challenged = answer.header("www-authenticate").is_some_and(|said| said.starts_with("Bearer"));
        assert_eq!(challenged, status == 401, "{more:?}");
    }
    assert!(scene.provider.asked().is_empty());
}

#[tokio::test]
async fn a_page_counts_as_a_request_does() {
    let scene = Scene::with(1);
    for left in (0..60).rev() {
        let answer = scene.send(posted(&[("url", "")])).await;
        assert_eq!((answer.status, answer.header("x-ratelimit-remaining")), (422, Some(&*left.to_string())));
    }
    let answer = scene.send(posted(&[])).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("60")));
    assert!(answer.text().contains("Please wait 60 seconds"));
    assert_eq!(scene.test(json!({})).await.status, 429);
}

#[tokio::test]
async fn what_was_typed_comes_back_unless_it_is_secret() {
    let key = r#"{"kty":"EC","d":"hidden key"}"#;
    for more in [
        &[("url", "https://{tenant}.test/\"<token>")][..],
        &[("client_id", ""), ("url", "https://idp.test/\"<token>")],
        &[("api_key", "other.secret"), ("url", "https://idp.test/\"<token>")],
    ] {
        let scene = Scene::new();
        let others =
            [("scope", "a b"), ("signing_key", key), ("expiry_time_unit", "hours"), ("issuer", "who")];
        let answer = scene.send(posted(&[&others, more].concat())).await;
        let text = answer.text();
        assert!(scene.provider.asked().is_empty());
        for (kept, shown) in [
            (r#"value="prj""#, true),
            (r#"value="a b""#, true),
            (r#"value="who""#, true),
            (r#"<option value="hours" selected>"#, true),
            (".test/&#34;&#60;token&#62;\"", true),
            ("<token>", false),
            ("secret\"", false),
            ("mine.secret", false),
            ("other.secret", false),
            ("sesame", false),
            ("hidden key", false),
        ] {
            // The names of fields and of ways end so, too.
            let text = text.replace("\"client_secret\"", "").replace("\"shared_secret\"", "");
            assert_eq!(text.contains(kept), shown, "{more:?}: {kept}: {text}");
        }
    }
}

#[tokio::test]
async fn a_field_that_is_amiss_is_marked_and_has_the_focus() {
    let assertion = ("authentication_type", "client_assertion");
    for (more, field) in [
        (&[("url", "")][..], "url"),
        (&[("client_id", "")], "client_id"),
        (&[("audience", "{api-identifier}")], "audience"),
        (&[("api_key", "")], "api_key"),
        (&[assertion], "signing_key"),
        (&[assertion, ("signing_key", "-----BEGIN")], "signing_key"),
        (&[assertion, ("signing_key", "[]")], "signing_key"),
        (&[assertion, ("signing_key", r#"{"kty":1}"#)], "signing_key"),
    ] {
        let answer = Scene::new().send(posted(more)).await;
        let text = answer.text();
        let (before, _) = text.split_once(" aria-invalid=\"true\" autofocus>").expect(text);
        let (_, marked) = before.rsplit_once("<input id=\"").unwrap();
        assert_eq!(marked.split_once('"').unwrap().0, field, "{more:?}");
        assert!(marked.contains("aria-describedby=\"error"), "{more:?}");
        assert_eq!(text.matches("autofocus").count(), 1, "{more:?}");
    }
}

#[tokio::test]
async fn what_a_preset_left_over_is_looked_at_only_where_it_is_used() {
    let left_over = ("assertion_audience", "https://{host}/realms/{realm}");
    let scene = Scene::new();
    scene.provider.says(&json!({"access_token": "t"}));
    let answer = scene.send(posted(&[left_over])).await;
    assert_eq!((answer.status, scene.provider.asked().len()), (200, 1), "{}", answer.text());

    let key = r#"{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA","d":"AAAA"}"#;
    let asserted = [left_over, ("authentication_type", "client_assertion"), ("signing_key", key)];
    let answer = Scene::new().send(posted(&asserted)).await;
    assert_eq!(answer.status, 422);
    let (before, _) = answer.text().split_once(" aria-invalid=\"true\" autofocus>").unwrap();
    let (before, marked) = before.rsplit_once("<input id=\"").unwrap();
    assert!(marked.starts_with("assertion_audience\""), "{marked}");
    let (_, details) = before.rsplit_once("<details").unwrap();
    assert!(details.starts_with(" open>"), "{details}");
}

#[tokio::test]
async fn a_character_of_control_is_named_and_what_else_was_typed_comes_back() {
    for (field, value) in [
        ("client_secret", "open\tsesame"),
        ("url", "https://idp.test/token\n"),
        ("scope", "a\tb"),
        ("issuer", "me\u{85}"),
        ("access_token", "a\0b"),
    ] {
        let scene = Scene::new();
        let answer = scene.send(posted(&[("audience", "kept"), (field, value)])).await;
        let text = answer.text();
        assert_eq!(answer.status, 422, "{field}");
        assert!(text.contains("control character") && text.contains("value=\"kept\""), "{field}: {text}");
        let marks: Vec<_> =
            text.split("<input id=\"").filter(|input| input.contains("aria-invalid=\"true\"")).collect();
        assert!(marks.len() == 1 && marks[0].starts_with(&format!("{field}\"")), "{field}: {marks:?}");
        let before = text.split_once(marks[0]).unwrap().0;
        let folded = before.matches("<details").count() - before.matches("</details>").count();
        assert_eq!(folded, before.matches("<details open>").count(), "{field}");
        assert!(scene.provider.asked().is_empty() && !text.contains("sesame"), "{field}");
    }
}

#[tokio::test]
async fn a_key_may_be_pasted_with_its_tabs() {
    let scene = Scene::new();
    scene.provider.says(&json!({"access_token": "t"}));
    let key =
        "{\t\"kty\": \"EC\",\r\n\t\"crv\": \"P-256\", \"x\": \"AAAA\", \"y\": \"AAAA\", \"d\": \"AAAA\"}";
    let answer =
        scene.send(posted(&[("authentication_type", "client_assertion"), ("signing_key", key)])).await;
    assert_eq!((answer.status, scene.provider.asked().len()), (200, 1), "{}", answer.text());
}

#[tokio::test]
async fn what_is_no_form_of_ours_gets_the_form() {
    let scene = Scene::new();
    let post = |content_type: &str, body: String| {
        Request::post(PAGE).header(CONTENT_TYPE, content_type).body(Body::from(body)).unwrap()
    };
    let form = "application/x-www-form-urlencoded";
    for (request, status) in [
        (post("application/json", "{}".to_owned()), 415),
        (post(form, format!("scope={}", "x".repeat(64 * 1024))), 413),
        (post(form, "scope=%0".to_owned()), 400),
        (post(form, "url=a&url=b".to_owned()), 400),
        (asked("?preset=%zz"), 400),
        (Request::put(PAGE).body(Body::empty()).unwrap(), 405),
    ] {
        let answer = scene.send(request).await;
        assert_eq!(answer.status, status);
        assert!(answer.text().contains("<form method=\"post\""), "{status}");
        assert!(answer.text().contains("role=\"alert\""), "{status}");
        assert_eq!(answer.header("allow"), (status == 405).then_some("GET, HEAD, POST"));
    }
}

#[tokio::test]
async fn a_preset_fills_in_what_is_known_and_another_nothing() {
    let scene = Scene::new();
    let answer = scene.send(asked("?preset=auth0")).await;
    for filled in [
        r#"value="https://{domain}/oauth/token""#,
        r#"value="{api-identifier}""#,
        r#"<option value="shared_secret" selected>"#,
        r#"<option value="auth0" selected>"#,
        "Documentation of Auth0",
    ] {
        assert!(answer.text().contains(filled), "{filled}: {}", answer.text());
    }
    assert!(!answer.text().contains("<details open>"));
    let open = "Replace what stands in braces";
    assert!(answer.text().contains(open));
    assert!(!scene.send(asked("?preset=spotify")).await.text().contains(open));
    let signed = scene.send(asked("?preset=okta-service-app")).await;
    assert!(signed.text().contains("<details open>") && signed.text().contains("<option selected>RS256"));
    let unknown = scene.send(asked("?preset=nobody")).await;
    assert_eq!((unknown.status, unknown.text()), (200, scene.send(asked("")).await.text()));
}

#[tokio::test]
async fn a_success_is_explained_and_the_token_not_shown() {
    let scene = Scene::new();
    scene.provider.says(&json!({"access_token": "the-token", "token_type": "bot", "expires_in": "60"}));
    let answer = scene.send(posted(&[])).await;
    let text = answer.text();
    assert_eq!(answer.status, 200);
    for told in [
        "<h1>The connection works</h1>",
        "<dd>bot</dd>",
        "2026-01-01T00:01:00Z",
        "Asking for a token",
        "done, 7 ms",
        "<h2>What is odd</h2>",
        "a token of type bot",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    for secret in ["the-token", "sesame", "mine.secret"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert_eq!(answer.header("x-ratelimit-remaining"), Some("2999"));
}

#[tokio::test]
async fn a_failure_is_explained_with_its_remedy() {
    let scene = Scene::new();
    let said = json!({"error": "invalid_client", "error_description": "no <b>such</b> open sesame"});
    scene.provider.answers(401, "application/json", said.to_string());
    let answer = scene.send(posted(&[])).await;
    let text = answer.text();
    assert_eq!(answer.status, 200);
    for told in [
        "<h1>The connection does not work</h1>",
        "The provider does not know this client_id",
        "then try shared_secret_basic",
        "<code>invalid_client</code>",
        "no &#60;b&#62;such&#60;/b&#62; …",
        "failed, 0 ms",
        "token exchange failed with status 401",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("sesame") && !text.contains("<b>"), "{text}");
}

#[tokio::test]
async fn an_assertion_is_about_the_client_unless_it_says_otherwise() {
    let key = r#"{"kty":"EC","crv":"P-256","kid":"one","x":"AAAA","y":"AAAA","d":"AAAA"}"#;
    for (more, issuer) in [(&[][..], "app"), (&[("issuer", "iss")], "iss")] {
        let scene = Scene::new();
        scene.provider.says(&json!({"access_token": "t"}));
        let signs = [("authentication_type", "client_assertion"), ("signing_key", key)];
        let answer = scene.send(posted(&[&signs, more].concat())).await;
        assert!(answer.text().contains("The connection works"), "{}", answer.text());
        let asked = scene.provider.asked().remove(0);
        let (_, claims) = asked.parameters[0].1.split_once('|').unwrap();
        let claims: Value = serde_json::from_str(claims).unwrap();
        assert_eq!((&claims["iss"], &claims["sub"]), (&json!(issuer), &json!("app")));
    }
}

#[tokio::test]
async fn it_speaks_the_language_of_the_browser_or_the_one_that_was_asked_for() {
    let scene = Scene::new();
    let mut german = asked("");
    german.headers_mut().insert(ACCEPT_LANGUAGE, "de".parse().unwrap());
    assert!(scene.send(german).await.text().contains("<h1>Eine OAuth-2-Verbindung prüfen</h1>"));
    let french = scene.send(asked("?ui_locales=fr")).await;
    let kept = r#"<input type="hidden" name="ui_locales" value="fr">"#;
    assert_eq!(french.text().matches(kept).count(), 2, "{}", french.text());
    scene.provider.answers(404, "text/html", "<html>");
    let answer = scene.send(posted(&[("ui_locales", "fr")])).await;
    assert!(answer.text().contains("<h1>La connexion ne fonctionne pas</h1>"));
    assert!(answer.text().contains("<p>Le fournisseur a répondu par une page"), "{}", answer.text());
    scene.provider.answers(
        400,
        "application/json",
        r#"{"error":"invalid_scope","error_description":"no such"}"#,
    );
    let answer = scene.send(posted(&[("ui_locales", "de")])).await;
    for said in [
        "<p>Der Anbieter gibt diesem Client einen der Scopes nicht. Er sagt: no such</p>",
        "<p>Vergleichen Sie jeden mit der Liste des Anbieters",
    ] {
        assert!(answer.text().contains(said), "{said}: {}", answer.text());
    }
}

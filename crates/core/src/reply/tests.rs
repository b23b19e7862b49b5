use crate::base64url;
use crate::failure::FailureClass;
use crate::secret::Secret;
use crate::time::Timestamp;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderName, Response};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header(CONTENT_TYPE, content_type)
        .body(Bytes::from(body.into()))
        .unwrap()
}

fn json_answer(body: &Value) -> Response<Bytes> {
    answer(200, "application/json", body.to_string())
}

fn with(mut answer: Response<Bytes>, name: HeaderName, value: &str) -> Response<Bytes> {
    answer.headers_mut().insert(name, value.parse().unwrap());
    answer
}

fn read(answer: &Response<Bytes>) -> Result<TokenReply, NoTokens> {
    ReplyPolicy::lenient().read(answer, NOW)
}

fn refused(answer: &Response<Bytes>) -> ErrorReply {
    match read(answer) {
        Err(NoTokens::Refused(refused)) => *refused,
        other => panic!("{other:?}"),
    }
}

fn unreadable(answer: &Response<Bytes>) -> UnreadableReply {
    match read(answer) {
        Err(NoTokens::Unreadable(unreadable)) => *unreadable,
        other => panic!("{other:?}"),
    }
}

fn names(tolerances: &[Tolerance]) -> Vec<&'static str> {
    tolerances.iter().map(Tolerance::as_str).collect()
}

#[test]
fn a_reply_as_the_standard_has_it_is_read_without_a_word_by_either_policy() {
    let reply = json!({
        "access_token": "2YotnFZFEjr1zCsicMWpAA", "token_type": "bearer", "expires_in": 3600,
        "refresh_token": "tGzv3JOkF0XG5Qx2TlKWIA", "scope": "a b", "example_parameter": "example_value",
    });
    for policy in [ReplyPolicy::strict(), ReplyPolicy::lenient()] {
        let TokenReply { tokens, tolerances } = policy.read(&json_answer(&reply), NOW).unwrap();

        assert_eq!(tolerances, []);
        assert_eq!(tokens.access_token.expose(), "2YotnFZFEjr1zCsicMWpAA");
        assert_eq!(tokens.token_type, "Bearer");
        assert_eq!((tokens.issued_at, tokens.expires_at), (NOW, Some(Timestamp::from_unix(1_800_003_600))));
        assert!(tokens.refresh_token.unwrap().matches("tGzv3JOkF0XG5Qx2TlKWIA"));
        assert_eq!(tokens.scope.unwrap().to_string(), "a b");
        assert_eq!(Value::Object(tokens.extra), json!({"example_parameter": "example_value"}));
    }
}

#[test]
fn of_a_member_that_stands_twice_the_last_counts_and_nothing_is_left_of_the_first() {
    let body = r#"{"access_token":"a","x":1,"access_token":"b","token_type":"Bearer","y":2,"x":3,"error":"e","error":null}"#;
    for body in [body, &body.replacen("access", "acces\\u0073", 1)] {
        let tokens = read(&answer(200, "application/json", body)).unwrap().tokens;

        assert!(tokens.access_token.matches("b"), "{body}");
        assert_eq!(
            Value::Object(tokens.extra).to_string(),
            json!({"x": 3, "y": 2, "error": null}).to_string()
        );
    }
}

#[test]
fn an_error_beside_a_token_is_a_refusal_under_the_strict_policy_alone() {
    let answer = json_answer(&json!({"access_token": "t", "token_type": "Bearer", "error": "partial"}));
    let read = ReplyPolicy::lenient().read(&answer, NOW).unwrap();
    assert_eq!(read.tolerances, [Tolerance::ErrorBesideToken { error: "partial".to_owned() }]);
    let refused = ReplyPolicy::strict().read(&answer, NOW);
    assert!(
        matches!(&refused, Err(NoTokens::Refused(said)) if said.error.as_deref() == Some("partial")),
        "{refused:?}"
    );
}

/// What is odd, how it is told, and what came of it.
#[test]
fn what_is_odd_is_understood_and_told_and_refused_under_the_strict_policy() {
    let jwt = |exp: i64| format!("e30.{}.AA", base64url::encode(json!({ "exp": exp }).to_string()));
    let plain = |extra: Value| {
        let mut reply = json!({"access_token": "t", "token_type": "Bearer"});
        reply.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json_answer(&reply)
    };
    let hour = Some(1_800_003_600);
    for (answer, told, expires_at) in [
        (
            answer(
                200,
                "application/x-www-form-urlencoded",
                "access_token=t&token_type=bearer&scope=repo%2Cuser",
            ),
            &["form_encoded", "scope_commas"][..],
            None,
        ),
        (
            answer(200, "text/html", "access_token=t&token_type=bearer&expires_in=3600"),
            &["form_encoded", "expiry_string"],
            hour,
        ),
        (
            answer(
                200,
                "application/json",
                b"\xef\xbb\xbf{\"access_token\":\"t\",\"token_type\":\"Bearer\"}".as_slice(),
            ),
            &["byte_order_mark"],
            None,
        ),
        (
            answer(200, "text/plain; charset=utf-8", r#"{"access_token":"t","token_type":"Bearer"}"#),
            &["content_type_odd"],
            None,
        ),
        (
            answer(201, "application/json", r#"{"access_token":"t","token_type":"Bearer"}"#),
            &["status_odd"],
            None,
        ),
        (plain(json!({"expires_in": "3600"})), &["expiry_string"], hour),
        (plain(json!({"expires_in": 3599.5})), &["expiry_float"], hour),
        (plain(json!({"expires_in": 1_800_003_600})), &["expiry_absolute"], hour),
        (plain(json!({"expires_at": 1_800_003_600})), &["renamed_member", "expiry_absolute"], hour),
        (plain(json!({"expires_in": 1_800_003_600_000_i64})), &["expiry_absolute"], hour),
        (plain(json!({"expires_in": "1800003600"})), &["expiry_string", "expiry_absolute"], hour),
        (plain(json!({"expiresOn": "2027-01-15T09:00:00Z"})), &["renamed_member", "expiry_iso"], hour),
        (plain(json!({"expires_in": "2027-01-15T10:00:00.5+01:00"})), &["expiry_iso"], hour),
        (plain(json!({"expires_in": "soon"})), &["expiry_string", "expiry_unreadable"], None),
        (plain(json!({"expires_in": true})), &["expiry_unreadable"], None),
        (plain(json!({"access_token": jwt(1_800_003_600)})), &["expiry_of_token"], hour),
        (
            plain(json!({"access_token": jwt(1_800_003_630), "expires_in": 3_600_000})),
            &["expiry_milliseconds"],
            hour,
        ),
        (json_answer(&json!({"access_token": "t"})), &["token_type_missing"], None),
        (plain(json!({"token_type": "bot"})), &["token_type_odd"], None),
        (
            json_answer(&json!({"accessToken": "t", "tokenType": "Bearer"})),
            &["renamed_member", "renamed_member"],
            None,
        ),
        (
            json_answer(
                &json!({"ok": true, "authed_user": {"id": "U", "access_token": "t"}, "token_type": "Bearer"}),
            ),
            &["nested_member"],
            None,
        ),
        (plain(json!({"scope": ["a", "b"]})), &["scope_array"], None),
        (plain(json!({"scopes": "a b"})), &["renamed_member"], None),
        (plain(json!({"scope": 7})), &["scope_unreadable"], None),
    ] {
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        let reply = read(&answer).unwrap_or_else(|why| panic!("{body}: {why}"));

        assert_eq!(names(&reply.tolerances), told, "{body}");
        assert_eq!(reply.tokens.expires_at.map(Timestamp::unix), expires_at, "{body}");
        assert_eq!(reply.tokens.token_type, "Bearer", "{body}");
        let strict = ReplyPolicy::strict().read(&answer, NOW);
        let harmless = ["error_beside_token", "expiry_of_token"].contains(&told[0])
            || body.contains("scopes")
            || body.contains("expires_at")
            || body.contains("expiresOn");
        assert_eq!(strict.is_ok(), harmless, "{body}: {strict:?}");
    }
}

#[test]
fn an_expiry_that_is_over_or_zero_ends_at_once_unless_zero_means_never() {
    let zero = json_answer(&json!({"access_token": "t", "token_type": "Bearer", "expires_in": 0}));
    let less = json_answer(&json!({"access_token": "t", "token_type": "Bearer", "expires_in": -5}));
    let guessed = read(&zero).unwrap();
    assert_eq!((guessed.tokens.expires_at, names(&guessed.tolerances)), (None, vec!["expiry_zero"]));
    let renewable =
        json!({"access_token": "t", "token_type": "Bearer", "expires_in": 0, "refresh_token": "r"});
    assert_eq!(read(&json_answer(&renewable)).unwrap().tokens.expires_at, Some(NOW));
    assert_eq!(read(&less).unwrap().tokens.expires_at, Some(NOW));
    let mailchimp = ReplyPolicy::preset("mailchimp").unwrap();
    assert_eq!(mailchimp.read(&zero, NOW).unwrap().tokens.expires_at, None);
}

#[test]
fn a_unit_and_places_can_be_named() {
    let reply =
        json!({"result": {"jwt~a/b": "t"}, "token_type": "Bearer", "ttl": 60_000, "access_token": "other"});
    let policy = ReplyPolicy::strict()
        .found_at(Member::AccessToken, "/result/jwt~0a~1b")
        .found_at(Member::ExpiresIn, "ttl")
        .expiry_unit(ExpiryUnit::Milliseconds);

    let TokenReply { tokens, tolerances } = policy.read(&json_answer(&reply), NOW).unwrap();

    assert_eq!(tokens.access_token.expose(), "t");
    assert_eq!(tokens.expires_at, Some(Timestamp::from_unix(1_800_000_060)));
    assert_eq!(names(&tolerances), ["nested_member", "renamed_member", "expiry_milliseconds"]);
    assert!(tokens.extra.contains_key("access_token"), "what was not meant is kept");
}

#[test]
fn a_name_with_a_slash_comes_before_the_pointer() {
    let reply = json!({"/a/b": "name", "a": {"b": "pointer"}, "token_type": "Bearer"});
    let policy = ReplyPolicy::lenient().found_at(Member::AccessToken, "/a/b");
    assert_eq!(policy.read(&json_answer(&reply), NOW).unwrap().tokens.access_token.expose(), "name");
}

#[test]
fn slack_gives_the_bots_token_unless_the_persons_is_asked_for() {
    let reply = json_answer(&json!({
        "ok": true, "access_token": "xoxb-1", "token_type": "bot", "scope": "chat:write,im:read",
        "authed_user": {"access_token": "xoxp-1", "token_type": "user", "scope": "search:read"},
    }));
    let bot = read(&reply).unwrap();
    assert_eq!(bot.tokens.access_token.expose(), "xoxb-1");
    assert_eq!(bot.tokens.scope.unwrap().to_string(), "chat:write im:read");
    let person = ReplyPolicy::preset("slack").unwrap().read(&reply, NOW).unwrap();
    assert_eq!(person.tokens.access_token.expose(), "xoxp-1");
    assert_eq!(person.tokens.scope.unwrap().to_string(), "search:read");
}

#[test]
fn an_error_is_read_wherever_it_stands_and_says_what_to_do() {
    let later = Some(Timestamp::from_unix(1_800_000_030));
    for (answer, error, told, class) in [
        (
            answer(400, "application/json", r#"{"error":"invalid_grant","error_description":"gone"}"#),
            Some("invalid_grant"),
            &[][..],
            FailureClass::Reauthorize,
        ),
        (
            answer(401, "application/json", r#"{"error":"invalid_client"}"#),
            Some("invalid_client"),
            &[],
            FailureClass::Config,
        ),
        (
            answer(200, "application/json", r#"{"error":"bad_verification_code"}"#),
            Some("bad_verification_code"),
            &["error_in_success"],
            FailureClass::Reauthorize,
        ),
        (
            answer(200, "application/json", r#"{"ok":false,"error":"invalid_refresh_token"}"#),
            Some("invalid_refresh_token"),
            &["error_in_success"],
            FailureClass::Reauthorize,
        ),
        (
            answer(200, "application/json", r#"{"ok":false,"error":"some_new_word"}"#),
            Some("some_new_word"),
            &["error_in_success"],
            FailureClass::Config,
        ),
        (
            answer(200, "text/plain", "error=incorrect_client_credentials&error_description=no"),
            Some("incorrect_client_credentials"),
            &["form_encoded", "error_in_success"],
            FailureClass::Config,
        ),
        (
            answer(
                400,
                "application/json",
                r#"{"error":{"message":"Invalid","type":"OAuthException","code":100}}"#,
            ),
            Some("OAuthException"),
            &["error_nested"],
            FailureClass::Config,
        ),
        (
            answer(400, "application/json", r#"{"status":400,"message":"Invalid refresh token"}"#),
            None,
            &[],
            FailureClass::Reauthorize,
        ),
        (
            answer(403, "application/json", r#"{"error":"invalid_grant"}"#),
            Some("invalid_grant"),
            &["status_odd"],
            FailureClass::Reauthorize,
        ),
        (answer(500, "text/html", "<html>oops"), None, &[], FailureClass::Transient),
        (answer(502, "text/plain", "Bad gateway"), None, &[], FailureClass::Transient),
        (
            with(answer(429, "text/plain", ""), RETRY_AFTER, "30"),
            None,
            &[],
            FailureClass::RateLimited { until: later },
        ),
        (
            with(
                answer(503, "application/json", r#"{"error":"temporarily_unavailable"}"#),
                RETRY_AFTER,
                "30",
            ),
            Some("temporarily_unavailable"),
            &[],
            FailureClass::RateLimited { until: later },
        ),
        (
            answer(400, "application/json", r#"{"error":"slow_down"}"#),
            Some("slow_down"),
            &[],
            FailureClass::RateLimited { until: None },
        ),
        (answer(404, "text/html", "<!doctype html>"), None, &[], FailureClass::Config),
    ] {
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        let refused = refused(&answer);
        assert_eq!(refused.error.as_deref(), error, "{body}");
        assert_eq!(names(&refused.tolerances), told, "{body}");
        assert_eq!(refused.class(true), class, "{body}");
    }
}

#[test]
fn what_an_error_says_is_short_and_on_one_line() {
    let words = format!("line\r\none {}", "x".repeat(900));
    let refused = refused(&answer(
        400,
        "application/json",
        json!({"error": "e", "error_description": words}).to_string(),
    ));
    let description = refused.error_description.unwrap();
    assert!(description.starts_with("line  one") && description.ends_with("x…"), "{description}");
    assert_eq!(description.chars().count(), 500);
}

#[test]
fn what_an_error_says_turns_no_text_round() {
    let said = json!({"error": "e\u{202e}f\u{9b}g\u{2028}h", "error_description": "\u{2066}"}).to_string();
    let refused = refused(&answer(400, "application/json", said));
    assert_eq!((refused.error.as_deref(), refused.error_description), (Some("e f g h"), None));
}

#[test]
fn of_a_secret_nothing_is_left_though_what_repeats_it_was_cut_short_within() {
    let secret = Secret::new("swordfish-and-chips");
    for before in 470..500 {
        let words = format!("{} {}", "x".repeat(before), secret.expose());
        let said = json!({"error": words, "error_description": words, "error_uri": words}).to_string();
        let mut refused = refused(&answer(400, "application/json", said));
        refused.conceal(std::slice::from_ref(&secret));
        let shown = format!("{refused} {:?}", refused.error_uri);
        assert!(!shown.contains("swor"), "{before}: {shown}");
    }
}

#[test]
fn what_was_sent_is_taken_out_of_all_that_a_provider_says() {
    let secret = "open \"sesame\"";
    let secrets = [Secret::new(secret)];
    let error = format!("{} {secret}", "x".repeat(490));
    let body = json!({"access_token": "t", "error": error}).to_string();
    let mut beside = read(&answer(200, secret, body));
    let told = beside.as_mut().unwrap().tolerances.iter_mut().map(|odd| {
        odd.conceal(&secrets);
        odd.to_string()
    });
    let told = told.collect::<Vec<_>>().join(", ");
    assert!(
        told.contains("the content type is \"…\"") && told.contains("x …") && !told.contains("open"),
        "{told}"
    );

    let elsewhere = with(answer(302, secret, secret), LOCATION, "https://idp.test/open+%22sesame%22");
    let mut unreadable = unreadable(&elsewhere);
    unreadable.conceal(&secrets);
    let told = unreadable.to_string();
    assert!(told.contains("https://idp.test/…") && !told.contains("open"), "{told}");
}

#[test]
fn what_cannot_be_read_is_told_with_where_and_shows_no_secret() {
    for (answer, what) in [
        (
            answer(200, "text/html", "<!DOCTYPE html><title>Sign in</title>"),
            "the body is an HTML page and no JSON (status 200, text/html, beginning \"<!DOCTYPE><title>Sign in</title>\")",
        ),
        (answer(200, "application/json", ""), "the body is empty (status 200, application/json)"),
        (
            answer(200, "application/json", r#"["access_token"]"#),
            "the body is a JSON array and no object (status 200, application/json, beginning \"[\\\"…\\\"]\")",
        ),
        (
            answer(200, "application/json", r#"{"access_token":"sesame1234"#),
            "the body is no JSON: EOF while parsing a string at line 1 column 27 (status 200, application/json, beginning \"{\\\"access_token\\\":\\\"…\\\"\")",
        ),
        (
            answer(200, "application/json", r#"{"token_type":"Bearer"}"#),
            "access_token is missing (status 200, application/json, beginning \"{\\\"token_type\\\":\\\"Bearer\\\"}\")",
        ),
        (
            answer(200, "application/json", r#"{"access_token":7}"#),
            "access_token at /access_token is no text (status 200, application/json, beginning \"{\\\"access_token\\\":…}\")",
        ),
        (
            answer(200, "application/json", r#"{"access_token":"a\r\nb","token_type":"Bearer"}"#),
            "access_token at /access_token contains characters that cannot be sent in a header (status 200, application/json, beginning \"{\\\"access_token\\\":\\\"…\\\",\\\"token_type\\\":\\\"Bearer\\\"}\")",
        ),
        (
            answer(200, "application/json", r#"{"access_token":"a","token_type":"mac"}"#),
            "token_type at /token_type names a scheme that needs more than a token, which is not known here (status 200, application/json, beginning \"{\\\"access_token\\\":\\\"…\\\",\\\"token_type\\\":\\\"mac\\\"}\")",
        ),
    ] {
        assert_eq!(unreadable(&answer).to_string(), what);
    }
}

#[test]
fn a_redirect_is_told_with_where_it_leads() {
    let answer = with(answer(307, "text/html", "<html>"), LOCATION, "https://other.test/token");
    let Err(NoTokens::Unreadable(told)) = read(&answer) else { panic!("it must be told") };
    assert_eq!(told.what, Unreadable::Redirect { location: "https://other.test/token".to_owned() });
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(body in prop::collection::vec(any::<u8>(), 0..200), status in 200_u16..600) {
        let _ = read(&answer(status, "application/json", body));
    }

    #[test]
    fn no_value_of_a_member_breaks_the_reader(member in "access_token|token_type|expires_in|scope|error", text in "\\PC{0,20}", number in any::<f64>()) {
        for value in [json!(text), json!(number), json!([text]), json!({ "a": text })] {
            let _ = read(&json_answer(&json!({"access_token": "t", member.as_str(): value})));
        }
    }
}

#[test]
fn a_reply_is_not_put_together_of_two_grants() {
    let two = json_answer(&json!({
        "ok": true, "access_token": "bot", "token_type": "bot", "refresh_token": "r-bot", "expires_in": 60,
        "authed_user": {"access_token": "person"},
    }));
    let person = ReplyPolicy::preset("slack").unwrap().read(&two, NOW).unwrap().tokens;
    assert_eq!(person.access_token.expose(), "person");
    assert!(person.refresh_token.is_none() && person.expires_at.is_none());

    let other = json_answer(&json!({
        "ok": true, "access_token": "bot", "token_type": "bot",
        "authed_user": {"access_token": "person", "refresh_token": "r-person", "expires_in": 43200},
    }));
    let bot = read(&other).unwrap().tokens;
    assert_eq!(bot.access_token.expose(), "bot");
    assert!(bot.refresh_token.is_none() && bot.expires_at.is_none());

    let only_a_bot = json_answer(&json!({"ok": true, "access_token": "bot", "authed_user": {"id": "U1"}}));
    assert!(ReplyPolicy::preset("slack").unwrap().read(&only_a_bot, NOW).is_err());
}

#[test]
fn an_expiry_that_cannot_be_understood_is_not_the_last_word() {
    let reply = json!({"access_token": "t", "token_type": "Bearer", "expires_in": "soon", "expires_at": 1_800_000_060});
    let reply = read(&json_answer(&reply)).unwrap();
    assert_eq!(reply.tokens.expires_at, Some(Timestamp::from_unix(1_800_000_060)));
}

//! Which requests are made: an honest one of an endpoint, and what is changed about it.

use grantway_tests::{ISSUER, VERIFIER, basic_header, challenge};
use http::Request;
use proptest::prelude::*;
use proptest::sample::select;

use super::Held;

/// A request before what it names is put in.
#[derive(Clone, Debug)]
pub(super) struct Shaped {
    method: &'static str,
    path: String,
    query: Vec<(String, String)>,
    body: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
    /// Written without percent-encoding, as careless clients do.
    raw: bool,
    /// More than a form may hold.
    padded: bool,
}

impl Shaped {
    /// As it goes over the wire; none if that cannot be.
    pub(super) fn written(&self, held: &Held) -> Option<Request<Vec<u8>>> {
        let write = |pairs: &[(String, String)]| {
            let pairs = pairs.iter().map(|(name, value)| (held.fill(name), held.fill(value)));
            if self.raw {
                return pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
            }
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        };
        let uri = match &write(&self.query)[..] {
            "" => held.fill(&self.path),
            query => format!("{}?{query}", held.fill(&self.path)),
        };
        let mut body = write(&self.body);
        if self.padded {
            body.push_str(&"&".repeat(70_000));
        }
        let request = self
            .headers
            .iter()
            .fold(Request::builder().method(self.method).uri(uri), |request, (name, value)| {
                request.header(*name, held.fill(value))
            });
        request.body(body.into_bytes()).ok()
    }
}

/// To server and sign-in.
pub(super) fn requests() -> impl Strategy<Value = Shaped> {
    changed(honest())
}

/// To the pages that the program alone has, besides.
pub(super) fn requests_of_the_program() -> impl Strategy<Value = Shaped> {
    // Too short a password, so that the link stays good.
    let account = [
        ("token", "{first_token}"),
        ("csrf", "{first_csrf}"),
        ("username", "ada"),
        ("email", "ada@people.test"),
        ("password", "short"),
    ];
    changed(vec![
        shaped("GET", "/demo", &[], &[]),
        shaped("GET", "/demo/start", &[], &[]),
        shaped("GET", "/demo/callback", &[("code", "oac_x"), ("state", "s"), ("iss", ISSUER)], &[]),
        shaped("GET", "/first-account", &[("token", "{first_token}")], &[]),
        shaped("POST", "/first-account", &[], &account),
    ])
}

/// Each with a few things about it changed.
fn changed(honest: Vec<Shaped>) -> impl Strategy<Value = Shaped> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), change()), 0..4);
    let headers = prop::collection::vec(header(), 0..3);
    let shape = (select(honest), changes, headers);
    let seldom = (prop::bool::weighted(0.1), prop::bool::weighted(0.02), prop::bool::weighted(0.1));
    let odd = (select(&METHODS[..]), select(&PATHS[..]), seldom);
    (shape, odd).prop_map(|((mut shaped, changes, headers), (method, path, (raw, padded, elsewhere)))| {
        for (at, in_query, change) in changes {
            let to_query = if shaped.body.is_empty() { !in_query } else { in_query && at.index(4) == 0 };
            apply(if to_query { &mut shaped.query } else { &mut shaped.body }, at, change);
        }
        for (name, value) in headers {
            shaped.headers.retain(|(own, _)| *own != name);
            shaped.headers.extend(value.map(|value| (name, value)));
        }
        if elsewhere {
            (shaped.method, shaped.path) = (method, path.to_owned());
        }
        Shaped { raw, padded, ..shaped }
    })
}

/// What is done to one parameter.
#[derive(Clone, Debug)]
enum Change {
    Drop,
    Twice,
    Value(String),
    Name(String),
    Add(String, String),
    /// Half of it, or a bit of it another.
    Cut,
    Bend,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => Just(Change::Drop),
        1 => Just(Change::Twice),
        3 => value().prop_map(Change::Value),
        1 => name().prop_map(Change::Name),
        3 => (name(), value()).prop_map(|(name, value)| Change::Add(name, value)),
        1 => Just(Change::Cut),
        1 => Just(Change::Bend),
    ]
}

fn apply(pairs: &mut Vec<(String, String)>, at: prop::sample::Index, change: Change) {
    if let Change::Add(name, value) = change {
        return pairs.push((name, value));
    }
    if pairs.is_empty() {
        return;
    }
    let at = at.index(pairs.len());
    match change {
        Change::Drop => drop(pairs.remove(at)),
        Change::Twice => pairs.push(pairs[at].clone()),
        Change::Value(value) => pairs[at].1 = value,
        Change::Name(name) => pairs[at].0 = name,
        Change::Cut => {
            let value = &mut pairs[at].1;
            *value = value.chars().take(value.chars().count() / 2).collect();
        }
        Change::Bend => pairs[at].1.push('A'),
        Change::Add(..) => {}
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![8 => select(&NAMES[..]).prop_map(str::to_owned), 1 => "\\PC{0,12}", 1 => "[a-z\\[\\]%.]{0,12}"]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(&VALUES[..]).prop_map(str::to_owned),
        1 => "\\PC{0,40}",
        1 => "[%+&=#/\\\\.;@ -~]{0,40}",
        1 => "[0-9-]{1,25}",
        1 => "[A-Za-z0-9_-]{8,90}",
    ]
}

fn header() -> impl Strategy<Value = (&'static str, Option<String>)> {
    let basic = |id: &str, secret: &str| basic_header(id, secret);
    let authorization = vec![
        basic("confidential", "sesame"),
        basic("confidential", "wrong"),
        basic("other", "other-sesame"),
        basic("nobody", ""),
        "Bearer {access_token}".to_owned(),
        "Bearer {id_token}".to_owned(),
        "Bearer {refresh_token}".to_owned(),
        "Bearer {access_token}x".to_owned(),
        "DPoP {access_token}".to_owned(),
        "Basic {code}".to_owned(),
        "Basic".to_owned(),
    ];
    let text = |header: &'static str, values: Vec<String>| {
        let values = prop_oneof![
            1 => Just(None),
            5 => select(values).prop_map(Some),
            1 => "[ -~]{0,40}".prop_map(Some),
        ];
        values.prop_map(move |value| (header, value))
    };
    let own = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    prop_oneof![
        3 => text("authorization", authorization),
        2 => text("cookie", own(&["{cookies}", "grantway_session={session}", "grantway_session={code}", "a=b"])),
        1 => text("content-type", own(&["application/x-www-form-urlencoded; charset=utf-8", "application/json"])),
        1 => text("origin", own(&[ISSUER, "https://evil.test", "null"])),
        1 => text("accept", own(&["text/html", "application/json", "*/*"])),
        1 => text("host", own(&["evil.test", "127.0.0.1"])),
        1 => text("if-none-match", own(&["*", "\"x\""])),
    ]
}

/// What well-behaved clients and browsers send to each endpoint.
fn honest() -> Vec<Shaped> {
    let challenge = challenge(VERIFIER);
    let authorize = [
        ("response_type", "code"),
        ("client_id", "confidential"),
        ("redirect_uri", "https://app.test/cb"),
        ("scope", "openid"),
        ("state", "state-of-the-client"),
        ("nonce", "nonce-of-the-client"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let code = [
        ("grant_type", "authorization_code"),
        ("code", "{code}"),
        ("redirect_uri", "https://app.test/cb"),
        ("code_verifier", VERIFIER),
    ];
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "{refresh_token}")];
    let machine = [("grant_type", "client_credentials"), ("scope", "openid")];
    let sign_in = [("csrf", "{sign_in_csrf}"), ("username", "ada"), ("password", "{password}")];
    let leave = [("id_token_hint", "{id_token}"), ("post_logout_redirect_uri", "https://app.test/bye")];
    let sure = [("csrf", "{logout_csrf}"), ("confirmed", "true")];
    let consent: Vec<_> =
        authorize.into_iter().chain([("csrf", "{consent_csrf}"), ("consented", "true")]).collect();
    let take_back = [("csrf", "{take_back_csrf}"), ("client_id", "confidential")];
    let change =
        [("csrf", "{change_csrf}"), ("current_password", "{password}"), ("new_password", "{password}")];
    let reset = [("csrf", "{reset_csrf}"), ("token", "{reset_token}"), ("password", "{password}")];
    let verify = [("csrf", "{verify_csrf}"), ("token", "{verify_token}")];
    let token = [("token", "{access_token}")];
    let bearer = [("access_token", "{access_token}")];
    [
        shaped("GET", "/oauth/authorize", &authorize, &[]),
        shaped("POST", "/oauth/authorize", &[], &authorize),
        shaped("POST", "/v1/me/oauth/consent/confidential", &[], &consent),
        shaped("POST", "/oauth/token", &[], &code),
        shaped("POST", "/oauth/token", &[], &refresh),
        shaped("POST", "/oauth/token", &[], &machine),
        shaped("POST", "/oauth/token_info", &[], &token),
        shaped("POST", "/oauth/token/revoke", &[], &token),
        shaped("GET", "/oauth/userinfo", &[], &[]),
        shaped("POST", "/oauth/userinfo", &[], &bearer),
        shaped("GET", "/oauth/logout", &leave, &[]),
        shaped("POST", "/oauth/logout", &[], &sure),
        shaped("GET", "/sign-in", &[("return_to", "/oauth/authorize"), ("login_hint", "ada")], &[]),
        shaped("POST", "/sign-in", &[], &sign_in),
        shaped("GET", "/signed-in", &[], &[]),
        shaped("POST", "/sign-out", &[], &[("csrf", "{logout_csrf}")]),
        shaped("GET", "/choose-account", &[("return_to", "/oauth/authorize")], &[]),
        shaped(
            "POST",
            "/choose-account",
            &[],
            &[("csrf", "{choice_csrf}"), ("return_to", "/oauth/authorize")],
        ),
        shaped("GET", "/account", &[], &[]),
        shaped("POST", "/account/sessions/end", &[], &[("csrf", "{end_csrf}"), ("sid", "{sid}")]),
        shaped("POST", "/account/sessions/end-others", &[], &[("csrf", "{end_others_csrf}")]),
        shaped("POST", "/account/applications/take-back", &[], &take_back),
        shaped("POST", "/account/password", &[], &change),
        shaped("GET", "/forgot-password", &[], &[]),
        shaped("POST", "/forgot-password", &[], &[("csrf", "{forgot_csrf}"), ("username", "ada")]),
        shaped("GET", "/reset-password", &[("token", "{reset_token}")], &[]),
        shaped("POST", "/reset-password", &[], &reset),
        shaped("GET", "/verify-email", &[("token", "{verify_token}")], &[]),
        shaped("POST", "/verify-email", &[], &verify),
        shaped("POST", "/verify-email/send", &[], &[("csrf", "{send_csrf}")]),
        shaped("GET", "{logo}", &[], &[]),
        shaped("GET", "/.well-known/openid-configuration", &[], &[]),
        shaped("GET", "/.well-known/oauth-authorization-server", &[], &[]),
        shaped("GET", "/.well-known/jwks.json", &[], &[]),
        shaped("GET", "/healthz", &[], &[]),
        shaped("GET", "/readyz", &[], &[]),
    ]
    .into()
}

fn shaped(method: &'static str, path: &str, query: &[(&str, &str)], body: &[(&str, &str)]) -> Shaped {
    let owned = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let mut headers = match path {
        "/oauth/token" | "/oauth/token_info" | "/oauth/token/revoke" => {
            vec![("authorization", basic_header("confidential", "sesame"))]
        }
        "/oauth/userinfo" if method == "GET" => vec![("authorization", "Bearer {access_token}".to_owned())],
        _ => vec![("cookie", "{cookies}".to_owned()), ("origin", ISSUER.to_owned())],
    };
    if method == "POST" {
        headers.push(("content-type", "application/x-www-form-urlencoded".to_owned()));
    }
    Shaped {
        method,
        path: path.to_owned(),
        query: owned(query),
        body: owned(body),
        headers,
        raw: false,
        padded: false,
    }
}

const METHODS: [&str; 8] = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"];

const PATHS: [&str; 37] = [
    "/oauth/authorize",
    "/oauth/token",
    "/oauth/token_info",
    "/oauth/token/revoke",
    "/oauth/userinfo",
    "/oauth/logout",
    "/v1/me/oauth/consent/confidential",
    "/v1/me/oauth/consent/%F0%9F%92%A9",
    "/v1/me/oauth/consent/%FF",
    "/v1/me/oauth/consent/",
    "/sign-in",
    "/signed-in",
    "/sign-out",
    "/choose-account",
    "/account",
    "/account/sessions/end",
    "/account/sessions/end-others",
    "/account/applications/take-back",
    "/account/password",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/verify-email/send",
    "/logos/x",
    "/logos/",
    "{logo}",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/.well-known/jwks.json",
    "/healthz",
    "/readyz",
    "/oauth/elsewhere",
    "/oauth/token/",
    "//oauth/token",
    "/OAUTH/token",
    "/oauth/%74oken",
    "/",
];

const NAMES: [&str; 47] = [
    "response_type",
    "response_mode",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "prompt",
    "display",
    "max_age",
    "ui_locales",
    "claims",
    "claims_locales",
    "acr_values",
    "id_token_hint",
    "login_hint",
    "request",
    "request_uri",
    "resource",
    "registration",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "grant_type",
    "code",
    "refresh_token",
    "token",
    "token_type_hint",
    "access_token",
    "post_logout_redirect_uri",
    "return_to",
    "voucher",
    "csrf",
    "resume",
    "consented",
    "confirmed",
    "resent",
    "username",
    "password",
    "current_password",
    "new_password",
    "sid",
    "done",
    "proof",
];

const VALUES: [&str; 61] = [
    "",
    "code",
    "token",
    "code id_token",
    "none",
    "login",
    "consent",
    "none login",
    "select_account",
    "query",
    "fragment",
    "form_post",
    "query.jwt",
    "S256",
    "plain",
    "openid",
    "openid offline_access",
    "profile  email",
    "admin",
    "confidential",
    "public",
    "other",
    "nobody",
    "user_ada",
    "ada",
    "true",
    "false",
    "0",
    "-1",
    "1e9",
    "99999999999999999999",
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "password",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "https://app.test/cb",
    "https://other.test/cb",
    "http://127.0.0.1:5123/cb",
    "https://app.test/bye",
    "https://evil.test/cb",
    "//evil.test",
    "javascript:alert(1)",
    "\"><script>alert(1)</script>",
    "{\"userinfo\":{\"email\":null}}",
    "eyJhbGciOiJub25lIn0.e30.",
    "{code}",
    "{access_token}",
    "{id_token}",
    "{spent_token}",
    "{refresh_token}",
    "{session}",
    "{consent_csrf}",
    "{secret}",
    "{password}",
    "{sid}",
    "{reset_token}",
    "{verify_token}",
    "{change_csrf}",
    "password-changed",
];

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::IntoResponse;
use grantway_core::pkce::CodeVerifier;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, StatusCode};

use crate::{Answer, Browser, Page, tcp};

/// A provider as clients and browsers see it: in process, or listening somewhere.
#[derive(Clone, Debug)]
pub struct Front {
    /// All of it.
    pub router: Router,
}

impl Front {
    /// One in process.
    #[must_use]
    pub const fn of(router: Router) -> Self {
        Self { router }
    }

    /// Several that listen: each request goes to the next, as through a balancer.
    #[must_use]
    pub fn at(addresses: Vec<SocketAddr>) -> Self {
        let turn = Arc::new(AtomicUsize::new(0));
        Self::of(Router::new().fallback(move |request: Request<Body>| {
            let address = addresses[turn.fetch_add(1, Ordering::Relaxed) % addresses.len()];
            async move {
                let (head, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
                match tcp::exchange(address, &Request::from_parts(head, body.to_vec())).await {
                    Ok(Answer { status, headers, body }) => (status, headers, body).into_response(),
                    Err(fault) => (StatusCode::BAD_GATEWAY, fault.to_string()).into_response(),
                }
            }
        }))
    }

    /// A browser without cookies.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser whose person is signed in.
    ///
    /// # Panics
    /// If signing in fails.
    pub async fn signed_in(&self) -> Browser {
        let mut browser = self.browser();
        let page = browser.open("/sign-in").await;
        let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
        assert!(page.answer.status.is_success() || page.answer.status.is_redirection(), "{}", page.words());
        assert!(browser.cookies().contains_key("grantway_session"), "{}", page.words());
        browser
    }

    /// What a signed-in person who agrees to everything brings back to the application.
    pub async fn authorize(&self, query: &str) -> Page {
        let mut browser = self.signed_in().await;
        let page = browser.open(&format!("/oauth/authorize?{query}")).await;
        if page.answer.location().is_some() || page.form().is_none() {
            return page;
        }
        browser.submit(&page, &[("consented", "true")]).await
    }

    /// A code of the confidential application for `scope`, with [`VERIFIER`]'s challenge.
    ///
    /// # Panics
    /// If there is none.
    pub async fn code(&self, scope: &str) -> String {
        let page = self.authorize(&request("confidential", scope)).await;
        page.answer
            .parameter("code")
            .unwrap_or_else(|| panic!("{:?} {}", page.answer.location(), page.words()))
    }

    /// Redeems a code as the confidential application.
    pub async fn redeem(&self, code: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", "https://app.test/cb"),
            ("code_verifier", VERIFIER),
        ];
        self.token(Some(("confidential", "sesame")), &form).await
    }

    /// Refreshes as the confidential application.
    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        self.token(Some(("confidential", "sesame")), &form).await
    }

    /// Asks for a token with a client assertion alone.
    pub async fn assert(&self, client_assertion: &str) -> Answer {
        self.token(None, &assertion_form(client_assertion)).await
    }

    /// Posts to the token endpoint.
    pub async fn token(&self, basic: Option<(&str, &str)>, form: &[(&str, &str)]) -> Answer {
        self.post("/oauth/token", basic, form).await
    }

    /// Posts to any endpoint for clients.
    ///
    /// # Panics
    /// If the path is none.
    pub async fn post(&self, path: &str, basic: Option<(&str, &str)>, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some((client_id, secret)) = basic {
            request = request.header(AUTHORIZATION, basic_header(client_id, secret));
        }
        self.ask(request.body(Body::from(body)).expect("a well-formed request")).await
    }

    /// Asks for the person's claims.
    pub async fn userinfo(&self, access_token: &str) -> Answer {
        let request = Request::get("/oauth/userinfo").header(AUTHORIZATION, format!("Bearer {access_token}"));
        self.ask(request.body(Body::empty()).expect("a well-formed request")).await
    }

    /// Asks without body.
    pub async fn fetch(&self, method: Method, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path).body(Body::empty());
        self.ask(request.expect("a well-formed request")).await
    }

    /// Asks anything.
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        Answer::of(&self.router, request).await
    }
}

/// A request to the token endpoint by the confidential application, for those who send it themselves.
///
/// # Panics
/// Never: it is well-formed.
#[must_use]
pub fn token_request(form: &[(&str, &str)]) -> Request<Vec<u8>> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    Request::post("/oauth/token")
        .header(AUTHORIZATION, basic_header("confidential", "sesame"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into_bytes())
        .expect("a well-formed request")
}

/// The redemption of a code that [`Front::code`] brought.
#[must_use]
pub fn code_request(code: &str) -> Request<Vec<u8>> {
    token_request(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_of("confidential")),
        ("code_verifier", VERIFIER),
    ])
}

/// A refresh.
#[must_use]
pub fn refresh_request(refresh_token: &str) -> Request<Vec<u8>> {
    token_request(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)])
}

/// A token for an application that proves itself by that assertion alone, as [`Front::assert`] asks for it.
///
/// # Panics
/// Never: it is well-formed.
#[must_use]
pub fn assertion_request(client_assertion: &str) -> Request<Vec<u8>> {
    let mut request = token_request(&assertion_form(client_assertion));
    request.headers_mut().remove(AUTHORIZATION);
    request
}

fn assertion_form(client_assertion: &str) -> [(&str, &str); 3] {
    [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", client_assertion),
    ]
}

/// An authorization request of `client_id` with all that a careful client sends.
#[must_use]
pub fn request(client_id: &str, scope: &str) -> String {
    let redirect_uri = redirect_of(client_id);
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("response_type", "code"),
            ("client_id", client_id),
            ("redirect_uri", redirect_uri),
            ("scope", scope),
            ("state", "state-of-the-client"),
            ("nonce", "nonce-of-the-client"),
            ("code_challenge", &challenge(VERIFIER)),
            ("code_challenge_method", "S256"),
        ])
        .finish()
}

/// The registered redirect of one of the applications.
#[must_use]
pub fn redirect_of(client_id: &str) -> &'static str {
    match client_id {
        "public" => "http://127.0.0.1/cb",
        "other" => "https://other.test/cb",
        _ => "https://app.test/cb",
    }
}

/// The registered end of a sign-out.
#[must_use]
pub(crate) fn goodbye_of(client_id: &str) -> &'static str {
    match client_id {
        "public" => "http://127.0.0.1/bye",
        "other" => "https://other.test/bye",
        _ => "https://app.test/bye",
    }
}

/// The `code_challenge` of a verifier.
///
/// # Panics
/// If the verifier is malformed.
#[must_use]
pub fn challenge(verifier: &str) -> String {
    verifier.parse::<CodeVerifier>().expect("a well-formed verifier").challenge().into()
}

/// An `Authorization` header as RFC 6749 section 2.3.1 has it.
#[must_use]
pub fn basic_header(client_id: &str, secret: &str) -> String {
    use base64::Engine;
    let encode = |raw: &str| url::form_urlencoded::byte_serialize(raw.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(client_id), encode(secret));
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

/// A `code_verifier`, from RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The password of the only person.
pub const PASSWORD: &str = "correct horse battery staple";

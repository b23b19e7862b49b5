//! A code and its exchange with PKCE (RFC 6749 section 4.1, RFC 7636), by somebody who is signed in.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use url::Url;
use url::form_urlencoded::Serializer;

use crate::http::{Answer, Connection, Wrong};
use crate::target::{Target, get};
use crate::workload::sign_in::{Cookies, sign_in};

#[derive(Debug)]
pub(crate) struct Flow {
    target: Target,
    cookies: Cookies,
    number: u64,
}

impl Flow {
    /// Signs in, and agrees if asked; from then on the person is known by cookies.
    pub(super) async fn prepare(target: &Target) -> Result<Self, Wrong> {
        let mut flow = Self { target: target.clone(), cookies: Cookies::default(), number: 0 };
        let mut connection = Connection::open(target.address).await?;
        let address = flow.authorization(&verifier(0));
        sign_in(target, &mut connection, &mut flow.cookies, address)
            .await
            .map_err(|wrong| wrong.during("signing in"))?;
        Ok(flow)
    }

    /// Two requests, one unit; the answer is the token endpoint's.
    pub(super) async fn act(&mut self, connection: &mut Connection) -> Result<Answer, Wrong> {
        self.number += 1;
        let verifier = verifier(self.number);
        let address = self.authorization(&verifier);
        let request = get(self.target.address, &address, &self.cookies.header());
        let redirect = connection.ask(&request).await?;
        self.cookies.keep(&redirect);
        let code = self.code_of(&redirect)?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", self.target.application.redirect_uri),
            ("code_verifier", verifier.as_str()),
        ];
        let tokens = connection.ask(&self.target.token_request(&form)).await?.expect(200)?;
        for member in ["access_token", "id_token", "refresh_token"] {
            tokens.member(member)?;
        }
        Ok(tokens)
    }

    fn authorization(&self, verifier: &str) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let application = &self.target.application;
        let query = Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", application.client_id)
            .append_pair("redirect_uri", application.redirect_uri)
            .append_pair("scope", application.scope)
            .append_pair("state", &self.number.to_string())
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .finish();
        format!("{}?{query}", self.target.endpoints.authorization)
    }

    fn code_of(&self, redirect: &Answer) -> Result<String, Wrong> {
        let status = redirect.status;
        let wrong = |said: &str| Wrong::new(format_args!("no code but status {status}: {said}"));
        let location = redirect.location.as_deref().ok_or_else(|| wrong(&redirect.text()))?;
        if !location.starts_with(self.target.application.redirect_uri) {
            return Err(wrong(location));
        }
        let url = Url::parse(location)?;
        let parameter = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted);
        let state = parameter("state").map(|(_, state)| state.into_owned());
        if state != Some(self.number.to_string()) {
            return Err(wrong(location));
        }
        Ok(parameter("code").ok_or_else(|| wrong(location))?.1.into_owned())
    }
}

/// Another for each flow; nobody guesses here.
fn verifier(number: u64) -> String {
    format!("a-verifier-of-the-bench-{number:020}")
}

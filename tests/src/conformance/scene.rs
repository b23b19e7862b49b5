use std::time::Duration;

use grantway_core::base64url;
use grantway_core::seam::Entropy;
use serde_json::Value;

use super::Suite;
use super::cast::{AuthMethod, Client};
use super::checks::{self, Expected, IdToken, Provider};
use super::condition::{Finding, Stop, Verdict};
use super::http::Form;
use super::person::{Call, End, Hands, Link, Page, Person, Walk};
use super::plan::{ResponseMode, Variant};
use super::request::AuthorizationRequest;
use crate::{Answer, basic_header};

/// What one module plays in: an issuer that has been looked at, and what was found so far.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) variant: Variant,
    pub(crate) provider: Provider,
    findings: &'a mut Vec<Finding>,
}

/// What a code was exchanged for.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) code: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: IdToken,
}

impl<'a> Scene<'a> {
    /// Looks at the issuer, as every module does first.
    pub(crate) fn open(
        suite: &'a Suite,
        variant: Variant,
        findings: &'a mut Vec<Finding>,
    ) -> Result<Self, Stop> {
        let provider = Provider::look_at(suite, findings)?;
        Ok(Self { suite, variant, provider, findings })
    }

    /// Writes down what was found.
    pub(crate) fn note(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Writes down what nothing can follow on unless it is so.
    pub(crate) fn need(&mut self, finding: Finding) -> Result<(), Stop> {
        if finding.verdict == Verdict::Failure {
            return Err(Stop::Found(finding));
        }
        self.note(finding);
        Ok(())
    }

    /// Somebody without cookies.
    pub(crate) fn person(&self) -> Person<'a> {
        Person::new(self.suite)
    }

    pub(crate) fn first(&self) -> Result<&'a Client, Stop> {
        self.client(0)
    }

    pub(crate) fn second(&self) -> Result<&'a Client, Stop> {
        self.client(1)
    }

    fn client(&self, nth: usize) -> Result<&'a Client, Stop> {
        let method = self.variant.client_auth;
        self.suite.cast.using(method).nth(nth).ok_or_else(|| {
            Stop::Skipped(format!("the clients file has not {} clients for {}", nth + 1, method.as_str()))
        })
    }

    /// The request of a client that asks for a code, as this variant has it.
    pub(crate) fn request(&self, client: &'a Client, scope: &str) -> AuthorizationRequest<'a> {
        let mut state = self.drawn();
        if self.variant.response_mode == ResponseMode::FormPost {
            // What a page has to write down with care.
            state.push_str("<\"&amp;'>");
        }
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut parameters = vec![
            pair("response_type", "code"),
            pair("client_id", &client.client_id),
            pair("redirect_uri", &client.redirect_uri),
            pair("scope", scope),
            pair("state", &state),
            pair("nonce", &self.drawn()),
        ];
        parameters.extend(self.variant.response_mode.parameter().map(|mode| pair("response_mode", mode)));
        let request = AuthorizationRequest { client, parameters, verifier: None };
        if client.pkce { request.with_pkce(self.drawn()) } else { request }
    }

    /// 256 bits in base64url.
    pub(crate) fn drawn(&self) -> String {
        let mut bytes = [0; 32];
        self.suite.entropy.fill(&mut bytes);
        base64url::encode(bytes)
    }

    /// Sends a person to the authorization endpoint and sees what comes of it.
    pub(crate) fn walk(
        &mut self,
        person: &mut Person<'a>,
        request: &AuthorizationRequest<'_>,
        hands: Hands,
    ) -> Result<Walk, Stop> {
        self.walk_by(person, request, request.link(&self.provider.authorization_endpoint), hands)
    }

    pub(crate) fn walk_by(
        &mut self,
        person: &mut Person<'a>,
        request: &AuthorizationRequest<'_>,
        link: Link,
        hands: Hands,
    ) -> Result<Walk, Stop> {
        let walk = person.follow(link, &[&request.client.redirect_uri], hands)?;
        if walk.signed_in {
            self.note(checks::callback::password_stays(walk.password_sent_on));
        }
        if let End::Called(call) = &walk.end {
            for finding in checks::callback::all(call, request, self.variant.response_mode, &self.provider) {
                self.note(finding);
            }
        }
        Ok(walk)
    }

    /// The same, when it has to lead to a code.
    pub(crate) fn code(
        &mut self,
        person: &mut Person<'a>,
        request: &AuthorizationRequest<'_>,
    ) -> Result<(Walk, String), Stop> {
        let walk = self.walk(person, request, Hands::Willing)?;
        let code = self.code_of(&walk)?;
        Ok((walk, code))
    }

    pub(crate) fn code_of(&mut self, walk: &Walk) -> Result<String, Stop> {
        let code = match &walk.end {
            End::Page(page) => Err(page.described()),
            End::Called(call) => parameter(call, "code").ok_or_else(|| spoken(call)),
        };
        self.need(
            checks::callback::CODE.must(
                code.as_ref().err().map(|instead| format!("the application got no code but {instead}")),
            ),
        )?;
        let code = code.unwrap_or_default();
        self.note(checks::callback::code_is_hard_to_guess(&code));
        Ok(code)
    }

    /// The whole way: sign in, agree, be called back, exchange the code, check the ID token.
    pub(crate) fn tokens(
        &mut self,
        person: &mut Person<'a>,
        request: &AuthorizationRequest<'_>,
    ) -> Result<Tokens, Stop> {
        let (_, code) = self.code(person, request)?;
        self.redeem(&code, request)
    }

    pub(crate) fn redeem(&mut self, code: &str, request: &AuthorizationRequest<'_>) -> Result<Tokens, Stop> {
        self.redeem_as(self.variant.client_auth, code, request)
    }

    pub(crate) fn redeem_as(
        &mut self,
        method: AuthMethod,
        code: &str,
        request: &AuthorizationRequest<'_>,
    ) -> Result<Tokens, Stop> {
        let answer = self.present(method, code, request)?;
        let body = self.token_response(&answer)?;
        let text = body["id_token"].as_str().map(str::to_owned);
        self.need(
            checks::token_response::ID_TOKEN.must(
                text.is_none()
                    .then(|| "the token response has no id_token although openid was asked for".to_owned()),
            ),
        )?;
        let access_token = body["access_token"].as_str().unwrap_or_default().to_owned();
        let expected = Expected { request, access_token: &access_token, code };
        let id_token = self.id_token(&text.unwrap_or_default(), &expected)?;
        let refresh_token = body["refresh_token"].as_str().map(str::to_owned);
        Ok(Tokens { code: code.to_owned(), access_token, refresh_token, id_token })
    }

    /// Looks at an ID token.
    pub(crate) fn id_token(&mut self, text: &str, expected: &Expected<'_>) -> Result<IdToken, Stop> {
        IdToken::checked(text, expected, &self.provider, self.findings)
    }

    /// The spine of whatever a token endpoint grants.
    pub(crate) fn token_response(&mut self, answer: &Answer) -> Result<Value, Stop> {
        checks::token_response::all(answer, self.findings)
    }

    /// Presents a code, for the first time or again.
    pub(crate) fn present(
        &self,
        method: AuthMethod,
        code: &str,
        request: &AuthorizationRequest<'_>,
    ) -> Result<Answer, Stop> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &request.client.redirect_uri),
        ];
        form.extend(request.verifier.as_deref().map(|verifier| ("code_verifier", verifier)));
        self.token(method, request.client, &form)
    }

    pub(crate) fn token(
        &self,
        method: AuthMethod,
        client: &Client,
        form: &[(&str, &str)],
    ) -> Result<Answer, Stop> {
        let (id, secret) = (client.client_id.as_str(), client.client_secret.as_str());
        let basic = basic_header(id, secret);
        let mut headers = vec![("accept", "application/json")];
        let mut form: Form =
            form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        match method {
            AuthMethod::ClientSecretBasic => headers.push(("authorization", &basic)),
            AuthMethod::ClientSecretPost => {
                form.push(("client_id".to_owned(), id.to_owned()));
                form.push(("client_secret".to_owned(), secret.to_owned()));
            }
        }
        self.suite.http.post(&self.provider.token_endpoint, &headers, &form)
    }

    /// What the userinfo endpoint says, by GET; its `sub` is compared.
    pub(crate) fn userinfo(&mut self, tokens: &Tokens) -> Result<Value, Stop> {
        let answer = self.ask_userinfo(&tokens.access_token)?;
        checks::userinfo::all(&answer, &tokens.id_token.sub(), self.findings)
    }

    pub(crate) fn ask_userinfo(&self, access_token: &str) -> Result<Answer, Stop> {
        let bearer = format!("Bearer {access_token}");
        self.suite.http.get(self.userinfo_endpoint()?, &[("authorization", &bearer)])
    }

    pub(crate) fn userinfo_endpoint(&self) -> Result<&url::Url, Stop> {
        let missing = || Stop::Skipped("the metadata names no userinfo_endpoint".to_owned());
        self.provider.userinfo_endpoint.as_ref().ok_or_else(missing)
    }

    /// Posts a userinfo request: the token in the body if there is no header for it.
    pub(crate) fn post_userinfo(&self, authorization: Option<&str>, form: &Form) -> Result<Answer, Stop> {
        let headers: Vec<_> = authorization.map(|value| ("authorization", value)).into_iter().collect();
        self.suite.http.post(self.userinfo_endpoint()?, &headers, form)
    }

    pub(crate) fn userinfo_of(&mut self, answer: &Answer, tokens: &Tokens) -> Result<Value, Stop> {
        checks::userinfo::all(answer, &tokens.id_token.sub(), self.findings)
    }

    /// What is looked at in an error of the token endpoint.
    pub(crate) fn token_error(&mut self, answer: &Answer, wanted: &[&str]) {
        self.findings.extend(checks::token_response::refusal(answer, wanted));
    }
}

/// Lets time pass that an issuer is to notice: its clock is out of reach from here.
pub(crate) fn pause(span: Duration) {
    std::thread::sleep(span);
}

/// A parameter that an application is called back with.
pub(crate) fn parameter(call: &Call, name: &str) -> Option<String> {
    call.parameters().into_iter().find(|(own, _)| own == name).map(|(_, value)| value)
}

/// What an application is told, for a sentence.
pub(crate) fn spoken(call: &Call) -> String {
    let error = parameter(call, "error").unwrap_or_else(|| "neither code nor error".to_owned());
    parameter(call, "error_description").map_or(error.clone(), |more| format!("{error} ({more})"))
}

/// What was shown instead of calling the application.
pub(crate) fn shown(end: &End) -> Option<&Page> {
    match end {
        End::Page(page) => Some(page),
        End::Called(_) => None,
    }
}

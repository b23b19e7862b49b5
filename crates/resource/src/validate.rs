//! Whether a request is let in: by what token it brings, what that says, and what the route asks.

use std::sync::Arc;

use grantway_core::audit::Event;
use grantway_core::base64url;
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::jwk::KEY_SET_MAX_AGE;
use grantway_core::jws::TokenType;
use grantway_core::seam::{JwsFault, SeamError, TrustedKeys, Verification, VerificationRules};
use grantway_core::secret::Secret;
use http::Response;
use http::request::Parts;
use serde::Deserialize;

use crate::authorized::Authorized;
use crate::challenge;
use crate::credentials::Presented;
use crate::discover::Asking;
use crate::dpop;
use crate::fault::Fault;
use crate::parts::ResourceParts;
use crate::refusal::{Refusal, Refused};
use crate::remembered::Answer;
use crate::require::Require;
use crate::resource::{Proved, Resource};
use crate::scheme::Scheme;
use crate::token::{Confirmation, Token};
use crate::trust::{IntrospectionRules, IssuerKeys, JwtProfile, SignatureRules, TokenProof};

/// Is it let in?
#[derive(Clone, Debug)]
pub enum Decision {
    /// Yes.
    Authorized(Authorized),
    /// No.
    Refused(Refused),
}

impl Resource {
    /// Judges a request by its head. `Err` is a breakdown: of who would have to be asked, or of a memory.
    ///
    /// If the same resource has let it in before, the token is not looked at again: a proof of possession is good once.
    pub async fn authorize(&self, request: &Parts, require: &Require) -> Result<Decision, SeamError> {
        match self.decide(request, require).await {
            Ok(authorized) => Ok(Decision::Authorized(authorized)),
            Err(Fault::Refused(refused)) => Ok(Decision::Refused(refused)),
            Err(Fault::Broken(breakdown)) => Err(breakdown),
        }
    }

    /// The same for a framework of one's own: tells the audit, and has the answer ready for whoever is not let in. Its
    /// body is empty.
    pub async fn admit(&self, request: &Parts, require: &Require) -> Result<Authorized, Response<()>> {
        let audit = &self.0.parts.audit;
        match self.authorize(request, require).await {
            Ok(Decision::Authorized(authorized)) => Ok(authorized),
            Ok(Decision::Refused(refused)) => {
                // Whoever comes without a token for the first time has tried nothing.
                if refused.why != Refusal::NoToken {
                    let client_id = refused.client_id.clone();
                    audit.record(Event::AccessRefused { client_id, reason: refused.why.code() });
                }
                Err(challenge::answer(self, require, &refused))
            }
            Err(breakdown) => {
                audit.record(Event::from(&breakdown));
                Err(challenge::unavailable())
            }
        }
    }

    async fn decide(&self, request: &Parts, require: &Require) -> Result<Authorized, Fault> {
        let authorized = match self.let_in_before(request) {
            Some(authorized) => authorized,
            None => self.believe(request).await?,
        };
        let Authorized { token, scheme, .. } = &authorized;
        require
            .judge(token, *scheme, self.0.parts.clock.now())
            .map_err(|why| Fault::from(why).of(token, *scheme))?;
        Ok(authorized)
    }

    /// Extensions come from within this process alone.
    fn let_in_before(&self, request: &Parts) -> Option<Authorized> {
        let before = request.extensions.get::<Authorized>()?;
        Arc::ptr_eq(&before.by.0, &self.0).then(|| before.clone())
    }

    async fn believe(&self, request: &Parts) -> Result<Authorized, Fault> {
        let Presented { scheme, token: secret } = Presented::of(request)?;
        let token = self.proved(&secret).await.map_err(|fault| fault.by(scheme))?;
        self.judge(&token).map_err(|why| Fault::from(why).by(scheme))?;
        let next_nonce =
            self.bound(request, scheme, &secret, &token).await.map_err(|fault| fault.of(&token, scheme))?;
        Ok(Authorized { by: self.clone(), token, scheme, next_nonce })
    }

    /// Who made it, and what it says: remembered, or found out.
    async fn proved(&self, secret: &Secret) -> Result<Arc<Token>, Fault> {
        if secret.expose().len() > self.0.parts.max_token_bytes {
            return Err(Refusal::TooLong.into());
        }
        let digest = TokenDigest::of(DigestKind::AccessToken, secret);
        match self.0.known.get_or_ask(&digest, self.prove(secret)).await {
            Proved::Token(token) => Ok(token),
            Proved::Refused(why) => Err(why.into()),
            Proved::Broken(breakdown) => Err(Fault::Broken(again(&breakdown))),
        }
    }

    async fn prove(&self, secret: &Secret) -> Answer<Proved> {
        let proof = match self.who_proves(secret.expose()) {
            Ok(issuer) => (issuer, &self.0.parts.issuers[issuer].proof),
            Err(why) => return forgotten(Proved::Refused(why)),
        };
        match proof {
            (issuer, TokenProof::Signature(rules)) => self.verify(issuer, rules, secret).await,
            (issuer, TokenProof::Introspection(rules)) => self.ask(issuer, rules, secret).await,
        }
    }

    /// Which issuer the token has to be of: one of those that are trusted, whatever the token says.
    fn who_proves(&self, token: &str) -> Result<usize, Refusal> {
        let issuers = &self.0.parts.issuers;
        if let Some(iss) = unverified_issuer(token) {
            return issuers.iter().position(|trusted| trusted.issuer == iss).ok_or(Refusal::Issuer);
        }
        let can_be_asked = |proof: &TokenProof| matches!(proof, TokenProof::Introspection(_));
        issuers.iter().position(|trusted| can_be_asked(&trusted.proof)).ok_or(Refusal::NotJwt)
    }

    async fn verify(&self, issuer: usize, rules: &SignatureRules, secret: &Secret) -> Answer<Proved> {
        match self.verified(issuer, rules, secret).await {
            // A key that is withdrawn is noticed in time, though its tokens are known.
            Ok(token) => Answer {
                over_at: token.expires_at.map(|end| end.plus(self.0.parts.leeway)),
                value: Proved::Token(Arc::new(token)),
                fresh_until: Some(self.0.parts.clock.instant() + KEY_SET_MAX_AGE),
            },
            // The next key may be there in a moment, and whatever is made up would fill the memory.
            Err(Fault::Refused(refused)) => forgotten(Proved::Refused(refused.why)),
            Err(Fault::Broken(breakdown)) => forgotten(Proved::Broken(Arc::new(breakdown))),
        }
    }

    async fn verified(&self, issuer: usize, rules: &SignatureRules, secret: &Secret) -> Result<Token, Fault> {
        let SignatureRules { keys, algorithms, profile } = rules;
        let discovered;
        let keys = match keys {
            IssuerKeys::Set(keys) => TrustedKeys::Set(keys),
            IssuerKeys::At(uri) => TrustedKeys::At(uri),
            IssuerKeys::Shared(secret) => TrustedKeys::Shared(secret),
            IssuerKeys::Discovered => {
                discovered = self.discover(issuer).await?;
                TrustedKeys::At(&discovered)
            }
        };
        let (types, untyped): (&[TokenType], bool) = match profile {
            JwtProfile::Rfc9068 => (&[TokenType::AccessToken], false),
            JwtProfile::Plain => (&[TokenType::AccessToken, TokenType::Jwt], true),
        };
        let rules = VerificationRules { keys, algorithms, types, untyped };
        let claims = match self.0.parts.verifier.verify(secret.expose(), rules).await? {
            Verification::Valid(claims) => claims,
            // That is nothing the client could do anything about.
            Verification::Refused(fault @ JwsFault::KeysUnavailable(_)) => {
                return Err(Fault::Broken(SeamError::unavailable("issuer keys", fault)));
            }
            Verification::Refused(fault) => return Err(Refusal::Jws(fault).into()),
        };
        // What chose the key was not believed yet.
        if claims.get("iss").and_then(|iss| iss.as_str()) != Some(&self.0.parts.issuers[issuer].issuer) {
            return Err(Refusal::Issuer.into());
        }
        Ok(Token::signed(issuer, claims, *profile)?)
    }

    async fn discover(&self, issuer: usize) -> Result<grantway_core::jwk::JwksUri, SeamError> {
        let parts = &self.0.parts;
        let Some(fetch) = parts.fetch.as_deref() else {
            return Err(SeamError::broken("issuer metadata", "there is no `fetch`"));
        };
        let name = &parts.issuers[issuer].issuer;
        let asking = Asking { issuer: name, fetch, clock: &*parts.clock, audit: &*parts.audit };
        self.0.discoveries[issuer].jwks_uri(asking).await
    }

    async fn ask(&self, issuer: usize, rules: &IntrospectionRules, secret: &Secret) -> Answer<Proved> {
        let response = match rules.introspection.introspect(secret).await {
            Ok(response) => response,
            Err(breakdown) => return forgotten(Proved::Broken(Arc::new(breakdown))),
        };
        let told = if !response.active {
            Err(Refusal::Inactive)
        } else if response.iss.as_ref().is_some_and(|iss| *iss != self.0.parts.issuers[issuer].issuer) {
            Err(Refusal::Issuer)
        } else {
            Token::introspected(issuer, &response)
        };
        let now = self.0.parts.clock.instant();
        match told {
            Ok(token) => Answer {
                over_at: token.expires_at,
                value: Proved::Token(Arc::new(token)),
                fresh_until: (!rules.max_age.is_zero()).then(|| now + rules.max_age.min(LONGEST_REMEMBERED)),
            },
            Err(why) => Answer {
                value: Proved::Refused(why),
                fresh_until: Some(now + rules.max_age.min(INACTIVE_FOR)).filter(|until| *until > now),
                over_at: None,
            },
        }
    }

    /// Is it for us, and of now (RFC 9068 section 4)?
    fn judge(&self, token: &Token) -> Result<(), Refusal> {
        let ResourceParts { resource, issuers, clock, leeway, .. } = &self.0.parts;
        let trusted = &issuers[token.issuer];
        let without = matches!(&trusted.proof, TokenProof::Introspection(rules) if rules.without_audience);
        let ours = |audience: &str| match trusted.audiences.as_slice() {
            [] => audience == resource.as_str(),
            own => own.iter().any(|own| own == audience),
        };
        if !token.audience.as_ref().map_or(without, |audience| audience.iter().any(ours)) {
            return Err(Refusal::Audience);
        }
        let now = clock.now();
        if token.expires_at.is_some_and(|end| end.plus(*leeway) <= now) {
            return Err(Refusal::Expired);
        }
        let latest = now.plus(*leeway);
        if token.not_before.is_some_and(|begin| begin > latest) {
            return Err(Refusal::NotYetValid);
        }
        if token.issued_at.is_some_and(|made| made > latest) {
            return Err(Refusal::IssuedInFuture);
        }
        Ok(())
    }

    /// Does whoever presents it hold what it is bound to?
    async fn bound(
        &self,
        request: &Parts,
        scheme: Scheme,
        secret: &Secret,
        token: &Token,
    ) -> Result<Option<String>, Fault> {
        match (&token.confirmation, scheme) {
            (Some(Confirmation::Certificate), _) => Err(Refusal::BoundToCertificate.into()),
            (Some(Confirmation::Unknown), _) => Err(Refusal::BoundOtherwise.into()),
            (Some(Confirmation::Key(thumbprint)), Scheme::Dpop) => {
                dpop::prove(&self.0.parts, request, secret, thumbprint).await
            }
            // RFC 9449 section 7.2: or whoever stole it could leave the proof out.
            (Some(Confirmation::Key(_)), Scheme::Bearer) => Err(Refusal::BoundToKey.into()),
            (None, Scheme::Dpop) => Err(Refusal::NotBound.into()),
            (None, Scheme::Bearer) if self.0.parts.dpop.required => Err(Refusal::ProofRequired.into()),
            (None, Scheme::Bearer) => Ok(None),
        }
    }
}

/// Good for those who wait for it, and for nobody else.
const fn forgotten(value: Proved) -> Answer<Proved> {
    Answer { value, fresh_until: None, over_at: None }
}

/// For one more of those who waited.
fn again(breakdown: &Arc<SeamError>) -> SeamError {
    use grantway_core::seam::SeamErrorKind::{Broken, Unavailable};
    let told = Arc::clone(breakdown);
    match breakdown.kind {
        Unavailable => SeamError::unavailable(breakdown.part, told),
        Broken => SeamError::broken(breakdown.part, told),
    }
}

/// What the payload of a JWT says of its issuer, not believed yet; one that says it twice says nothing.
fn unverified_issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Payload {
        iss: String,
    }
    let [_, payload, _] = token.split('.').collect::<Vec<_>>().try_into().ok()?;
    let payload: Payload = serde_json::from_slice(&base64url::decode(payload).ok()?).ok()?;
    Some(payload.iss)
}

/// What is to be remembered "as long as it lives" is looked at again once a day.
const LONGEST_REMEMBERED: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);
/// A token that is not active hardly becomes so; but one that was made a moment ago may not be known everywhere.
const INACTIVE_FOR: std::time::Duration = std::time::Duration::from_secs(5);

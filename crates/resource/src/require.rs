//! What a route asks of a token.

use std::time::Duration;

use grantway_core::error::Malformed;
use grantway_core::scope::ScopeSet;
use grantway_core::time::Timestamp;

use crate::refusal::Refusal;
use crate::scheme::Scheme;
use crate::token::Token;

/// What a route asks of a token, beyond that it is good.
///
/// ```
/// # use grantway_resource::Require;
/// use std::time::Duration;
///
/// let transfer = Require::scope("accounts payments")?
///     .or_scope("bank:admin")?
///     .acr_values(["phr"])
///     .max_age(Duration::from_secs(300));
/// # let _ = transfer;
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Require {
    /// All of one of these.
    any_of: Vec<ScopeSet>,
    audience: Option<String>,
    acr_values: Vec<String>,
    max_age: Option<Duration>,
    proof: bool,
}

impl Require {
    /// Any token that is good.
    #[must_use]
    pub fn token() -> Self {
        Self::default()
    }

    /// A token with all of these words in its scope.
    pub fn scope(all: &str) -> Result<Self, Malformed> {
        Self::token().or_scope(all)
    }

    /// Or else one with all of these; a client is told of the first ones.
    pub fn or_scope(mut self, all: &str) -> Result<Self, Malformed> {
        let all: ScopeSet = all.parse()?;
        // A setting that is empty would let everybody in: what asks for no scope is `token`.
        if all.is_empty() {
            return Err(Malformed("scope"));
        }
        self.any_of.push(all);
        Ok(self)
    }

    /// One that names this in `aud`, besides what the issuer's tokens have to name.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// One for which the person was recognised in one of these ways, the best first (RFC 9470).
    #[must_use]
    pub fn acr_values(mut self, acr_values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.acr_values = acr_values.into_iter().map(Into::into).collect();
        self
    }

    /// One for which the person signed in no longer ago than this (RFC 9470).
    #[must_use]
    pub const fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// One that comes with a proof of possession (RFC 9449).
    #[must_use]
    pub const fn proof_of_possession(mut self) -> Self {
        self.proof = true;
        self
    }

    pub(crate) fn judge(&self, token: &Token, scheme: Scheme, now: Timestamp) -> Result<(), Refusal> {
        let Self { any_of, audience, acr_values, max_age, proof } = self;
        if *proof && scheme == Scheme::Bearer {
            return Err(Refusal::ProofRequired);
        }
        let names =
            |wanted: &String| token.audience.iter().any(|named| named.iter().any(|own| own == wanted));
        if !audience.iter().all(names) {
            return Err(Refusal::Audience);
        }
        if !any_of.is_empty() && !any_of.iter().any(|all| all.is_subset(&token.scope)) {
            return Err(Refusal::Scope);
        }
        if !acr_values.is_empty() && !token.acr.as_ref().is_some_and(|acr| acr_values.contains(acr)) {
            return Err(Refusal::Authentication);
        }
        // A time that nobody knows is too long ago.
        let recent = |max_age: Duration| token.auth_time.is_some_and(|time| time.plus(max_age) >= now);
        if !max_age.is_none_or(recent) {
            return Err(Refusal::Authentication);
        }
        Ok(())
    }

    /// The scope to ask for.
    pub(crate) fn named_scope(&self) -> Option<&ScopeSet> {
        self.any_of.first().filter(|scope| !scope.is_empty())
    }

    pub(crate) fn named_acr_values(&self) -> Option<String> {
        (!self.acr_values.is_empty()).then(|| self.acr_values.join(" "))
    }

    pub(crate) const fn named_max_age(&self) -> Option<Duration> {
        self.max_age
    }

    pub(crate) const fn needs_proof(&self) -> bool {
        self.proof
    }
}

//! How a test went, step by step, for whoever wants to know. Never a secret.

use grantway_core::reply::{ErrorReply, Member, NoTokens, ReplyPolicy, Tolerance};
use grantway_core::seam::Step;
use grantway_core::time::Timestamp;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use super::exchange::{Exchange, ExchangeFault};
use super::finding::{Allowing, Finding};
use super::settings::ConnectionSettings;
use super::shown::{Shown, Veil};

/// How it went.
#[derive(Debug, Serialize)]
pub struct Diagnostics {
    /// Step by step; the last is the one that failed, if one did.
    pub phases: Vec<Phase>,
    /// What the provider said, if it said anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderWords>,
    /// What was odd about the answer or the URL, and would be to any client.
    pub tolerances: Vec<ToleranceNote>,
    /// What is the matter, if it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
}

/// One step.
#[derive(Debug, Serialize)]
pub struct Phase {
    /// `address`, `connect`, `tls`, `request`, `reply` or `fields`; `assertion` if that could not be made.
    pub name: &'static str,
    /// Did it end well?
    pub ok: bool,
    /// It took so many milliseconds.
    pub ms: u64,
    /// What there is to say of it.
    pub detail: Shown,
}

/// What the provider said, cut short and on one line.
#[derive(Debug, Serialize)]
pub struct ProviderWords {
    /// Its status.
    pub status: u16,
    /// How it calls its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<Shown>,
    /// The word of the standard, or its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Shown>,
    /// What it said to that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_description: Option<Shown>,
    /// Where it says more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_uri: Option<Shown>,
    /// The beginning of its answer, with everything masked that may be a secret; only if no token came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Shown>,
}

/// Something odd.
#[derive(Debug, Serialize)]
pub struct ToleranceNote {
    /// Its name, for a program.
    pub id: &'static str,
    /// What it is.
    pub detail: Shown,
}

impl Diagnostics {
    /// Of that test, made `now`.
    #[must_use]
    pub fn of(settings: &ConnectionSettings, exchange: &Exchange, now: Timestamp) -> Self {
        let answer = exchange.posted.as_ref().and_then(|posted| posted.answer.as_ref().ok());
        // As a client reads it that makes allowances.
        let lenient = answer.map(|answer| allowing(settings, exchange).read(answer, now));
        let veil = Veil::over(exchange, lenient.as_ref().and_then(|read| Some(&read.as_ref().ok()?.tokens)));
        let found = matches!(lenient, Some(Ok(_)));
        let (by_others, said) = match lenient {
            Some(Ok(reply)) => (reply.tolerances, None),
            Some(Err(NoTokens::Refused(said))) => (said.tolerances.clone(), Some(said)),
            // What stopped it is no matter here, if a token was found nevertheless.
            Some(Err(NoTokens::Unreadable(_))) | None => (Vec::new(), None),
        };
        let odd = odd(exchange, by_others);
        let finding =
            Finding::of(settings, exchange, Allowing { said: said.as_deref(), found, odd: &odd }, &veil);
        let provider = answer.map(|answer| {
            let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let shown = veil.show_excerpt(answer.body());
            let word = |of: fn(&ErrorReply) -> &Option<String>| {
                of(said.as_deref()?).as_deref().map(|word| veil.show(word))
            };
            ProviderWords {
                status: answer.status().as_u16(),
                content_type: content_type.map(|text| veil.show(text)),
                error: word(|said| &said.error),
                error_description: word(|said| &said.error_description),
                error_uri: word(|said| &said.error_uri),
                excerpt: Some(shown).filter(|shown| exchange.outcome.is_err() && !shown.is_empty()),
            }
        });
        Self {
            phases: phases(exchange, &veil),
            provider,
            tolerances: (exchange
                .user_information
                .then(|| ToleranceNote::of_user_information(&veil))
                .into_iter())
            .chain(odd.iter().map(|odd| ToleranceNote::of(odd, &veil)))
            .collect(),
            finding,
        }
    }
}

impl ToleranceNote {
    fn of(tolerance: &Tolerance, veil: &Veil) -> Self {
        Self { id: tolerance.as_str(), detail: veil.show(&tolerance.to_string()) }
    }

    fn of_user_information(veil: &Veil) -> Self {
        let detail =
            "the url names a user or a password, which was not sent: a client proves who it is in one way";
        Self { id: "url_user_information", detail: veil.show(detail) }
    }
}

/// The lenient reading of what the settings name. Where no token was found, it may find one elsewhere.
fn allowing(settings: &ConnectionSettings, exchange: &Exchange) -> ReplyPolicy {
    let names = &settings.field_mapping;
    let policy = ReplyPolicy::lenient()
        .expiry_unit(settings.expiry_time_unit)
        .found_at(Member::TokenType, names.token_type.as_str())
        .found_at(Member::ExpiresIn, names.expires_in.as_str());
    if exchange.outcome.is_ok() {
        policy.found_at(Member::AccessToken, names.access_token.as_str())
    } else {
        policy
    }
}

/// What was odd: about the token that came, its type and its end as the test read them, and about the rest as others do.
fn odd(exchange: &Exchange, by_others: Vec<Tolerance>) -> Vec<Tolerance> {
    let own = exchange.outcome.as_ref().ok().map(|tested| &tested.tolerances[..]).unwrap_or_default();
    let mut odd: Vec<_> = by_others.into_iter().filter(|odd| !is_read_by_the_test(odd)).collect();
    let more: Vec<_> = own.iter().filter(|own| !odd.contains(own)).cloned().collect();
    odd.extend(more);
    odd
}

const fn is_read_by_the_test(tolerance: &Tolerance) -> bool {
    matches!(
        tolerance,
        Tolerance::TokenTypeMissing
            | Tolerance::TokenTypeOdd { .. }
            | Tolerance::ExpiryString
            | Tolerance::ExpiryFloat
            | Tolerance::ExpiryAbsolute
            | Tolerance::ExpiryIso
            | Tolerance::ExpiryMilliseconds
            | Tolerance::ExpiryUnreadable
            | Tolerance::ExpiryPast
            | Tolerance::ExpiryOfToken
            | Tolerance::ExpiryZero
    )
}

fn phases(exchange: &Exchange, veil: &Veil) -> Vec<Phase> {
    let Some(posted) = &exchange.posted else {
        let detail = exchange.outcome.as_ref().err().map(ToString::to_string).unwrap_or_default();
        return vec![Phase { name: "assertion", ok: false, ms: 0, detail: veil.show(&detail) }];
    };
    let mut phases: Vec<_> = posted.steps.iter().map(|step| Phase::of(step, veil)).collect();
    if posted.answer.is_ok() {
        let (ok, detail) = match &exchange.outcome {
            Ok(tested) => (true, format!("a token of type {}", tested.token_type)),
            Err(fault @ (ExchangeFault::Status(_) | ExchangeFault::Reply(_))) => (false, fault.to_string()),
            Err(_) => return phases,
        };
        phases.push(Phase { name: "fields", ok, ms: 0, detail: veil.show(&detail) });
    }
    phases
}

impl Phase {
    fn of(step: &Step, veil: &Veil) -> Self {
        let Step { kind, ok, took, detail } = step;
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        Self { name: kind.as_str(), ok: *ok, ms, detail: veil.show(detail) }
    }
}

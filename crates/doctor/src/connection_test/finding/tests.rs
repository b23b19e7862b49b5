use std::collections::BTreeSet;

use grantway_core::secret::Secret;

use super::*;
use crate::connection_test::shown::Veil;

/// One of each, with what may or may not be said in it.
fn all() -> Vec<Finding> {
    use Finding as F;
    let nothing = Veil::of(Vec::<Secret>::new());
    let text = || nothing.show("their own words");
    let status = StatusCode::BAD_GATEWAY;
    let all = vec![
        F::AssertionNotMade { why: text() },
        F::UrlUnusable { why: text() },
        F::ReplyTooLong,
        F::NameUnknown,
        F::AddressRefused,
        F::ConnectionRefused,
        F::CertificateNotTrusted,
        F::TimedOut,
        F::NotHttp,
        F::Redirected { to: Some(text()) },
        F::Redirected { to: None },
        F::RateLimited { wait: Some(text()) },
        F::RateLimited { wait: None },
        F::BotChallenge,
        F::BodyFormatRefused,
        F::ProviderTrouble { status },
        F::StatusOdd { status },
        F::Refused { status },
        F::SecretExpired,
        F::SecretIdForValue,
        F::ClientRefused { sent: SecretPlace::Body },
        F::ClientRefused { sent: SecretPlace::Header },
        F::AssertionAboutAnother,
        F::AssertionRefused,
        F::ScopeRefused { words: Some(text()) },
        F::GrantRefused { words: Some(text()) },
        F::AudienceRefused { words: Some(text()) },
        F::AccessDenied { words: Some(text()) },
        F::RequestRefused { words: Some(text()) },
        F::GrantInvalid { words: None },
        F::HtmlForJson,
        F::ReplyUnreadable { why: text() },
        F::TokenElsewhere { at: text() },
        F::ErrorInSuccess { error: Some(text()) },
        F::ErrorInSuccess { error: None },
        F::TokenMissing,
        F::TokenUnsendable,
        F::BlanksAround,
    ];
    let ids: BTreeSet<_> = all.iter().map(Finding::id).collect();
    // A kind that is not among them is missed here.
    assert_eq!(ids.len(), 34);
    all
}

#[test]
fn each_has_its_own_words_in_each_language() {
    let english: Vec<_> =
        all().iter().map(|own| (own.means(Language::En), own.remedy(Language::En))).collect();
    for language in Language::ALL {
        let (mut means, mut number) = (BTreeSet::new(), 0);
        for (own, english) in all().iter().zip(&english) {
            let words = (own.means(language), own.remedy(language));
            assert!(words.0.ends_with(['.', 's']) && words.1.ends_with('.'), "{language:?}: {words:?}");
            let translated = words.0 != english.0 && words.1 != english.1;
            assert_eq!(translated, language != Language::En, "{words:?}");
            let said = |text: &str| text.contains("their own words");
            assert_eq!(said(&words.0), said(&english.0), "{words:?}");
            assert_eq!(words.1.contains("\"their own words\""), said(&english.1), "{words:?}");
            means.insert(words.0);
            number += 1;
        }
        assert_eq!(means.len(), number, "{language:?}");
    }
}

#[test]
fn a_program_reads_it_in_english() {
    let veil = Veil::of([Secret::new("sesame-open")]);
    for (finding, written) in [
        (
            Finding::ScopeRefused { words: Some(veil.show("not sesame-open")) },
            concat!(
                r#"{"id":"scope_refused","means":"The provider does not give this client one of the scopes. It says: not …","#,
                r#""remedy":"Compare each with the provider's list: the spelling, the separator, and whether the client may have it."}"#
            ),
        ),
        (
            Finding::RateLimited { wait: Some(veil.show("120")) },
            concat!(
                r#"{"id":"rate_limited","means":"The provider was asked too often (Retry-After: 120).","#,
                r#""remedy":"Wait as long as it says, and keep tokens until shortly before they end."}"#
            ),
        ),
        (
            Finding::TokenElsewhere { at: veil.show("/data/access_token") },
            concat!(
                r#"{"id":"token_elsewhere","means":"There is a token, and it lies at /data/access_token.","#,
                r#""remedy":"Set field_mapping.access_token to \"/data/access_token\"."}"#
            ),
        ),
    ] {
        assert_eq!(serde_json::to_string(&finding).unwrap(), written);
    }
}

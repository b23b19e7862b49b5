//! The page of the connection test, read as a browser reads it.

use grantway_tests::provider::{Fault, Setup};
use grantway_tests::{Browser, Page};
use scraper::{Html, Selector};

use super::*;

#[tokio::test]
async fn a_person_sees_each_step_and_what_to_do() {
    let clock = Arc::new(FixedClock::default());
    let provider = ForeignProvider::of(Setup { clock: clock.clone(), ..Setup::default() });
    let desk = Desk::open(clock, &settings()).await;

    let works = tested(&desk, &provider, "sesame").await;
    assert_eq!(texts(&works, "h1"), ["The connection works"]);
    assert_eq!(
        texts(&works, "ol.entries > li strong"),
        [
            "Looking up the address",
            "Connecting",
            "Asking for a token",
            "Receiving the answer",
            "Finding the token in it"
        ]
    );
    assert!(works.words().contains("Token … (not shown)"), "{}", works.words());

    let fails = tested(&desk, &provider, "wrong").await;
    assert_eq!(texts(&fails, "h1"), ["The connection does not work"]);
    assert_eq!(texts(&fails, "dd code"), ["invalid_client"]);
    assert!(fails.words().contains("What to do Compare both with the provider's"), "{}", fails.words());

    provider.turn(Fault::RedirectElsewhere(307));
    let redirected = tested(&desk, &provider, "sesame").await;
    assert!(redirected.words().contains("It is not followed"), "{}", redirected.words());
    assert!(provider.received_elsewhere().is_empty());
}

#[tokio::test]
async fn every_field_has_one_label_and_no_name_stands_twice() {
    let desk = Desk::open(Arc::new(FixedClock::default()), &settings()).await;
    let mut browser = Browser::new(desk.router.clone());
    for language in ["en", "de", "fr"] {
        let page = browser.open(&format!("/connection-test?ui_locales={language}&preset=okta")).await;
        let document = Html::parse_document(&page.answer.text());
        let all = |selector: &str| document.select(&Selector::parse(selector).unwrap()).collect::<Vec<_>>();
        let fields = all("input:not([type=hidden]), select");
        assert!(fields.len() > 15);
        for field in fields {
            let id = field.value().id().unwrap();
            assert_eq!(all(&format!("label[for={id}]")).len(), 1, "{id}");
            assert_eq!(all(&format!("[id={id}]")).len(), 1, "{id}");
            assert_eq!(field.value().attr("autocomplete"), Some("off"), "{id}");
        }
        for described in all("[aria-describedby]") {
            let by = described.value().attr("aria-describedby").unwrap();
            assert_eq!(all(&format!("[id={by}]")).len(), 1, "{by}");
        }
        let secret: Vec<_> =
            all("input[type=password]").iter().map(|field| field.value().id().unwrap()).collect();
        assert_eq!(secret, ["api_key", "client_secret", "signing_key"]);
    }
}

async fn tested(desk: &Desk, provider: &ForeignProvider, secret: &str) -> Page {
    let mut browser = Browser::new(desk.router.clone());
    let filled = [
        ("project_id", desk.project.as_str()),
        ("api_key", desk.api_key.expose()),
        ("url", &provider.url(Endpoint::Token)),
        ("client_id", "confidential"),
        ("authentication_type", "shared_secret"),
        ("client_secret", secret),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish();
    browser.post("/connection-test", body).await
}

fn texts(page: &Page, selector: &str) -> Vec<String> {
    let document = Html::parse_document(&page.answer.text());
    let selector = Selector::parse(selector).unwrap();
    document.select(&selector).map(|element| element.text().collect()).collect()
}

//! What a web application is to each of the providers.

use grantway_client::{Client, SignIn, SignedIn};
use grantway_core::scope::ScopeSet;
use grantway_core::secret::Secret;

use super::person::Person;

pub(super) const REDIRECT_URI: &str = "https://app.test/callback";
pub(super) const GOODBYE: &str = "https://app.test/goodbye";
/// Long enough for every algorithm, and with characters that RFC 6749 section 2.3.1 has encoded.
pub(crate) const SECRET: &str = "p q+r/s:50%&=?0123456789abcdef-0123456789abcdef-0123456789abcdef";

pub(super) fn secret() -> Secret {
    Secret::new(SECRET)
}

pub(super) fn scope(words: &str) -> ScopeSet {
    words.parse().unwrap()
}

/// A wish for all that a person can give.
pub(super) fn wish() -> SignIn {
    // OpenID Connect Core section 11: without the prompt there is no offline access.
    SignIn::back_to(REDIRECT_URI).scope(&scope("openid profile email offline_access")).prompt("consent")
}

/// What the client makes of what the person brings back.
pub(super) async fn signs_in(client: &Client, wish: &SignIn, mut person: Person) -> SignedIn {
    let begun = client.begin(wish).await.unwrap();
    let query = person.brings_back(&begun.url, REDIRECT_URI).await;
    client.finish(begun.pending, &query).await.unwrap_or_else(|refused| panic!("{refused}: {query}"))
}

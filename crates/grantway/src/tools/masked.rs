//! Secrets as they are shown: recognisable, and of no use.

use std::fmt::Write;

use grantway_core::digest::sha256;

/// The first four and the last four characters, and a short hash by which equal ones are recognised. Of a short one
/// nothing is shown: what a person chose could be found out from a hash.
pub(crate) fn masked(secret: &str) -> String {
    let characters: Vec<char> = secret.chars().collect();
    if characters.len() < SHORTEST {
        return "…".to_owned();
    }
    let [first, last] = [&characters[..SHOWN], &characters[characters.len() - SHOWN..]];
    let text = |characters: &[char]| characters.iter().filter(|c| !c.is_control()).collect::<String>();
    format!("{}…{} (#{})", text(first), text(last), mark(secret))
}

/// Six characters by which equal secrets are recognised.
pub(crate) fn mark(secret: &str) -> String {
    sha256(secret).iter().take(3).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Is what has that name a secret, in a parameter, a header or a member of a document?
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let public = PUBLIC.contains(&name.as_str())
        || [
            "_type",
            "_hint",
            "_endpoint",
            "_supported",
            "_uri",
            "_method",
            "_alg",
            "_policy",
            "_lifetime",
            "_expires_in",
        ]
        .iter()
        .any(|ending| name.ends_with(ending));
    !public && SECRET.iter().any(|word| name.contains(word))
}

/// Does it look like a token, whatever it is called?
pub(crate) fn looks_secret(value: &str) -> bool {
    value.len() >= SHORTEST && value.starts_with("eyJ") && value.matches('.').count() >= 2
}

const SHORTEST: usize = 20;
const SHOWN: usize = 4;

const SECRET: [&str; 16] = [
    "token",
    "code",
    "assertion",
    "secret",
    "password",
    "passwd",
    "verifier",
    "state",
    "nonce",
    "cookie",
    "authorization",
    "dpop",
    "api_key",
    "apikey",
    "private",
    "ticket",
];

/// Named as a secret would be, and none.
const PUBLIC: [&str; 12] = [
    "code_challenge",
    "user_code",
    "status_code",
    "error_code",
    "error_codes",
    "country_code",
    "postal_code",
    "session_state",
    "estate",
    "authorization_details",
    "dpop_jkt",
    "token_type",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_secret_can_be_recognised_and_a_short_one_cannot_be_guessed() {
        assert_eq!(masked("abcdefghijklmnopqrstuvwxyz"), "abcd…wxyz (#71c480)");
        assert_eq!(masked("hunter2"), "…");
        assert_eq!(masked("abcdefghijklmnopqrs"), "…");
        assert!(!masked("ab\x1b[dlong-enough-for-a-token").contains('\x1b'));
    }

    #[test]
    fn what_is_secret_is_known_by_its_name() {
        for secret in [
            "access_token",
            "refresh_token",
            "id_token",
            "code",
            "device_code",
            "code_verifier",
            "client_secret",
            "client_assertion",
            "password",
            "state",
            "nonce",
            "Authorization",
            "Set-Cookie",
            "DPoP",
            "X-Api-Key",
            "subject_token",
        ] {
            assert!(is_secret(secret), "{secret}");
        }
        for public in [
            "token_type",
            "token_type_hint",
            "client_assertion_type",
            "token_endpoint",
            "code_challenge",
            "code_challenge_method",
            "code_challenge_methods_supported",
            "user_code",
            "client_id",
            "scope",
            "redirect_uri",
            "grant_type",
            "subject_token_type",
            "issuer",
            "expires_in",
        ] {
            assert!(!is_secret(public), "{public}");
        }
    }
}

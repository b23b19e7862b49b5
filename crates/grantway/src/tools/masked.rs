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

/// Is what has that name a secret, in a parameter, a header or a member of a document? So is all that is below it.
pub(crate) fn is_secret(name: &str) -> bool {
    let words = words(name);
    let whole = words.join("_");
    let public =
        PUBLIC.contains(&whole.as_str()) || PUBLIC_ENDINGS.iter().any(|ending| whole.ends_with(ending));
    let run = words.concat();
    !public
        && (SECRET.iter().any(|part| run.contains(part))
            || words.iter().any(|word| SECRET_WORDS.contains(&word.as_str())))
}

/// The words of a name, however it joins them: `x-api-key`, `api_key`, `api.key`, `apiKey`, `APIKey`.
fn words(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, &c) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(at + 1);
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
            });
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Does it look like a token, whatever it is called?
pub(crate) fn looks_secret(value: &str) -> bool {
    value.len() >= SHORTEST && value.starts_with("eyJ") && value.matches('.').count() >= 2
}

const SHORTEST: usize = 20;
const SHOWN: usize = 4;

/// Wherever in a name they are, run together or not.
const SECRET: [&str; 18] = [
    "token",
    "code",
    "assertion",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "verifier",
    "state",
    "nonce",
    "cookie",
    "authorization",
    "dpop",
    "apikey",
    "private",
    "ticket",
    "sessionid",
    "sessid",
];

/// As words of their own alone: within others they mean nothing.
const SECRET_WORDS: [&str; 14] = [
    "key",
    "sig",
    "signature",
    "session",
    "sid",
    "jwt",
    "pass",
    "pwd",
    "pin",
    "otp",
    "totp",
    "credential",
    "credentials",
    "auth",
];

/// Named as a secret would be, and none.
const PUBLIC: [&str; 15] = [
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
    "authorization_servers",
    "auth_time",
    "dpop_jkt",
    "key_id",
    "key_ops",
];

/// What says something of a secret, and is none. Of an address the parameters are looked at all the same.
const PUBLIC_ENDINGS: [&str; 14] = [
    "_type",
    "_type_hint",
    "_endpoint",
    "_supported",
    "_uri",
    "_url",
    "_iframe",
    "_method",
    "_alg",
    "_policy",
    "_lifetime",
    "_expires_in",
    "_expires_at",
    "public_key",
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
            "id_token_hint",
            "key",
            "accessKey",
            "APIKey",
            "APIKEY",
            "Ocp-Apim-Subscription-Key",
            "sig",
            "signature",
            "X-Amz-Signature",
            "X-Amz-Security-Token",
            "X-Amz-Credential",
            "session",
            "session.id",
            "JSESSIONID",
            "PHPSESSID",
            "sid",
            "jwt",
            "pwd",
            "userPwd",
            "PassWord",
            "user[pin]",
            "otp",
            "credential",
            "credentials",
            "auth",
            "x-auth",
            "auth_req_id",
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
            "refresh_token_expires_in",
            "token_type_hint",
            "tokenType",
            "kid",
            "keys",
            "key_ops",
            "keyOps",
            "public_key",
            "publicKey",
            "jwks",
            "jwks_uri",
            "monkey",
            "inside",
            "pinned",
            "author",
            "www-authenticate",
            "auth_time",
            "token_endpoint_auth_method",
            "token_endpoint_auth_methods_supported",
            "check_session_iframe",
            "end_session_endpoint",
            "authorization_servers",
            "session_state",
            "",
            "-",
        ] {
            assert!(!is_secret(public), "{public}");
        }
    }
}

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

/// Is it a token or a private key, whatever it is called?
pub(crate) fn looks_secret(value: &str) -> bool {
    token(value).is_some() || is_private_pem(value)
}

/// The token that a text begins with.
pub(crate) fn token(text: &str) -> Option<&str> {
    if let Some(prefix) = TOKEN_PREFIXES.into_iter().find(|prefix| text.starts_with(prefix)) {
        let whole = &text[..prefix.len() + run(&text[prefix.len()..]).len()];
        // What comes before the dot of a key of ours is its name, which is no secret.
        let is_name = prefix == KEY_PREFIX && !whole.contains('.');
        return Some(whole).filter(|whole| !is_name && whole.len() >= prefix.len() + SHORTEST_TOKEN);
    }
    // RFC 7515 and 7516: the header comes first, which is an object of JSON.
    let begins = text.starts_with("eyJ");
    begins.then(|| run(text)).filter(|whole| whole.len() >= SHORTEST && whole.matches('.').count() >= 2)
}

/// May it be in a token? The characters of RFC 6750 section 2.1 but the slash, which is that of an address.
pub(crate) fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '+')
}

fn run(text: &str) -> &str {
    let end = text.find(|c| !is_of_token(c)).unwrap_or(text.len());
    let padding = text[end..].bytes().take_while(|byte| *byte == b'=').count();
    &text[..end + padding]
}

/// RFC 7468 sections 10 and 11, and the kinds of before them.
fn is_private_pem(text: &str) -> bool {
    let labels = text.split(PEM_BEGINS).skip(1).filter_map(|after| after.split("-----").next());
    labels.into_iter().any(|label| label.contains("PRIVATE KEY"))
}

const SHORTEST: usize = 20;
const SHOWN: usize = 4;
/// So much after a prefix is a token, and less a word about one.
const SHORTEST_TOKEN: usize = 6;
const PEM_BEGINS: &str = "-----BEGIN ";
const KEY_PREFIX: &str = "key_";

/// By which those who give tokens out have them recognised: this server, GitHub, GitLab, Slack, Stripe, AWS, Google, Shopify.
const TOKEN_PREFIXES: [&str; 30] = [
    "gcs_",
    "oac_",
    "ort_",
    "oat_",
    "ses_",
    KEY_PREFIX,
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxa-",
    "xoxb-",
    "xoxe-",
    "xoxe.",
    "xoxp-",
    "xoxr-",
    "xoxs-",
    "xapp-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "AKIA",
    "ASIA",
    "ya29.",
    "1//",
    "shpat_",
];

/// Wherever in a name they are, run together or not.
const SECRET: [&str; 19] = [
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
    "saml",
];

/// As words of their own alone: within others they mean nothing.
const SECRET_WORDS: [&str; 16] = [
    "key",
    "sig",
    "signature",
    "session",
    "sid",
    "jwt",
    "jwe",
    "bearer",
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
    use grantway_core::api_key::draw_api_key;
    use grantway_core::client::draw_client_secret;
    use grantway_core::testing::SeededEntropy;

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
            "SAMLResponse",
            "SAMLRequest",
            "SAMLart",
            "saml_response",
            "bearer",
            "X-Bearer",
            "jwe",
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
            "saml_metadata_url",
            "bearer_methods_supported",
            "",
            "-",
        ] {
            assert!(!is_secret(public), "{public}");
        }
    }

    #[test]
    fn a_token_is_known_by_what_it_begins_with() {
        for prefix in TOKEN_PREFIXES {
            let own = if prefix == KEY_PREFIX { "key_0a1b2c.sesame" } else { &format!("{prefix}sesame") };
            assert_eq!(token(own), Some(own));
            assert_eq!(token(&format!("{own} and more")), Some(own));
            assert!(looks_secret(own), "{own}");
            assert_eq!(token(prefix), None, "a word about one");
            assert_eq!(token(&format!("a{own}")), None, "{own}");
        }
        for (text, expected) in [
            ("ghp_sesame==/x", Some("ghp_sesame==")),
            ("eyJ0eXAiOiJKV1Qi.e30.c2lnbmF0dXJl, and", Some("eyJ0eXAiOiJKV1Qi.e30.c2lnbmF0dXJl")),
            ("eyJ0eXAiOiJKV1Qi.e30,c2lnbmF0dXJl.", None),
            ("key_0a1b2c3d4e5f", None),
            ("ghp_ tokens are", None),
            ("", None),
        ] {
            assert_eq!(token(text), expected, "{text}");
        }
    }

    #[test]
    fn what_this_server_gives_out_is_known_by_what_it_begins_with() {
        let entropy = SeededEntropy::new(0);
        for own in [draw_client_secret(&entropy), draw_api_key(&entropy).1] {
            assert!(looks_secret(own.expose()), "{}", own.expose());
        }
    }

    #[test]
    fn a_private_key_is_one_whatever_it_is_called() {
        for (label, secret) in [
            ("PRIVATE KEY", true),
            ("ENCRYPTED PRIVATE KEY", true),
            ("RSA PRIVATE KEY", true),
            ("EC PRIVATE KEY", true),
            ("OPENSSH PRIVATE KEY", true),
            ("PGP PRIVATE KEY BLOCK", true),
            ("PUBLIC KEY", false),
            ("CERTIFICATE", false),
        ] {
            let certificate = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
            let pem = format!("{certificate}-----BEGIN {label}-----\nAA==\n-----END {label}-----\n");
            assert_eq!(looks_secret(&pem), secret, "{pem}");
        }
        assert!(!looks_secret("no PRIVATE KEY -----BEGIN here"));
    }
}

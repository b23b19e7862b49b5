//! The beginning of a body that may be shown.

/// The first characters, on one line, with every word masked that may be a secret: one behind a name that promises a
/// secret, and one that looks drawn and not written.
pub(super) fn excerpt(body: &[u8]) -> String {
    let beginning = String::from_utf8_lossy(&body[..body.len().min(MAX_BYTES)]);
    let mut shown = String::new();
    let mut rest = &*beginning;
    let mut promised = false;
    while let Some(first) = rest.chars().next() {
        let length = if is_of_a_word(first) {
            rest.find(|other| !is_of_a_word(other)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        if is_of_a_word(first) {
            let assigned = after.trim_start_matches(['"', '\'', ' ']).starts_with([':', '=']);
            if !assigned && (promised || looks_drawn(piece)) {
                shown.push('…');
            } else {
                shown.push_str(piece);
            }
            if assigned {
                promised = promises_a_secret(piece);
            }
        } else if first.is_control() || first.is_whitespace() {
            if !shown.ends_with(' ') {
                shown.push(' ');
            }
        } else {
            // A value that has characters between its words is masked word by word.
            promised = promised && !matches!(first, ',' | '}' | ']' | '&' | ';' | '<');
            shown.push(first);
        }
    }
    if body.len() > MAX_BYTES { format!("{}…", shown.trim()) } else { shown.trim().to_owned() }
}

fn is_of_a_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '~' | '+' | '%')
}

fn promises_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let secret = ["token", "secret", "code", "password", "assertion", "key", "jwt"]
        .iter()
        .any(|word| name.contains(word));
    secret && !matches!(name.as_str(), "token_type" | "tokentype" | "error_code" | "status_code")
}

fn looks_drawn(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let upper = word.chars().skip(1).filter(char::is_ascii_uppercase).count();
    let lower = word.chars().filter(char::is_ascii_lowercase).count();
    word.len() > 40 || (word.len() >= 10 && ((digits > 1 && lower + upper > 0) || (upper > 1 && lower > 1)))
}

const MAX_BYTES: usize = 240;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_the_shape_and_no_secret() {
        for (body, shown) in [
            (
                r#"{"access_token": "ya29.a0Af", "token_type":"Bearer", "expires_in":3600}"#,
                r#"{"access_token": "…", "token_type":"Bearer", "expires_in":3600}"#,
            ),
            (
                r#"{"result":{"value":"gho_16C7e42F292c6912E7710c838347Ae178B4a"}}"#,
                r#"{"result":{"value":"…"}}"#,
            ),
            ("access_token=e72e16c7&scope=repo", "access_token=…&scope=repo"),
            ("client_secret = 'abc def'", "client_secret = '… …'"),
            ("<html>\r\n\t<title>Not Found</title>", "<html> <title>Not Found</title>"),
            (r#"{"error_code":"E7","message":"no"}"#, r#"{"error_code":"E7","message":"no"}"#),
            ("", ""),
        ] {
            assert_eq!(excerpt(body.as_bytes()), shown, "{body}");
        }
    }

    #[test]
    fn an_excerpt_is_short_and_no_bytes_break_it() {
        assert!(excerpt("é".repeat(500).as_bytes()).chars().count() <= 241);
        assert_eq!(excerpt(&[0xff, 0, b'a']), "\u{fffd} a");
    }
}

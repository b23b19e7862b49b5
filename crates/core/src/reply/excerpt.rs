//! The beginning of a body that may be shown.

/// The first characters on one line, with the names that stand there and of the values only those that no provider
/// hides a secret in. What the body is written as decides what is a name: JSON, a page, a form, or a text.
#[must_use]
pub fn excerpt(body: &[u8]) -> String {
    let beginning = String::from_utf8_lossy(&body[..body.len().min(MAX_BYTES)]);
    let text = beginning.trim_start_matches('\u{feff}').trim_start();
    let shown = match text.chars().next() {
        Some('{' | '[' | '"') => json(text),
        Some('<') => page(text),
        Some(_) if is_a_form(text) => form(text),
        Some(_) | None => prose(text),
    };
    let line = shown.split(|c: char| c.is_control() || c.is_whitespace()).filter(|word| !word.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    if body.len() > MAX_BYTES { format!("{line}…") } else { line }
}

/// Why a document is not of its shape, without the values that it has instead.
#[must_use]
pub fn without_values(why: &serde_json::Error) -> String {
    let why = why.to_string();
    let mut shown = String::new();
    let mut rest = why.as_str();
    while let Some((before, value)) = rest.split_once('"') {
        shown.push_str(before);
        shown.push('…');
        rest = quoted(value).1;
    }
    shown + rest
}

/// Names in quotes with a colon behind them are names, other quoted texts are values.
fn json(text: &str) -> String {
    let (mut shown, mut rest, mut name) = (String::new(), text, "");
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let (quoted, after) = quoted(rest);
            rest = after;
            if rest.trim_start().starts_with(':') && is_a_name(quoted) {
                name = quoted;
                shown.extend(["\"", quoted, "\""]);
            } else {
                let value = if is_harmless(name) { prose(quoted) } else { MASK.to_owned() };
                shown.extend(["\"", &value, "\""]);
            }
        } else if first.is_ascii_punctuation() && !matches!(first, '-' | '.' | '+' | '_')
            || first.is_whitespace()
        {
            shown.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            // A number or a word without quotes.
            let end =
                rest.find(|c: char| ",}]: \t\r\n\"".contains(c)).unwrap_or(rest.len()).max(first.len_utf8());
            let word = &rest[..end];
            let short =
                matches!(word, "true" | "false" | "null") || (word.len() <= 6 && word.parse::<f64>().is_ok());
            let harmless = short && !promises_a_secret(name);
            shown.push_str(if harmless { word } else { MASK });
            rest = &rest[end..];
        }
    }
    shown
}

/// What stands in quotes, and what follows; a text that does not end goes to the end.
fn quoted(text: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '"' if !escaped => return (&text[1..at], &text[at + 1..]),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    (&text[1..], "")
}

/// The tags without what is in them, and the words between, those of scripts and styles excepted.
fn page(text: &str) -> String {
    let (mut shown, mut rest, mut quiet) = (String::new(), text, false);
    while let Some(at) = rest.find('<') {
        if !quiet {
            shown.push_str(&prose(&rest[..at]));
        }
        let tag = &rest[at + 1..];
        let name: String =
            tag.chars().take_while(|c| c.is_ascii_alphanumeric() || "!/".contains(*c)).take(20).collect();
        quiet = matches!(name.to_ascii_lowercase().as_str(), "script" | "style");
        shown.extend(["<", &name, ">"]);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    if !quiet {
        shown.push_str(&prose(rest));
    }
    shown
}

fn form(text: &str) -> String {
    let pairs = text.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = if is_a_name(name) { name } else { MASK };
        let harmless =
            is_harmless(name) && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.+-%".contains(&b));
        format!("{name}={}", if harmless { prose(value) } else { MASK.to_owned() })
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Words as people write them; what is drawn, and what follows a `:` or `=`, is not shown.
fn prose(text: &str) -> String {
    let mut assigned = false;
    let words = text.split(char::is_whitespace).filter(|word| !word.is_empty()).map(|word| {
        let letters = word.trim_matches(|c: char| c.is_ascii_punctuation());
        let written = letters.len() <= 20
            && letters.chars().all(|c| c.is_alphabetic() || "'-_".contains(c) || c.is_ascii_digit())
            && (letters.len() <= 3 || !letters.chars().any(|c| c.is_ascii_digit()))
            && !letters.chars().skip(1).any(char::is_uppercase);
        let shown = if written && !assigned { word.to_owned() } else { MASK.to_owned() };
        assigned = word.ends_with([':', '=']) || word == MASK;
        shown
    });
    let shown = words.collect::<Vec<_>>().join(" ");
    let space = |is: bool| if is { " " } else { "" };
    format!(
        "{}{shown}{}",
        space(text.starts_with(char::is_whitespace)),
        space(text.ends_with(char::is_whitespace) && !shown.is_empty())
    )
}

/// One that a provider may have given to a member.
fn is_a_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
        && (text.len() <= 24 || text.contains(['_', '-', '.']))
}

/// Members that say what happened, or of what kind something is.
fn is_harmless(name: &str) -> bool {
    matches!(
        name,
        "error"
            | "error_description"
            | "error_code"
            | "errorCode"
            | "code_challenge_method"
            | "detail"
            | "message"
            | "ok"
            | "reason"
            | "scope"
            | "status"
            | "title"
            | "token_type"
            | "tokenType"
            | "type"
    )
}

fn promises_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "secret", "code", "password", "assertion", "key", "jwt", "session"]
        .iter()
        .any(|word| name.contains(word))
}

fn is_a_form(text: &str) -> bool {
    text.contains('=') && !text.contains(char::is_whitespace)
}

const MASK: &str = "…";
const MAX_BYTES: usize = 240;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_excerpt_shows_the_shape_and_no_secret() {
        for (body, shown) in [
            (
                r#"{"access_token": "ya29.a0Af", "token_type":"Bearer", "expires_in":3600}"#,
                r#"{"access_token": "…", "token_type":"Bearer", "expires_in":3600}"#,
            ),
            (r#"{"access_token":"c2VzYW1lLW9wZW4xMjM0NTY3ODkw==",}"#, r#"{"access_token":"…",}"#),
            (r#"{"access_token":"1000.abc:8f3e9d","#, r#"{"access_token":"…","#),
            (r#"{"value":"aB3/xY9z/Qw2e/Rt5y"}"#, r#"{"value":"…"}"#),
            (r#"{"tokens":["sesame","open"]}"#, r#"{"tokens":["…","…"]}"#),
            (r#"{"refresh":"abcdefghij","n":12345678}"#, r#"{"refresh":"…","n":…}"#),
            (r#"{"access_token":123456,"code":12}"#, r#"{"access_token":…,"code":…}"#),
            (
                r#"{"error":"invalid_grant","error_code":"E7","message":"no such user"}"#,
                r#"{"error":"invalid_grant","error_code":"E7","message":"no such user"}"#,
            ),
            (r#"{"error":"a=sesameopen"}"#, r#"{"error":"…"}"#),
            ("access_token=e72e16c7&scope=repo", "access_token=…&scope=repo"),
            ("client_secret = 'abc def'", "client_secret = … def'"),
            ("<html>\r\n\t<title>Not Found</title>", "<html> <title>Not Found</title>"),
            (r#"<input name="csrf_token" value="sesameopen">"#, "<input>"),
            ("<script>var t='sesame'</script>Hello", "<script></script>Hello"),
            ("Bad gateway", "Bad gateway"),
            ("", ""),
        ] {
            assert_eq!(excerpt(body.as_bytes()), shown, "{body}");
        }
    }

    #[test]
    fn why_a_shape_is_wrong_is_told_without_the_value() {
        let why = serde_json::from_str::<u8>(r#""a \"secret\" of 12""#).unwrap_err();
        assert_eq!(without_values(&why), "invalid type: string …, expected u8 at line 1 column 20");
    }

    #[test]
    fn an_excerpt_is_short_and_no_bytes_break_it() {
        assert!(excerpt("é ".repeat(500).as_bytes()).chars().count() <= 260);
        assert_eq!(excerpt(&[0xff, 0, b'a']), MASK);
    }

    proptest! {
        #[test]
        fn no_token_is_shown_wherever_it_stands(token in "[!-~]{8,40}", form in 0..5_usize) {
            let escaped = serde_json::to_string(&token).unwrap();
            let body = match form {
                0 => format!(r#"{{"access_token":{escaped},"token_type":"mac"}}"#),
                1 => format!(r#"{{"a":1,"result":[{{"jwt":{escaped}}},]}}"#),
                2 => format!(r#"{{"refresh_token":{escaped}"#),
                3 => format!("access_token={}", url::form_urlencoded::byte_serialize(token.as_bytes()).collect::<String>()),
                _ => format!("<form><input value='{}'>", token.replace(['<', '>', '\''], "x")),
            };
            let shown = excerpt(body.as_bytes());
            prop_assert!(!shown.contains(&token), "{shown}");
            // Nor most of it.
            let half = &token[..=(token.len() / 2)];
            let known = ["access_token", "refresh_token", "token_type", "Bearer", "result", "input"].iter().any(|own| own.contains(half));
            prop_assert!(known || !shown.contains(half), "{shown}");
        }

        #[test]
        fn no_bytes_break_it(body in prop::collection::vec(any::<u8>(), 0..300)) {
            let shown = excerpt(&body);
            prop_assert!(!shown.chars().any(char::is_control));
        }
    }
}

//! Words that say something was not finished, not named, or written on one machine.

use std::path::Path;

use crate::tidy::files::Text;

/// One line for each finding: where, and what is wrong with it.
pub(super) fn objections(text: &Text) -> Vec<String> {
    let stem = Path::new(&text.path).file_stem().unwrap_or_default().to_string_lossy();
    let in_name = empty_name(&stem).filter(|_| text.is_rust());
    let named = in_name.map(|word| format!("{}: a file called `{word}` is about nothing", text.path));
    let lines = text.body.lines().enumerate().flat_map(|(at, line)| {
        let place = format!("{}:{}", text.path, at + 1);
        complaints(line, text.is_rust()).into_iter().map(move |complaint| format!("{place}: {complaint}"))
    });
    named.into_iter().chain(lines).collect()
}

fn complaints(line: &str, rust: bool) -> Vec<String> {
    let unfinished = UNFINISHED.iter().filter(|word| stands_alone(line, word));
    let unfinished = unfinished.map(|word| format!("`{word}` is for what is not finished"));
    let machine = MACHINES.iter().filter(|path| begins_a_path(line, path));
    let machine = machine.map(|path| format!("`{path}` is a path on somebody's machine"));
    let mut found: Vec<String> = unfinished.chain(machine).collect();
    if rust {
        found.extend(
            SWITCHED_OFF
                .iter()
                .filter(|word| line.trim_start().starts_with(*word))
                .map(|word| format!("`{word}` never expires; write `expect` with a reason")),
        );
        found.extend(
            declared(line).and_then(empty_name).map(|word| format!("the name `{word}` says nothing")),
        );
    }
    found
}

/// The name that a line gives to something of ours; names that others gave are not ours to choose.
fn declared(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|w| w.starts_with("pub") || MODIFIERS.contains(w));
    KEYWORDS.contains(&words.next()?).then_some(())?;
    words.next()?.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

/// The part of a name that stands for no noun, if it has one.
fn empty_name(name: &str) -> Option<&'static str> {
    let mut spaced = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            spaced.push('_');
        }
        spaced.extend(c.to_lowercase());
    }
    EMPTY.iter().find(|word| spaced.split('_').any(|part| part == **word)).copied()
}

fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let joins = |c: char| c.is_alphanumeric() || c == '_';
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(joins) && !after.is_some_and(joins)
    })
}

fn begins_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        // After a letter, a dot, a brace or a slash it is the middle of a longer path, or of a URL.
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-~/}$*".contains(c))
    })
}

// Written apart, so that this file does not find itself.
const UNFINISHED: &[&str] =
    &[concat!("FIX", "ME"), concat!("X", "XX"), concat!("TO", "DO"), concat!("to", "do!")];
const MACHINES: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/tm", "p/"),
    concat!("/Use", "rs/"),
    concat!("/wo", "rk/"),
];
const SWITCHED_OFF: &[&str] = &[concat!("#[", "allow("), concat!("#![", "allow(")];
const EMPTY: &[&str] = &["util", "utils", "helper", "helpers", "manager", "common"];
const KEYWORDS: &[&str] = &["fn", "struct", "enum", "trait", "type", "mod", "static", "union"];
const MODIFIERS: &[&str] = &["async", "const", "unsafe"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_count() {
        for (line, found) in [
            (concat!("// FIX", "ME later"), 1),
            (concat!("    to", "do!()"), 1),
            (concat!("let x = \"aX", "XXb\";"), 0),
            (concat!("    #[", "allow(dead_code)]"), 1),
            (concat!("let p = \"/ho", "me/ada/x\";"), 1),
            (concat!("https://app.test/ho", "me/x"), 0),
            ("pub(crate) struct TokenManager {", 1),
            ("mod utils;", 1),
            ("pub async fn helper_of(x: u8) {", 1),
            ("async fn up(&self, schema: &SchemaManager<'_>) {", 0),
            ("// what a password manager fills in", 0),
            ("fn managed() {", 0),
        ] {
            assert_eq!(complaints(line, true).len(), found, "{line}");
        }
    }

    #[test]
    fn prose_may_say_what_a_name_may_not() {
        let text = Text { path: "docs/helpers.md".to_owned(), body: "mod utils is a bad name".to_owned() };

        assert_eq!(objections(&text), Vec::<String>::new());
    }

    #[test]
    fn a_file_is_named_too() {
        let text = Text { path: "src/http_utils.rs".to_owned(), body: String::new() };

        assert_eq!(objections(&text), ["src/http_utils.rs: a file called `utils` is about nothing"]);
    }
}

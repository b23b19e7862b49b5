//! What an operator's style sheet may hold, since it stands inside of our pages.

/// Why a style sheet is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeFault {
    /// It is sent with every page.
    #[error("it is longer than {MAX_THEME_BYTES} bytes")]
    TooLarge,
    /// `<` could end the style element, a backslash could spell what is forbidden below, and a control character
    /// has no place in text.
    #[error("it has the character {0:?}, which has no place in a theme")]
    Character(char),
    /// Only `@media` and `@supports` load nothing and name nothing that has to be loaded.
    #[error("it has the rule @{0}; only @media and @supports may be used")]
    Rule(String),
    /// The policy of our pages would forbid it anyway.
    #[error("{0}…) would load something; only url(data:…) may be used")]
    Loads(&'static str),
}

pub(super) fn examine(css: &str) -> Result<(), ThemeFault> {
    if css.len() > MAX_THEME_BYTES {
        return Err(ThemeFault::TooLarge);
    }
    let misplaced =
        |c: &char| matches!(c, '<' | '\\') || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    if let Some(misplaced) = css.chars().find(misplaced) {
        return Err(ThemeFault::Character(misplaced));
    }
    let css = css.to_ascii_lowercase();
    for rule in css.split('@').skip(1) {
        let name: String =
            rule.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect();
        if !matches!(name.as_str(), "media" | "supports") {
            return Err(ThemeFault::Rule(name));
        }
    }
    for function in LOADING {
        let mut uses =
            css.split(function).skip(1).map(|rest| rest.trim_start().trim_start_matches(['"', '\'']));
        if uses.any(|argument| function != "url(" || !argument.starts_with("data:")) {
            return Err(ThemeFault::Loads(function));
        }
    }
    Ok(())
}

/// The functions of CSS Values and Images that name an address.
const LOADING: [&str; 5] = ["url(", "src(", "image(", "image-set(", "cross-fade("];

/// The longest theme, in bytes.
pub const MAX_THEME_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_sets_what_it_likes_and_loads_nothing() {
        for good in [
            "",
            ":root { --accent: #7a1f5c; --font: Georgia, serif; }\r\n",
            "@media (prefers-color-scheme: dark) { :root { --ground: black } }",
            "@SUPPORTS (color: lab(0 0 0)) { a { color: lab(0 0 0) } }",
            "body { background: url(data:image/png;base64,AAAA) }",
            "body { background: url( \"data:image/png;base64,AAAA\" ) }",
            ".brand::before { content: '\u{2605} ' }",
            "main > h1 { color: red }",
        ] {
            assert_eq!(examine(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_could_end_the_style_element_or_load_something_is_refused() {
        for (bad, why) in [
            ("</style><script>", ThemeFault::Character('<')),
            ("a { color: r\\65 d }", ThemeFault::Character('\\')),
            ("a\u{0}", ThemeFault::Character('\u{0}')),
            ("@import 'https://evil.test/x.css';", ThemeFault::Rule("import".into())),
            ("@IMPORT 'https://evil.test/x.css';", ThemeFault::Rule("import".into())),
            ("@font-face { src: local(x) }", ThemeFault::Rule("font-face".into())),
            ("@/**/import 'x';", ThemeFault::Rule(String::new())),
            ("a { background: url(https://evil.test/x) }", ThemeFault::Loads("url(")),
            ("a { background: URL('//evil.test/x') }", ThemeFault::Loads("url(")),
            ("a { background: url(/sign-out) }", ThemeFault::Loads("url(")),
            ("a { background: url(data:image/png,x), url(x) }", ThemeFault::Loads("url(")),
            ("a { background: image-set('https://evil.test/x' 1x) }", ThemeFault::Loads("image-set(")),
            ("a { background: src('x') }", ThemeFault::Loads("src(")),
        ] {
            assert_eq!(examine(bad), Err(why), "{bad}");
        }
        assert_eq!(examine(&" ".repeat(MAX_THEME_BYTES)), Ok(()));
        assert_eq!(examine(&" ".repeat(MAX_THEME_BYTES + 1)), Err(ThemeFault::TooLarge));
    }
}

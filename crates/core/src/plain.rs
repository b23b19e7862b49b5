//! What others wrote, shown where a terminal or a page would obey it: it moves no cursor, and turns no text around.

/// On one line, with a blank in the place of every character that is obeyed and not seen.
///
/// ```
/// assert_eq!(grantway_core::plain::plain("all is\u{1b}[2J well\n"), "all is [2J well ");
/// ```
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if is_obeyed(c) { ' ' } else { c }).collect()
}

/// Is it obeyed and not seen? Characters of control, what is between lines, and those that turn the direction of text.
#[must_use]
pub const fn is_obeyed(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_a_cursor_and_nothing_turns_the_text() {
        assert_eq!(plain("a\x1b[2Jb\u{9b}c\u{202e}d\u{2028}e\n"), "a [2Jb c d e ");
        assert_eq!(plain("a\u{61c}b\u{2066}c\u{206f}d\u{7f}"), "a b c d ");
        assert_eq!(plain("Ada Lövelace 愛"), "Ada Lövelace 愛");
    }
}

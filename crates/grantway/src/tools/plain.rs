//! What others wrote, on a terminal: it moves no cursor and draws nothing.

use crate::say::is_obeyed;

/// With a mark in the place of every character that a terminal would obey.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if is_obeyed(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_to_do_nothing() {
        assert_eq!(plain("a\x1b[2Jb\u{9b}c\u{202e}d\n"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}");
        assert_eq!(plain("a\u{61c}b\u{2028}c\u{2029}d\u{7f}"), "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}");
        assert_eq!(plain("Ada Lövelace 愛"), "Ada Lövelace 愛");
    }
}

//! What others wrote, on a terminal: it moves no cursor and draws nothing.

/// With a mark in the place of every character that a terminal would obey, and of those that turn the direction of text.
pub(crate) fn plain(text: &str) -> String {
    let obeyed = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if obeyed(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_to_do_nothing() {
        assert_eq!(plain("a\x1b[2Jb\u{9b}c\u{202e}d\n"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}");
        assert_eq!(plain("Ada Lövelace 愛"), "Ada Lövelace 愛");
    }
}

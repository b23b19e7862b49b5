//! What others said, without what they were sent, and without what would move a cursor.

use std::ops::Range;

use url::form_urlencoded;

use crate::plain::is_obeyed;
use crate::secret::Secret;

/// A text with a mark in the place of each of those, as they are, as a form writes them, or as a quotation does. Blanks
/// make no difference, for they are changed where texts are shown. Of a secret that a cut (`…`) or the end of the text
/// goes through, the beginning is taken out too.
///
/// What has fewer than six characters, blanks not counted, is found in any sentence, and stays.
///
/// ```
/// use grantway_core::reply::concealed;
/// use grantway_core::secret::Secret;
///
/// let secrets = [Secret::new("open sesame")];
/// assert_eq!(concealed("not open+sesame either", &secrets), "not … either");
/// assert_eq!(concealed("I was sent open ses", &secrets), "I was sent …");
/// ```
#[must_use]
pub fn concealed(text: &str, secrets: &[Secret]) -> String {
    let squeezed = Squeezed::of(text);
    let mut hidden = Vec::new();
    for secret in secrets {
        for spelling in spellings(secret.expose()) {
            squeezed.find(&spelling, &mut hidden);
        }
    }
    hidden.sort_by_key(|range| range.start);
    let (mut shown, mut at) = (String::with_capacity(text.len()), 0);
    for range in hidden {
        // Where one begins before the last has ended they are one to whoever reads it.
        if range.start >= at {
            shown.push_str(&text[at..range.start]);
            shown.push(MARK);
        }
        at = at.max(range.end);
    }
    shown + &text[at..]
}

/// The first so many characters; a mark is the last of them if there were more.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain([MARK]).collect(),
    }
}

/// A text without blanks, and where its characters stood.
struct Squeezed {
    text: String,
    /// Of each byte of it.
    places: Vec<Range<usize>>,
}

impl Squeezed {
    fn of(text: &str) -> Self {
        let mut squeezed = Self { text: String::new(), places: Vec::new() };
        for (at, c) in text.char_indices().filter(|(_, c)| !is_blank(*c)) {
            squeezed.text.push(c);
            let place = at..at + c.len_utf8();
            squeezed.places.extend(std::iter::repeat_n(place, c.len_utf8()));
        }
        squeezed
    }

    /// Where that stands, and where it begins and is cut off.
    fn find(&self, spelling: &str, found: &mut Vec<Range<usize>>) {
        let mut from = 0;
        while let Some(at) = self.text[from..].find(spelling).map(|at| from + at) {
            found.extend(self.place(at..at + spelling.len()));
            // Another may begin within this one.
            from = at + self.text[at..].chars().next().map_or(1, char::len_utf8);
        }
        let beginnings: Vec<_> = spelling.char_indices().skip(SHORTEST_BEGINNING).map(|(at, _)| at).collect();
        let cuts = self.text.match_indices(MARK).map(|(at, mark)| (at, at + mark.len()));
        for (cut, end) in cuts.chain([(self.text.len(), self.text.len())]) {
            let before = &self.text[..cut];
            let longest = beginnings.iter().rev().find(|length| before.ends_with(&spelling[..**length]));
            found.extend(longest.and_then(|length| self.place(cut - length..end)));
        }
    }

    /// As it is in the text with blanks.
    fn place(&self, bytes: Range<usize>) -> Option<Range<usize>> {
        let (first, last) = (self.places.get(bytes.start)?, self.places.get(bytes.end.checked_sub(1)?)?);
        Some(first.start..last.end)
    }
}

/// How a secret is written by those who repeat it, without blanks.
fn spellings(secret: &str) -> Vec<String> {
    let in_a_form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let in_a_url = in_a_form.replace('+', "%20");
    let quotation = format!("{secret:?}");
    let quoted = quotation.trim_matches('"').to_owned();
    let mut spellings: Vec<String> = [secret.to_owned(), in_a_form, in_a_url, quoted]
        .iter()
        .map(|spelling| spelling.chars().filter(|c| !is_blank(*c)).collect::<String>())
        .filter(|spelling| spelling.chars().count() >= SHORTEST_SECRET)
        .collect();
    spellings.dedup();
    spellings
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_obeyed(c)
}

const MARK: char = '…';
const SHORTEST_SECRET: usize = 6;
/// Fewer characters of a secret tell nothing, and stand before many a mark.
const SHORTEST_BEGINNING: usize = 4;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_secret_is_taken_out_however_it_is_written() {
        for (text, secret, shown) in [
            ("no open sesame here", "open sesame", "no … here"),
            ("no open \r\n sesame", "open sesame", "no …"),
            ("no open+sesame, open%20sesame", "open sesame", "no …, …"),
            ("wrong\u{202e}ly", "wrongly\n", "…"),
            (r#"the word "a\"b\\cdef""#, r#"a"b\cdef"#, r#"the word "…""#),
            ("aaaaaaaaa!", "aaaaaa", "…!"),
            ("abcdef and abcdefghi", "abcdefghi", "abcdef and …"),
            ("äöüäöü ß äöüäö", "äöüäöü", "… ß …"),
            // Of a cut that goes through it, the first part.
            ("it was open ses… (status 400)", "open sesame", "it was … (status 400)"),
            ("it was open ses", "open sesame", "it was …"),
            // Nothing of what is too short to be one.
            ("it was op", "open sesame", "it was op"),
            ("hello", "hello", "hello"),
            ("a b", "      ", "a b"),
        ] {
            assert_eq!(concealed(text, &[Secret::new(secret)]), shown, "{text} without {secret}");
        }
    }

    #[test]
    fn of_secrets_that_lie_within_each_other_nothing_is_left() {
        let secrets = ["abcdef", "abcdefghi", "hijklm"].map(Secret::new);
        assert_eq!(concealed("<abcdefghijklm>", &secrets), "<…>");
    }

    #[test]
    fn what_is_too_long_ends_in_a_mark() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöüß", 3), "äö…");
    }

    proptest! {
        #[test]
        fn wherever_it_stands_and_is_cut_nothing_of_it_is_left(
            secret in "[A-Z0-9][!-~]{2}[!-~ ]{0,28}[!-~]{2}[A-Z0-9]", before in "[a-z ]{0,30}", cut in 1..70_usize
        ) {
            let text = shortened(&format!("{before}{secret} at the end"), cut);
            let shown = concealed(&text, &[Secret::new(secret.as_str())]);
            let beginning: String = secret.chars().take(6).collect();
            prop_assert!(!shown.contains(&beginning), "{shown}");
        }

        #[test]
        fn no_text_breaks_it(text in any::<String>(), secret in any::<String>()) {
            let squeezed: String = secret.chars().filter(|c| !is_blank(*c)).collect();
            let shown = concealed(&format!("{text}{secret}{text}"), &[Secret::new(secret)]);
            prop_assert!(squeezed.chars().count() < SHORTEST_SECRET || squeezed == "…" || !shown.contains(&squeezed));
        }
    }
}

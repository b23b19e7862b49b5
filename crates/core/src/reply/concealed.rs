//! What others said, without what they were sent, and without what would move a cursor.

mod view;

use std::fmt;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use url::form_urlencoded;
use zeroize::Zeroizing;

use self::view::{View, is_passed_over};
use crate::secret::Secret;

/// A text with a mark in the place of each of those: see [`Hidden`].
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
    Hidden::of(secrets).conceal(text)
}

/// What is to stand in no text, made ready to be looked for in many: as it is, as forms, URLs, pages and quotations write
/// it, in base64 and in hexadecimal digits. Blanks and what is not seen make no difference, for they are changed where
/// texts are shown. Of a secret that a cut (`…`) or the end of the text goes through, the beginning is taken out too.
///
/// What has fewer than six characters, blanks not counted, is found in any sentence, and stays. Of what is longer than
/// four kibibytes the beginning is looked for, and all that follows it is taken out with it.
///
/// The time for a text grows with its length and the number of secrets, however often it is cut or repeats them.
pub struct Hidden {
    plain: Vec<Sought>,
    decoded: Vec<Sought>,
}

impl Hidden {
    /// Made of those.
    #[must_use]
    pub fn of<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut hidden = Self { plain: Vec::new(), decoded: Vec::new() };
        for secret in secrets {
            hidden.add(secret.expose());
        }
        hidden
    }

    /// The text with a mark in the place of each of them.
    #[must_use]
    pub fn conceal(&self, text: &str) -> String {
        let mut hidden = Vec::new();
        find(&self.plain, &View::plain(text), &mut hidden);
        find(&self.decoded, &View::decoded(text), &mut hidden);
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

    fn add(&mut self, secret: &str) {
        let seen = |(_, c): &(usize, char)| !is_passed_over(*c);
        if secret.char_indices().filter(seen).nth(SHORTEST_SECRET - 1).is_none() {
            return;
        }
        // One that is longer than what is looked for can be told by its beginning, whichever way it is written.
        let end = secret.char_indices().filter(seen).nth(MAX_SOUGHT).map_or(secret.len(), |(at, _)| at);
        let (beginning, more) = (&secret[..end], end < secret.len());
        let bytes = &secret.as_bytes()[..secret.len().min(MAX_SOUGHT / 4 * 3)];
        let encoded_more = bytes.len() < secret.len();
        let in_base64 = Zeroizing::new(STANDARD_NO_PAD.encode(bytes));
        let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
        let digits = halves.filter_map(|half| char::from_digit(half.into(), 16));
        let in_digits = Zeroizing::new(digits.collect::<String>());

        self.decoded.extend(Sought::of(&View::decoded(beginning), more));
        self.decoded.extend(Sought::of(&View::decoded(&in_base64), encoded_more));
        for (spelling, more) in spellings(beginning).iter().map(|spelling| (spelling, more)).chain([
            (&in_base64, encoded_more),
            (&Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes)), encoded_more),
            (&in_digits, encoded_more),
            (&Zeroizing::new(in_digits.to_ascii_uppercase()), encoded_more),
        ]) {
            let sought = Sought::of(&View::plain(spelling), more);
            // Most secrets are written alike in several ways.
            let new = |sought: &Sought| self.plain.iter().all(|known| *known.bytes != *sought.bytes);
            let sought = sought.filter(new);
            self.plain.extend(sought);
        }
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(redacted)")
    }
}

/// The first so many characters; a mark is the last of them if there were more.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain([MARK]).collect(),
    }
}

/// A spelling of a secret, or its beginning, and how a search goes on where it leaves it (Knuth, Morris and Pratt).
struct Sought {
    bytes: Zeroizing<Vec<u8>>,
    /// By how many of its bytes it is begun anew where as many as this and one more were found, and the next is another.
    falls: Vec<usize>,
    /// So many bytes of it are the fewest that are taken out before a cut.
    shortest: usize,
    /// Is there more of the secret than this?
    more: bool,
}

impl Sought {
    fn of(view: &View, more: bool) -> Option<Self> {
        let bytes = &view.bytes()[..view.bytes().len().min(MAX_SOUGHT)];
        // A byte that goes on with a character is none by itself.
        let mut characters = bytes.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 != 0x80);
        let (shortest, _) = characters.nth(SHORTEST_BEGINNING)?;
        characters.nth(SHORTEST_SECRET - SHORTEST_BEGINNING - 2)?;
        let more = more || bytes.len() < view.bytes().len();
        let mut sought = Self { bytes: Zeroizing::new(bytes.to_vec()), falls: vec![0], shortest, more };
        for at in 1..sought.bytes.len() {
            let fall = sought.after(sought.falls[at - 1], sought.bytes[at]);
            sought.falls.push(fall);
        }
        Some(sought)
    }

    /// How much of it ends with that byte, if `known` of it ended before.
    fn after(&self, mut known: usize, byte: u8) -> usize {
        loop {
            #[cfg(test)]
            tests::COMPARED.set(tests::COMPARED.get() + 1);
            if self.bytes.get(known) == Some(&byte) {
                return known + 1;
            }
            let Some(last) = known.checked_sub(1) else { return 0 };
            known = self.falls[last];
        }
    }
}

/// Where one of them stands, and where one begins and is cut off.
fn find(all: &[Sought], view: &View, found: &mut Vec<Range<usize>>) {
    let cuts = view.cuts();
    let Some(last) = view.bytes().len().checked_sub(1) else { return };
    for sought in all {
        let (mut known, mut cuts) = (0, cuts.iter().peekable());
        for at in 0..=view.bytes().len() {
            while let Some(cut) = cuts.next_if(|cut| cut.at == at) {
                if known >= sought.shortest {
                    add(found, view.place(at - known).start..cut.end);
                }
            }
            let Some(byte) = view.bytes().get(at) else { break };
            known = sought.after(known, *byte);
            if known == sought.bytes.len() {
                let end = view.place(if sought.more { last } else { at }).end;
                add(found, view.place(at + 1 - known).start..end);
            }
        }
    }
}

/// What lies within the last, or begins there, is one with it.
fn add(found: &mut Vec<Range<usize>>, range: Range<usize>) {
    match found.last_mut() {
        Some(last) if (last.start..last.end).contains(&range.start) => last.end = last.end.max(range.end),
        Some(_) | None => found.push(range),
    }
}

/// How a secret is written by those who repeat it in words.
fn spellings(secret: &str) -> [Zeroizing<String>; 4] {
    let in_a_form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let in_a_url = in_a_form.replace('+', "%20");
    let quotation = Zeroizing::new(format!("{secret:?}"));
    let quoted = quotation.trim_matches('"').to_owned();
    [secret.to_owned(), in_a_form, in_a_url, quoted].map(Zeroizing::new)
}

const MARK: char = '…';
const SHORTEST_SECRET: usize = 6;
/// Fewer characters of a secret tell nothing, and stand before many a mark.
const SHORTEST_BEGINNING: usize = 4;
/// So many bytes tell a secret from everything else.
const MAX_SOUGHT: usize = 4096;

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;

    thread_local! {
        /// How many bytes were compared with those of a secret.
        pub(super) static COMPARED: Cell<usize> = const { Cell::new(0) };
    }

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
    fn a_secret_that_is_encoded_is_taken_out_too() {
        let secret = "pA+ss&<wo>rd\"9 x'Z\u{e9}!(*)";
        for written in [
            // As encodeURIComponent of JavaScript does it, and others.
            "pA%2Bss%26%3Cwo%3Erd%229%20x'Z%C3%A9!(*)",
            "pA%2bss%26%3cwo%3erd%229+x%27Z%c3%a9%21%28%2A%29",
            "pA%252Bss%2526%253Cwo%253Erd%25229%2520x%2527Z%25C3%25A9%2521%2528*%2529",
            "pA+ss&amp;&lt;wo&gt;rd&quot;9 x&#39;Z\u{e9}!(*)",
            "pA+ss&amp;&lt;wo>rd&#34;9&nbsp;x&#x27;Z&#233;!(*)",
            r#"pA+ss\u0026\u003cwo\u003erd\"9 x'Z\u00e9!(*)"#,
            r#"pA+ss&<wo>rd\\\"9\n x\'Z\u{e9}!(*)"#,
            "p\u{200b}A\u{200c}+s\u{200d}s\u{2060}&\u{feff}<w\u{ad}o>rd\"9 x'Z\u{e9}!(*)",
            "p%E2%80%8BA+ss&<wo>rd\"9 x'Z\u{e9}!(*)",
            "cEErc3MmPHdvPnJkIjkgeCdaw6khKCop",
            "cEErc3MmPHdvPnJkIjkgeCdaw6khKCop%3D",
            "70412b7373263c776f3e726422392078275ac3a921282a29",
            "70412B7373263C776F3E726422392078275AC3A921282A29",
        ] {
            let shown = concealed(&format!("not {written} here"), &[Secret::new(secret)]);
            assert!(["not … here", "not …%3D here"].contains(&&*shown), "{written}: {shown}");
            // Nor the beginning, wherever it is cut; three characters tell nothing.
            for (cut, _) in written.char_indices().skip(40) {
                for cut in [written[..cut].to_owned(), format!("{}… (cut)", &written[..cut])] {
                    let shown = concealed(&format!("not {cut}"), &[Secret::new(secret)]);
                    assert!(["not …", "not … (cut)"].contains(&&*shown), "{cut}: {shown}");
                }
            }
        }
        // Each alphabet has characters of its own, and padding tells nothing.
        let secret = Secret::new("~~~???>>>>");
        for written in ["fn5+Pz8/Pj4+Pg", "fn5-Pz8_Pj4-Pg", "fn5%2BPz8%2FPj4%2bPg", "fn5+Pz8/Pj4+Pg=="] {
            let shown = concealed(written, std::slice::from_ref(&secret));
            assert!(["…", "…=="].contains(&&*shown), "{written}: {shown}");
        }
    }

    #[test]
    fn what_stands_before_a_secret_does_not_hide_it() {
        for before in ["%", "%4", "&", "&#", r"\", r"\u{", "+", "4%"] {
            let shown = concealed(&format!("{before}4abcdef"), &[Secret::new("4abcdef")]);
            assert_eq!(shown, format!("{before}…"));
        }
        // A secret that looks encoded is the same once it is.
        for text in ["a%41b%25cd", "a%2541b%2525cd"] {
            assert_eq!(concealed(text, &[Secret::new("a%41b%25cd")]), "…");
        }
    }

    #[test]
    fn of_a_long_secret_no_more_is_looked_for_than_tells_it_and_nothing_of_it_is_left() {
        let marks = "…".repeat(1300);
        for letter in ["a", "é", "%", "\u{1f600}", "+"] {
            let secret = Secret::new(letter.repeat(1_000_000));
            let hidden = Hidden::of([&secret]);

            let sought = || hidden.plain.iter().chain(&hidden.decoded);
            assert!(sought().count() <= 10, "{letter}: {}", sought().count());
            assert!(sought().all(|sought| sought.bytes.len() <= MAX_SOUGHT && sought.more), "{letter}");
            for long in [100, 5000] {
                let text = format!("{marks} {} {marks}", letter.repeat(long));
                assert!(!hidden.conceal(&text).contains(letter), "{letter} {long}");
            }
        }
    }

    #[test]
    fn however_often_a_text_is_cut_each_byte_is_compared_a_few_times() {
        let token = |letters: &str| Secret::new(letters.repeat(1_000_000 / letters.len()));
        for letters in ["a", "ab", "aab"] {
            for text in [
                "…".repeat(1300),
                format!("…{}", letters.repeat(10)).repeat(200),
                // What was found is given up again at the last letter.
                format!("{}!", letters.repeat(1365)),
                letters.repeat(1365),
            ] {
                COMPARED.set(0);
                let hidden = Hidden::of([&token(letters)]);
                let sought: usize =
                    hidden.plain.iter().chain(&hidden.decoded).map(|sought| sought.bytes.len()).sum();
                assert!(COMPARED.take() <= 2 * sought, "{letters}");

                let shown = hidden.conceal(&text);

                let looked_at = text.len() * (hidden.plain.len() + hidden.decoded.len());
                assert!(COMPARED.take() <= 2 * looked_at, "{letters} {text}");
                assert!(text.starts_with('…') || shown == "…" || shown.ends_with('!'), "{shown}");
            }
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
            let squeezed: String = secret.chars().filter(|c| !is_passed_over(*c)).collect();
            let shown = concealed(&format!("{text}{secret}{text}"), &[Secret::new(secret)]);
            prop_assert!(squeezed.chars().count() < SHORTEST_SECRET || squeezed == "…" || !shown.contains(&squeezed));
        }
    }
}

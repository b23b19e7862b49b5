//! A text as somebody searches it who does not care how it is written, and where each part of it stood.

use std::ops::Range;

use zeroize::Zeroizing;

use super::MARK;
use crate::plain::is_obeyed;

/// What is left of a text, as bytes.
pub(super) struct View {
    bytes: Zeroizing<Vec<u8>>,
    /// Of each byte of it.
    places: Vec<Range<usize>>,
}

/// Where what was written may have been cut.
pub(super) struct Cut {
    /// Before this byte of the view.
    pub(super) at: usize,
    /// So far it reaches in the text.
    pub(super) end: usize,
}

impl View {
    /// Without blanks, and without what is not seen.
    pub(super) fn plain(text: &str) -> Self {
        let mut view = Self { bytes: Zeroizing::default(), places: Vec::new() };
        for (at, c) in text.char_indices().filter(|(_, c)| !is_passed_over(*c)) {
            view.push(c, at..at + c.len_utf8());
        }
        view
    }

    /// The same of what the text says once everything in it is decoded: `%` and two digits, entities of HTML, the escapes of
    /// quotations. What may be a blank or an escape or neither, `+` and `\`, is left out of what is sought as well.
    pub(super) fn decoded(text: &str) -> Self {
        let mut view = Self { bytes: Zeroizing::default(), places: Vec::new() };
        for (at, c) in text.char_indices() {
            view.push(c, at..at + c.len_utf8());
            // What was decoded may be the end of what is encoded once more.
            while view.passes_over() || view.decodes() {}
        }
        view.without_signs()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where a byte stood.
    pub(super) fn place(&self, at: usize) -> &Range<usize> {
        &self.places[at]
    }

    /// Before each mark and at the end; and before what may be the beginning of an escape there.
    pub(super) fn cuts(&self) -> Vec<Cut> {
        let mark = MARK.to_string();
        let marks = self.bytes.windows(mark.len()).enumerate().filter(|(_, bytes)| *bytes == mark.as_bytes());
        let marks = marks.map(|(at, _)| (at, at + mark.len()));
        let mut cuts = Vec::new();
        for (at, after) in marks.chain([(self.bytes.len(), self.bytes.len())]) {
            let end = after.checked_sub(1).map_or(0, |last| self.places[last].end);
            cuts.extend(self.begun(at).map(|at| Cut { at, end }));
            cuts.push(Cut { at, end });
        }
        cuts
    }

    /// Where an escape begins that ends at `at` before it is complete.
    fn begun(&self, at: usize) -> Option<usize> {
        let from = at.saturating_sub(LONGEST_ESCAPE);
        let begun = from + self.bytes[from..at].iter().rposition(|byte| b"%&".contains(byte))?;
        let rest = &self.bytes[begun + 1..at];
        let incomplete = match self.bytes[begun] {
            b'%' => rest.len() < 2 && rest.iter().all(u8::is_ascii_hexdigit),
            _ => rest.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#'),
        };
        incomplete.then_some(begun)
    }

    fn push(&mut self, c: char, place: Range<usize>) {
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            self.bytes.push(byte);
            self.places.push(place.clone());
        }
    }

    /// Takes a character off the end that makes no difference.
    fn passes_over(&mut self) -> bool {
        let from = self.bytes.len().saturating_sub(4);
        let first = self.bytes[from..].iter().rposition(|byte| byte & 0xc0 != 0x80);
        let start = first.map_or(from, |at| from + at);
        let last = std::str::from_utf8(&self.bytes[start..]).ok().and_then(|last| last.chars().next());
        let passed = last.is_some_and(is_passed_over);
        if passed {
            self.truncate(start);
        }
        passed
    }

    /// Puts what it means in the place of an escape at the end.
    fn decodes(&mut self) -> bool {
        let Some((length, meant)) = escape(&self.bytes[self.bytes.len().saturating_sub(LONGEST_ESCAPE)..])
        else {
            return false;
        };
        let start = self.bytes.len() - length;
        let apart = self.places[start..].windows(2).any(|pair| pair[0].end != pair[1].start);
        if apart {
            return false;
        }
        let place = self.places[start].start..self.places[self.places.len() - 1].end;
        self.truncate(start);
        match meant {
            Meant::Byte(byte) => {
                self.bytes.push(byte);
                self.places.push(place);
            }
            Meant::Character(c) => self.push(c, place),
        }
        true
    }

    fn truncate(&mut self, length: usize) {
        self.bytes.truncate(length);
        self.places.truncate(length);
    }

    fn without_signs(self) -> Self {
        let mut view = Self { bytes: Zeroizing::default(), places: Vec::with_capacity(self.places.len()) };
        let mut escaped = false;
        for (byte, place) in self.bytes.iter().zip(self.places) {
            let sign = matches!(byte, b'\\' | b'+') || (escaped && b"nrt".contains(byte));
            escaped = *byte == b'\\';
            if !sign {
                view.bytes.push(*byte);
                view.places.push(place);
            }
        }
        view
    }
}

enum Meant {
    Byte(u8),
    Character(char),
}

/// What the escape means that stands at the end, and how long it is.
fn escape(text: &[u8]) -> Option<(usize, Meant)> {
    let of = |code: &[u8], radix| {
        let code = std::str::from_utf8(code).ok()?;
        u32::from_str_radix(code, radix).ok().and_then(char::from_u32).map(Meant::Character)
    };
    match text {
        [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            let byte = u8::try_from(digit(high)? * 16 + digit(low)?).ok()?;
            Some((3, Meant::Byte(byte)))
        }
        [.., b'\\', b'u', a, b, c, d] if *a != b'{' => Some((6, of(&[*a, *b, *c, *d], 16)?)),
        [before @ .., b'}'] => {
            let at = before.windows(3).rposition(|begun| begun == br"\u{")?;
            Some((text.len() - at, of(&before[at + 3..], 16)?))
        }
        [before @ .., b';'] => {
            let at = before.iter().rposition(|byte| *byte == b'&')?;
            let meant = match &before[at + 1..] {
                [b'#', b'x' | b'X', code @ ..] => of(code, 16)?,
                [b'#', code @ ..] => of(code, 10)?,
                b"amp" => Meant::Byte(b'&'),
                b"lt" => Meant::Byte(b'<'),
                b"gt" => Meant::Byte(b'>'),
                b"quot" => Meant::Byte(b'"'),
                b"apos" => Meant::Byte(b'\''),
                b"nbsp" => Meant::Byte(b' '),
                _ => return None,
            };
            Some((text.len() - at, meant))
        }
        _ => None,
    }
}

/// Does it make no difference, because it is a blank, or is not seen?
pub(super) fn is_passed_over(c: char) -> bool {
    c.is_whitespace()
        || is_obeyed(c)
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Such as `&#x0010ffff;`.
const LONGEST_ESCAPE: usize = 12;

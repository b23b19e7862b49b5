//! An address for the camera of a telephone.

use std::io::IsTerminal;

use anstream::{AutoStream, ColorChoice};
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// For standard error, if a camera could read it there; none if the address is too long for one.
pub(crate) fn code(address: &str) -> Option<String> {
    let out = std::io::stderr();
    if is_readable(out.is_terminal(), AutoStream::choice(&out)) { drawn(address) } else { None }
}

/// Without colours of its own it is light on dark or dark on light as the terminal is, and few cameras read both.
fn is_readable(is_terminal: bool, colours: ColorChoice) -> bool {
    is_terminal && colours != ColorChoice::Never
}

/// As half blocks, of which those of the light modules are there: to be shown as light on dark.
fn drawn(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::L).ok()?;
    Some(code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_code_and_a_book_has_none() {
        let drawn = drawn("https://op.test/device?user_code=WDJB-MJHT").unwrap();
        let lines: Vec<_> = drawn.lines().collect();
        let width = lines[0].chars().count();
        assert!(lines.iter().all(|line| line.chars().count() == width), "{drawn}");
        // 29 modules and a quiet zone of four on either side.
        assert_eq!((width, lines.len()), (37, 19), "{drawn}");
        assert!(super::drawn(&"x".repeat(5000)).is_none());
    }

    #[test]
    fn it_is_drawn_where_it_has_its_colours_and_nowhere_else() {
        for (is_terminal, colours, expected) in [
            (true, ColorChoice::Always, true),
            (true, ColorChoice::AlwaysAnsi, true),
            (true, ColorChoice::Never, false),
            (false, ColorChoice::Always, false),
            (false, ColorChoice::Never, false),
        ] {
            assert_eq!(is_readable(is_terminal, colours), expected, "{is_terminal} {colours:?}");
        }
    }
}

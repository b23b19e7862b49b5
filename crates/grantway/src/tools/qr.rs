//! An address for the camera of a telephone.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// As half blocks, dark on light whatever the terminal's colours are; none if it is too long for one.
pub(crate) fn code(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::L).ok()?;
    // On a dark terminal the light modules are drawn, which is what cameras expect.
    Some(code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_code_and_a_book_has_none() {
        let drawn = code("https://op.test/device?user_code=WDJB-MJHT").unwrap();
        let lines: Vec<_> = drawn.lines().collect();
        let width = lines[0].chars().count();
        assert!(lines.iter().all(|line| line.chars().count() == width), "{drawn}");
        // 29 modules and a quiet zone of four on either side.
        assert_eq!((width, lines.len()), (37, 19), "{drawn}");
        assert!(code(&"x".repeat(5000)).is_none());
    }
}

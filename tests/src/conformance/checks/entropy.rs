use std::collections::BTreeMap;

/// How many bits there are in a string, as far as one can tell from the characters it is made of.
pub(super) fn bits(text: &str) -> f64 {
    let mut counts: BTreeMap<u8, f64> = BTreeMap::new();
    for byte in text.bytes() {
        *counts.entry(byte).or_default() += 1.0;
    }
    let length: f64 = counts.values().sum();
    counts.values().map(|count| -count * (count / length).log2()).sum()
}

/// What is measured of 128 random bits is less, for a character may come twice by chance.
pub(super) const LEAST_BITS: f64 = 96.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_string_has_enough_and_a_word_has_not() {
        for (text, enough) in [
            ("SplxlOBeZQQYbYS6WxSbIA9dJ2kf", true),
            ("hello", false),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
            ("", false),
        ] {
            assert_eq!(bits(text) >= LEAST_BITS, enough, "{text}: {}", bits(text));
        }
    }
}

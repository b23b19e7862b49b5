/// What is wrong with an `error_description` (RFC 6749 sections 4.1.2.1 and 5.2).
pub(crate) fn fault(description: &str) -> Option<String> {
    let odd = description.chars().find(|own| !matches!(own, ' '..='!' | '#'..='[' | ']'..='~'))?;
    Some(format!("error_description holds {odd:?}, which it may not: {description:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_quotes_are_not_for_descriptions() {
        for (description, good) in [
            ("the code is spent", true),
            ("two\nlines", false),
            ("a \"name\"", false),
            ("größer", false),
            ("", true),
        ] {
            assert_eq!(fault(description).is_none(), good, "{description:?}");
        }
    }
}

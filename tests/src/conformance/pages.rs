use serde::Deserialize;

use crate::{Button, Form, Input};

/// How a person answers pages that do not say in HTML what they want.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// Names of inputs for the name, beside those with `autocomplete=username`.
    #[serde(default)]
    pub username: Vec<String>,
    /// Names of inputs for the password, beside those of the type.
    #[serde(default)]
    pub password: Vec<String>,
    /// Buttons to press, `NAME` or `NAME=VALUE`; where none of them is, the first.
    #[serde(default)]
    pub press: Vec<String>,
}

impl Pages {
    pub(crate) fn is_password(&self, name: &str, input: &Input) -> bool {
        input.kind == "password" || self.password.iter().any(|own| own == name)
    }

    pub(crate) fn is_username(&self, name: &str, input: &Input) -> bool {
        let lower = name.to_ascii_lowercase();
        let by_name = ["username", "email", "login"].iter().any(|part| lower.contains(part));
        let by_html = input.autocomplete.split(' ').any(|word| word == "username")
            || (input.kind != "hidden" && (input.kind == "email" || by_name));
        by_html || self.username.iter().any(|own| own == name)
    }

    pub(crate) fn pressed<'f>(&self, form: &'f Form) -> Option<&'f Button> {
        let wished = self.press.iter().find_map(|wish| {
            let (name, value) = wish.split_once('=').map_or((wish.as_str(), None), |(n, v)| (n, Some(v)));
            form.buttons.iter().find(|button| {
                button.name.as_deref() == Some(name) && value.is_none_or(|value| button.value == value)
            })
        });
        wished.or_else(|| form.buttons.first())
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    const PAGE: &str = r#"<form><input name="nick"><input name="word"><input name="user_email" type="email">
        <button name="choice" value="no">No</button><button name="choice" value="yes">Yes</button>
        <button name="later">Later</button></form>"#;

    #[test]
    fn a_page_is_answered_by_what_html_says_of_it() {
        let (pages, form) = (Pages::default(), form());

        assert_eq!(asked(&pages, &form), ["-", "-", "username"]);
        assert_eq!(pages.pressed(&form).unwrap().value, "no");
    }

    #[test]
    fn a_page_that_says_nothing_is_answered_as_the_clients_file_has_it() {
        let pages: Pages = toml::from_str(
            "username = [\"nick\"]\npassword = [\"word\"]\npress = [\"absent\", \"choice=yes\", \"later\"]",
        )
        .unwrap();
        let form = form();

        assert_eq!(asked(&pages, &form), ["username", "password", "username"]);
        assert_eq!(pages.pressed(&form).unwrap().value, "yes");
    }

    fn form() -> Form {
        Form::all(PAGE, &Url::parse("https://op.test/").unwrap()).remove(0)
    }

    fn asked(pages: &Pages, form: &Form) -> Vec<&'static str> {
        let asked = form.fields.iter().zip(&form.inputs).map(|((name, _), input)| {
            match (pages.is_username(name, input), pages.is_password(name, input)) {
                (true, _) => "username",
                (_, true) => "password",
                _ => "-",
            }
        });
        asked.collect()
    }
}

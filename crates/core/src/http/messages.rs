//! What pages say, once for each language.

/// Makes the struct of all messages of a crate: a plain message is a text, one with parameters a function from
/// them to a text. A language is one constant of it, so a message that is not translated does not compile.
/// Every message is plain text; templates escape it.
///
/// In tests the struct has `rendered`, which says for [`Rendered`] what each message comes to.
///
/// ```
/// use grantway_core::http::Language;
///
/// grantway_core::messages! {
///     /// What the page says.
///     struct Messages { sign_in, welcome(name) }
/// }
///
/// const EN: Messages = Messages { sign_in: "Sign in", welcome: |name| format!("Welcome, {name}!") };
/// const DE: Messages = Messages { sign_in: "Anmelden", welcome: |name| format!("Willkommen, {name}!") };
///
/// assert_eq!((DE.welcome)("Ada"), "Willkommen, Ada!");
/// # assert_ne!(EN.sign_in, DE.sign_in);
/// ```
#[macro_export]
macro_rules! messages {
    ($(#[$about:meta])* $visible:vis struct $name:ident {
        $($message:ident $(($($parameter:ident),+))?),+ $(,)?
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        $visible struct $name {
            $($visible $message: $crate::__message!($($($parameter)+)?)),+
        }

        #[cfg(test)]
        impl $name {
            /// Every message, with each parameter's name in braces in its place.
            $visible fn rendered(&self) -> Vec<$crate::http::Rendered> {
                vec![$($crate::http::Rendered {
                    message: stringify!($message),
                    text: $crate::__message!(self.$message $($($parameter)+)?),
                    parameters: &[$($(concat!("{", stringify!($parameter), "}")),+)?],
                }),+]
            }
        }
    };
}

/// The languages of a crate's messages, each a constant `MESSAGES` in a module of its own (`en`, `de`, `fr`), and the test
/// that each says everything. Messages that happen to be the same in English are named behind their language.
#[macro_export]
macro_rules! translated {
    ($name:ident, de as in English: [$($german:literal),*], fr as in English: [$($french:literal),*]) => {
        impl $name {
            pub(crate) const fn of(language: $crate::http::Language) -> &'static Self {
                match language {
                    $crate::http::Language::En => &en::MESSAGES,
                    $crate::http::Language::De => &de::MESSAGES,
                    $crate::http::Language::Fr => &fr::MESSAGES,
                }
            }
        }

        #[cfg(test)]
        mod tests {
            use $crate::http::Rendered;

            use super::{de, en, fr};

            #[test]
            fn every_message_is_translated() {
                let english = en::MESSAGES.rendered();
                assert_eq!(Rendered::faults(&de::MESSAGES.rendered(), &english, &[$($german),*]), [""; 0]);
                assert_eq!(Rendered::faults(&fr::MESSAGES.rendered(), &english, &[$($french),*]), [""; 0]);
            }
        }
    };
}

/// The type of a message, and a message with the names of its parameters put in.
#[doc(hidden)]
#[macro_export]
macro_rules! __message {
    () => { &'static str };
    ($one:ident) => { fn(&str) -> String };
    ($one:ident $two:ident) => { fn(&str, &str) -> String };
    ($one:ident $two:ident $three:ident) => { fn(&str, &str, &str) -> String };
    ($messages:ident.$message:ident) => { $messages.$message.to_owned() };
    ($messages:ident.$message:ident $($parameter:ident)+) => {
        ($messages.$message)($(concat!("{", stringify!($parameter), "}")),+)
    };
}

/// One message of one language, for tests of translations.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Its name.
    pub message: &'static str,
    /// What it says, with each parameter as `{name}`.
    pub text: String,
    /// Those.
    pub parameters: &'static [&'static str],
}

impl Rendered {
    /// What is wrong with a translation, in words: a message that says nothing, that leaves a parameter out, or that
    /// is English still. `same` names the messages that happen to be the same in both languages.
    #[must_use]
    pub fn faults(translated: &[Self], english: &[Self], same: &[&str]) -> Vec<String> {
        let mut faults = Vec::new();
        for (own, english) in translated.iter().zip(english) {
            let Self { message, text, parameters } = own;
            if text.trim() != text || text.is_empty() {
                faults.push(format!("{message} is empty, or has spaces at its ends"));
            }
            faults.extend(
                parameters
                    .iter()
                    .filter(|parameter| !text.contains(**parameter))
                    .map(|parameter| format!("{message} leaves {parameter} out")),
            );
            if (*text == english.text) != same.contains(message) {
                faults.push(format!("{message} is English, or is listed as the same and is not"));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::messages! {
        struct Messages { no, welcome(name), gone(name, place) }
    }

    const EN: Messages = Messages {
        no: "No",
        welcome: |name| format!("Welcome, {name}"),
        gone: |name, place| format!("{name} went to {place}"),
    };

    fn faults(messages: &Messages, same: &[&str]) -> Vec<String> {
        Rendered::faults(&messages.rendered(), &EN.rendered(), same)
    }

    #[test]
    fn a_translation_says_everything_with_everything_in_it() {
        let good = Messages {
            no: "Nein",
            welcome: |name| format!("Willkommen, {name}"),
            gone: |name, place| format!("Nach {place} ging {name}"),
        };
        let bad = Messages { no: " ", gone: |name, _| format!("{name} ging"), ..EN };

        assert_eq!(faults(&good, &[]), [""; 0]);
        assert_eq!(faults(&EN, &["no", "welcome", "gone"]), [""; 0]);
        assert_eq!(
            faults(&bad, &[]),
            [
                "no is empty, or has spaces at its ends",
                "welcome is English, or is listed as the same and is not",
                "gone leaves {place} out",
            ]
        );
    }
}

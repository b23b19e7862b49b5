//! In which language a person is spoken to, and how that lasts from page to page.

use grantway_core::http::{Form, Language, UI_LOCALES};
use http::HeaderMap;

use crate::messages::Messages;

/// The language of a page. One that was asked for by an application stays in the addresses and forms that follow;
/// the browser's own comes with every request anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Speech {
    pub(crate) language: Language,
    asked: Option<Language>,
}

impl Speech {
    pub(crate) fn of(headers: &HeaderMap, form: &Form) -> Self {
        let asked = Language::asked_for(form);
        Self { language: asked.unwrap_or_else(|| Language::of_headers(headers)), asked }
    }

    /// Of a request whose query or form cannot be read.
    pub(crate) fn of_headers(headers: &HeaderMap) -> Self {
        Self { language: Language::of_headers(headers), asked: None }
    }

    pub(crate) const fn say(self) -> &'static Messages {
        Messages::of(self.language)
    }

    /// What a form has to send again, and an address to carry.
    pub(crate) fn ui_locales(self) -> Option<&'static str> {
        self.asked.map(Language::tag)
    }

    /// The address of a page of ours that has no other parameters.
    pub(crate) fn address(self, path: &str) -> String {
        match self.ui_locales() {
            Some(tag) => format!("{path}?{UI_LOCALES}={tag}"),
            None => path.to_owned(),
        }
    }
}

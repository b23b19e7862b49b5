//! Which language a page speaks.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

use super::Form;

/// A language that every page is written in.
///
/// ```
/// # use grantway_core::http::Language;
/// assert_eq!(Language::of_ui_locales("pt-BR fr-CA en"), Some(Language::Fr));
/// assert_eq!(Language::of_ui_locales("tlh"), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, also for whoever speaks none of the others.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
}

impl Language {
    /// All of them, as metadata lists them.
    pub const ALL: [Self; 3] = [Self::En, Self::De, Self::Fr];

    /// Its tag (BCP 47), in canonical form.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
        }
    }

    /// What the application asks for in `form`, else what the browser asks for, else English.
    #[must_use]
    pub fn of_request(headers: &HeaderMap, form: &Form) -> Self {
        Self::asked_for(form).unwrap_or_else(|| Self::of_headers(headers))
    }

    /// What `ui_locales` asks for in a request or in a form of ours. Twice, unreadable or nothing that we speak
    /// is as good as absent: it is a wish, and never an error (OpenID Connect Core section 3.1.2.1).
    #[must_use]
    pub fn asked_for(form: &Form) -> Option<Self> {
        Self::of_ui_locales(form.one(UI_LOCALES).ok().flatten()?)
    }

    /// The first language that we speak of tags separated by spaces, in order of preference.
    #[must_use]
    pub fn of_ui_locales(tags: &str) -> Option<Self> {
        tags.split(' ').find_map(Self::looked_up)
    }

    /// What `Accept-Language` prefers (RFC 9110 section 12.5.4), else English.
    #[must_use]
    pub fn of_headers(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|line| line.to_str().ok());
        let ranges: Vec<Range> = lines.flat_map(|line| line.split(',')).filter_map(Range::read).collect();
        let mut best = (Self::default(), Weight { quality: 0, place: 0 });
        for language in Self::ALL {
            let weight = language.weight(&ranges);
            if weight.is_some_and(|weight| weight.beats(best.1)) {
                best = (language, weight.unwrap_or(best.1));
            }
        }
        best.0
    }

    /// RFC 4647 section 3.4: a tag is shortened until it is one of ours, and ours are one subtag long.
    fn looked_up(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// By the best range that names it; the wildcard stands for what no other range names.
    fn weight(self, ranges: &[Range]) -> Option<Weight> {
        let best_of = |named: Named| {
            let weights = ranges.iter().enumerate().filter(|(_, range)| range.named == named);
            weights
                .map(|(place, range)| Weight { quality: range.quality, place })
                .reduce(|best, next| if next.beats(best) { next } else { best })
        };
        best_of(Named::Language(self)).or_else(|| best_of(Named::Any))
    }
}

/// One element of `Accept-Language` that means one of ours.
#[derive(Clone, Copy, Debug)]
struct Range {
    named: Named,
    /// In thousandths; zero is a refusal.
    quality: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Language(Language),
    Any,
}

impl Range {
    fn read(element: &str) -> Option<Self> {
        let (range, weight) = match element.split_once(';') {
            Some((range, weight)) => (range, quality(weight)?),
            None => (element, 1000),
        };
        let named = match range.trim_matches(OWS) {
            "*" => Named::Any,
            tag => Named::Language(Language::looked_up(tag)?),
        };
        Some(Self { named, quality: weight })
    }
}

/// How much something is wanted: by quality, and of the same quality what stands first.
#[derive(Clone, Copy, Debug)]
struct Weight {
    quality: u16,
    place: usize,
}

impl Weight {
    const fn beats(self, other: Self) -> bool {
        self.quality > other.quality
            || (self.quality == other.quality && self.quality > 0 && self.place < other.place)
    }
}

/// RFC 9110 section 12.4.2: up to three decimals, and no more than one.
fn quality(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.trim_matches(OWS).split_once('=')?;
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let digits = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    if !name.eq_ignore_ascii_case("q") || !matches!(whole, "0" | "1") || !digits {
        return None;
    }
    let thousandths: u16 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (thousandths <= 1000).then_some(thousandths)
}

/// The parameter of requests, and of our own addresses and forms, in which languages are asked for.
pub const UI_LOCALES: &str = "ui_locales";
const OWS: [char; 2] = [' ', '\t'];

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_of_ui_locales_that_we_speak_is_taken() {
        for (tags, found) in [
            ("de", Some(Language::De)),
            ("DE", Some(Language::De)),
            ("de-CH-1996", Some(Language::De)),
            ("fr-CA fr en", Some(Language::Fr)),
            ("nl fr", Some(Language::Fr)),
            ("  en  de", Some(Language::En)),
            ("fr-x-private", Some(Language::Fr)),
            ("", None),
            (" ", None),
            ("nl", None),
            ("deu", None),
            ("d e", None),
            ("x-de", None),
            ("-de", None),
            ("de_DE", None),
            ("*", None),
            ("\u{fc}", None),
        ] {
            assert_eq!(Language::of_ui_locales(tags), found, "{tags:?}");
        }
    }

    #[test]
    fn the_browser_is_answered_by_what_it_weighs_most() {
        for (header, found) in [
            ("de", Language::De),
            ("de-AT, de;q=0.9, en;q=0.8", Language::De),
            ("en;q=0.8, fr", Language::Fr),
            ("en;q=0.8,fr;q=0.9,de;q=0.85", Language::Fr),
            ("fr;q=0.500, de;q=0.501", Language::De),
            ("fr, de", Language::Fr),
            ("de, fr", Language::De),
            ("nl, de;q=0.1", Language::De),
            ("nl", Language::En),
            ("", Language::En),
            ("*", Language::En),
            ("de;q=0.5, *", Language::En),
            ("en;q=0, *", Language::De),
            ("de;q=0, fr;q=0.2", Language::Fr),
            ("de;q=0", Language::En),
            ("en;q=0", Language::En),
            ("FR-ca ; Q=0.7", Language::Fr),
            ("\tfr\t;\tq=1.000", Language::Fr),
            ("fr;q=1.001, de;q=0.1", Language::De),
            ("fr;q=NaN, de;q=0.1", Language::De),
            ("fr;q=-1, de;q=0.1", Language::De),
            ("fr;q=0.1234, de;q=0.1", Language::De),
            ("fr;level=1, de;q=0.1", Language::De),
            ("fr;q=.9, de;q=0.1", Language::De),
            (",,;q=1,fr", Language::Fr),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(header));
            assert_eq!(Language::of_headers(&headers), found, "{header:?}");
        }
        assert_eq!(Language::of_headers(&HeaderMap::new()), Language::En);
    }

    #[test]
    fn several_lines_are_one_list_and_what_is_no_text_is_passed_over() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT_LANGUAGE, HeaderValue::from_bytes(b"en\xff").unwrap());
        headers.append(ACCEPT_LANGUAGE, HeaderValue::from_static("de;q=0.3"));
        headers.append(ACCEPT_LANGUAGE, HeaderValue::from_static("fr;q=0.4"));

        assert_eq!(Language::of_headers(&headers), Language::Fr);
    }

    #[test]
    fn the_application_goes_before_the_browser_unless_it_asks_for_nothing_we_speak() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("de"));
        for (query, found) in [
            ("ui_locales=fr+en", Language::Fr),
            ("ui_locales=nl", Language::De),
            ("ui_locales=", Language::De),
            ("ui_locales=fr&ui_locales=en", Language::De),
            ("", Language::De),
        ] {
            let form = Form::parse(query.as_bytes()).unwrap();
            assert_eq!(Language::of_request(&headers, &form), found, "{query}");
        }
    }

    proptest! {
        #[test]
        fn no_header_is_an_error(header in "[a-z*;=,.0-9 q-]{0,60}") {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(&header).unwrap());
            prop_assert!(Language::ALL.contains(&Language::of_headers(&headers)));
        }
    }
}

//! The frame of every page: one style sheet, no script but the one that submits a form, and the headers that
//! keep it that way.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, HeaderValue, REFERRER_POLICY, VARY, X_FRAME_OPTIONS,
};
use http::{HeaderMap, StatusCode};

use super::theme::{self, ThemeFault};
use super::{Language, Reply};
use crate::digest::sha256;

/// Turns the body of a page into a whole answer. Made once, used for every page of a crate.
#[derive(Clone, Debug)]
pub struct PageShell {
    style: Arc<str>,
    style_source: String,
    submit_source: String,
    name: Option<Arc<str>>,
}

impl PageShell {
    /// With the built-in style sheet and its built-in theme.
    #[must_use]
    pub fn new() -> Self {
        let style = format!("{THEME}{STYLE}");
        Self {
            style_source: source_of(&style),
            submit_source: source_of(SUBMIT),
            style: style.into(),
            name: None,
        }
    }

    /// A theme of your own: CSS that stands behind ours in every page, and so may set its variables (they are in
    /// `theme.css`) and whatever else. Refused if it could end the style element, or load anything.
    ///
    /// ```
    /// # use grantway_core::http::PageShell;
    /// let shell = PageShell::new().with_theme(":root { --accent: #7a1f5c; }")?;
    /// # assert!(PageShell::new().with_theme("@import 'https://evil.example/';").is_err());
    /// # Ok::<(), grantway_core::http::ThemeFault>(())
    /// ```
    pub fn with_theme(self, css: &str) -> Result<Self, ThemeFault> {
        theme::examine(css)?;
        // The digest is over the text that browsers make of it (HTML Standard section 13.2.3.5): they know one end of
        // a line. A mark of the byte order would spoil the first selector.
        let css = css.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        let style = format!("{THEME}{STYLE}{css}");
        Ok(Self { style_source: source_of(&style), style: style.into(), ..self })
    }

    /// What the service is called, said on top of every page and in its title.
    #[must_use]
    pub fn with_name(self, name: &str) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// A page whose forms post to our own origin.
    #[must_use]
    pub fn page(&self, page: &Page<'_>) -> Reply {
        self.page_with_form_target(page, None)
    }

    /// A page whose form is answered by a redirect to `target`, a source of the `form-action`
    /// directive: browsers apply that directive to every redirect that follows a form post.
    #[must_use]
    pub fn page_with_form_target(&self, page: &Page<'_>, target: Option<&str>) -> Reply {
        let target = target.map(|target| format!(" {target}")).unwrap_or_default();
        self.whole(page, &format!("form-action 'self'{target}"))
    }

    /// A page whose one form is sent by the only script there is; where scripts do not run, the person
    /// presses its button. Where the form goes is left to it: browsers would hold whoever gets it to a
    /// `form-action` of ours in all redirects of his own.
    #[must_use]
    pub fn page_that_submits(&self, page: &Page<'_>) -> Reply {
        let main = format!("{}\n<script>{SUBMIT}</script>", page.main);
        self.whole(&Page { main: &main, ..*page }, &format!("script-src {}", self.submit_source))
    }

    fn whole(&self, page: &Page<'_>, forms: &str) -> Reply {
        let Page { language, status, title, main } = *page;
        let (language, title, style) = (language.tag(), escape(title), &self.style);
        let name = self.name.as_deref().map(escape);
        let brand = name.as_ref().map(|name| format!("<p class=\"brand\">{name}</p>\n")).unwrap_or_default();
        let title = name.map_or_else(|| title.clone(), |name| format!("{title} \u{b7} {name}"));
        let html = format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>\n\
             <style>{style}</style>\n</head>\n<body>\n<main>\n{brand}{main}\n</main>\n</body>\n</html>\n"
        );
        Reply { status, headers: self.headers(forms), body: Bytes::new() }
            .with_body("text/html; charset=utf-8", html)
            .with(CONTENT_LANGUAGE, HeaderValue::from_static(language))
            .with(VARY, HeaderValue::from_static("Accept-Language"))
            .no_store()
    }

    fn headers(&self, forms: &str) -> HeaderMap {
        let style = &self.style_source;
        let policy = format!(
            "default-src 'none'; style-src {style}; img-src 'self' data:; {forms}; \
             frame-ancestors 'none'; base-uri 'none'",
        );
        let mut headers = HeaderMap::new();
        // A source was made of a URI whose host has only visible ASCII; should that ever fail, the
        // page goes out with the strictest policy instead of none.
        let policy = HeaderValue::from_str(&policy)
            .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.insert(http::header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // Not `no-referrer`: with it, browsers post forms with `Origin: null`, and a form's origin
        // is what we compare. Other origins are told nothing either way.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        headers
    }
}

/// What is on a page.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What it is written in.
    pub language: Language,
    /// What the answer is, apart from its words.
    pub status: StatusCode,
    /// Its title, as plain text.
    pub title: &'a str,
    /// The rest: HTML with every value in it escaped.
    pub main: &'a str,
}

/// What a policy calls a style sheet or script that stands in the page.
fn source_of(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(sha256(text)))
}

impl Default for PageShell {
    fn default() -> Self {
        Self::new()
    }
}

/// Text as it may stand in HTML, between tags or in a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

const THEME: &str = include_str!("theme.css");
const STYLE: &str = include_str!("page.css");
const SUBMIT: &str = "document.forms[0].submit()";

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Page<'_> = Page { language: Language::En, status: StatusCode::OK, title: "t", main: "" };

    fn html(reply: &Reply) -> &str {
        std::str::from_utf8(&reply.body).unwrap()
    }

    #[test]
    fn a_title_cannot_open_a_tag() {
        let reply = PageShell::new().page(&Page { title: "</title><script>", ..PAGE });
        assert!(html(&reply).contains("&lt;/title&gt;&lt;script&gt;"));
        assert!(!html(&reply).contains("<script"));
    }

    #[test]
    fn a_page_says_which_language_it_speaks_and_that_another_browser_may_be_told_another() {
        for language in Language::ALL {
            let reply = PageShell::new().page(&Page { language, ..PAGE });
            assert!(html(&reply).contains(&format!("<html lang=\"{}\">", language.tag())));
            assert_eq!(reply.headers[CONTENT_LANGUAGE], language.tag());
            assert_eq!(reply.headers[VARY], "Accept-Language");
        }
    }

    #[test]
    fn the_policy_names_the_digest_of_the_style_that_is_sent_with_a_theme_and_without() {
        let own = PageShell::new().with_theme(":root { --accent: #7a1f5c; }\n").unwrap();
        for shell in [PageShell::new(), own.clone()] {
            let reply = shell.page(&PAGE);
            let (_, rest) = html(&reply).split_once("<style>").unwrap();
            let (style, _) = rest.split_once("</style>").unwrap();
            let policy = reply.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains(&format!("style-src {};", source_of(style))), "{policy}");
        }
        let reply = own.page(&PAGE);
        let (ours, theirs) = (html(&reply).find("--accent: #1f5fbf"), html(&reply).find("--accent: #7a1f5c"));
        assert!(ours.unwrap() < theirs.unwrap(), "the later one wins");
    }

    #[test]
    fn a_theme_with_line_ends_of_any_kind_is_the_text_that_a_browser_reads() {
        let unix = ":root {\n--accent: red;\n\n}\n";
        let style = |css: &str| {
            let shell = PageShell::new().with_theme(css).unwrap();
            (shell.style.to_string(), shell.style_source)
        };
        for other in [unix.replace('\n', "\r\n"), unix.replace('\n', "\r"), format!("\u{feff}{unix}")] {
            assert_eq!(style(&other), style(unix), "{other:?}");
        }
    }

    #[test]
    fn the_name_of_the_service_is_text() {
        let shell = PageShell::new().with_name("A & <B>");
        let reply = shell.page(&PAGE);
        assert!(html(&reply).contains("<title>t \u{b7} A &amp; &lt;B&gt;</title>"));
        assert!(html(&reply).contains("<p class=\"brand\">A &amp; &lt;B&gt;</p>"));
        assert!(!html(&PageShell::new().page(&PAGE)).contains("<p class=\"brand\">"));
    }

    #[test]
    fn a_page_cannot_be_framed_and_runs_no_script() {
        let reply = PageShell::new().page_with_form_target(&PAGE, Some("https://app.test"));
        let policy = reply.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none';"));
        assert!(policy.contains("frame-ancestors 'none'"));
        assert!(policy.contains("form-action 'self' https://app.test;"));
        assert!(!policy.contains("script"));
    }

    #[test]
    fn a_page_that_submits_runs_that_one_script_and_no_other() {
        let reply = PageShell::new().page_that_submits(&Page { main: "<form></form>", ..PAGE });
        let policy = reply.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("script-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("form-action"), "{policy}");
        assert_eq!(html(&reply).matches("<script").count(), 1);
    }
}

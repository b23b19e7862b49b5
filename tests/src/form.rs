use scraper::{ElementRef, Html, Selector};
use url::Url;

/// A form as its page shows it.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it goes.
    pub action: Url,
    /// `get` or `post`.
    pub method: String,
    /// How its fields are written down.
    pub enctype: String,
    /// Its inputs and what stands in them.
    pub fields: Vec<(String, String)>,
    /// What one sees of them, in the same order.
    pub inputs: Vec<Input>,
    /// What one can press, in the order of the page.
    pub buttons: Vec<Button>,
}

/// What HTML says of an input.
#[derive(Clone, Debug)]
pub struct Input {
    /// `text`, `password`, `hidden`, …
    pub kind: String,
    /// What a password manager goes by.
    pub autocomplete: String,
}

/// A button that sends its form.
#[derive(Clone, Debug)]
pub struct Button {
    /// Not every one has a name.
    pub name: Option<String>,
    /// What is sent under the name.
    pub value: String,
}

impl Form {
    /// The forms of a page that came from `url`.
    ///
    /// # Panics
    /// Never: the selectors are well-formed.
    #[must_use]
    pub fn all(html: &str, url: &Url) -> Vec<Self> {
        let document = Html::parse_document(html);
        let select = |what| Selector::parse(what).expect("a selector");
        let (forms, inputs) = (select("form"), select("input[name]"));
        let buttons = select("button, input[type=submit]");
        let read = |form: ElementRef<'_>| {
            let own = attribute(form, "id");
            let inputs: Vec<_> =
                document.select(&inputs).filter(|input| belongs(*input, form, &own)).collect();
            let inputs = || inputs.iter().copied().filter(|input| is_sent(*input));
            Some(Self {
                action: url.join(&attribute(form, "action")).ok()?,
                method: form.value().attr("method").unwrap_or("get").to_ascii_lowercase(),
                enctype: form.value().attr("enctype").unwrap_or(URLENCODED).to_ascii_lowercase(),
                fields: inputs().map(|input| (attribute(input, "name"), value(input))).collect(),
                inputs: inputs().map(Input::of).collect(),
                buttons: document
                    .select(&buttons)
                    .filter(|button| sends(*button) && belongs(*button, form, &own))
                    .map(Button::of)
                    .collect(),
            })
        };
        document.select(&forms).filter_map(read).collect()
    }

    /// Is there nothing on it for a person? A script sends such a form by itself.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.inputs.iter().all(|input| input.kind == "hidden")
    }
}

impl Input {
    fn of(input: ElementRef<'_>) -> Self {
        let lower = |name| attribute(input, name).to_ascii_lowercase();
        Self { kind: lower("type"), autocomplete: lower("autocomplete") }
    }
}

impl Button {
    fn of(button: ElementRef<'_>) -> Self {
        Self { name: button.value().attr("name").map(str::to_owned), value: attribute(button, "value") }
    }
}

/// An element inside a form is of that form, unless it says by `form=` of which it is.
fn belongs(element: ElementRef<'_>, form: ElementRef<'_>, id: &str) -> bool {
    match element.value().attr("form") {
        Some(named) => !id.is_empty() && named == id,
        None => element.ancestors().any(|above| above.id() == form.id()),
    }
}

/// A button is none of the fields, and what is not ticked is not sent.
fn is_sent(input: ElementRef<'_>) -> bool {
    match attribute(input, "type").to_ascii_lowercase().as_str() {
        "submit" | "button" | "reset" | "image" => false,
        "checkbox" | "radio" => input.value().attr("checked").is_some(),
        _ => true,
    }
}

fn value(input: ElementRef<'_>) -> String {
    let ticked = matches!(input.value().attr("type"), Some("checkbox" | "radio"));
    let otherwise = if ticked { "on" } else { "" };
    input.value().attr("value").unwrap_or(otherwise).to_owned()
}

fn sends(button: ElementRef<'_>) -> bool {
    button.value().name() == "input"
        || button.value().attr("type").is_none_or(|kind| kind.eq_ignore_ascii_case("submit"))
}

fn attribute(element: ElementRef<'_>, name: &str) -> String {
    element.value().attr(name).unwrap_or_default().to_owned()
}

/// How a form is written down that does not say otherwise.
pub const URLENCODED: &str = "application/x-www-form-urlencoded";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_that_lies_elsewhere_belongs_to_the_form_it_names() {
        let page = r#"<form id="one" method="POST" action="/end"><input type="hidden" name="x" value="1"></form>
            <button form="one" name="logout" value="yes">Yes</button><form action="?q"></form>
            <button form="one">No</button>"#;

        let forms = Form::all(page, &Url::parse("https://op.test/out").unwrap());

        assert_eq!(forms[0].action.as_str(), "https://op.test/end");
        assert_eq!(forms[0].method, "post");
        assert_eq!(forms[0].fields, [("x".to_owned(), "1".to_owned())]);
        assert_eq!(forms[0].buttons[0].name.as_deref(), Some("logout"));
        assert_eq!(forms[0].buttons.len(), 2);
        assert!(forms[0].is_hidden() && forms[1].buttons.is_empty());
    }

    #[test]
    fn what_is_not_ticked_is_not_sent() {
        let page = r"<form><input type=checkbox name=a><input type=checkbox name=b checked>
            <input type=submit name=c value=d></form>";

        let forms = Form::all(page, &Url::parse("https://op.test/").unwrap());

        assert_eq!(forms[0].fields, [("b".to_owned(), "on".to_owned())]);
        assert_eq!(forms[0].buttons[0].value, "d");
    }
}

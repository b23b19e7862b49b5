//! The first form of a page, read without a parser of HTML.
//!
//! Enough for forms whose attributes are quoted, which is how the servers measured here write them.

/// Where it goes, and its inputs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) inputs: Vec<Input>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) value: String,
}

impl Form {
    pub(crate) fn first_of(page: &str) -> Option<Self> {
        let form = &page[page.find("<form")?..];
        let form = form.split_once("</form>").map_or(form, |(inside, _)| inside);
        let (tag, inside) = form.split_once('>')?;
        let inputs = inside.split("<input").skip(1).filter_map(|rest| {
            let tag = rest.split_once('>')?.0;
            Some(Input {
                name: attribute(tag, "name")?,
                kind: attribute(tag, "type").unwrap_or_else(|| "text".to_owned()),
                value: attribute(tag, "value").unwrap_or_default(),
            })
        });
        Some(Self { action: attribute(tag, "action").unwrap_or_default(), inputs: inputs.collect() })
    }

    /// As a person fills it in: name and password where they are asked for, the rest as it stands.
    pub(crate) fn filled_in(&self, username: &str, password: &str) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for Input { name, kind, value } in &self.inputs {
            let value = match kind.as_str() {
                "password" => password,
                "text" | "email" => username,
                _ => value,
            };
            form.append_pair(name, value);
        }
        form.finish()
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0;
    Some(unescaped(value))
}

fn unescaped(text: &str) -> String {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let entity = part.split_once(';').and_then(|(entity, rest)| Some((meant(entity)?, rest)));
        let (character, rest) = entity.unwrap_or(('&', part));
        plain.push(character);
        plain.push_str(rest);
    }
    plain
}

fn meant(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "lt" => Some('<'),
        "gt" => Some('>'),
        _ => {
            let number = entity.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_filled_in_as_a_person_would() {
        let page = "<p>x</p><form method=\"post\" action=\"/in?a=1&#38;b=2\">\
            <input type=\"hidden\" name=\"csrf\" value=\"&lt;&#x3e;&quot;&\">\
            <input id=\"u\" name=\"username\" type=\"text\" value=\"\"\n autofocus>\
            <input name=\"password\" type=\"password\"></form><form action=\"/other\">";

        let form = Form::first_of(page).unwrap();

        assert_eq!(form.action, "/in?a=1&b=2");
        assert_eq!(form.filled_in("ada", "s p"), "csrf=%3C%3E%22%26&username=ada&password=s+p");
    }

    #[test]
    fn a_page_without_a_form_has_none() {
        assert_eq!(Form::first_of("<h1>Done</h1>"), None);
    }
}

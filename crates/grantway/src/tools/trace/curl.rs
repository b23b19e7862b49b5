//! The steps as a script of curl commands, with variables where secrets were.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Body, Field, Step};

pub(super) fn script(steps: &[Step]) -> String {
    let mut commands = String::new();
    let mut variables = BTreeSet::new();
    for (number, step) in steps.iter().enumerate() {
        let _ = write!(commands, "\n# {}\n", number + 1);
        let mut words = vec![format!("curl --silent --show-error --request {}", step.method)];
        let mut word = |option: &str, before: String, field: &Field| {
            variables.extend(field.variable());
            let secret = field.variable().map_or_else(String::new, |name| format!("\"${name}\""));
            words.push(format!("{option} {}{secret}", quoted(&format!("{before}{}", field.before))));
        };
        for field in step.headers.iter().filter(|field| field.name != "content-length") {
            word("--header", format!("{}: ", field.name), field);
        }
        match &step.body {
            Body::Form(fields) => {
                for field in fields {
                    word("--data-urlencode", format!("{}=", field.name), field);
                }
            }
            Body::Json(_) | Body::Other { .. } => {
                words.push("--data-binary @body".to_owned());
            }
            Body::Nothing => {}
        }
        words.push(address(step, &mut variables));
        let _ = writeln!(commands, "{}", words.join(" \\\n  "));
    }
    let mut script = "#!/bin/sh\n# Secrets are variables: set them before this runs.\nset -eu\n".to_owned();
    for variable in variables {
        let _ = writeln!(script, ": \"${{{variable}:?set it first}}\"");
    }
    script + &commands
}

/// With the query that it had.
fn address(step: &Step, variables: &mut BTreeSet<String>) -> String {
    // What is done, and what stands behind the last variable.
    let (mut done, mut rest) = (String::new(), step.url.clone());
    for (at, field) in step.query.iter().enumerate() {
        let _ = write!(rest, "{}{}=", if at == 0 { '?' } else { '&' }, field.name);
        if let Some(name) = field.variable() {
            let _ = write!(done, "{}\"${name}\"", quoted(&rest));
            rest.clear();
            variables.insert(name);
        } else {
            rest.extend(url::form_urlencoded::byte_serialize(field.before.as_bytes()));
        }
    }
    done + &quoted(&rest)
}

/// For a POSIX shell.
fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::steps;
    use super::*;

    #[test]
    fn a_secret_is_a_variable_that_has_to_be_set() {
        let script = script(&steps());
        for line in [
            ": \"${BASIC_CREDENTIALS:?set it first}\"",
            ": \"${CODE:?set it first}\"",
            "  --header 'authorization: Basic '\"$BASIC_CREDENTIALS\" \\",
            "  --data-urlencode 'code='\"$CODE\" \\",
            "  --data-urlencode 'grant_type=authorization_code' \\",
            "  'https://op.test/token?api_key='\"$API_KEY\"",
        ] {
            assert!(script.lines().any(|own| own == line), "{line}\n{script}");
        }
    }

    #[test]
    fn nothing_in_a_value_ends_its_quotation() {
        assert_eq!(quoted("a'$(reboot)'"), r"'a'\''$(reboot)'\'''");
    }
}

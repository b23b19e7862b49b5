//! The steps as a script of curl commands, with variables where secrets were.

use std::fmt::Write;

use grantway_core::secret::Secret;
use url::form_urlencoded;

use super::text::{Piece, Text};
use super::{Body, Parameter, Step};
use grantway_core::plain::plain;

pub(super) fn script(steps: &[Step]) -> String {
    let mut commands = String::new();
    let mut variables = Variables::default();
    for (number, step) in steps.iter().enumerate() {
        let _ = write!(commands, "\n# {}\n", number + 1);
        let mut words = vec![format!("curl --silent --show-error --globoff {}", method(step))];
        let mut word = |option: &str, text: &Text| words.push(format!("{option}{}", variables.written(text)));
        for field in step.headers.iter().filter(|field| field.name != "content-length") {
            // After a colon curl wants a value, and without one leaves the header out.
            let sign = if field.value.pieces().is_empty() { ";" } else { ": " };
            word("--header ", &Text::open(format!("{}{sign}", field.name)).and(field.value.clone()));
        }
        match &step.body {
            Body::Form(fields) => {
                for field in fields {
                    let (name, value) = match field {
                        Parameter::Named(field) => (encoded(&field.name), &field.value),
                        // Nothing before the equals sign: what comes after it is sent without one.
                        Parameter::Nameless(value) => (String::new(), value),
                    };
                    word("--data-urlencode ", &Text::open(name + "=").and(value.clone()));
                }
            }
            Body::Json(document) => {
                let text = document.written();
                if text.has_secrets() {
                    let _ = writeln!(commands, "{ESCAPED}");
                }
                word("--data-binary ", &text);
            }
            Body::Other { content_type, bytes } => {
                let content_type = plain(content_type.as_deref().unwrap_or("no named type"));
                let file = variables.file();
                let _ = writeln!(
                    commands,
                    "# Its body was not kept: {bytes} bytes of {content_type}. \
                     Put it into a file, and the name of that into {file}."
                );
                words.push(format!("--data-binary \"@${file}\""));
            }
            Body::Nothing => {}
        }
        words.push(variables.written(&address(step)));
        let _ = writeln!(commands, "{}", words.join(" \\\n  "));
    }
    let mut script = "#!/bin/sh\n# Secrets are variables: set them before this runs.\nset -eu\n".to_owned();
    for variable in variables.names() {
        let _ = writeln!(script, ": \"${{{variable}:?set it first}}\"");
    }
    script + &commands
}

fn method(step: &Step) -> String {
    // As a method like others it would have curl wait for the body that its answer tells of.
    let is_head = step.method == "HEAD" && matches!(step.body, Body::Nothing);
    if is_head { "--head".to_owned() } else { format!("--request {}", quoted(&step.method)) }
}

/// What stands in the place of secrets: one for each that has another name or another value.
#[derive(Default)]
struct Variables(Vec<Variable>);

struct Variable {
    name: String,
    /// None of a file that nobody knows.
    stands_for: Option<(String, Secret)>,
}

impl Variables {
    /// As an argument.
    fn written(&mut self, text: &Text) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Open(text) => quoted(text),
            Piece::Secret { name, value } => format!("\"${}\"", self.of(name, value)),
        };
        text.pieces().iter().map(piece).collect()
    }

    fn of(&mut self, name: &str, value: &Secret) -> String {
        let wanted = variable(name);
        let own = |(name, known): &(String, Secret)| *name == wanted && known.expose() == value.expose();
        match self.0.iter().find(|variable| variable.stands_for.as_ref().is_some_and(own)) {
            Some(variable) => variable.name.clone(),
            None => self.another(&wanted, Some((wanted.clone(), value.clone()))),
        }
    }

    /// For the name of a file.
    fn file(&mut self) -> String {
        self.another(BODY_FILE, None)
    }

    fn another(&mut self, wanted: &str, stands_for: Option<(String, Secret)>) -> String {
        let is_free = |name: &String| self.0.iter().all(|variable| variable.name != *name);
        let mut numbered = (2_u64..).map(|number| format!("{wanted}_{number}"));
        let name = Some(wanted.to_owned()).filter(is_free).or_else(|| numbered.find(is_free));
        let name = name.expect("there are more numbers than variables");
        self.0.push(Variable { name: name.clone(), stands_for });
        name
    }

    /// In the order in which they are needed.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|variable| variable.name.as_str())
    }
}

/// With the query that it had.
fn address(step: &Step) -> Text {
    step.query.iter().enumerate().fold(step.url.clone(), |address, (at, field)| {
        let before = if at == 0 { '?' } else { '&' };
        let (name, value) = match field {
            Parameter::Named(field) => (format!("{before}{}=", encoded(&field.name)), &field.value),
            Parameter::Nameless(value) => (before.to_string(), value),
        };
        address.and(Text::open(name)).and(value.clone().encoded())
    })
}

/// The one that stands in the place of a secret of that name.
fn variable(name: &str) -> String {
    // A name is somebody else's, and nothing in it is to be read by a shell.
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let name: String = name.chars().map(plain).collect();
    // Nor is it to be one that a shell sets itself, of those that sound like a secret's.
    let taken = name == "PWD" || !name.starts_with(|c: char| c.is_ascii_alphabetic());
    if taken { format!("SECRET_{name}") } else { name }
}

/// For a POSIX shell.
fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// As it stands in the query of an address.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

const BODY_FILE: &str = "BODY_FILE";
const ESCAPED: &str =
    r#"# Its body is JSON: a variable in it has to be written as there, with \" for " and \\ for \."#;

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::Request;

    use super::super::tests::{step, steps};
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
    fn a_variable_has_a_name_that_a_shell_takes_and_does_not_set_itself() {
        for (name, expected) in [
            ("x-api-key", "X_API_KEY"),
            ("token$(reboot)", "TOKEN__REBOOT_"),
            ("2nd_token", "SECRET_2ND_TOKEN"),
            ("pwd", "SECRET_PWD"),
            ("", "SECRET_"),
            ("-", "SECRET__"),
        ] {
            assert_eq!(variable(name), expected);
        }
    }

    #[test]
    fn nothing_in_a_value_ends_its_quotation() {
        assert_eq!(quoted("a'$(reboot)'"), r"'a'\''$(reboot)'\'''");
    }

    fn posted(content_type: &str, body: &'static str) -> Step {
        let request =
            Request::post("https://api.test/it's?page=a%20b&next=https%3A%2F%2Fop.test%2F%3Fcode%3Dsesame");
        step(&request.header("content-type", content_type).body(Bytes::from(body)).unwrap())
    }

    #[test]
    fn each_secret_has_a_variable_of_its_own_and_equal_ones_of_a_name_share_it() {
        let form = |body: &str| {
            let request = Request::post("https://op.test/token?body_file_2=ghp_sesame")
                .header("content-type", "application/x-www-form-urlencoded");
            step(&request.body(Bytes::from(body.to_owned())).unwrap())
        };
        let script = script(&[
            form("refresh_token=first&refresh_token_2=other"),
            form("refresh_token=second&Refresh-Token=first"),
            form("refresh_token=second&naked&naked&bare"),
            posted("text/plain", "a"),
            posted("text/plain", "a"),
        ]);

        let after = |sign: &str| script.lines().filter_map(|line| line.split_once(sign)).collect::<Vec<_>>();
        let forms: Vec<_> =
            after("--data-urlencode ").iter().map(|(_, pair)| pair.trim_end_matches(" \\")).collect();
        assert_eq!(
            forms,
            [
                "'refresh_token='\"$REFRESH_TOKEN\"",
                "'refresh_token_2='\"$REFRESH_TOKEN_2\"",
                "'refresh_token='\"$REFRESH_TOKEN_3\"",
                "'Refresh-Token='\"$REFRESH_TOKEN\"",
                "'refresh_token='\"$REFRESH_TOKEN_3\"",
                "'='\"$PARAMETER\"",
                "'='\"$PARAMETER\"",
                "'='\"$PARAMETER_2\"",
            ]
        );
        let files: Vec<_> =
            after("--data-binary ").iter().map(|(_, file)| file.trim_end_matches(" \\")).collect();
        assert_eq!(files, ["\"@$BODY_FILE\"", "\"@$BODY_FILE_3\""]);
        assert_eq!(after(":?set it first").len(), 9, "{script}");
    }

    #[test]
    fn curl_asks_as_was_asked() {
        let request = |method: &str, body: &'static str| {
            let request = Request::builder().method(method).uri("https://api.test/[1-3]/{a,b}?c={d}");
            step(&request.header("x-nothing", "").header("x-key", "").body(Bytes::from(body)).unwrap())
        };
        for (method, body, expected) in [
            ("GET", "", "--request 'GET'"),
            ("HEAD", "", "--head"),
            ("HEAD", "sesame", "--request 'HEAD'"),
            ("PATCH", "", "--request 'PATCH'"),
        ] {
            let script = script(&[request(method, body)]);
            for line in [
                &format!("curl --silent --show-error --globoff {expected} \\"),
                "  --header 'x-nothing;' \\",
                "  --header 'x-key;' \\",
                "  'https://api.test/[1-3]/{a,b}?c=%7Bd%7D'",
            ] {
                assert!(script.lines().any(|own| own == line), "{line}\n{script}");
            }
        }
    }

    #[test]
    fn a_body_that_is_not_kept_is_a_file_that_has_to_be_named() {
        let script = script(&[posted("text/plain", "sesame")]);
        assert!(!script.contains("sesame"), "{script}");
        for line in [
            ": \"${BODY_FILE:?set it first}\"",
            "# Its body was not kept: 6 bytes of text/plain. Put it into a file, and the name of that into BODY_FILE.",
            "  --data-binary \"@$BODY_FILE\" \\",
        ] {
            assert!(script.lines().any(|own| own == line), "{line}\n{script}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_script_whose_variables_are_set_asks_what_was_asked() {
        use std::process::Command;

        let json =
            r#"{"it's":["$(reboot) `x` \\","a\"b"],"pin":815,"url":"/cb?a='&code=sesame","pwd":"sesame"}"#;
        let script = script(&[posted("application/json", json), posted("text/plain", "sesame")]);
        assert!(
            !script.contains("sesame") && !script.contains("815") && script.contains(ESCAPED),
            "{script}"
        );
        let said = |command: &mut Command| command.output();
        // Where no shell is, nobody runs scripts.
        let Ok(read) = said(Command::new("sh").args(["-n", "-c", &script])) else { return };
        assert!(read.status.success() && read.stderr.is_empty(), "{read:?}");

        // Tells what it would ask.
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("curl() {{ printf '<%s>\\n' \"$@\"; }}\n{script}")]);
        let (secrets, file) = ([("SECRET_PWD", "sesame"), ("CODE", "sesame"), ("PIN", "815")], "BODY_FILE");
        let unset = said(shell.envs(secrets).env_remove(file)).unwrap();
        assert!(!unset.status.success() && unset.stdout.is_empty(), "{unset:?}");
        let ran = said(shell.env(file, "b")).unwrap();
        assert!(ran.status.success() && ran.stderr.is_empty(), "{ran:?}");

        let asked = String::from_utf8(ran.stdout).unwrap();
        for argument in [
            json,
            "POST",
            "content-type: application/json",
            "@b",
            "https://api.test/it's?page=a+b&next=https%3A%2F%2Fop.test%2F%3Fcode%3Dsesame",
        ] {
            assert!(
                asked.lines().any(|line| line == format!("<{argument}>")),
                "{argument}\n{asked}\n{script}"
            );
        }
    }
}

//! The longest files and functions, so that a person looks at them. Nothing is too long by number.

use std::fmt::Write;

use crate::tidy::files::Text;

pub(super) fn of_files(texts: &[Text]) -> String {
    let rust = texts.iter().filter(|text| text.is_rust());
    table("longest files", rust.map(|text| (text.body.lines().count(), text.path.clone())).collect())
}

pub(super) fn of_functions(texts: &[Text]) -> String {
    let rust = texts.iter().filter(|text| text.is_rust());
    table("longest functions", rust.flat_map(functions).collect())
}

fn functions(text: &Text) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.body.lines().collect();
    let starts = lines.iter().enumerate().filter_map(|(at, line)| Some((at, name_of(line)?)));
    starts
        .filter_map(|(at, name)| {
            // rustfmt puts the closing brace where the function began.
            let indent = lines[at].len() - lines[at].trim_start().len();
            let end = lines[at..].iter().position(|line| line.len() == indent + 1 && line.ends_with('}'))?;
            Some((end + 1, format!("{}:{} {name}", text.path, at + 1)))
        })
        .collect()
}

/// The name, if a function with a body begins on this line.
fn name_of(line: &str) -> Option<&str> {
    let before = line.find("fn ")?;
    let words = line[..before].split_whitespace();
    let opens = words.clone().all(|w| w.starts_with("pub") || ["async", "const", "unsafe"].contains(&w));
    let declares = line.trim_end().ends_with([';', '}']);
    (opens && !declares).then(|| line[before + 3..].split(['(', '<']).next().unwrap_or_default())
}

fn table(title: &str, mut rows: Vec<(usize, String)>) -> String {
    rows.sort_by(|a, b| b.cmp(a));
    rows.iter().take(ROWS).fold(format!("{title}:"), |mut table, (lines, what)| {
        let _ = write!(table, "\n  {lines:>5}  {what}");
        table
    })
}

const ROWS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_measured_from_its_name_to_its_brace() {
        let body = "fn one() {\n    if x {\n    }\n}\n\nimpl X {\n    pub(crate) async fn two<T>(\n        t: T,\n    ) {\n    \
                    }\n}\n\ntrait Y {\n    fn declared(&self);\n}\n";
        let text = Text { path: "a.rs".to_owned(), body: body.to_owned() };

        assert_eq!(functions(&text), [(4, "a.rs:1 one".to_owned()), (4, "a.rs:7 two".to_owned())]);
    }
}

//! The table in `docs/SECURITY.md` of what went wrong elsewhere: each test that it names is there.

use std::fs;
use std::path::Path;

#[test]
fn every_weakness_in_the_table_has_a_name_and_a_test_that_exists() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(tests.join("../docs/SECURITY.md")).unwrap();
    let (_, section) = document.split_once("## Weaknesses that others had").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows: Vec<_> = section
        .lines()
        .filter(|line| NUMBERS.iter().any(|list| line.starts_with(&format!("| {list}-"))))
        .collect();
    assert!(rows.len() > 10, "the table is there: {rows:?}");

    for row in rows {
        let [_, names, _, named, _] = row.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{row}");
        };
        assert!(names.split(", ").all(is_a_number), "{names}");
        let quoted: Vec<_> = named.split('`').skip(1).step_by(2).collect();
        assert!(!quoted.is_empty() && quoted.len() % 2 == 0, "a file and a test: {named}");
        for pair in quoted.chunks(2) {
            let source = fs::read_to_string(tests.join(pair[0])).unwrap_or_default();
            assert!(source.contains(&format!("fn {}(", pair[1])), "{} has no {}", pair[0], pair[1]);
        }
    }
}

/// Of one of the public lists.
fn is_a_number(name: &str) -> bool {
    let parts: Vec<_> = name.split('-').collect();
    let digits = |part: &str| part.len() >= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let letters = |part: &&str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match &parts[..] {
        ["CVE" | "GO", year, number] => year.len() == 4 && digits(year) && digits(number),
        ["GHSA", rest @ ..] => rest.len() == 3 && rest.iter().all(letters),
        _ => false,
    }
}

const NUMBERS: [&str; 3] = ["CVE", "GHSA", "GO"];

//! Names that say nothing, files that do not say what they are, and manifests without the workspace's lints.

use std::path::Path;

/// Words that could stand on anything, so they tell a reader nothing.
const EMPTY: &[&str] = &[
    "Manager",
    "Helper",
    "Helpers",
    "Util",
    "Utils",
    "Handler",
    "Processor",
    "Service",
    "Data",
    "Info",
    "Base",
    "Common",
    "Impl",
];

pub(super) fn findings(file: &Path, text: &str) -> Vec<String> {
    if file.ends_with("Cargo.toml") {
        return manifest(file, text).into_iter().collect();
    }
    let mut findings: Vec<_> = file_name(file).into_iter().collect();
    findings.extend(opening(file, text));
    for (number, line) in text.lines().enumerate() {
        findings.extend(type_name(file, number + 1, line));
    }
    findings
}

/// Manifests with lints of their own: the crash disk is a table of C functions, and fuzzers stand outside the workspace.
const OWN_LINTS: [&str; 2] = ["tests/crash/Cargo.toml", "fuzz/Cargo.toml"];

fn manifest(file: &Path, text: &str) -> Option<String> {
    let is_package = text.contains("[package]") && !OWN_LINTS.iter().any(|own| file.ends_with(own));
    let linted = text.contains("[lints]\nworkspace = true");
    (is_package && !linted)
        .then(|| format!("{}: `[lints] workspace = true` is missing", file.display()))
}

fn file_name(file: &Path) -> Option<String> {
    let stem = file.file_stem()?.to_str()?;
    let empty = stem
        .split('_')
        .any(|word| EMPTY.iter().any(|empty| empty.eq_ignore_ascii_case(word)));
    empty.then(|| format!("{}: name the file after what is in it", file.display()))
}

fn opening(file: &Path, text: &str) -> Option<String> {
    let silent = !text.trim_start().starts_with("//!");
    silent.then(|| format!("{}: begin with a sentence of `//!`", file.display()))
}

fn type_name(file: &Path, number: usize, line: &str) -> Option<String> {
    let name = declared_type(line)?;
    let empty = EMPTY
        .iter()
        .find(|empty| name != **empty && name.ends_with(**empty))?;
    Some(format!(
        "{}:{number}: {name}: say what it is, not that it is a {empty}",
        file.display()
    ))
}

/// The name that a line declares as a type or trait.
fn declared_type(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().peekable();
    words.next_if(|word| word.starts_with("pub"));
    let keyword = words.next()?;
    if !["struct", "enum", "trait", "type"].contains(&keyword) {
        return None;
    }
    words
        .next()?
        .split(|letter: char| !letter.is_alphanumeric())
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, text: &str, expected: Option<&str>) {
        let found = findings(Path::new(file), text);
        assert_eq!(found.first().map(String::as_str), expected);
    }

    #[test]
    fn a_file_named_after_its_verb_is_fine() {
        check("core/device/src/record_answer.rs", "//! One.\n", None);
    }

    #[test]
    fn a_file_of_helpers_is_a_finding() {
        let expected = "hq/src/date_utils.rs: name the file after what is in it";
        check("hq/src/date_utils.rs", "//! Dates.\n", Some(expected));
    }

    #[test]
    fn a_type_that_manages_is_a_finding_with_its_line() {
        let text = "//! Cases.\npub(crate) struct CaseManager<'a> {\n";
        let expected = "a.rs:2: CaseManager: say what it is, not that it is a Manager";
        check("a.rs", text, Some(expected));
    }

    #[test]
    fn a_file_that_does_not_say_what_it_is_is_a_finding() {
        let expected = "a.rs: begin with a sentence of `//!`";
        check("a.rs", "use std::fs;\n", Some(expected));
    }

    #[test]
    fn a_manifest_without_the_lints_is_a_finding_and_the_workspace_itself_is_not() {
        let expected = "hq/Cargo.toml: `[lints] workspace = true` is missing";
        check("hq/Cargo.toml", "[package]\nname = \"x\"\n", Some(expected));
        check("Cargo.toml", "[workspace]\n", None);
        check("fuzz/Cargo.toml", "[package]\nname = \"x\"\n", None);
    }
}

//! Promises and their tests: a test that a guide names must be there, or the promise is not held by anything.

use std::collections::BTreeSet;
use std::path::Path;

/// The guide whose names are looked up.
const GUIDE: &str = "docs/security.md";
/// Fewer words than this are a command, a setting or a module.
const WORDS: usize = 4;

/// The tests that the guide names and no file has. `sources` are the texts of the Rust files.
pub(super) fn findings<'s>(
    file: &Path,
    text: &str,
    sources: impl Iterator<Item = &'s str>,
) -> Vec<String> {
    if file != Path::new(GUIDE) {
        return Vec::new();
    }
    let there: BTreeSet<&str> = sources.flat_map(functions).collect();
    let missing = named(text).into_iter().filter(|name| !there.contains(name));
    missing
        .map(|name| format!("{GUIDE}: there is no test {name}"))
        .collect()
}

/// What stands in backquotes and is a sentence in snake case.
fn named(text: &str) -> BTreeSet<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter(|name| name.split('_').count() >= WORDS && is_snake(name))
        .collect()
}

fn is_snake(name: &str) -> bool {
    name.chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

fn functions(source: &str) -> impl Iterator<Item = &str> {
    let after = source.split("fn ").skip(1);
    after.filter_map(|rest| rest.split('(').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "| a promise | `a_test_that_is_there`, `a_test_that_is_gone` | `cargo test`, `key_set`, `mooring.db` |";

    #[test]
    fn a_named_test_that_is_nowhere_is_a_finding() {
        let source = "#[test]\nfn a_test_that_is_there() {}";
        let found = findings(Path::new(GUIDE), TEXT, [source].into_iter());
        assert_eq!(
            found,
            ["docs/security.md: there is no test a_test_that_is_gone"]
        );
    }

    #[test]
    fn other_guides_may_name_what_they_like() {
        assert!(findings(Path::new("docs/hq.md"), TEXT, [].into_iter()).is_empty());
    }
}

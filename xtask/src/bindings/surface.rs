//! The public surface of both packages, a line a name: checked in, so that a change to what apps rest on is seen in review.

use crate::workshop::Workshop;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// Whose surface.
#[derive(Clone, Copy)]
pub(crate) enum Language {
    Kotlin,
    Swift,
}

impl Language {
    const fn file(self) -> &'static str {
        match self {
            Self::Kotlin => "bindings/kotlin/surface.txt",
            Self::Swift => "bindings/swift/surface.txt",
        }
    }
}

/// What the generated code needs to be public and no app may use, and what only the tests' library has.
const NOT_OURS: [&str; 8] = [
    "FfiConverter",
    "Uniffi",
    "uniffi",
    "RustBuffer",
    "ForeignBytes",
    "Disposable",
    "NoHandle",
    "panicOnPurpose",
];

/// Compares with what is checked in, or with `renew` writes it.
pub(crate) fn check(
    workshop: &Workshop,
    language: Language,
    names: &[String],
    renew: bool,
) -> Result<()> {
    let file = workshop.root.join(language.file());
    let mut text: String = sorted(names).join("\n");
    text.push('\n');
    if renew {
        return Ok(fs::write(file, text)?);
    }
    let known = fs::read_to_string(&file).with_context(|| format!("no {}", language.file()))?;
    let differences = differences(&known, &text);
    if !differences.is_empty() {
        bail!(
            "the public surface is another than {} says; if that is meant, renew it with --surface:\n{}",
            language.file(),
            differences.join("\n")
        );
    }
    Ok(())
}

fn sorted(names: &[String]) -> Vec<&str> {
    let ours = |name: &&str| !NOT_OURS.iter().any(|mark| name.contains(mark));
    let names: BTreeSet<&str> = names.iter().map(String::as_str).filter(ours).collect();
    names.into_iter().collect()
}

fn differences(known: &str, now: &str) -> Vec<String> {
    let known: BTreeSet<_> = known.lines().collect();
    let now: BTreeSet<_> = now.lines().collect();
    let gone = known.difference(&now).map(|name| format!("- {name}"));
    let new = now.difference(&known).map(|name| format!("+ {name}"));
    gone.chain(new).collect()
}

/// `Type`, `Type.member` and `member` from what `javap -public` lists.
pub(crate) fn kotlin_names(listed: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut owner = String::new();
    for line in listed.lines() {
        if let Some(name) = class_name(line) {
            owner = name;
            // A file's own functions lie in a class that no app sees.
            if !owner.ends_with("Kt") {
                names.push(owner.clone());
            }
        } else if let Some(member) = member_name(line) {
            if owner.ends_with("Kt") {
                names.push(member);
            } else {
                names.push(format!("{owner}.{member}"));
            }
        }
    }
    names
}

fn class_name(line: &str) -> Option<String> {
    if !line.starts_with("public ") || !line.ends_with('{') {
        return None;
    }
    let words: Vec<_> = line.split([' ', '<']).collect();
    let kind = words
        .iter()
        .position(|word| matches!(*word, "class" | "interface"))?;
    let name = words.get(kind + 1)?;
    Some(name.strip_prefix("org.mooring.")?.replace('$', "."))
}

/// The name of a method or field, without the marks that the compiler adds; nothing for what it makes by itself.
fn member_name(line: &str) -> Option<String> {
    let line = line.trim().strip_suffix(';')?;
    let declared = line.split('(').next()?;
    let name = declared.split(' ').next_back()?;
    let name = name.split('-').next()?;
    let made = [
        "component",
        "copy",
        "equals",
        "hashCode",
        "toString",
        "values",
        "valueOf",
        "getEntries",
    ];
    let by_itself = made
        .iter()
        .any(|made| name == *made || name.starts_with("component"));
    let inner = name.contains(['$', '.']) || name == "<init>";
    (!by_itself && !inner).then(|| property(name))
}

/// `getLevel` is how the JVM sees the property `level`.
fn property(name: &str) -> String {
    let Some(rest) = name.strip_prefix("get") else {
        return name.to_owned();
    };
    let mut letters = rest.chars();
    match letters.next() {
        Some(first) if first.is_uppercase() => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        Some(_) | None => name.to_owned(),
    }
}

/// The path of every public symbol in a symbol graph of Swift's compiler.
pub(crate) fn swift_names(graph: &Value) -> Vec<String> {
    let symbols = graph.get("symbols").and_then(Value::as_array);
    let paths = symbols.into_iter().flatten().filter_map(|symbol| {
        let path = symbol.get("pathComponents")?.as_array()?;
        let words: Vec<_> = path.iter().filter_map(Value::as_str).collect();
        Some(words.join("."))
    });
    paths.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_kotlin_class_gives_its_name_and_those_of_its_members() {
        let listed = concat!(
            "Compiled from \"Phone.kt\"\n",
            "public final class org.mooring.Phone implements java.lang.AutoCloseable {\n",
            "  public org.mooring.Phone(java.nio.file.Path);\n",
            "  public final java.lang.Object newCase-abc123(java.lang.String);\n",
            "  public final java.lang.String getTitle();\n",
            "  public final java.lang.String component1();\n",
            "}\n",
            "public final class org.mooring.VisitKt {\n",
            "  public static final java.lang.Object list(org.mooring.Phone);\n",
            "}\n",
        );
        assert_eq!(
            kotlin_names(listed),
            ["Phone", "Phone.newCase", "Phone.title", "list"]
        );
    }

    #[test]
    fn a_swift_symbol_gives_its_path() {
        let graph = json!({ "symbols": [{ "pathComponents": ["Phone", "list()"] }] });
        assert_eq!(swift_names(&graph), ["Phone.list()"]);
    }

    #[test]
    fn a_name_that_went_and_one_that_came_are_both_said() {
        assert_eq!(differences("a\nb\n", "b\nc\n"), ["- a", "+ c"]);
    }

    #[test]
    fn what_only_the_border_needs_is_left_out() {
        let names = ["FfiConverterTypeLevel.lift".to_owned(), "Level".to_owned()];
        assert_eq!(sorted(&names), ["Level"]);
    }
}

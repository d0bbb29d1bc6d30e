//! Which crate may import what: the table of the design, read against the manifests.

use serde_json::Value;

/// A crate of ours and those of ours that it may import. Its tests may also name what those are built on.
const OURS: &[(&str, &[&str])] = &[
    ("mooring-protocol", &[]),
    ("mooring-identity", &[]),
    ("mooring-casefile", &["mooring-protocol"]),
    (
        "mooring-exchange",
        &["mooring-casefile", "mooring-identity"],
    ),
    (
        "mooring-share",
        &["mooring-casefile", "mooring-protocol", "mooring-identity"],
    ),
    (
        "mooring-device",
        &[
            "mooring-protocol",
            "mooring-casefile",
            "mooring-identity",
            "mooring-exchange",
            "mooring-share",
        ],
    ),
    (
        "mooring-ffi",
        &[
            "mooring-device",
            "mooring-protocol",
            "mooring-casefile",
            "mooring-identity",
            "mooring-exchange",
            "mooring-share",
        ],
    ),
    (
        "mooring-hq",
        &[
            "mooring-protocol",
            "mooring-casefile",
            "mooring-identity",
            "mooring-exchange",
            "mooring-share",
        ],
    ),
    (
        "mooring-field",
        &[
            "mooring-device",
            "mooring-protocol",
            "mooring-casefile",
            "mooring-identity",
            "mooring-exchange",
            "mooring-share",
        ],
    ),
    (
        "mooring-tests",
        &[
            "mooring-field",
            "mooring-ffi",
            "mooring-hq",
            "mooring-device",
            "mooring-protocol",
            "mooring-casefile",
            "mooring-identity",
            "mooring-exchange",
            "mooring-share",
        ],
    ),
    (
        "mooring-crash",
        &[
            "mooring-device",
            "mooring-hq",
            "mooring-casefile",
            "mooring-identity",
            "mooring-exchange",
        ],
    ),
    (
        "mooring-parsers",
        &[
            "mooring-protocol",
            "mooring-casefile",
            "mooring-identity",
            "mooring-exchange",
        ],
    ),
    ("mooring-bindgen", &[]),
    ("xtask", &[]),
];

/// A crate from outside and the only ones of ours that may name it.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("automerge", &["mooring-casefile", "mooring-tests"]),
    ("ring", &["mooring-identity"]),
    ("argon2", &["mooring-identity"]),
    ("hpke", &["mooring-identity"]),
    (
        "rusqlite",
        &[
            "mooring-device",
            "mooring-hq",
            "mooring-tests",
            "mooring-crash",
        ],
    ),
    ("uniffi", &["mooring-ffi", "mooring-bindgen"]),
    ("tokio", &["mooring-hq", "mooring-tests"]),
    ("axum", &["mooring-hq", "mooring-tests"]),
    ("ureq", &["mooring-field", "mooring-tests", "xtask"]),
    ("rustls", &["mooring-field", "mooring-hq", "mooring-tests"]),
    ("anyhow", &["mooring-field", "mooring-tests", "xtask"]),
    ("rand", &[]),
    ("getrandom", &[]),
];

/// Features of `uuid` that make time or chance: those come in with every verb.
const CHANCE: &[&str] = &["v1", "v4", "v6", "v7"];

pub(super) fn findings(packages: &[Value]) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages {
        let name = text(package, "name");
        let Some((_, allowed)) = OURS.iter().find(|(ours, _)| *ours == name) else {
            findings.push(format!("{name} is not in tidy's table of crates"));
            continue;
        };
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        for dependency in dependencies.into_iter().flatten() {
            findings.extend(judge(name, allowed, dependency));
        }
    }
    findings
}

fn judge(name: &str, allowed: &[&str], dependency: &Value) -> Option<String> {
    let to = text(dependency, "name");
    if OURS.iter().any(|(ours, _)| *ours == to) {
        let for_tests = text(dependency, "kind") == "dev" && beneath(allowed, to);
        let fine = allowed.contains(&to) || for_tests;
        return (!fine).then(|| format!("{name} may not import {to}"));
    }
    if let Some((_, only)) = OUTSIDE.iter().find(|(outside, _)| *outside == to) {
        return (!only.contains(&name)).then(|| format!("{name} may not name {to}: {}", who(only)));
    }
    let features = dependency.get("features").and_then(Value::as_array);
    let mut features = features.into_iter().flatten().filter_map(Value::as_str);
    let makes_chance = to == "uuid" && features.any(|feature| CHANCE.contains(&feature));
    makes_chance.then(|| format!("{name} lets uuid make time or chance; they are arguments"))
}

/// Whether one of these crates is built on `to`.
fn beneath(crates: &[&str], to: &str) -> bool {
    OURS.iter()
        .filter(|(name, _)| crates.contains(name))
        .any(|(_, imports)| imports.contains(&to) || beneath(imports, to))
}

fn who(only: &[&str]) -> String {
    if only.is_empty() {
        return "nobody may".to_owned();
    }
    format!("only {}", only.join(", "))
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(from: &str, to: &str, features: &[&str], expected: Option<&str>) {
        let dependency = json!({ "name": to, "kind": null, "features": features });
        let packages = [json!({ "name": from, "dependencies": [dependency] })];
        let found = findings(&packages);
        assert_eq!(found.first().map(String::as_str), expected);
    }

    #[test]
    fn the_case_file_may_import_the_protocol() {
        check("mooring-casefile", "mooring-protocol", &[], None);
    }

    #[test]
    fn the_protocol_may_not_import_the_case_file() {
        let expected = "mooring-protocol may not import mooring-casefile";
        check("mooring-protocol", "mooring-casefile", &[], Some(expected));
    }

    #[test]
    fn tests_may_name_what_is_built_on_and_never_what_is_above() {
        let to = |name: &str| json!({ "name": name, "kind": "dev" });
        let judged = |name| judge("mooring-exchange", &["mooring-casefile"], &to(name));
        assert_eq!(judged("mooring-protocol"), None);
        assert!(judged("mooring-device").is_some());
    }

    #[test]
    fn hq_may_not_import_the_device() {
        let expected = "mooring-hq may not import mooring-device";
        check("mooring-hq", "mooring-device", &[], Some(expected));
    }

    #[test]
    fn only_the_case_file_and_tests_may_name_automerge() {
        let expected = "mooring-hq may not name automerge: only mooring-casefile, mooring-tests";
        check("mooring-hq", "automerge", &[], Some(expected));
        check("mooring-casefile", "automerge", &[], None);
    }

    #[test]
    fn nobody_may_make_chance_of_their_own() {
        check(
            "mooring-hq",
            "getrandom",
            &[],
            Some("mooring-hq may not name getrandom: nobody may"),
        );
        let expected = "mooring-device lets uuid make time or chance; they are arguments";
        check("mooring-device", "uuid", &["v7"], Some(expected));
        check("mooring-device", "uuid", &["std"], None);
    }

    #[test]
    fn a_crate_that_the_table_does_not_know_is_a_finding() {
        let expected = "mooring-extra is not in tidy's table of crates";
        check("mooring-extra", "serde", &[], Some(expected));
    }
}

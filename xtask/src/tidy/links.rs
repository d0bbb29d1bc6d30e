//! Links between the project's own documents and files: a guide that points at nothing has stopped being true.

use std::path::Path;

/// What a Markdown file links to and the tree does not have.
pub(super) fn findings(root: &Path, file: &Path, text: &str) -> Vec<String> {
    let folder = root.join(file.parent().unwrap_or(Path::new("")));
    targets(text)
        .into_iter()
        .filter(|target| !folder.join(target).exists())
        .map(|target| format!("{}: nothing is at {target}", file.display()))
        .collect()
}

/// The paths that a text links to, without places inside a file and without other sites.
fn targets(text: &str) -> Vec<&str> {
    let links = text.split("](").skip(1);
    links
        .filter_map(|link| link.split(')').next())
        .filter_map(|target| target.split('#').next())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_into_the_tree_are_found_and_others_are_not() {
        let text =
            "[a](src/main.rs) ![b](p.png) [c](https://x.org/y) [d](#here) [e](docs/hq.md#keys)";
        assert_eq!(targets(text), ["src/main.rs", "p.png", "docs/hq.md"]);
    }

    #[test]
    fn a_link_to_nothing_is_a_finding() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = "[here](Cargo.toml) [gone](src/gone.rs)";
        let found = findings(root, Path::new("guide.md"), text);
        assert_eq!(found, ["guide.md: nothing is at src/gone.rs"]);
    }
}

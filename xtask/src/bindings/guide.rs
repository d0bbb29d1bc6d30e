//! The lines of a guide are those of a file that the package's tests compile and run.

use crate::workshop::Workshop;
use anyhow::{Context, Result, bail};
use std::fs;

/// From dependency to first answer in so many lines.
const MOST: usize = 20;

/// Compares the code block of `guide` in this language with what stands between `// begin` and `// end` in `source`.
pub(crate) fn check(workshop: &Workshop, guide: &str, language: &str, source: &str) -> Result<()> {
    let read = |file: &str| {
        fs::read_to_string(workshop.root.join(file)).with_context(|| format!("no {file}"))
    };
    let told = block(&read(guide)?, language).with_context(|| format!("{guide} has no code"))?;
    let compiled = between(&read(source)?).with_context(|| format!("{source} has no marks"))?;
    if told != compiled {
        bail!("{guide} tells other lines than {source} compiles");
    }
    if told.len() > MOST {
        bail!("{guide}: {} lines, of {MOST}", told.len());
    }
    Ok(())
}

/// The last block: what stands before it is how to get there.
fn block(guide: &str, language: &str) -> Option<Vec<String>> {
    let (_, after) = guide.rsplit_once(&format!("```{language}\n"))?;
    let (inside, _) = after.split_once("```")?;
    Some(lines(inside))
}

fn between(source: &str) -> Option<Vec<String>> {
    let (_, after) = source.split_once("// begin\n")?;
    let (inside, _) = after.split_once("// end")?;
    Some(lines(inside))
}

fn lines(text: &str) -> Vec<String> {
    text.trim()
        .lines()
        .map(|line| line.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guide_and_its_source_are_compared_line_by_line() {
        let guide = "text\n```swift\n    let a = 1\n    let b = 2\n```\nmore";
        let source = "func f() {\n    // begin\n    let a = 1\n    let b = 2\n    // end\n}";
        assert_eq!(block(guide, "swift"), between(source));
        assert_ne!(block(&guide.replace('2', "3"), "swift"), between(source));
    }
}

//! Regular expressions of a form: compiled within limits, and given up on where they go back and forth too often.

use fancy_regex::{Regex, RegexBuilder};

/// Longer patterns are refused.
const MAX_PATTERN_BYTES: usize = 4_096;
/// A compiled pattern may not be larger.
const MAX_COMPILED_BYTES: usize = 1 << 20;
/// A pattern that looks around goes back at most so often.
const MAX_STEPS: usize = 100_000;
/// Longer texts are not matched.
const MAX_TEXT_BYTES: usize = 1 << 16;

/// A pattern, ready to be used.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Regex);

impl Pattern {
    /// Compiles a pattern; nothing for one that is malformed, too large, or could take too long.
    pub(crate) fn parse(pattern: &str) -> Option<Self> {
        if pattern.len() > MAX_PATTERN_BYTES {
            return None;
        }
        let mut builder = RegexBuilder::new(pattern);
        builder
            .backtrack_limit(MAX_STEPS)
            .delegate_size_limit(MAX_COMPILED_BYTES)
            .delegate_dfa_size_limit(MAX_COMPILED_BYTES);
        builder.build().ok().map(Self)
    }

    /// `FHIRPath` lets `.` match a line's end as well.
    pub(crate) fn of_expression(pattern: &str) -> Option<Self> {
        Self::parse(&format!("(?s){pattern}"))
    }

    /// Whether the whole text has this form.
    pub(crate) fn whole(pattern: &str) -> Option<Self> {
        Self::parse(&format!("^(?:{pattern})$"))
    }

    /// Whether it stands somewhere in the text; nothing where that takes too long to find out.
    pub(crate) fn is_in(&self, text: &str) -> Option<bool> {
        if text.len() > MAX_TEXT_BYTES {
            return None;
        }
        self.0.is_match(text).ok()
    }

    /// The text with each place where it stands replaced.
    pub(crate) fn replaced(&self, text: &str, by: &str) -> Option<String> {
        if text.len() > MAX_TEXT_BYTES || by.len() > MAX_PATTERN_BYTES {
            return None;
        }
        let replaced = self.0.try_replacen(text, 0, by).ok()?;
        Some(replaced.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_patterns_match_with_looking_ahead() {
        let postal = Pattern::parse("^(?!.*[DFIOQU])[A-VXY][0-9][A-Z] ?[0-9][A-Z][0-9]$").unwrap();
        assert_eq!(postal.is_in("K1A 0B1"), Some(true));
        assert_eq!(postal.is_in("D1A 0B1"), Some(false));
        assert_eq!(Pattern::whole("[0-9]+").unwrap().is_in("12a"), Some(false));
    }

    #[test]
    fn hostile_patterns_are_refused_or_given_up_on() {
        assert!(Pattern::parse("(").is_none());
        assert!(Pattern::parse(&"a".repeat(5_000)).is_none());
        assert!(Pattern::parse("((a{1000}){1000}){1000}").is_none());
        let back_and_forth = Pattern::parse(r"^(?=(a+)+$)(a|aa)+\1$").unwrap();
        assert_ne!(
            back_and_forth.is_in(&format!("{}b", "a".repeat(60))),
            Some(true)
        );
        assert_eq!(
            Pattern::parse("a").unwrap().is_in(&"b".repeat(70_000)),
            None
        );
    }
}

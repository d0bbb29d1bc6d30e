//! Differences in words, as the case file says them.

use mooring_casefile::Difference;

/// The lines of a difference.
pub(crate) fn lines(differences: &[Difference]) -> Vec<String> {
    differences.iter().map(|one| one.words.clone()).collect()
}

//! What reached headquarters and is not part of the case.

use super::reading::Reading;
use crate::review::page::words::counted;

/// One line for each run that waits or is held.
pub(crate) fn pending(reading: &Reading<'_>) -> Vec<String> {
    let runs = reading.page.held.iter().map(|run| {
        format!(
            "{}, {}: {}",
            reading.name(run.person),
            reading.hours.at(run.at_ms),
            run.words
        )
    });
    let newer = reading.page.view.unreadable;
    let unreadable = (newer > 0).then(|| {
        format!("{} by a newer version of Mooring: kept, and not shown here until headquarters is updated.", counted(newer, "entry written"))
    });
    runs.chain(unreadable).collect()
}

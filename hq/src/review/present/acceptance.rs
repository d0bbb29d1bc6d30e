//! What waits to be accepted: a later assessment that says less, a judgment that lowers.

use mooring_casefile::{Beside, WaitingOverride};
use mooring_protocol::ShownLevel;

use super::reading::Reading;
use crate::review::page::acceptance::Acceptance;

/// Everything that waits.
pub(crate) fn acceptances(reading: &Reading<'_>) -> Vec<Acceptance> {
    let risk = &reading.page.risk;
    let later = risk
        .beside
        .iter()
        .filter_map(|beside| assessment(reading, beside));
    later
        .chain(
            risk.waiting_overrides
                .iter()
                .map(|one| judgment(reading, one)),
        )
        .collect()
}

// A later assessment waits only where it says less: raising needs nobody's leave.
fn assessment(reading: &Reading<'_>, beside: &Beside) -> Option<Acceptance> {
    let view = &reading.page.view;
    let later = view.assessment(beside.later)?;
    let says = later.level?;
    let earlier = beside
        .earlier
        .iter()
        .filter_map(|id| view.assessment(*id)?.level);
    let governs = earlier.max_by_key(|level| (level.level, level.at_least))?;
    if governs.queue_rank() >= says.queue_rank() {
        return None;
    }
    let title = later.title.as_ref().unwrap_or(&later.key);
    Some(one(
        reading,
        format!("assessment/{}", later.id),
        format!(
            "A later assessment, {title}, by {}: {}.",
            reading.who(&later.started),
            says.words()
        ),
        governs,
    ))
}

fn judgment(reading: &Reading<'_>, waiting: &WaitingOverride) -> Acceptance {
    let asks = ShownLevel {
        level: waiting.level,
        at_least: false,
    };
    let governs = reading
        .page
        .risk
        .domains
        .iter()
        .find(|one| one.domain == waiting.domain);
    one(
        reading,
        format!("override/{}", waiting.id),
        format!(
            "{} judges {}: {}. “{}”",
            reading.who(&waiting.stamp),
            waiting.domain.words(),
            asks.words(),
            waiting.reason
        ),
        governs.map_or(
            reading.page.risk.shown(),
            mooring_casefile::DomainRisk::shown,
        ),
    )
}

fn one(reading: &Reading<'_>, key: String, words: String, governs: ShownLevel) -> Acceptance {
    Acceptance {
        words,
        effect: format!(
            "{} goes on governing until a psychiatrist, or a clinician other than its author, accepts this.",
            governs.words()
        ),
        reason: reading.typed(&format!("accept|{key}")),
        pressed: reading.pressed == key,
        closed: reading.page.may.accept.as_ref().err().cloned(),
        key,
    }
}

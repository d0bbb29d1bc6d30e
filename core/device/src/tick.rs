//! What is timed: the auto-lock, and looking again at agitation.

use crate::case::Shelf;
use crate::device::Device;
use crate::error::Result;
use crate::exchange::Dropped;
use mooring_casefile::{AssessmentId, AssessmentView, CaseId, CaseView, Now};
use mooring_protocol::{AnswerPath, Protocol};

/// Untouched for this long, the vault locks.
const LOCK_AFTER_MS: u64 = 2 * 60_000;
/// A call of which nobody heard the end: after this long the phone was forgotten, not in use.
const LONGEST_CALL_MS: u64 = 2 * 60 * 60_000;
/// An alert of a protocol that sets no times of its own asks to be looked at again after this long (policy of the starter pack).
const AGAIN_AFTER_MS: i64 = 10 * 60_000;
/// So long after something was due, the visit is another one.
const FORGET_AFTER_MS: i64 = 4 * 60 * 60_000;

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Due {
    /// The vault was locked now.
    pub locked: bool,
    /// The vault was destroyed now, on HQ's order.
    pub wiped: bool,
    /// What to look at again.
    pub again: Vec<Again>,
    /// Cases that this phone holds no longer, since now.
    pub dropped: Vec<Dropped>,
}

/// Something to look at again: by a time that the protocol's rules set, or an alert whose answers are old by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// In which case.
    pub case: CaseId,
    /// In which assessment.
    pub assessment: AssessmentId,
    /// The protocol's rule.
    pub rule: String,
    /// What it says.
    pub text: String,
    /// Since when it is due.
    pub due_ms: i64,
}

impl Device {
    /// Lets time pass: seals to HQ what HQ lacks, locks if nobody touched the phone, and says what is due. It is no touch itself.
    pub fn tick(&mut self, now: Now) -> Result<Due> {
        if self.carry_out_order(now)? {
            return Ok(Due {
                locked: true,
                wiped: true,
                ..Due::default()
            });
        }
        let calling = self.calling(now);
        let Some(open) = &mut self.open else {
            return Ok(Due::default());
        };
        if !calling && now.uptime_ms.saturating_sub(open.touched_ms) >= LOCK_AFTER_MS {
            self.lock();
            return Ok(Due {
                locked: true,
                wiped: false,
                ..Due::default()
            });
        }
        open.now = now;
        let dropped = open.drop_over(now).unwrap_or_default();
        // A full disk must not stop the clock: the next tick seals it.
        let _ = open.seal_outbox(&mut self.seams, now);
        let shelf = &open.shelf;
        let again = open
            .cases
            .values_mut()
            .flat_map(|case| again(case.view(shelf), shelf, now))
            .collect();
        Ok(Due {
            locked: false,
            wiped: false,
            again,
            dropped,
        })
    }

    /// Whether a call that this app started is still going on, as far as anybody knows.
    fn calling(&mut self, now: Now) -> bool {
        self.calling_since_ms
            .take_if(|since| now.uptime_ms.saturating_sub(*since) >= LONGEST_CALL_MS);
        self.calling_since_ms.is_some()
    }
}

fn again(view: &CaseView, shelf: &Shelf, now: Now) -> Vec<Again> {
    let mut all = Vec::new();
    for assessment in &view.assessments {
        let protocol = shelf
            .get(&assessment.protocol)
            .map(|kept| &kept.protocol)
            .filter(|protocol| protocol.sets_times());
        let found = match protocol {
            Some(protocol) => by_rules(assessment, protocol, now),
            None => by_alerts(assessment),
        };
        let due = found.into_iter().filter(|(_, _, due_ms)| {
            (*due_ms..due_ms.saturating_add(FORGET_AFTER_MS)).contains(&now.wall_ms)
        });
        all.extend(due.map(|(rule, text, due_ms)| Again {
            case: view.case,
            assessment: assessment.id,
            rule,
            text,
            due_ms,
        }));
    }
    all
}

/// What the protocol's rules want looked at again: rule, words, since when.
fn by_rules(
    assessment: &AssessmentView,
    protocol: &Protocol,
    now: Now,
) -> Vec<(String, String, i64)> {
    let at = |path: &AnswerPath| last_answered(assessment, std::slice::from_ref(path));
    let rechecks = protocol.rechecks(&assessment.sheet()).into_iter();
    rechecks
        .filter_map(|recheck| {
            let due_ms = recheck.due_ms(&at, now.wall_ms)?;
            Some((recheck.id, recheck.text.plain, due_ms))
        })
        .collect()
}

fn by_alerts(assessment: &AssessmentView) -> Vec<(String, String, i64)> {
    let alerts = assessment.flow.iter().flat_map(|flow| &flow.alerts);
    alerts
        .filter_map(|alert| {
            let last = last_answered(assessment, &alert.paths)?;
            let due_ms = last.saturating_add(AGAIN_AFTER_MS);
            Some((alert.rule.clone(), alert.text.clone(), due_ms))
        })
        .collect()
}

fn last_answered(assessment: &AssessmentView, paths: &[AnswerPath]) -> Option<i64> {
    let items = assessment
        .items
        .iter()
        .filter(|item| paths.contains(&item.path));
    items
        .flat_map(|item| &item.values)
        .map(|value| value.stamp.at.wall_ms)
        .max()
}

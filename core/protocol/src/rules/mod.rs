//! The rules kept beside a Questionnaire, as data: levels, alerts, guidance, totals, the facts of the first strip, and what leads
//! through a visit (stages, times to look again, before and after).

mod pairs;
pub(crate) mod read;
mod read_lead;
mod read_rule;
pub(crate) mod read_when;
pub(crate) mod read_words;
mod rechecks;
mod stages;
pub(crate) mod when;

use std::collections::BTreeSet;

use crate::guide::Ages;
use crate::item::Words;
use crate::level::{Domain, Level};
use crate::strip::StripField;
pub(crate) use pairs::PairRule;
pub(crate) use rechecks::RecheckRule;
pub(crate) use stages::{MoveRule, StageRule};
use when::When;

/// The rules of one protocol.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    /// Whether "not a validated instrument" must stand wherever the protocol does.
    pub(crate) not_validated: bool,
    /// Languages whose wording no clinician has reviewed yet.
    pub(crate) drafts: BTreeSet<String>,
    /// Whom the protocol is for.
    pub(crate) ages: Option<Ages>,
    /// Sources and reservations, for people.
    pub(crate) notes: Vec<String>,
    pub(crate) levels: Vec<Rule>,
    pub(crate) alerts: Vec<AlertRule>,
    pub(crate) guidance: Vec<GuidanceRule>,
    pub(crate) scores: Vec<Total>,
    pub(crate) strip: Vec<(StripField, Vec<usize>)>,
    /// When the answers say that the person is under age, and when that they are not.
    pub(crate) minor: Option<(When, When)>,
    /// Everything below repeating groups that leave nothing open while nobody began one.
    pub(crate) may_be_absent: BTreeSet<usize>,
    pub(crate) stages: Vec<StageRule>,
    pub(crate) rechecks: Vec<RecheckRule>,
    pub(crate) pairs: Vec<PairRule>,
}

impl Rules {
    /// The domains that the rules speak of, in the order of the page.
    pub(crate) fn domains(&self) -> impl Iterator<Item = Domain> {
        Domain::ALL
            .into_iter()
            .filter(|domain| self.levels.iter().any(|rule| rule.domain == *domain))
    }
}

/// One rule of triage.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) domain: Domain,
    pub(crate) level: Level,
    pub(crate) when: When,
    pub(crate) reason: Words,
    pub(crate) source: String,
    pub(crate) policy: bool,
}

/// Something to say first.
#[derive(Debug, Clone)]
pub(crate) struct AlertRule {
    pub(crate) id: String,
    pub(crate) when: When,
    pub(crate) text: Words,
    pub(crate) source: String,
    pub(crate) policy: bool,
}

/// What to do from a level on.
#[derive(Debug, Clone)]
pub(crate) struct GuidanceRule {
    pub(crate) domain: Domain,
    pub(crate) level: Level,
    pub(crate) text: Words,
    pub(crate) source: String,
    pub(crate) policy: bool,
}

/// A total: the scored questions that it sums.
#[derive(Debug, Clone)]
pub(crate) struct Total {
    pub(crate) name: String,
    pub(crate) title: crate::item::Words,
    /// The node of the item that shows it.
    pub(crate) shown_at: Option<usize>,
    pub(crate) nodes: Vec<usize>,
    /// Whether the item's own expression works it out, because no sum of questions says it.
    pub(crate) by_expression: bool,
}

impl Total {
    /// The questions that it sums, or the item that works it out.
    pub(crate) fn sources(&self) -> impl Iterator<Item = usize> {
        let own = self.shown_at.filter(|_| self.by_expression);
        self.nodes.iter().copied().chain(own)
    }
}

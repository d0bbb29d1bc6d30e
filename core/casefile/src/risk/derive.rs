//! From what was read to the level that governs.

use std::collections::{BTreeMap, BTreeSet};

use mooring_protocol::{
    Domain, Flow, Level, Protocol, Reason, ShownLevel, Step, StepKind, StepState,
};

use super::{Beside, DomainRisk, Risk, RiskReason, Unfinished, WaitingOverride, held};
use crate::{
    file::CaseFile,
    ids::RecordId,
    moment::Stamp,
    reading::{
        AssessmentReading, Reading, Said, SlotReading,
        assessment::{Levels, raise},
    },
    record::{Accepted, Override},
    shelf::Shelf,
};

impl CaseFile {
    /// What the case comes to, by SAFETY rules 1 to 8.
    pub fn risk(&self, shelf: &dyn Shelf) -> Risk {
        derive(&self.read(shelf))
    }
}

/// A downward override that somebody who may has accepted, and that nothing has overtaken.
struct Accepting<'a> {
    what: Said<'a, Override>,
    over: &'a [RecordId],
}

pub(crate) fn derive(reading: &Reading<'_>) -> Risk {
    let accepting = accepting(reading);
    let now = levels(reading, &accepting, Sheets::Now);
    let all = levels(reading, &accepting, Sheets::All);
    let mut domains: Vec<_> = all
        .keys()
        .map(|domain| domain_risk(*domain, &now, &all, reading, &accepting))
        .collect();
    domains.sort_by_key(|one| {
        (
            one.shown().queue_rank(),
            std::cmp::Reverse(one.level),
            one.domain,
        )
    });
    let mut reasons = reasons(reading, &accepting);
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.reason.level));
    let worst = domains.iter().map(|one| one.level).max();
    Risk {
        level: worst.unwrap_or(Level::NothingEndorsed),
        // Where nothing speaks of any domain, nothing is known.
        at_least: domains.is_empty() || domains.iter().any(|one| one.at_least),
        contested: is_contested(reading),
        held: held::find(reading, &domains),
        reasons,
        waiting_overrides: waiting_overrides(reading, &domains, &accepting),
        beside: beside(reading),
        unfinished: reading
            .assessments
            .iter()
            .filter_map(|one| unfinished(reading, one))
            .collect(),
        unknown_protocols: unknown_protocols(reading),
        domains,
    }
}

#[derive(Clone, Copy)]
enum Sheets {
    Now,
    All,
}

/// The levels of all that counts. Where an accepted override covers a domain, its level stands for the assessments.
fn levels(reading: &Reading<'_>, accepting: &[Accepting<'_>], sheets: Sheets) -> Levels {
    let mut levels = Levels::new();
    for one in reading.counting() {
        let computed = match sheets {
            Sheets::Now => one.levels(&one.now, reading.person_now),
            Sheets::All => one.governing_levels(reading.person_all),
        };
        let uncovered = computed
            .into_iter()
            .filter(|(domain, _)| !covers(accepting, *domain));
        uncovered.for_each(|(domain, level)| raise(&mut levels, domain, level));
    }
    for said in counting_overrides(reading, accepting) {
        raise(&mut levels, said.what.domain, (said.what.level, false));
    }
    levels
}

fn covers(accepting: &[Accepting<'_>], domain: Domain) -> bool {
    accepting.iter().any(|one| one.what.what.domain == domain)
}

/// Overrides that no accepted one took the place of.
fn counting_overrides<'a>(
    reading: &Reading<'a>,
    accepting: &[Accepting<'_>],
) -> impl Iterator<Item = Said<'a, Override>> {
    let gone: Vec<(Domain, RecordId)> = accepting
        .iter()
        .flat_map(|one| one.over.iter().map(|over| (one.what.what.domain, *over)))
        .collect();
    reading
        .file
        .overrides()
        .filter(move |said| !gone.contains(&(said.what.domain, said.id)))
}

/// Accepted overrides, as long as the whole case is as it was seen when they were accepted: any later answer, and any
/// later assessment, makes the computed level count again.
fn accepting<'a>(reading: &Reading<'a>) -> Vec<Accepting<'a>> {
    let mut found = Vec::new();
    for said in reading
        .file
        .acceptances()
        .filter(|said| reading.file.may_accept(said.what, &said.stamp.who))
    {
        let Accepted::Override { id, seen, over } = &said.what.accepted else {
            continue;
        };
        let saw_all = reading
            .assessments
            .iter()
            .all(|one| seen.iter().any(|seen| seen.assessment == one.id));
        if saw_all && seen.iter().all(|seen| reading.is_as_seen(seen)) {
            let named = reading.file.overrides().filter(|other| other.id == *id);
            found.extend(named.map(|what| Accepting { what, over }));
        }
    }
    found
}

fn domain_risk(
    domain: Domain,
    now: &Levels,
    all: &Levels,
    reading: &Reading<'_>,
    accepting: &[Accepting<'_>],
) -> DomainRisk {
    let alone = now
        .get(&domain)
        .copied()
        .unwrap_or((Level::NothingEndorsed, true));
    let governing = all.get(&domain).copied().unwrap_or(alone);
    // Held values raise the level or do nothing. What is open in the answers stays open beside them.
    let (level, at_least) = if governing.0 > alone.0 {
        (governing.0, governing.1 || alone.1)
    } else {
        alone
    };
    let computed = reading.counting().filter_map(|one| {
        one.governing_levels(reading.person_all)
            .get(&domain)
            .copied()
    });
    let computed = computed.map(|(level, _)| level).max();
    DomainRisk {
        domain,
        level,
        at_least,
        alone: ShownLevel {
            level: alone.0,
            at_least: alone.1,
        },
        by_judgment: covers(accepting, domain) || computed < Some(level),
    }
}

fn reasons(reading: &Reading<'_>, accepting: &[Accepting<'_>]) -> Vec<RiskReason> {
    let mut reasons = Vec::new();
    for one in reading.counting() {
        let triages = one.governing_triages(reading.person_all);
        for level in triages.into_iter().flat_map(|triage| triage.domains) {
            for reason in level.reasons {
                let stamps = stamps(reading, one, &reason);
                let (domain, assessment) = (level.domain, Some(one.id));
                reasons.push(RiskReason {
                    domain,
                    reason,
                    assessment,
                    overridden: None,
                    stamps,
                });
            }
        }
    }
    reasons.retain(|reason| !covers(accepting, reason.domain));
    reasons.extend(counting_overrides(reading, accepting).map(|said| by_judgment(&said)));
    reasons
}

fn stamps(reading: &Reading<'_>, one: &AssessmentReading<'_>, reason: &Reason) -> Vec<Stamp> {
    let slots = reason.paths.iter().filter_map(|path| one.slots.get(path));
    slots
        .flat_map(SlotReading::governing)
        .filter_map(|write| reading.file.write_stamp(write))
        .collect()
}

fn by_judgment(said: &Said<'_, Override>) -> RiskReason {
    let reason = Reason {
        translations: std::collections::BTreeMap::new(),
        rule: "judgment".to_owned(),
        level: said.what.level,
        text: said.what.reason.clone(),
        paths: Vec::new(),
        source: "A person's judgment".to_owned(),
        policy: true,
    };
    let (domain, overridden, stamps) = (said.what.domain, Some(said.id), vec![said.stamp]);
    RiskReason {
        domain,
        reason,
        assessment: None,
        overridden,
        stamps,
    }
}

fn waiting_overrides(
    reading: &Reading<'_>,
    domains: &[DomainRisk],
    accepting: &[Accepting<'_>],
) -> Vec<WaitingOverride> {
    let governing = |domain| {
        domains
            .iter()
            .find(|one: &&DomainRisk| one.domain == domain)
            .map(|one| one.level)
    };
    let is_accepted = |id| accepting.iter().any(|one| one.what.id == id);
    let below = counting_overrides(reading, accepting).filter(|said| {
        Some(said.what.level) < governing(said.what.domain) && !is_accepted(said.id)
    });
    let waiting = |said: Said<'_, Override>| WaitingOverride {
        id: said.id,
        domain: said.what.domain,
        level: said.what.level,
        reason: said.what.reason.clone(),
        stamp: said.stamp,
    };
    below.map(waiting).collect()
}

fn is_contested(reading: &Reading<'_>) -> bool {
    let answers = reading
        .assessments
        .iter()
        .flat_map(|one| one.slots.values());
    answers.chain([&reading.minor]).any(|slot| slot.contested)
}

/// The newest counting assessment of each protocol, where earlier ones count as well.
fn beside(reading: &Reading<'_>) -> Vec<Beside> {
    let mut by_key: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for one in reading.counting() {
        by_key.entry(one.key).or_default().push(one.id);
    }
    let several = by_key
        .into_values()
        .filter_map(|mut ids| Some((ids.pop()?, ids)));
    several
        .filter(|(_, earlier)| !earlier.is_empty())
        .map(|(later, earlier)| Beside { later, earlier })
        .collect()
}

fn unfinished(reading: &Reading<'_>, one: &AssessmentReading<'_>) -> Option<Unfinished> {
    let protocol = one.protocol()?;
    let flow = protocol.flow(&one.now);
    let counts = counts(reading, one, protocol, &flow);
    let goes_on = |step: &Step| is_to_ask(step) && counts(step);
    flow.steps.iter().any(goes_on).then(|| Unfinished {
        assessment: one.id,
        title: protocol.title().to_owned(),
        started: one.started,
        answered: flow.answered,
        total: flow.total,
    })
}

/// Whether nobody has asked it yet, or it was put off. What a person would not say was asked: its level stays open, and the
/// assessment is done all the same.
fn is_to_ask(step: &Step) -> bool {
    let unsaid = match step.state {
        StepState::Unanswered | StepState::NotNow => true,
        StepState::None
        | StepState::Answered
        | StepState::Declined
        | StepState::Unsure
        | StepState::Contested => false,
    };
    unsaid && step.kind == StepKind::Question && step.is_open() && !step.read_only
}

/// Which questions an assessment is unfinished without: those that a level hangs on and those that the file wants. Notes
/// and other extras may stay empty. Where no rules say what matters, everything does.
fn counts<'f>(
    reading: &Reading<'_>,
    one: &AssessmentReading<'_>,
    protocol: &Protocol,
    flow: &'f Flow,
) -> impl Fn(&Step) -> bool + use<'f> {
    let (_, rules) = protocol.source();
    let all = rules.is_none();
    let triages = one.triages(&one.now, reading.person_now).into_iter();
    let domains = triages.flat_map(|triage| triage.domains);
    let needed: BTreeSet<_> = domains.flat_map(|domain| domain.missing).collect();
    move |step| {
        (all && !step.not_yet_begun)
            || needed.contains(&step.path)
            || flow.missing.contains(&step.path)
    }
}

fn unknown_protocols(reading: &Reading<'_>) -> Vec<mooring_protocol::ProtocolHash> {
    let named = reading.assessments.iter().flat_map(|one| &one.protocols);
    let mut unknown: Vec<_> = named
        .filter(|(_, protocol)| protocol.is_none())
        .map(|(hash, _)| *hash)
        .collect();
    unknown.sort_unstable();
    unknown.dedup();
    unknown
}

//! The escalation ladder: whom to reach, by what, and how long to wait before the next rung. Pure: what works is an argument.

use crate::item::Words;
use crate::level::{Domain, Level, ShownLevel};
use crate::pack::Pack;

/// What sends somebody up the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trigger {
    /// The answers reached a level.
    Level,
    /// "Step back, leave, get help" stands on the screen.
    StepBack,
    /// The team itself is in danger.
    Distress,
    /// Nobody at headquarters opened the case within its deadline, or headquarters does not know yet.
    NotOpened,
    /// The person left, and nobody sees them.
    PersonGone,
    /// The team did not check in. For headquarters.
    Silence,
}

impl Trigger {
    /// Every trigger.
    pub const ALL: [Self; 6] = [
        Self::Level,
        Self::StepBack,
        Self::Distress,
        Self::NotOpened,
        Self::PersonGone,
        Self::Silence,
    ];

    /// The trigger as files name it.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::StepBack => "step-back",
            Self::Distress => "distress",
            Self::NotOpened => "not-opened",
            Self::PersonGone => "person-gone",
            Self::Silence => "silence",
        }
    }
}

/// What works on this phone now. No data and no voice are two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Works {
    /// Calls and data.
    VoiceAndData,
    /// Calls only.
    VoiceOnly,
    /// Data only.
    DataOnly,
    /// Neither.
    Neither,
}

impl Works {
    /// Every state of a phone.
    pub const ALL: [Self; 4] = [
        Self::VoiceAndData,
        Self::VoiceOnly,
        Self::DataOnly,
        Self::Neither,
    ];
}

/// A way to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Means {
    /// A call on the own network.
    Voice,
    /// A message by data, through headquarters where it is for somebody else.
    Data,
    /// A radio.
    Radio,
    /// Send your partner.
    Partner,
    /// Walk to where there is signal.
    Walk,
    /// An emergency call, which a phone makes on any network there is.
    EmergencyCall,
}

impl Means {
    /// Every way.
    pub const ALL: [Self; 6] = [
        Self::Voice,
        Self::Data,
        Self::Radio,
        Self::Partner,
        Self::Walk,
        Self::EmergencyCall,
    ];

    /// The way as files name it.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Data => "data",
            Self::Radio => "radio",
            Self::Partner => "partner",
            Self::Walk => "walk",
            Self::EmergencyCall => "emergency-call",
        }
    }

    /// Whether it can work when the phone is as it is.
    pub const fn can_work(self, works: Works) -> bool {
        match self {
            Self::Voice => matches!(works, Works::VoiceAndData | Works::VoiceOnly),
            Self::Data => matches!(works, Works::VoiceAndData | Works::DataOnly),
            Self::Radio | Self::Partner | Self::Walk | Self::EmergencyCall => true,
        }
    }
}

/// One ladder of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// Its id.
    pub id: String,
    /// What sends somebody up.
    pub triggers: Vec<Trigger>,
    /// For which domains; empty for all.
    pub domains: Vec<Domain>,
    /// From which level on.
    pub from: Level,
    /// What to do meanwhile.
    pub meanwhile: Vec<Words>,
    /// The rungs, in order.
    pub rungs: Vec<Rung>,
    /// Where it comes from.
    pub source: String,
}

/// One rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// The id of whom to reach.
    pub reach: String,
    /// The ways, the first to be tried first.
    pub by: Vec<Means>,
    /// What to say.
    pub say: Words,
    /// How many minutes to wait for an answer before the next rung.
    pub wait_minutes: u32,
}

/// A ladder as it is climbed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Climb {
    /// The ladder's id.
    pub ladder: String,
    /// What to do meanwhile.
    pub meanwhile: Vec<Words>,
    /// The rungs, in order, each with the ways that can work now.
    pub steps: Vec<ClimbStep>,
    /// Where it comes from.
    pub source: String,
}

/// A rung as it is climbed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClimbStep {
    /// Whom to reach.
    pub title: Words,
    /// The ways that can work now, the first to be tried first.
    pub by: Vec<Means>,
    /// The number to dial; nothing where the pack has none yet, and then the screen must say so.
    pub dial: Option<String>,
    /// What to say.
    pub say: Words,
    /// When this rung is due, in minutes from the trigger.
    pub after_minutes: u32,
    /// How many minutes to wait before the next rung.
    pub wait_minutes: u32,
}

impl Pack {
    /// The ladder to climb: whom to reach in which order, by what can work now. Reading a pack made sure that there is one for
    /// everything, and that each rung has a way without voice and without data.
    ///
    /// What is not yet known may be high, so below high it is treated as high.
    pub fn climb(
        &self,
        trigger: Trigger,
        domain: Option<Domain>,
        shown: ShownLevel,
        works: Works,
    ) -> Option<Climb> {
        let level = if shown.at_least {
            shown.level.max(Level::High)
        } else {
            shown.level
        };
        let ladder = self.ladder(trigger, domain, level)?;
        let mut after_minutes = 0_u32;
        let steps = ladder.rungs.iter().map(|rung| {
            let contact = self.contacts.iter().find(|one| one.id == rung.reach);
            let step = ClimbStep {
                title: contact
                    .map_or_else(|| Words::from(rung.reach.as_str()), |one| one.title.clone()),
                dial: contact
                    .and_then(|one| one.dial(self.region.as_deref()))
                    .map(str::to_owned),
                by: rung
                    .by
                    .iter()
                    .copied()
                    .filter(|means| means.can_work(works))
                    .collect(),
                say: rung.say.clone(),
                after_minutes,
                wait_minutes: rung.wait_minutes,
            };
            after_minutes = after_minutes.saturating_add(rung.wait_minutes);
            step
        });
        Some(Climb {
            ladder: ladder.id.clone(),
            meanwhile: ladder.meanwhile.clone(),
            steps: steps.collect(),
            source: ladder.source.clone(),
        })
    }

    /// The ladder from the highest level that is reached; where two are equal, the first in the file. Without a domain, any may be meant.
    pub(super) fn ladder(
        &self,
        trigger: Trigger,
        domain: Option<Domain>,
        level: Level,
    ) -> Option<&Ladder> {
        let fits = |ladder: &&Ladder| {
            let for_domain = domain.is_none_or(|domain| ladder.domains.contains(&domain));
            ladder.triggers.contains(&trigger)
                && (ladder.domains.is_empty() || for_domain)
                && ladder.from <= level
        };
        let fitting = self.ladders.iter().filter(fits);
        // `max_by_key` takes the last of equals, so the order is turned round.
        fitting.rev().max_by_key(|ladder| ladder.from)
    }
}

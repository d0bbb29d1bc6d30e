//! What opens without unlocking, offline and in two taps: the guides, the numbers, and the ladder to climb (SAFETY rules 11 to 14).
//!
//! It holds nothing about anybody. All of it is what this version of the app brings.

use crate::shown::{Reader, Step};
use mooring_protocol::pack::{self, Category, Climb, ClimbStep, Means, Pack, Trigger, Works};
use mooring_protocol::{Domain, Protocol, Sheet, ShownLevel, Words, starter_pack};

/// What sends somebody up the ladder.
#[uniffi::remote(Enum)]
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

/// What works on this phone now. No data and no voice are two things.
#[uniffi::remote(Enum)]
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

/// A way to reach somebody.
#[uniffi::remote(Enum)]
pub enum Means {
    /// A call on the own network.
    Voice,
    /// A message by data.
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

/// When in a visit a guide is for.
#[uniffi::remote(Enum)]
pub enum Category {
    /// Before anybody speaks.
    BeforeContact,
    /// Whether bodies are in danger.
    Safety,
    /// What is asked.
    Interview,
    /// What is done together.
    Guide,
    /// Leaving, and afterwards.
    After,
}

/// A guide that opens without unlocking.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Guide {
    /// Its protocol's key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// When in a visit it is for.
    pub category: Category,
    /// What there is to read, in order.
    pub steps: Vec<Step>,
    /// Whether "not a validated instrument" must stand with it.
    pub not_validated: bool,
    /// Whether "draft wording" must stand with it.
    pub draft_wording: bool,
}

/// A number to leave with the person.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct PhoneNumber {
    /// Whose.
    pub title: String,
    /// To be dialed as it is.
    pub number: String,
    /// When somebody last made sure of it, as a date; nothing if nobody did, and then the screen says so.
    pub checked_on: Option<String>,
}

/// Whom to reach now, rung by rung.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct LadderShown {
    /// What to do meanwhile.
    pub meanwhile: Vec<String>,
    /// The rungs, in order.
    pub rungs: Vec<RungShown>,
    /// Where it comes from.
    pub source: String,
    /// Whether "draft wording" must stand with it.
    pub draft_wording: bool,
}

/// One rung.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct RungShown {
    /// Whom to reach.
    pub title: String,
    /// The ways that can work now, the first to be tried first.
    pub by: Vec<Means>,
    /// The number to dial; nothing where the agency has not set one, and then the screen says so.
    pub dial: Option<String>,
    /// What to say.
    pub say: String,
    /// When it is due, in minutes from the trigger.
    pub after_minutes: i64,
    /// How many minutes to wait for an answer before the next rung.
    pub wait_minutes: i64,
}

/// The guides that open without unlocking, in the order of a visit.
#[uniffi::export]
pub fn guides(language: String) -> Vec<Guide> {
    let Some(pack) = brought() else {
        return Vec::new();
    };
    let protocols = starter_pack();
    let named = |key: &str| protocols.iter().find(|one| one.key() == key);
    let open = pack.guides();
    open.filter_map(|entry| Some(guide(named(&entry.key)?, entry.category, &language)))
        .collect()
}

/// The numbers to leave with the person.
#[uniffi::export]
pub fn numbers_for_person(language: String) -> Vec<PhoneNumber> {
    let Some(pack) = brought() else {
        return Vec::new();
    };
    let numbers = pack.numbers_for_person();
    let shown = numbers.map(|(contact, number)| PhoneNumber {
        title: contact.title.in_language(&language).to_owned(),
        number: number.to_owned(),
        checked_on: contact.checked_on.clone(),
    });
    shown.collect()
}

/// Whom to reach in which order, by what can work now. `domain` may be left out where no level is the reason.
#[uniffi::export]
pub fn ladder(
    trigger: Trigger,
    domain: Option<Domain>,
    level: ShownLevel,
    works: Works,
    language: String,
) -> Option<LadderShown> {
    let pack = brought()?;
    let draft_wording = pack.is_draft(&language);
    let Climb {
        ladder: _, // Its id, for the pack's author.
        meanwhile,
        steps,
        source,
    } = pack.climb(trigger, domain, level, works)?;
    let words = |words: &Words| words.in_language(&language).to_owned();
    Some(LadderShown {
        meanwhile: meanwhile.iter().map(words).collect(),
        rungs: steps
            .into_iter()
            .map(|step| rung(step, &language))
            .collect(),
        source,
        draft_wording,
    })
}

/// The index that this version brings. Its own tests read it, so it is there.
fn brought() -> Option<Pack> {
    pack::starter().ok()
}

fn guide(protocol: &Protocol, category: Category, language: &str) -> Guide {
    let nobody = |_: &mooring_casefile::PersonId| String::new();
    let reader = Reader {
        name: &nobody,
        language,
    };
    Guide {
        key: protocol.key().to_owned(),
        title: protocol.title_words().in_language(language).to_owned(),
        category,
        steps: reader.steps(protocol.flow(&Sheet::new()).steps),
        not_validated: protocol.not_validated(),
        draft_wording: protocol.is_draft(language),
    }
}

fn rung(step: ClimbStep, language: &str) -> RungShown {
    let ClimbStep {
        title,
        by,
        dial,
        say,
        after_minutes,
        wait_minutes,
    } = step;
    RungShown {
        title: title.in_language(language).to_owned(),
        by,
        dial,
        say: say.in_language(language).to_owned(),
        after_minutes: after_minutes.into(),
        wait_minutes: wait_minutes.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mooring_protocol::Level;

    fn imminent(works: Works, language: &str) -> LadderShown {
        let level = ShownLevel {
            level: Level::Imminent,
            at_least: false,
        };
        ladder(
            Trigger::Level,
            Some(Domain::Suicide),
            level,
            works,
            language.to_owned(),
        )
        .unwrap()
    }

    #[test]
    fn danger_to_life_begins_with_emergency_services_whatever_works() {
        for works in Works::ALL {
            let first = imminent(works, "en").rungs.remove(0);
            assert!(first.dial.is_some(), "{works:?}");
            assert!(first.by.contains(&Means::EmergencyCall), "{works:?}");
            assert_eq!(first.after_minutes, 0);
        }
    }

    #[test]
    fn without_voice_no_rung_asks_for_a_call_on_the_own_network() {
        let rungs = imminent(Works::Neither, "en").rungs;
        let ways = || rungs.iter().flat_map(|rung| &rung.by);
        assert!(ways().all(|means| !matches!(means, Means::Voice | Means::Data)));
        assert!(rungs.iter().all(|rung| !rung.by.is_empty()));
    }

    #[test]
    fn spanish_is_shown_and_says_that_it_is_a_draft() {
        let (english, spanish) = (guides("en".to_owned()), guides("es-MX".to_owned()));
        assert!(!english.is_empty());
        assert_eq!(english.len(), spanish.len());
        for (one, other) in english.iter().zip(&spanish) {
            assert_ne!(one.title, other.title);
            assert!(!one.draft_wording && other.draft_wording && other.not_validated);
            assert!(!other.steps.is_empty(), "{}", other.key);
        }
        assert!(imminent(Works::Neither, "es").draft_wording);
        assert!(!imminent(Works::Neither, "en").draft_wording);
    }
}

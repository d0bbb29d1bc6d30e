//! The pack's index and its ladders: whom to reach, by what can work, in which order.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use mooring_protocol::pack::{Climb, Means, Pack, Trigger, Works, starter};
use mooring_protocol::{Domain, FaultKind, Level, ShownLevel};
use serde_json::{Value as Json, json};

const GOLDEN: &str = include_str!("golden/pack.v0.json");

fn golden() -> Pack {
    Pack::parse(GOLDEN.as_bytes()).unwrap()
}

const fn shown(level: Level) -> ShownLevel {
    ShownLevel {
        level,
        at_least: false,
    }
}

const fn open(level: Level) -> ShownLevel {
    ShownLevel {
        level,
        at_least: true,
    }
}

#[track_caller]
fn climb(pack: &Pack, trigger: Trigger, domain: Domain, level: ShownLevel, works: Works) -> Climb {
    pack.climb(trigger, Some(domain), level, works).unwrap()
}

fn every_call() -> Vec<(Trigger, Option<Domain>, ShownLevel, Works)> {
    let mut calls = Vec::new();
    for trigger in Trigger::ALL {
        for domain in Domain::ALL.into_iter().map(Some).chain([None]) {
            for level in Level::WORST_FIRST {
                for works in Works::ALL {
                    calls.push((trigger, domain, shown(level), works));
                    calls.push((trigger, domain, open(level), works));
                }
            }
        }
    }
    calls
}

#[test]
fn every_call_leads_up_a_ladder_and_every_rung_has_a_way_that_can_work() {
    let pack = starter().unwrap();
    for (trigger, domain, level, works) in every_call() {
        let climb = pack.climb(trigger, domain, level, works).unwrap();
        assert!(climb.steps.len() > 1, "{}", climb.ladder);
        for step in &climb.steps {
            assert!(!step.by.is_empty(), "{trigger:?} {works:?}");
            assert!(step.by.iter().all(|means| means.can_work(works)));
        }
    }
}

#[test]
fn danger_to_life_starts_with_emergency_medical_services() {
    let pack = starter().unwrap();
    for (trigger, domain, level, works) in every_call() {
        let medical = domain == Some(Domain::Medical) && trigger == Trigger::Level;
        let worst = level.level == Level::Imminent || trigger == Trigger::Distress;
        if worst || (medical && (level.at_least || level.level == Level::High)) {
            let climb = pack.climb(trigger, domain, level, works).unwrap();
            assert_eq!(climb.steps[0].title.plain, "Emergency medical services");
            assert_eq!(climb.steps[0].dial.as_deref(), Some("112"));
        }
    }
}

#[track_caller]
fn ways(works: Works, expected: &[Means]) {
    let pack = starter().unwrap();
    let level = shown(Level::Imminent);
    let climb = climb(&pack, Trigger::Level, Domain::Suicide, level, works);
    assert_eq!(climb.steps[0].by, expected, "{works:?}");
}

#[test]
fn no_data_and_no_voice_are_told_apart() {
    use Means::{Data, EmergencyCall, Partner, Radio, Voice, Walk};
    ways(
        Works::VoiceAndData,
        &[Voice, EmergencyCall, Radio, Data, Partner, Walk],
    );
    ways(
        Works::VoiceOnly,
        &[Voice, EmergencyCall, Radio, Partner, Walk],
    );
    ways(
        Works::DataOnly,
        &[EmergencyCall, Radio, Data, Partner, Walk],
    );
    ways(Works::Neither, &[EmergencyCall, Radio, Partner, Walk]);
}

#[track_caller]
fn check(trigger: Trigger, domain: Domain, level: ShownLevel, ladder: &str) {
    let pack = starter().unwrap();
    let climb = climb(&pack, trigger, domain, level, Works::VoiceAndData);
    assert_eq!(climb.ladder, ladder);
}

#[test]
fn the_ladder_follows_the_trigger_the_domain_and_the_level() {
    use Domain::{CannotKeepSafe, Medical, Others, Suicide};
    use Level::{High, Imminent, Low, Moderate, NothingEndorsed};
    check(Trigger::Level, Suicide, shown(Imminent), "danger-to-life");
    check(Trigger::Level, Others, open(Imminent), "danger-to-life");
    check(Trigger::Level, Medical, shown(Imminent), "danger-to-life");
    check(Trigger::Level, Medical, shown(High), "medical");
    check(Trigger::Level, Suicide, shown(High), "high");
    check(Trigger::Level, CannotKeepSafe, shown(High), "high");
    check(Trigger::Level, Suicide, shown(Moderate), "ordinary");
    check(Trigger::Level, Suicide, shown(Low), "ordinary");
    // What is not yet known may be high.
    check(Trigger::Level, Suicide, open(NothingEndorsed), "high");
    check(Trigger::Level, Medical, open(Low), "medical");
    check(Trigger::NotOpened, Suicide, open(Moderate), "high");
    check(Trigger::StepBack, Others, shown(High), "step-back");
    check(Trigger::PersonGone, Suicide, shown(High), "person-gone");
    check(
        Trigger::PersonGone,
        Suicide,
        shown(Imminent),
        "danger-to-life",
    );
    check(Trigger::Distress, Others, shown(Low), "team-in-danger");
    check(Trigger::Silence, Others, shown(High), "team-silent");
}

#[test]
fn each_rung_says_when_it_is_due() {
    let pack = golden();
    let climb = climb(
        &pack,
        Trigger::Level,
        Domain::Suicide,
        shown(Level::Imminent),
        Works::Neither,
    );
    let due: Vec<(u32, u32)> = climb
        .steps
        .iter()
        .map(|step| (step.after_minutes, step.wait_minutes))
        .collect();
    assert_eq!(due, [(0, 2), (2, 3)]);
    assert_eq!(climb.meanwhile[0].plain, "Stay where you are safe.");
}

#[test]
fn numbers_follow_the_region_and_one_that_is_missing_is_never_made_up() {
    let pack = golden();
    let [emergency, desk] = &pack.contacts[..] else {
        panic!("two contacts")
    };
    assert_eq!(emergency.dial(Some("US")), Some("911"));
    assert_eq!(emergency.dial(Some("FR")), Some("112"));
    assert_eq!(emergency.dial(None), Some("112"));
    assert_eq!(desk.dial(Some("US")), None);
    let for_person: Vec<&str> = pack
        .numbers_for_person()
        .map(|(_, number)| number)
        .collect();
    assert_eq!(for_person, ["911"]);
}

#[test]
fn the_guides_that_open_without_unlocking_are_named() {
    let pack = golden();
    let guides: Vec<&str> = pack.guides().map(|entry| entry.key.as_str()).collect();
    assert_eq!(guides, ["scene-safety"]);
    let starter = starter().unwrap();
    let guides: Vec<&str> = starter.guides().map(|entry| entry.key.as_str()).collect();
    for key in [
        "scene-safety",
        "verbal-de-escalation",
        "medical-red-flags",
        "suicide-risk-interview",
    ] {
        assert!(guides.contains(&key), "{key}");
    }
    assert!(
        !guides.contains(&"visit-facts"),
        "it is of no use without a person"
    );
}

#[test]
fn the_worse_the_level_the_shorter_the_deadline() {
    let of = starter().unwrap().deadlines;
    assert!(of.imminent < of.high && of.high < of.moderate && of.moderate < of.low);
    assert_eq!(of.minutes(open(Level::Low)), of.high);
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Json), kind: FaultKind, at: &str, message: &str) {
    let mut json: Json = serde_json::from_str(GOLDEN).unwrap();
    change(&mut json);
    let faults = Pack::parse(json.to_string().as_bytes()).unwrap_err().0;
    let found = faults
        .iter()
        .any(|fault| fault.kind == kind && fault.at == at && fault.message.contains(message));
    assert!(found, "{faults:?}");
}

#[test]
fn a_malformed_index_is_refused_with_its_place() {
    use FaultKind::{Duplicate, Missing, NoSuchTarget, NotAllowed, NotReadable, WrongType};
    refused(
        |pack| pack["version"] = json!(1),
        NotReadable,
        "pack: version",
        "newer",
    );
    refused(
        |pack| pack["extra"] = json!(1),
        NotAllowed,
        "pack: extra",
        "not known here",
    );
    refused(
        |pack| pack["title"] = json!({"es": "Un paquete"}),
        Missing,
        "pack: title.en",
        "own language",
    );
    refused(
        |pack| pack["deadline_minutes"]["high"] = json!(1),
        NotAllowed,
        "pack: deadline_minutes",
        "longer",
    );
    refused(
        |pack| pack["protocols"][1]["id"] = json!("scene-safety"),
        Duplicate,
        "pack: protocols[1]",
        "twice",
    );
    refused(
        |pack| pack["contacts"][0]["checked_on"] = json!("last week"),
        WrongType,
        "pack: contacts[0].checked_on",
        "a date",
    );
    refused(
        |pack| pack["ladders"][3]["rungs"][0]["reach"] = json!("nobody"),
        NoSuchTarget,
        "pack: ladders[3].rungs[0].reach",
        "nobody",
    );
    refused(
        |pack| pack["ladders"][3]["rungs"][0]["by"] = json!(["data", "voice"]),
        Missing,
        "pack: ladders[3].rungs[0].by",
        "without voice and without data",
    );
    refused(
        |pack| {
            pack["ladders"][0]["rungs"]
                .as_array_mut()
                .unwrap()
                .reverse();
        },
        Missing,
        "pack: ladders",
        "'life' is climbed where a life is in danger",
    );
    refused(
        |pack| pack["ladders"][3]["triggers"] = json!(["level"]),
        Missing,
        "pack: ladders",
        "no ladder for 'step-back'",
    );
}

#[test]
fn an_index_of_a_later_version_is_refused_as_that_and_not_guessed_at() {
    let mut later: Json = serde_json::from_str(GOLDEN).unwrap();
    later["version"] = json!(1);
    later["something_new"] = json!({});
    let faults = Pack::parse(later.to_string().as_bytes()).unwrap_err().0;
    let found: Vec<_> = faults
        .iter()
        .map(|fault| (fault.at.as_str(), fault.kind))
        .collect();
    assert_eq!(found, [("pack: version", FaultKind::NotReadable)]);
}

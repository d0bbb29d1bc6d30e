//! Thousands of altered changes with valid checksums: none escapes, and what is honest goes on being accepted.

use std::collections::BTreeMap;

use mooring_casefile::{CaseFile, Edit, Half, Merge, Run, Stored, StoredHalf};
use mooring_protocol::{Answer, Value};

use crate::{
    chunk::{chunk, content, with_last},
    world::{BRANDT, OKAFOR, Phone, Visit, no, path, split, who_wrote, writer, yes},
};

/// Chance that comes out the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// Changes of every shape that Brandt's phone writes, each a run that Okafor could take next.
fn corpus(visit: &mut Visit) -> Vec<Run> {
    let assessment = visit.assessment;
    let old = visit.answer(OKAFOR, "wish", yes());
    visit.answer(OKAFOR, "wish", no());
    visit.meet();
    let long = Answer::Value(Value::String("word ".repeat(60)));
    let many = vec![
        (path("wish"), yes()),
        (path("thoughts"), Answer::Unsure),
        (path("plan"), long),
    ];
    let (id, place) = (visit.fate.record(), visit.place("wish"));
    let start = visit.fate.assessment();
    let edits = [
        Edit::Answer {
            assessment,
            answers: vec![(path("wish"), Answer::Declined)],
            told: None,
        },
        Edit::Answer {
            assessment,
            answers: many,
            told: None,
        },
        Edit::Retract {
            assessment,
            path: path("wish"),
            reason: "no".to_owned(),
        },
        Edit::StartAssessment {
            id: start,
            protocol: visit.books.talk(),
            key: "talk".to_owned(),
        },
        Edit::Settle {
            id,
            place,
            seen: vec![old],
            choice: old,
            replaces: Vec::new(),
            reason: "r".to_owned(),
        },
        Edit::Title("Another".to_owned()),
        Edit::Minor(true),
        Edit::Ask {
            id,
            question: "What now?".to_owned(),
            call_back: None,
        },
    ];
    let mut fate = visit.fate.clone();
    let mut runs = Vec::new();
    for edit in edits {
        let mut phone = visit.phone(OKAFOR).clone();
        phone.writer = Phone::of(BRANDT, &phone.file).writer;
        // Settling takes a part in what was said.
        phone.writer.who.roles = writer(crate::world::STERN).who.roles;
        let change = phone.write(&edit, &mut fate).unwrap();
        runs.push(change.into_run());
    }
    runs
}

fn mutate(content: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(content.len());
        match dice.roll(5) {
            0 => content[at] ^= 1 << dice.roll(8),
            1 => content[at] = [0, 1, 0x7f, 0x80, 0xff, 2, 3][dice.roll(7)],
            2 => content.insert(at, u8::try_from(dice.roll(256)).unwrap()),
            3 if content.len() > 2 => drop(content.remove(at)),
            _ => content[at] = content[at].wrapping_add(if dice.roll(2) == 0 { 1 } else { 255 }),
        }
    }
}

fn reopened(file: &CaseFile) -> CaseFile {
    let half = |half| StoredHalf {
        snapshot: Some(file.save(half)),
        changes: Vec::new(),
    };
    let stored = Stored {
        case: file.case(),
        field: half(Half::Field),
        hq: half(Half::Hq),
        who: file.who(),
    };
    CaseFile::open(&stored).unwrap()
}

/// What Automerge says when it panics inside the guard would drown everything else.
fn silence_automerge() {
    let others = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let file = info.location().map_or("", |place| place.file());
        if !["automerge", "hexane", "/rustc"]
            .iter()
            .any(|part| file.contains(part))
        {
            others(info);
        }
    }));
}

/// How many mutants: the slow suite takes more of them.
fn count() -> usize {
    if std::env::var_os("MOORING_SLOW").is_some() {
        100_000
    } else {
        4_000
    }
}

#[test]
fn no_mutant_escapes_the_guard() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    let corpus = corpus(&mut visit);
    let file = visit.phone(OKAFOR).file.clone();
    let who = writer(BRANDT).who;
    for run in &corpus {
        assert!(
            matches!(file.clone().merge(run, &who), Merge::Merged(_)),
            "the corpus is honest"
        );
    }
    let honest_by_another = {
        let mut phone = visit.phone(OKAFOR).clone();
        phone.writer = Phone::of(crate::world::ITO, &phone.file).writer;
        phone
            .write(&Edit::Title("Honest".to_owned()), &mut visit.fate)
            .unwrap()
            .into_run()
    };
    silence_automerge();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut merged, mut outcomes) = (0, BTreeMap::new());
    for _ in 0..count() {
        let run = &corpus[dice.roll(corpus.len())];
        let mut altered = content(&run.changes[0]);
        mutate(&mut altered, &mut dice);
        let mutant = with_last(run, chunk(1, &altered));
        let mut target = file.clone();
        match target.merge(&mutant, &who) {
            Merge::Merged(_) => {
                merged += 1;
                let mut again = reopened(&target);
                assert!(matches!(
                    again.merge(&honest_by_another, &writer(crate::world::ITO).who),
                    Merge::Merged(_)
                ));
                again.view(&visit.books);
                reopened(&again);
            }
            Merge::Held(reason) => {
                *outcomes.entry(reason.code()).or_insert(0) += 1;
                assert!(target.version() == file.version());
            }
            Merge::Waiting { .. } => *outcomes.entry("waiting").or_insert(0) += 1,
            Merge::Known => *outcomes.entry("known").or_insert(0) += 1,
        }
    }
    println!(
        "{} mutants: {merged} merged as valid other changes, {outcomes:?}",
        count()
    );
    let mut target = file.clone();
    for run in &corpus {
        assert!(matches!(target.clone().merge(run, &who), Merge::Merged(_)));
    }
    assert!(matches!(
        target.merge(&honest_by_another, &writer(crate::world::ITO).who),
        Merge::Merged(_)
    ));
}

#[test]
fn a_bad_change_in_the_middle_takes_the_whole_run_back() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    for answer in [yes(), no(), Answer::Declined] {
        visit.answer(BRANDT, "wish", answer);
    }
    let file = visit.phone(BRANDT).file.clone();
    let runs = file.runs_since(Half::Field, &BTreeMap::new());
    let mut run = runs
        .into_iter()
        .find(|run| run.actor == writer(BRANDT).actor)
        .unwrap();
    let who = who_wrote(&file, &run);
    let honest = run.clone();
    let last = run.changes[1].len() - 1;
    run.changes[1][last] ^= 1;
    let target = &mut visit.phone(OKAFOR).file;
    let before = target.version();
    assert!(matches!(target.merge(&run, &who), Merge::Held(_)));
    assert_eq!(target.version(), before);
    for part in split(honest) {
        assert!(matches!(target.merge(&part, &who), Merge::Merged(_)));
    }
}

//! Keeping and opening: what was saved comes back, and what is damaged is said to be so. Golden files are only read.

use std::{collections::BTreeMap, path::Path};

use mooring_casefile::{
    Actor, Attribution, CaseFile, CaseId, ChangeId, Edit, Half, Merge, OpenError, Snapshot, Stored,
    StoredHalf,
};

use crate::world::{BRANDT, OKAFOR, STERN, Visit, no, split, who_wrote, yes};

fn visit() -> Visit {
    let mut visit = Visit::of(&[OKAFOR, BRANDT, STERN]);
    visit.answer_all(OKAFOR);
    visit.meet();
    let high = visit.answer(OKAFOR, "attempt", yes());
    let low = visit.answer(BRANDT, "attempt", mooring_protocol::Answer::Unsure);
    visit.meet();
    let settle = visit.settle("attempt", &[high, low], high);
    visit.write(STERN, &settle);
    visit.meet();
    visit
}

fn snapshots(file: &CaseFile) -> Stored {
    let half = |half| StoredHalf {
        snapshot: Some(file.save(half)),
        changes: Vec::new(),
    };
    Stored {
        case: file.case(),
        field: half(Half::Field),
        hq: half(Half::Hq),
        who: file.who(),
    }
}

/// The changes of a half in the order in which some replica took them.
fn changes(file: &CaseFile, half: Half) -> Vec<Vec<u8>> {
    let mut replica = CaseFile::new(file.case());
    let mut waiting: Vec<_> = file
        .runs_since(half, &BTreeMap::new())
        .into_iter()
        .flat_map(split)
        .collect();
    let mut taken = Vec::new();
    while !waiting.is_empty() {
        waiting.retain(|run| match replica.merge(run, &who_wrote(file, run)) {
            Merge::Merged(_) => {
                taken.push(run.changes[0].clone());
                false
            }
            Merge::Waiting { .. } => true,
            Merge::Known | Merge::Held(_) => panic!("an honest change"),
        });
    }
    taken
}

#[track_caller]
fn check_same(one: &CaseFile, two: &CaseFile, visit: &Visit) {
    assert_eq!(one.version(), two.version());
    assert!(one.view(&visit.books) == two.view(&visit.books));
}

#[test]
fn snapshots_open_to_what_was_saved() {
    let visit = visit();
    let file = &visit.phones[0].file;
    check_same(&CaseFile::open(&snapshots(file)).unwrap(), file, &visit);
}

#[test]
fn changes_open_to_what_was_saved_and_so_does_a_mixture() {
    let visit = visit();
    let file = &visit.phones[0].file;
    let mut stored = snapshots(file);
    stored.field = StoredHalf {
        snapshot: None,
        changes: changes(file, Half::Field),
    };
    check_same(&CaseFile::open(&stored).unwrap(), file, &visit);
    stored.field.snapshot = Some(file.save(Half::Field));
    stored.hq.changes = changes(file, Half::Hq);
    check_same(&CaseFile::open(&stored).unwrap(), file, &visit);
}

#[test]
fn an_opened_case_file_goes_on() {
    let mut visit = visit();
    visit.phones[1].file = CaseFile::open(&snapshots(&visit.phones[1].file)).unwrap();
    visit.answer(BRANDT, "wish", yes());
    visit.meet();
    visit.check("Imminent", false);
}

#[track_caller]
fn check_damaged(alter: impl FnOnce(&mut Stored), expected: OpenError) {
    let visit = visit();
    let mut stored = snapshots(&visit.phones[0].file);
    stored.field.changes = changes(&visit.phones[0].file, Half::Field);
    alter(&mut stored);
    assert_eq!(CaseFile::open(&stored).unwrap_err(), expected);
}

#[test]
fn damage_is_said_to_be_damage() {
    check_damaged(
        |stored| {
            let bytes = &mut stored.field.snapshot.as_mut().unwrap().bytes;
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        },
        OpenError::DamagedSnapshot(Half::Field),
    );
    check_damaged(
        |stored| stored.field.snapshot.as_mut().unwrap().bytes.truncate(40),
        OpenError::DamagedSnapshot(Half::Field),
    );
    check_damaged(
        |stored| stored.field.snapshot.as_mut().unwrap().bytes[0] = 1,
        OpenError::TooNew,
    );
    check_damaged(
        |stored| stored.field.snapshot.as_mut().unwrap().heads[0] = ChangeId::new([9; 32]),
        OpenError::HeadsDiffer(Half::Field),
    );
    check_damaged(
        |stored| stored.field.changes[3].truncate(20),
        OpenError::DamagedChange(Half::Field, 3),
    );
    check_damaged(
        |stored| {
            stored.field.snapshot = None;
            stored.field.changes.remove(0);
        },
        OpenError::DamagedChange(Half::Field, 0),
    );
    let nobody: Vec<(Half, Actor, Attribution)> = Vec::new();
    let first = crate::world::writer(OKAFOR).actor;
    check_damaged(
        |stored| stored.who = nobody,
        OpenError::Unattributed(Half::Field, first),
    );
}

#[test]
fn no_single_altered_byte_of_a_snapshot_opens_to_something_else() {
    let visit = visit();
    let file = &visit.phones[0].file;
    let stored = snapshots(file);
    let length = stored.field.snapshot.as_ref().unwrap().bytes.len();
    for at in (0..length).step_by(7) {
        let mut damaged = stored.clone();
        damaged.field.snapshot.as_mut().unwrap().bytes[at] ^= 0x10;
        if let Ok(opened) = CaseFile::open(&damaged) {
            check_same(&opened, file, &visit);
        }
    }
}

#[test]
fn an_earlier_version_reads_as_it_was() {
    let mut visit = visit();
    let then = visit.phones[0].file.clone();
    visit.answer(OKAFOR, "wish", yes());
    visit.answer(BRANDT, "support", no());
    visit.meet();
    let now = &visit.phones[0].file;
    check_same(&now.at(&then.version()).unwrap(), &then, &visit);
    check_same(&now.at(&now.version()).unwrap(), now, &visit);
    assert!(then.at(&now.version()).is_err());
}

/// A half saved by version 0 of the format, made once. It is only read: if it stops opening, a version was broken.
#[test]
fn a_half_saved_by_version_0_still_opens() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let heads = |name: &str| {
        let text = String::from_utf8(read(name)).unwrap();
        text.lines()
            .map(|line| ChangeId::parse(line).unwrap())
            .collect::<Vec<_>>()
    };
    let half = |name: &str| StoredHalf {
        snapshot: Some(Snapshot {
            bytes: read(&format!("{name}.v0.half")),
            heads: heads(&format!("{name}.v0.heads")),
        }),
        changes: Vec::new(),
    };
    let case = CaseId::parse(String::from_utf8(read("case.v0.id")).unwrap().trim()).unwrap();
    let who = [OKAFOR, BRANDT].map(|person| (Half::Field, crate::world::writer(person)));
    let hq = (Half::Hq, crate::world::writer(STERN));
    let who = who
        .into_iter()
        .chain([hq])
        .map(|(half, writer)| (half, writer.actor, writer.who))
        .collect();
    let stored = Stored {
        case,
        field: half("field"),
        hq: half("hq"),
        who,
    };
    let file = CaseFile::open(&stored).unwrap();
    let text = file.canonical_text(&crate::world::Books::empty());
    assert_eq!(text, String::from_utf8(read("canonical.v0.txt")).unwrap());
}

/// Makes the golden files of a new version, by hand: `cargo test -p mooring-casefile make_golden -- --ignored`.
#[test]
#[ignore = "writes golden files, once for each version"]
fn make_golden() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut visit = visit();
    let retract = Edit::Retract {
        assessment: visit.assessment,
        path: crate::world::path("wish"),
        reason: "said of somebody else".to_owned(),
    };
    visit.write(BRANDT, &retract);
    visit.override_level(OKAFOR, mooring_protocol::Level::High);
    let (id, question) = (visit.fate.record(), "Which ward?".to_owned());
    visit.write(
        OKAFOR,
        &Edit::Ask {
            id,
            question,
            call_back: Some("555 0100".to_owned()),
        },
    );
    let id = visit.fate.record();
    visit.write(STERN, &Edit::Opened { id });
    visit.meet();
    let file = &visit.phones[0].file;
    let write = |name: &str, bytes: &[u8]| {
        assert!(
            !folder.join(name).exists(),
            "golden files are never written twice"
        );
        std::fs::write(folder.join(name), bytes).unwrap();
    };
    std::fs::create_dir_all(&folder).unwrap();
    write("case.v0.id", format!("{}\n", file.case()).as_bytes());
    for (half, name) in [(Half::Field, "field"), (Half::Hq, "hq")] {
        let saved = file.save(half);
        write(&format!("{name}.v0.half"), &saved.bytes);
        let heads: Vec<_> = saved.heads.iter().map(ToString::to_string).collect();
        let heads = heads.join("\n") + "\n";
        write(&format!("{name}.v0.heads"), heads.as_bytes());
    }
    write(
        "canonical.v0.txt",
        file.canonical_text(&crate::world::Books::empty())
            .as_bytes(),
    );
}

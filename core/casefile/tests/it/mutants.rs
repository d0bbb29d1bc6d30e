//! Thousands of altered changes with valid checksums: none escapes, and what is honest goes on being accepted.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Once,
};

use automerge::{Automerge, Change as AutomergeChange};
use mooring_casefile::{CaseFile, Edit, Half, HeldReason, Merge, Run, Stored, StoredHalf};
use mooring_protocol::{Answer, Value};

use crate::{
    chunk::{chunk, content, with_last},
    world::{BRANDT, Books, ITO, OKAFOR, Phone, Visit, no, path, split, who_wrote, writer, yes},
};

/// Chance that comes out the same every time.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

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
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
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
    });
}

/// How many mutants: the slow suite takes more of them.
fn count() -> usize {
    if std::env::var_os("MOORING_SLOW").is_some() {
        2_000_000
    } else {
        200_000
    }
}

/// Workers, each with chance of its own.
const WORKERS: u64 = 2;

/// What is attacked: a case that Okafor holds, and what Brandt's phone could send next.
struct Target {
    books: Books,
    file: CaseFile,
    corpus: Vec<Run>,
    honest: Run,
}

impl Target {
    fn new() -> Self {
        silence_automerge();
        let mut visit = Visit::of(&[OKAFOR, BRANDT]);
        let corpus = corpus(&mut visit);
        let mut phone = visit.phone(OKAFOR).clone();
        phone.writer = Phone::of(ITO, &phone.file).writer;
        let title = Edit::Title("Honest".to_owned());
        let honest = phone.write(&title, &mut visit.fate).unwrap().into_run();
        let file = visit.phone(OKAFOR).file.clone();
        let target = Self {
            books: visit.books,
            file,
            corpus,
            honest,
        };
        target.check_honest(&target.file);
        target
    }

    fn mutant(&self, dice: &mut Dice) -> Run {
        let run = &self.corpus[dice.roll(self.corpus.len())];
        let mut altered = content(&run.changes[0]);
        mutate(&mut altered, dice);
        with_last(run, chunk(1, &altered))
    }

    /// What is honest is accepted.
    #[track_caller]
    fn check_honest(&self, file: &CaseFile) {
        let others = [(&self.honest, writer(ITO).who)];
        let mine = self.corpus.iter().map(|run| (run, writer(BRANDT).who));
        for (run, who) in mine.chain(others) {
            assert!(matches!(file.clone().merge(run, &who), Merge::Merged(_)));
        }
    }

    /// A case file that took a mutant in is still one: saved, loaded, read, written to, and loaded again.
    #[track_caller]
    fn check_alive(&self, file: &CaseFile) {
        let mut again = reopened(file);
        let merged = again.merge(&self.honest, &writer(ITO).who);
        assert!(matches!(merged, Merge::Merged(_)), "{merged:?}");
        again.view(&self.books);
        reopened(&again);
    }
}

/// What became of a worker's mutants.
fn attack(target: &Target, seed: u64, count: usize) -> BTreeMap<&'static str, usize> {
    let mut dice = Dice::new(seed);
    let mut outcomes = BTreeMap::new();
    let mut file = target.file.clone();
    for _ in 0..count {
        let outcome = match file.merge(&target.mutant(&mut dice), &writer(BRANDT).who) {
            Merge::Merged(_) => {
                target.check_alive(&file);
                file = target.file.clone();
                "merged as a valid other change"
            }
            Merge::Held(reason) => reason.code(),
            Merge::Waiting { .. } => "waiting",
            Merge::Known => "known",
        };
        assert!(file.version() == target.file.version());
        *outcomes.entry(outcome).or_insert(0) += 1;
    }
    assert!(file.save(Half::Field) == target.file.save(Half::Field));
    target.check_honest(&file);
    outcomes
}

#[test]
fn no_mutant_escapes_the_guard() {
    let target = Target::new();
    let found = std::thread::scope(|scope| {
        let share = count() / usize::try_from(WORKERS).unwrap();
        let target = &target;
        let workers: Vec<_> = (1..=WORKERS)
            .map(|seed| scope.spawn(move || attack(target, seed, share)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect::<Vec<_>>()
    });
    for outcomes in found {
        println!("{outcomes:?}");
        for needed in ["not-a-change", "layout", "unloadable", "waiting"] {
            assert!(outcomes.contains_key(needed), "no mutant came to {needed}");
        }
    }
}

/// What Automerge does with a mutant that nobody guards against.
#[expect(
    clippy::disallowed_methods,
    reason = "the negative control shows what the guard is for"
)]
fn unguarded(document: &[u8], mutant: &Run) -> Option<&'static str> {
    let mut doc = Automerge::load(document).unwrap();
    let applied = catch_unwind(AssertUnwindSafe(|| {
        let change = AutomergeChange::from_bytes(mutant.changes[0].clone()).ok()?;
        doc.apply_changes([change]).ok()
    }));
    match applied {
        Err(_) => return Some("panicked"),
        Ok(None) => return None,
        Ok(Some(())) => {}
    }
    let saved = catch_unwind(AssertUnwindSafe(|| doc.save()));
    let loads = saved.is_ok_and(|saved| {
        catch_unwind(|| Automerge::load(&saved).is_ok()).is_ok_and(|loads| loads)
    });
    (!loads).then_some("never loads again")
}

#[test]
fn without_the_guard_some_mutants_panic_and_some_ruin_the_case() {
    let target = Target::new();
    let document = target.file.save(Half::Field).bytes[1..].to_vec();
    let mut dice = Dice::new(3);
    let mut outcomes = BTreeMap::new();
    for _ in 0..20_000 {
        let outcome = unguarded(&document, &target.mutant(&mut dice));
        *outcomes.entry(outcome).or_insert(0) += 1;
    }
    println!("{outcomes:?}");
    for needed in ["panicked", "never loads again"] {
        assert!(outcomes.contains_key(&Some(needed)), "{needed}: none");
    }
}

/// Mutants, with some among them that only the rehearsal finds.
fn pool(target: &Target) -> Vec<Run> {
    let mut dice = Dice::new(4);
    let (mut pool, mut unloadable) = (Vec::new(), 0);
    while unloadable < 12 {
        let mutant = target.mutant(&mut dice);
        let merge = target.file.clone().merge(&mutant, &writer(BRANDT).who);
        let is_rare = merge == Merge::Held(HeldReason::Unloadable);
        if is_rare || pool.len() < 60 {
            unloadable += usize::from(is_rare);
            pool.push(mutant);
        }
    }
    pool
}

#[test]
fn all_at_once_each_run_gets_the_verdict_that_it_gets_alone() {
    let target = Target::new();
    let pool = pool(&target);
    let mut dice = Dice::new(5);
    let mut divided = 0;
    for _ in 0..300 {
        let late = pool.len() - 12;
        let mut runs = vec![&pool[late + dice.roll(12)], &target.honest];
        runs.extend((0..3).map(|_| &pool[dice.roll(pool.len())]));
        let turn = dice.roll(runs.len());
        runs.rotate_left(turn);
        let runs: Vec<_> = runs
            .into_iter()
            .map(|run| {
                let honest = run.actor == target.honest.actor;
                (run, writer(if honest { ITO } else { BRANDT }).who)
            })
            .collect();
        let mut alone = target.file.clone();
        let expected: BTreeMap<_, _> = runs
            .iter()
            .map(|(run, who)| alone.merge(run, who))
            .enumerate()
            .collect();
        let mut at_once = target.file.clone();
        let found: BTreeMap<_, _> = at_once.merge_all(&runs).into_iter().collect();
        assert_eq!(found, expected);
        let honest = runs
            .iter()
            .position(|(run, _)| run.actor == target.honest.actor);
        assert!(matches!(found[&honest.unwrap()], Merge::Merged(_)));
        assert!(at_once.version() == alone.version());
        divided += usize::from(
            found
                .values()
                .any(|merge| *merge == Merge::Held(HeldReason::Unloadable)),
        );
    }
    assert!(divided > 100, "only {divided} batches had to be divided");
}

#[test]
fn all_at_once_the_order_of_arrival_does_not_matter() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer(OKAFOR, "wish", yes());
    visit.meet();
    visit.answer(BRANDT, "thoughts", no());
    visit.meet();
    visit.answer(OKAFOR, "support", yes());
    let file = visit.phone(OKAFOR).file.clone();
    let runs: Vec<_> = file
        .runs_since(Half::Field, &BTreeMap::new())
        .into_iter()
        .flat_map(split)
        .rev()
        .collect();
    let runs: Vec<_> = runs
        .iter()
        .map(|run| (run, who_wrote(&file, run)))
        .collect();
    let mut receiver = CaseFile::new(file.case());
    let merged = receiver.merge_all(&runs);
    assert!(
        merged
            .iter()
            .all(|(_, merge)| matches!(merge, Merge::Merged(_)))
    );
    assert!(receiver.version() == file.version());
    // They went in as they build on each other, whoever writes them down in this order can replay them.
    let mut again = CaseFile::new(file.case());
    for (number, _) in merged {
        let (run, who) = &runs[number];
        assert!(matches!(again.merge(run, who), Merge::Merged(_)));
    }
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

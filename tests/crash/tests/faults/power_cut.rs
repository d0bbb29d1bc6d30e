//! After a power cut at any write the phone has every answer that it acknowledged, and at most the one in flight beside them.

use mooring_crash::{Cut, Cuts, Dice, Files, Op, Phone, with_connection};
use mooring_device::Device;

use crate::story::{Interview, answer, answers, begin, changes};

const SEED: u64 = 1;
/// Cases of the night, answers to each, and how many cases a process lives for.
const CASES: usize = 12;
const ANSWERS: usize = 4;
const A_PROCESS: usize = 4;

/// How many states: the slow suite takes more of them.
fn count() -> usize {
    if std::env::var_os("MOORING_SLOW").is_some() {
        100_000
    } else {
        1_600
    }
}

/// A night that was recorded.
struct Night {
    before: Files,
    log: Vec<Op>,
    /// How long the log was when each change was acknowledged.
    acknowledged: Vec<usize>,
    changes: Vec<Vec<u8>>,
    interviews: Vec<Interview>,
}

/// Lets the night happen; `settle` may change the settings of each vault that was opened.
fn record(phone: &mut Phone, settle: impl Fn(&mut Device)) -> Night {
    let before = phone.disk.files();
    phone.disk.put(before.clone());
    let mut device = phone.open().unwrap();
    settle(&mut device);
    let mut night = Night {
        before,
        log: Vec::new(),
        acknowledged: Vec::new(),
        changes: Vec::new(),
        interviews: Vec::new(),
    };
    for number in 1..=CASES {
        let mut interview = begin(phone, &mut device).unwrap();
        // A case and its interview are two changes.
        night.acknowledged.extend([phone.disk.log_len(); 2]);
        for _ in 0..ANSWERS {
            answer(phone, &mut device, &mut interview).unwrap();
            night.acknowledged.push(phone.disk.log_len());
        }
        night.interviews.push(interview);
        if number % A_PROCESS == 0 && number < CASES {
            device.lock();
            drop(device);
            device = phone.open().unwrap();
            settle(&mut device);
        }
    }
    night.changes = changes(&mut device).unwrap();
    night.log = phone.disk.log();
    assert_eq!(night.changes.len(), night.acknowledged.len());
    night
}

/// What the states came to.
#[derive(Default)]
struct Found {
    whole: usize,
    lost: usize,
    broken: Vec<String>,
}

impl std::fmt::Display for Found {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, lost, broken) = (self.whole, self.lost, self.broken.len());
        let first = self.broken.first().map_or("", String::as_str);
        write!(
            out,
            "{whole} whole, {lost} with losses, {broken} broken {first}"
        )
    }
}

/// Builds `count` states, spread evenly over the night, and opens each by the vault's own code.
fn cut_everywhere(phone: &mut Phone, night: &Night, count: usize, dice: &mut Dice) -> Found {
    let mut found = Found::default();
    let mut cuts = Cuts::new(night.before.clone(), &night.log);
    let mut made = 0;
    while let Some(steps) = cuts.step() {
        while made * night.log.len() < count * steps {
            let cut = Cut::ALL[made % Cut::ALL.len()];
            let thorough = made % 25 == 0;
            phone.disk.put(cuts.state(cut, dice));
            made += 1;
            match look(phone, night, steps, thorough) {
                Ok(true) => found.whole += 1,
                Ok(false) => found.lost += 1,
                Err(why) => found.broken.push(format!("step {steps}, {cut:?}: {why}")),
            }
        }
    }
    found
}

/// Whether everything acknowledged by this step of the log is there. An error where the vault is not whole.
fn look(phone: &mut Phone, night: &Night, steps: usize, thorough: bool) -> Result<bool, String> {
    let mut device = phone.open().map_err(|error| format!("{error:?}"))?;
    let there = changes(&mut device).map_err(|error| error.to_string())?;
    if !night.changes.starts_with(&there) {
        return Err("not a beginning of what was written".to_owned());
    }
    let marks = with_connection(&mut device, |connection| {
        connection.query_row(
            "SELECT (SELECT count(*) FROM unsent), (SELECT coalesce(sum(unsent), 0) FROM cases), integrity_check
             FROM pragma_integrity_check",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
    });
    let count = i64::try_from(there.len()).unwrap();
    let expected = (count, count, "ok".to_owned());
    if marks.as_ref().ok() != Some(&expected) {
        return Err(format!("{marks:?} of {}", there.len()));
    }
    let acknowledged = night.acknowledged.partition_point(|at| *at <= steps);
    // The two changes of a new case are acknowledged here as one.
    if there.len() > acknowledged + 2 {
        return Err(format!("{} of {acknowledged} acknowledged", there.len()));
    }
    if thorough {
        read_all(phone, &mut device, night, there.len())?;
    }
    Ok(there.len() >= acknowledged)
}

/// Reads every case: so many changes make exactly these answers.
fn read_all(
    phone: &mut Phone,
    device: &mut Device,
    night: &Night,
    changes: usize,
) -> Result<(), String> {
    let mut left = changes;
    for interview in &night.interviews {
        let mine = left.min(ANSWERS + 2);
        left -= mine;
        if mine == 0 {
            break;
        }
        let there = answers(phone, device, interview).map_err(|error| format!("{error:?}"))?;
        if there != (0..mine.saturating_sub(2)).collect() {
            return Err(format!("{there:?} of {mine} changes"));
        }
    }
    Ok(())
}

#[test]
fn no_power_cut_loses_what_was_acknowledged() {
    let night = record(&mut Phone::new(SEED), |_| ());
    // Two at a time: each has a phone of its own, with the same keys.
    let halves = std::thread::scope(|scope| {
        let half = |seed| {
            let night = &night;
            scope.spawn(move || {
                let mut phone = Phone::new(SEED);
                cut_everywhere(&mut phone, night, count() / 2, &mut Dice::new(seed))
            })
        };
        [half(11), half(12)].map(|half| half.join().unwrap())
    });
    for found in halves {
        println!("{found}");
        assert!(found.broken.is_empty() && found.lost == 0, "{found}");
        assert!(found.whole >= count() / 2);
    }
}

#[test]
fn syncing_less_than_the_vault_does_would_lose_some() {
    let mut phone = Phone::new(SEED);
    let night = record(&mut phone, |device| {
        with_connection(device, |connection| {
            connection
                .execute_batch("PRAGMA synchronous = NORMAL;")
                .unwrap();
        });
    });
    let found = cut_everywhere(&mut phone, &night, 300, &mut Dice::new(13));
    assert!(found.lost > 0, "nothing was lost: {found}");
}

//! Salvage: after damage to the database, everything that can still be read goes into a new one, and the next exchanges bring what HQ
//! has of the rest. The damaged file is kept.

use crate::case::{OpenCase, row};
use crate::device::{Device, Open};
use crate::error::{Error, Result};
use crate::exchange::Progress;
use crate::open_vault::fresh_actor;
use crate::outbox::{Outbox, kept};
use crate::vault::sql::actors::{self, Hand};
use crate::vault::sql::facts::{self, Fact};
use crate::vault::sql::{cases, changes, halves, salvage, unsent, waiting};
use mooring_casefile::{
    Actor, Attribution, CaseFile, CaseId, Change, Half, Merge, Now, Snapshot, Stored, StoredHalf,
};
use std::path::PathBuf;

/// What became of a damaged vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// Where the damaged database lies now.
    pub kept: PathBuf,
    /// The cases of which something could not be read. Until the next whole exchange they may lack it, and
    /// [`Device::restored`] says so.
    pub cases: Vec<CaseId>,
}

impl Device {
    /// Goes on with what can still be read, after a person said so. What HQ has comes back with the next exchange, which pulls
    /// everything from the beginning; what neither can be read nor is at HQ is in the file that is kept.
    pub fn salvage(&mut self, now: Now) -> Result<Salvaged> {
        let (open, seams) = self.opened(now)?;
        let kept = open.vault.salvage(seams.random.as_mut())?;
        open.cases.clear();
        open.running = None;
        let cases = open.refound_all(now)?;
        open.pull_again(now)?;
        // Numbers that were lost with a page must not be used twice.
        let actor = fresh_actor(seams);
        open.actor = actor;
        self.actor = actor;
        Ok(Salvaged { kept, cases })
    }
}

impl Open {
    /// Until HQ has said what it has, this vault counts as older than what this phone has seen.
    fn pull_again(&mut self, now: Now) -> Result<()> {
        let mut progress = Progress::load(&mut self.vault)?;
        // Where a mark was lost with its page, only the sealed record tells what HQ lacks.
        let sealed = Outbox::open(self.vault.dir())?.of(self.me.attribution.device);
        progress.cursor = 0;
        self.vault.write(now, |tx| {
            facts::forget(tx, Fact::PagePart)?;
            facts::put(tx, Fact::Restored, &[0])?;
            kept::add(tx, &sealed)?;
            Ok(progress.store(tx)?)
        })?;
        self.restored = true;
        self.checked_marks = false;
        Ok(())
    }

    fn refound_all(&mut self, now: Now) -> Result<Vec<CaseId>> {
        let all = self
            .vault
            .look(|connection| Ok(salvage::cases(connection)?))?;
        let mut damaged = Vec::new();
        for case in all {
            match self.peek(case, |_| ()) {
                Ok(()) | Err(Error::UpdateApp) => {}
                Err(Error::CaseDamaged(_) | Error::NotFound(_)) => {
                    self.refound(case, now)?;
                    damaged.push(case);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(damaged)
    }

    /// Builds a case from what is left of its log, as if that had just arrived: through the guard, and what lacks something waits.
    fn refound(&mut self, case: CaseId, now: Now) -> Result<()> {
        let left = self.left_of(case)?;
        let (mut file, snapshots) = left.begin(case);
        let runs: Vec<_> = left
            .changes
            .iter()
            .map(|(change, who)| (change.clone().into_run(), *who))
            .collect();
        let numbered: Vec<_> = runs.iter().map(|(run, who)| (run, *who)).collect();
        let merged = file.merge_all(&numbered);
        let mut open_case = OpenCase::new(file);
        let derived = row(open_case.view(&self.shelf), now);
        let known = self
            .vault
            .look(|connection| Ok(cases::one(connection, case)?))?;
        // A part that is missing lowers nothing: the level in the list is the worse of the two until the rest is back.
        let listed = known
            .filter(|known| known.rank <= derived.rank)
            .unwrap_or(derived);
        let me = self.me.attribution;
        self.vault.write(now, |tx| {
            cases::put(tx, &listed)?;
            for half in Half::BOTH {
                salvage::forget_half(tx, case, half)?;
                halves::put_heads(tx, case, half, open_case.file.version().heads(half))?;
            }
            for (half, snapshot) in snapshots {
                halves::put_snapshot(tx, case, half, &snapshot)?;
                halves::put_heads(tx, case, half, open_case.file.version().heads(half))?;
            }
            for (number, merge) in merged {
                let (Some((change, who)), Some((run, _))) =
                    (left.changes.get(number), runs.get(number))
                else {
                    continue;
                };
                match merge {
                    Merge::Merged(_) => changes::append(tx, change)?,
                    Merge::Waiting { .. } => waiting::put(tx, run, who, false, now.wall_ms)?,
                    // The snapshot has it; or its bytes are damaged, and HQ's copy takes its place.
                    Merge::Known | Merge::Held(_) => continue,
                }
                if *who == me {
                    actors::put(tx, case, change.half, change.actor, Hand::Of(me))?;
                    if change.seq > salvage::receipted(tx, case, change.half, change.actor)? {
                        unsent::put(tx, &unsent::Mark::of(change))?;
                    }
                }
            }
            Ok(cases::recount_unsent(tx, case)?)
        })
    }

    fn left_of(&mut self, case: CaseId) -> Result<Left> {
        let me = self.me.attribution;
        self.vault.look(|connection| {
            let who: Vec<_> = actors::of_case(connection, case)?
                .into_iter()
                .map(|(half, actor, hand)| match hand {
                    Hand::Own => (half, actor, me),
                    Hand::Of(who) => (half, actor, who),
                })
                .collect();
            let mut attributed = Vec::new();
            for change in salvage::changes(connection, case)? {
                let named = who_wrote(&who, &change);
                // Whose mark says that HQ lacks it is this phone's, though its name was lost. All others come back from HQ.
                let mine = unsent::one(connection, case, change.half, change.actor, change.seq)?;
                if let Some(who) = named.or(mine.map(|_| me)) {
                    attributed.push((change, who));
                }
            }
            let mut snapshots = Vec::new();
            for half in Half::BOTH {
                let stored = halves::get(connection, case, half)?;
                snapshots.extend(stored.and_then(|row| row.snapshot).map(|one| (half, one)));
            }
            Ok(Left {
                who,
                changes: attributed,
                snapshots,
            })
        })
    }
}

/// What is left of a case.
struct Left {
    who: Vec<(Half, Actor, Attribution)>,
    changes: Vec<(Change, Attribution)>,
    snapshots: Vec<(Half, Snapshot)>,
}

impl Left {
    /// A case with those of its snapshots that still open.
    fn begin(&self, case: CaseId) -> (CaseFile, Vec<(Half, Snapshot)>) {
        let open = |snapshots: &[(Half, Snapshot)]| {
            let of = |half| StoredHalf {
                snapshot: snapshots
                    .iter()
                    .find(|(of, _)| *of == half)
                    .map(|(_, snapshot)| snapshot.clone()),
                changes: Vec::new(),
            };
            CaseFile::open(&Stored {
                case,
                field: of(Half::Field),
                hq: of(Half::Hq),
                who: self.who.clone(),
            })
        };
        let whole: Vec<_> = self
            .snapshots
            .iter()
            .filter(|one| open(std::slice::from_ref(one)).is_ok())
            .cloned()
            .collect();
        match open(&whole) {
            Ok(file) => (file, whole),
            Err(_) => (CaseFile::new(case), Vec::new()),
        }
    }
}

fn who_wrote(who: &[(Half, Actor, Attribution)], change: &Change) -> Option<Attribution> {
    let found = who
        .iter()
        .find(|(half, actor, _)| (*half, *actor) == (change.half, change.actor));
    found.map(|(_, _, who)| *who)
}

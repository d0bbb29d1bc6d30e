//! Rebuilding: every document made again from the log, run by run through the guard, and compared with what would be shown.

use mooring_casefile::{CaseFile, CaseId};

use super::{Board, LoadError, Shelves, Unproven, load};
use crate::ledger::LedgerError;
use crate::office::Office;

/// What came of rebuilding every case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many cases are in the log and were not shredded.
    pub cases: usize,
    /// Those that do not come to what is shown, or to nothing at all.
    pub differ: Vec<CaseId>,
    /// What stands in the log and no signature stands behind.
    pub unproven: Vec<Unproven>,
}

impl Office {
    /// Rebuilds every case, and proves every run against what its phone signed. It writes nothing, so the server may run meanwhile.
    pub fn rebuild_from_log(&self) -> Result<Rebuilt, LedgerError> {
        let shelves = Shelves::default().refreshed(self)?;
        let cases = self.readable_cases()?;
        let mut differ = Vec::new();
        for case in &cases {
            let shown = unless_damaged(load::load(self, *case))?;
            let same = match &shown {
                Some(shown) => comes_to(self, &shelves, *case, shown)?,
                None => false,
            };
            if !same {
                differ.push(*case);
            }
        }
        Ok(Rebuilt {
            cases: cases.len(),
            differ,
            unproven: self.unproven()?,
        })
    }
}

impl Board {
    /// Builds every case anew and says which differ from what is on the board.
    pub(crate) fn rebuild(&self, office: &Office) -> Result<Vec<CaseId>, LedgerError> {
        let mut differ = Vec::new();
        for (case, on_board) in &self.cases {
            if !comes_to(office, &self.shelves, *case, &on_board.file)? {
                differ.push(*case);
            }
        }
        Ok(differ)
    }
}

/// Whether the log of a case comes to this: the same changes, and the same words to read.
fn comes_to(
    office: &Office,
    shelves: &Shelves,
    case: CaseId,
    shown: &CaseFile,
) -> Result<bool, LedgerError> {
    let built = unless_damaged(load::rebuild(office, case))?;
    Ok(built.is_some_and(|built| {
        built.version() == shown.version()
            && built.who() == shown.who()
            && built.canonical_text(shelves) == shown.canonical_text(shelves)
    }))
}

fn unless_damaged(file: Result<CaseFile, LoadError>) -> Result<Option<CaseFile>, LedgerError> {
    match file {
        Ok(file) => Ok(Some(file)),
        Err(LoadError::Rebuild(_) | LoadError::Ledger(crate::office::UNREADABLE)) => Ok(None),
        Err(LoadError::Ledger(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mooring_casefile::{
        Actor, Attribution, DeviceId, Edit, NewCase, Now, PersonId, Role, Roles, Writer,
    };
    use mooring_identity::os_random;

    use super::*;
    use crate::ledger::{Code, DeviceRow, Leaf, NewPush, NewRun, StaffRow};
    use crate::office::Setup;

    const NOW: Now = Now {
        wall_ms: 1_764_000_000_000,
        uptime_ms: 0,
        boot_id: [0; 16],
    };

    fn writer() -> Writer {
        Writer {
            actor: Actor::new([5; 16]),
            who: Attribution {
                device: DeviceId::new([2; 16]),
                person: PersonId::new([1; 16]),
                roles: Roles::NONE.with(Role::Responder),
            },
        }
    }

    fn enrol(office: &Office) {
        let Attribution {
            device,
            person,
            roles,
        } = writer().who;
        let staff = StaffRow {
            id: person,
            name: "J. Okafor".into(),
            roles,
            password: None,
            added_ms: 1,
        };
        office.ledger.add_staff(&staff).unwrap();
        let code = Code {
            ticket: [4; 16],
            key: [4; 32],
            person,
            expires_ms: NOW.wall_ms + 1,
        };
        office.ledger.add_code(&code).unwrap();
        let row = DeviceRow {
            id: device,
            person,
            certificate: vec![4],
            enrolled_ms: 5,
            heard_ms: None,
        };
        office
            .ledger
            .enrol(&code.ticket, &row, NOW.wall_ms)
            .unwrap();
    }

    /// A log with one case of one change.
    fn append(office: &Office) -> CaseId {
        let case = CaseId::derive(NOW.wall_ms, [7; 10]);
        let new = NewCase {
            case,
            title: "M., 34".into(),
            minor: None,
        };
        let (_, change) = CaseFile::create(&new, &writer(), NOW).unwrap();
        let run = change.into_run();
        let (key, who) = ([9; 32], writer().who);
        let row = NewRun {
            case,
            half: run.half,
            actor: run.actor,
            first_seq: run.first_seq,
            last_seq: run.last_seq,
            last_change: run.last,
            device: who.device,
            person: who.person,
            roles: who.roles,
            leaf: Some(Leaf {
                index: 0,
                salt: [7; 32],
            }),
            sealed: office.seal_new_run(&run, &key),
        };
        let push = NewPush {
            id: [1; 32],
            device: who.device,
            epoch: 0,
            dev_seq: 1,
            prev: [0; 32],
            hash: [2; 32],
            statement: vec![1],
            receipt: vec![3],
            keys: vec![(case, key)],
            runs: vec![row],
            fate: crate::ledger::Fate::Received,
        };
        office.ledger.append_push(&push, NOW.wall_ms).unwrap();
        case
    }

    #[test]
    fn a_board_that_was_tampered_with_does_not_come_to_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let random = Box::new(os_random());
        let office = Office::open(folder.path(), Setup::default(), NOW, random).unwrap();
        enrol(&office);
        let case = append(&office);
        let mut board = Board::open(&office, NOW).unwrap();
        assert_eq!(board.rebuild(&office), Ok(vec![]));
        let rebuilt = office.rebuild_from_log().unwrap();
        assert_eq!((rebuilt.cases, rebuilt.differ), (1, Vec::new()));
        // Nobody signed this push.
        assert_eq!(rebuilt.unproven.len(), 1);
        let mut file = board.file(case).unwrap().as_ref().clone();
        let title = Edit::Title("somebody else".into());
        file.apply(&title, &writer(), NOW).unwrap();
        board.put(case, Arc::new(file));
        assert_eq!(board.rebuild(&office), Ok(vec![case]));
        board.reload(&office, case).unwrap();
        assert_eq!(board.rebuild(&office), Ok(vec![]));
    }
}

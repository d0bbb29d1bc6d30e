//! What travels of a case file: one change as its writer made it, and runs of one actor's consecutive changes.

use serde::{Deserialize, Serialize};

use crate::ids::{Actor, CaseId, ChangeId};

/// The two documents of a case file. They are the permission model: devices write one, headquarters the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Half {
    /// Written by enrolled devices.
    Field,
    /// Written at headquarters.
    Hq,
}

impl Half {
    /// Both halves, the field first.
    pub const BOTH: [Self; 2] = [Self::Field, Self::Hq];
}

/// One change: what a device must make durable before it may say "saved".
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// Its hash.
    pub id: ChangeId,
    /// The case it belongs to.
    pub case: CaseId,
    /// The half it belongs to.
    pub half: Half,
    /// Who wrote it, as an actor.
    pub actor: Actor,
    /// Its number among that actor's changes of this half, from 1.
    pub seq: u64,
    /// The raw change chunk, uncompressed.
    pub bytes: Vec<u8>,
}

impl Change {
    /// The run of this change alone.
    pub fn into_run(self) -> Run {
        Run {
            case: self.case,
            half: self.half,
            actor: self.actor,
            first_seq: self.seq,
            last_seq: self.seq,
            last: self.id,
            changes: vec![self.bytes],
        }
    }
}

/// One actor's consecutive changes of one half of one case.
#[derive(Clone, PartialEq, Eq)]
pub struct Run {
    /// The case it belongs to.
    pub case: CaseId,
    /// The half it belongs to.
    pub half: Half,
    /// The actor of every change in it.
    pub actor: Actor,
    /// The number of the first change.
    pub first_seq: u64,
    /// The number of the last change.
    pub last_seq: u64,
    /// The hash of the last change.
    pub last: ChangeId,
    /// Raw, uncompressed change chunks in the order of their numbers.
    pub changes: Vec<Vec<u8>>,
}

/// An exact state of a case file: the heads of both halves, sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Version {
    /// Heads of the field half.
    pub field: Vec<ChangeId>,
    /// Heads of the HQ half.
    pub hq: Vec<ChangeId>,
}

impl Version {
    /// The heads of one half.
    pub fn heads(&self, half: Half) -> &[ChangeId] {
        match half {
            Half::Field => &self.field,
            Half::Hq => &self.hq,
        }
    }
}

// What a person said is never printed: a log line about a run tells its identity and size only.
impl std::fmt::Debug for Change {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "Change {{ {:?} of {}, {}, {} bytes }}",
            self.half,
            self.case,
            self.id,
            self.bytes.len()
        )
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            case,
            half,
            actor,
            first_seq,
            last_seq,
            ..
        } = self;
        write!(
            out,
            "Run {{ {half:?} of {case}, actor {actor}, {first_seq} to {last_seq} }}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Half};
    use crate::ids::{Actor, CaseId, ChangeId};

    #[test]
    fn what_was_said_is_never_printed() {
        let change = Change {
            id: ChangeId::new([1; 32]),
            case: CaseId::derive(0, [0; 10]),
            half: Half::Field,
            actor: Actor::new([2; 16]),
            seq: 1,
            bytes: b"canary".to_vec(),
        };
        for printed in [format!("{change:?}"), format!("{:?}", change.into_run())] {
            assert!(
                !printed.contains("canary") && !printed.contains("[99, 97"),
                "{printed}"
            );
        }
    }
}

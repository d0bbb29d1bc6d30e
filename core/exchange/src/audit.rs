//! What a phone wrote down of what it was used for: acts that leave no change behind, chained, on their way to HQ.
//!
//! Kinds, case ids and times alone: nothing here says what was read.

use mooring_casefile::CaseId;
use mooring_identity::{IdentityError, Reader, Writer, sha256};

use crate::ids::read_case;
use crate::request::flag;

/// Acts in one request; a phone with more sends the rest with its next exchange.
pub const MOST_ACTS: usize = 4_096;

/// What the first row of a phone's audit names as the one before it.
pub const AUDIT_BEGINS: [u8; 32] = [0; 32];

/// One act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditAct {
    /// When, by the phone's clock.
    pub at_ms: i64,
    /// What kind, by the phone's numbers: one that HQ does not know is kept as it is.
    pub kind: u8,
    /// Which case.
    pub case: Option<CaseId>,
}

impl AuditAct {
    const LEAST: usize = 10;

    /// The kind in words.
    pub const fn words(&self) -> &'static str {
        match self.kind {
            1 => "unlock",
            2 => "list",
            3 => "read-case",
            4 => "exchange",
            5 => "break-glass",
            6 => "wrong-pin",
            7 => "show-standby",
            8 => "drop",
            9 => "shred",
            20 => "give-to-partner",
            21 => "take-from-partner",
            _ => "other",
        }
    }

    /// The hash of this act in its place of the phone's chain.
    pub fn hash(&self, position: u64, before: &[u8; 32]) -> [u8; 32] {
        let mut out = Writer::new();
        out.text("mooring.phone.audit").u8(0).fixed(before);
        out.u64(position);
        self.write(&mut out);
        sha256(&out.finish())
    }

    fn write(&self, out: &mut Writer) {
        out.i64(self.at_ms).u8(self.kind);
        match self.case {
            None => out.u8(0),
            Some(case) => out.u8(1).fixed(&case.bytes()),
        };
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        let (at_ms, kind) = (reader.i64()?, reader.u8()?);
        let case = if flag(reader)? {
            Some(read_case(reader)?)
        } else {
            None
        };
        Ok(Self { at_ms, kind, case })
    }
}

/// A stretch of a phone's chain: sent again until HQ says that it holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditActs {
    /// The hash of the row before the first; [`AUDIT_BEGINS`] before row 1.
    pub before: [u8; 32],
    /// The first row's position, from 1.
    pub first: u64,
    /// The rows.
    pub acts: Vec<AuditAct>,
    /// The last row's hash as the phone stored it when it wrote the row: a row that was altered since does not come to it.
    pub head: [u8; 32],
}

impl AuditActs {
    /// The last row's position.
    pub fn last(&self) -> u64 {
        let count = self.acts.len() as u64;
        self.first.saturating_add(count).saturating_sub(1)
    }

    /// Where HQ is with this phone once it holds all of this.
    pub fn mark(&self) -> AuditMark {
        AuditMark {
            position: self.last(),
            head: self.head,
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.fixed(&self.before).u64(self.first);
        out.varint(self.acts.len() as u64);
        for act in &self.acts {
            act.write(out);
        }
        out.fixed(&self.head);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        let (before, first) = (reader.array()?, reader.u64()?);
        let count = reader.count(MOST_ACTS, AuditAct::LEAST)?;
        let acts = (0..count)
            .map(|_| AuditAct::read(reader))
            .collect::<Result<Vec<_>, _>>()?;
        let head = reader.array()?;
        // Positions are from 1, and no count may run over the end of all numbers.
        let fits = first.checked_add(count as u64).is_some();
        if acts.is_empty() || first == 0 || !fits {
            return Err(IdentityError::Malformed);
        }
        Ok(Self {
            before,
            first,
            acts,
            head,
        })
    }
}

/// HQ holds a phone's audit durably up to here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditMark {
    /// The last position.
    pub position: u64,
    /// The hash that the phone sent for it.
    pub head: [u8; 32],
}

impl AuditMark {
    pub(crate) fn write(&self, out: &mut Writer) {
        out.u64(self.position).fixed(&self.head);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            position: reader.u64()?,
            head: reader.array()?,
        })
    }
}

//! Audit rows, how they hang together, and checkpoints.

use mooring_casefile::{CaseId, DeviceId, PersonId, RecordId};
use mooring_exchange::AuditAct;
use mooring_identity::{Writer, sha256};

use super::Hash;

/// What the first row names as the one before it.
pub const CHAIN_BEGINS: Hash = [0; 32];

/// A read, an export, a sign-in, a refusal: what no change in a case file records. Never content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audit {
    /// When.
    pub at_ms: i64,
    /// Who, where known.
    pub staff: Option<PersonId>,
    /// Under which sign-in.
    pub sign_in: Option<RecordId>,
    /// The verb.
    pub verb: String,
    /// Which case.
    pub case: Option<CaseId>,
    /// A code; never content.
    pub code: Option<String>,
    /// Whom of the staff it was done to.
    pub about: Option<PersonId>,
    /// Which phone it concerns.
    pub device: Option<DeviceId>,
    /// Numbers and hashes that belong to the verb.
    pub detail: Option<String>,
}

impl Audit {
    /// The hash of this row in its place: whoever changes a row, its number or its neighbor changes it.
    pub fn hash(&self, number: i64, before: &Hash) -> Hash {
        let mut out = Writer::new();
        out.text("mooring.hq.audit").u8(0).fixed(before);
        out.i64(number).i64(self.at_ms).text(&self.verb);
        put(&mut out, self.staff.map(|id| id.as_bytes().to_vec()));
        put(&mut out, self.sign_in.map(|id| id.bytes().to_vec()));
        put(&mut out, self.case.map(|id| id.bytes().to_vec()));
        put(
            &mut out,
            self.code.as_ref().map(|text| text.as_bytes().to_vec()),
        );
        put(&mut out, self.about.map(|id| id.as_bytes().to_vec()));
        put(&mut out, self.device.map(|id| id.bytes().to_vec()));
        put(
            &mut out,
            self.detail.as_ref().map(|text| text.as_bytes().to_vec()),
        );
        sha256(&out.finish())
    }
}

fn put(out: &mut Writer, field: Option<Vec<u8>>) {
    match field {
        None => out.u8(0),
        Some(bytes) => out.u8(1).bytes(&bytes),
    };
}

/// A row as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, from 1, without gaps.
    pub number: i64,
    /// What it says.
    pub said: Audit,
    /// Its hash; none on a row from before the chain.
    pub hash: Option<Hash>,
}

/// A checkpoint as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointRow {
    /// Which row it covers, and all before.
    pub number: i64,
    /// HQ's signed statement.
    pub signed: Vec<u8>,
    /// The root's statement about the key that signed: keys are rotated, checkpoints stay.
    pub key_set: Vec<u8>,
}

/// A row of a phone's own audit as HQ keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhoneAct {
    /// Whose.
    pub device: DeviceId,
    /// Which of its histories: one that parts from what came before is kept beside it.
    pub branch: i64,
    /// Its place there.
    pub position: u64,
    /// What it says.
    pub act: AuditAct,
    /// The hash that follows from that and from the row before.
    pub hash: Hash,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Audit {
        Audit {
            at_ms: 1,
            staff: Some(PersonId::new([1; 16])),
            sign_in: None,
            verb: "case".into(),
            case: Some(CaseId::derive(5, [2; 10])),
            code: None,
            about: None,
            device: None,
            detail: None,
        }
    }

    #[test]
    fn the_hash_is_the_same_for_ever() {
        let hash = row().hash(7, &[3; 32]);
        assert_eq!(
            crate::hex::hex(&hash),
            "72be62cd0873883a854b0d9c65156139cab9867880ca897f850f38fd55851422"
        );
    }

    #[test]
    fn every_field_the_place_and_the_neighbor_make_another_hash() {
        let changed: [fn(&mut Audit); 9] = [
            |row| row.at_ms = 2,
            |row| row.staff = None,
            |row| row.sign_in = Some(RecordId::derive(5, [1; 10])),
            |row| row.verb = "cas".into(),
            |row| row.case = None,
            |row| row.code = Some("e".into()),
            |row| row.about = row.staff,
            |row| row.device = Some(DeviceId::new([1; 16])),
            |row| row.detail = Some("e".into()),
        ];
        let mut hashes = vec![
            row().hash(7, &[3; 32]),
            row().hash(8, &[3; 32]),
            row().hash(7, &[4; 32]),
        ];
        for change in changed {
            let mut row = row();
            change(&mut row);
            hashes.push(row.hash(7, &[3; 32]));
        }
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 12);
    }
}

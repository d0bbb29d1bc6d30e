//! HQ's word about the runs of one page: a Merkle root over them, each leaf under a salt of its own, so that a phone can prove one run
//! to a partner without keeping the page or telling of the others. The phone works the paths out by itself; the wire carries the root
//! once a page.

use mooring_casefile::{Attribution, DeviceId, Half, Run};
use mooring_identity::{
    AgencyId, Domain, IdentityError, KeySet, MerkleTree, Purpose, Reader, Signed, SigningKey,
    Statement, Writer, derive_salt, derive_secret, leaf_hash,
};

use super::RunProof;
use crate::ids::{read_device, read_person};
use crate::limits::LARGEST_STATEMENT;
use crate::{Entry, Page, PageEntry, RunHeader};

const SALT: Purpose = Purpose::new("mooring.page-salt");

/// HQ, about the runs of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRoot {
    /// The agency.
    pub agency: AgencyId,
    /// How many runs.
    pub runs: u64,
    /// The root over their writers and headers.
    pub root: [u8; 32],
}

impl Statement for PageRoot {
    const DOMAIN: Domain = Domain::PageRoot;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0).u64(self.runs).fixed(&self.root);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            runs: reader.u64()?,
            root: reader.array()?,
        })
    }
}

/// A run of a page, whom HQ names as its writer, and the proof of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvedRun {
    /// Which run.
    pub header: RunHeader,
    /// Verified device and person, in HQ's words.
    pub who: Attribution,
    /// HQ's word for both.
    pub proof: RunProof,
}

/// Adds HQ's word about its runs to a page's entries; a page without runs needs none. The same page gets the same word: neither chance
/// nor time goes into it.
pub fn prove_page(
    entries: &mut Vec<PageEntry>,
    (agency, device): (AgencyId, DeviceId),
    (after, until): (u64, u64),
    key: &SigningKey,
) {
    let mut place = Writer::new();
    place.fixed(&device.bytes()).u64(after).u64(until);
    let secret = derive_secret(&agency.0, key.seed().expose(), SALT, &place.finish());
    let salt = *secret.expose();
    let leaves = leaves(entries, &salt);
    if leaves.is_empty() {
        return;
    }
    let said = PageRoot {
        agency,
        runs: leaves.len() as u64,
        root: MerkleTree::new(leaves).root(),
    };
    let mut out = Writer::new();
    out.bytes(Signed::sign(said, key).bytes()).fixed(&salt);
    entries.push(PageEntry {
        cursor: until,
        entry: Entry::Proof(out.finish()),
    });
}

/// What the proof of a page proves; nothing where it does not hold, which costs nothing but the proof.
pub fn proved_runs(page: &Page, agency: AgencyId, keys: &KeySet) -> Vec<ProvedRun> {
    let proofs = page.entries.iter().filter_map(|entry| match &entry.entry {
        Entry::Proof(bytes) => Some(bytes),
        Entry::Run { .. }
        | Entry::Directory(_)
        | Entry::KeySet(_)
        | Entry::SealingKeys(_)
        | Entry::Lease(_)
        | Entry::Order(_)
        | Entry::Assignment(_)
        | Entry::Protocol { .. }
        | Entry::Unreadable { .. } => None,
    });
    let proved = proofs.filter_map(|bytes| prove(page, bytes, agency, keys).ok());
    proved.flatten().collect()
}

fn prove(
    page: &Page,
    bytes: &[u8],
    agency: AgencyId,
    keys: &KeySet,
) -> Result<Vec<ProvedRun>, IdentityError> {
    let mut reader = Reader::new(bytes);
    let signed = reader.bytes(LARGEST_STATEMENT)?;
    let salt: [u8; 32] = reader.array()?;
    reader.finish()?;
    let said = Signed::<PageRoot>::open(signed, keys)?;
    let tree = MerkleTree::new(leaves(&page.entries, &salt));
    if said.statement().agency != agency || said.statement().root != tree.root() {
        return Err(IdentityError::Forged);
    }
    let proved = runs_of(&page.entries)
        .zip(0_u64..)
        .filter_map(|((who, run), index)| {
            let header = RunHeader::of(run);
            let path = tree.proof(usize::try_from(index).ok()?)?;
            let salt = derive_salt(&salt, index);
            Some(ProvedRun {
                header,
                who: *who,
                proof: RunProof::Hq {
                    root: signed.to_vec(),
                    salt,
                    path,
                    who: *who,
                    header,
                },
            })
        });
    Ok(proved.collect())
}

fn leaves(entries: &[PageEntry], salt: &[u8; 32]) -> Vec<[u8; 32]> {
    runs_of(entries)
        .zip(0_u64..)
        .map(|((who, run), index)| {
            leaf_hash(&derive_salt(salt, index), &leaf(who, &RunHeader::of(run)))
        })
        .collect()
}

fn runs_of(entries: &[PageEntry]) -> impl Iterator<Item = (&Attribution, &Run)> {
    entries.iter().filter_map(|entry| match &entry.entry {
        Entry::Run { who, run } => Some((who, run)),
        Entry::Directory(_)
        | Entry::KeySet(_)
        | Entry::SealingKeys(_)
        | Entry::Lease(_)
        | Entry::Order(_)
        | Entry::Assignment(_)
        | Entry::Protocol { .. }
        | Entry::Proof(_)
        | Entry::Unreadable { .. } => None,
    })
}

/// What one leaf says: who wrote it, and which run it is.
pub(super) fn leaf(who: &Attribution, header: &RunHeader) -> Vec<u8> {
    let mut out = Writer::new();
    write_who(who, &mut out);
    out.fixed(&header.encode());
    out.finish()
}

pub(super) fn write_who(who: &Attribution, out: &mut Writer) {
    out.fixed(&who.device.bytes())
        .fixed(&who.person.bytes())
        .u16(who.roles.bits());
}

pub(super) fn read_who(reader: &mut Reader<'_>) -> Result<Attribution, IdentityError> {
    Ok(Attribution {
        device: read_device(reader)?,
        person: read_person(reader)?,
        roles: mooring_casefile::Roles::from_bits(reader.u16()?),
    })
}

/// HQ's half is HQ's alone: nobody's voucher speaks for it.
pub(super) const fn may_be_a_devices(half: Half) -> bool {
    match half {
        Half::Field => true,
        Half::Hq => false,
    }
}

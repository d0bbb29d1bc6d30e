//! Why one run is believed: its author's own word, or HQ's.

use mooring_casefile::{Attribution, DeviceId, PersonId, Roles, Run};
use mooring_identity::{IdentityError, KeySet, MerkleProof, Reader, Signed, Writer, leaf_hash};

use super::page_root::{leaf, may_be_a_devices, read_who, write_who};
use super::{BundleFault, LARGEST_CERTIFICATE, PageRoot, RunVoucher, Trust, VERSION};
use crate::RunHeader;
use crate::run::names_all_before;

const LARGEST_SIGNED: usize = 1 << 10;
const LONGEST_PATH: usize = 2 << 10;

/// What proves who wrote a run, to a phone that asks nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunProof {
    /// The author's phone says so: its certificate, and its [`RunVoucher`].
    Device {
        /// As HQ signed it.
        certificate: Vec<u8>,
        /// As the phone signed it.
        voucher: Vec<u8>,
    },
    /// HQ said so, in the page that brought the run.
    Hq {
        /// The signed [`PageRoot`].
        root: Vec<u8>,
        /// The leaf's salt.
        salt: [u8; 32],
        /// From the leaf to the root.
        path: MerkleProof,
        /// Whom HQ names as the writer.
        who: Attribution,
        /// The run, as that page had it.
        header: RunHeader,
    },
}

impl RunProof {
    /// As canonical binary.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION);
        match self {
            Self::Device {
                certificate,
                voucher,
            } => {
                out.u8(0).bytes(certificate).bytes(voucher);
            }
            Self::Hq {
                root,
                salt,
                path,
                who,
                header,
            } => {
                out.u8(1).bytes(root).fixed(salt).bytes(&path.encode());
                write_who(who, &mut out);
                out.fixed(&header.encode());
            }
        }
        out.finish()
    }

    /// From canonical binary, **not yet believed**.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let proof = match reader.u8()? {
            0 => Self::Device {
                certificate: reader.bytes(LARGEST_CERTIFICATE)?.to_vec(),
                voucher: reader.bytes(LARGEST_SIGNED)?.to_vec(),
            },
            1 => Self::Hq {
                root: reader.bytes(LARGEST_SIGNED)?.to_vec(),
                salt: reader.array()?,
                path: MerkleProof::parse(reader.bytes(LONGEST_PATH)?)?,
                who: read_who(&mut reader)?,
                header: RunHeader::read(&mut reader)?,
            },
            2..=u8::MAX => return Err(IdentityError::TooNew),
        };
        reader.finish()?;
        Ok(proof)
    }

    /// Who wrote this run. A run that begins earlier than the proof's is proved as well, since each change names the one before it.
    pub fn verify(
        &self,
        run: &Run,
        trust: &Trust<'_>,
        keys: &KeySet,
    ) -> Result<Attribution, BundleFault> {
        let given = RunHeader::of(run);
        let (who, proved) = match self {
            Self::Device {
                certificate,
                voucher,
            } => by_device(certificate, voucher, trust, keys)?,
            Self::Hq {
                root,
                salt,
                path,
                who,
                header,
            } => {
                let said = Signed::<PageRoot>::open(root, keys)?.into_statement();
                let leaf = leaf_hash(salt, &leaf(who, header));
                let holds = said.agency == trust.agency
                    && said.runs == path.leaves
                    && path.root(&leaf)? == said.root;
                if !holds {
                    return Err(IdentityError::Forged.into());
                }
                (*who, *header)
            }
        };
        let same_end =
            (given.key, given.last_seq, given.last) == (proved.key, proved.last_seq, proved.last);
        if same_end && names_all_before(run) {
            Ok(who)
        } else {
            Err(IdentityError::Forged.into())
        }
    }
}

fn by_device(
    certificate: &[u8],
    voucher: &[u8],
    trust: &Trust<'_>,
    keys: &KeySet,
) -> Result<(Attribution, RunHeader), BundleFault> {
    let author = trust.device(certificate, keys)?;
    let said = Signed::<RunVoucher>::open(voucher, &author.key)?.into_statement();
    let own = said.agency == trust.agency
        && said.device.bytes() == author.device
        && said.epoch <= author.epoch
        && may_be_a_devices(said.header.key.half);
    if !own {
        return Err(IdentityError::WrongAddressee.into());
    }
    let who = Attribution {
        device: DeviceId::new(author.device),
        person: PersonId::new(author.person),
        roles: Roles::from_bits(author.roles),
    };
    Ok((who, said.header))
}

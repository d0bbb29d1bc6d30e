//! Taking a bundle: nothing in it is read as a run before the seal and the giver's signature held, and each run is believed for its own
//! proof alone.

use mooring_casefile::{Attribution, CaseId, DeviceId, Run};
use mooring_identity::{
    DeviceCertificate, IdentityError, KeySet, Reader, RecipientKey, Signed, sha256,
};

use super::{
    BundleFault, LARGEST_CERTIFICATE, PURPOSE, PartnerBundle, RunProof, Trust, VERSION, context,
};
use crate::limits::{LARGEST_PUSH, LARGEST_RAW, MOST_RUNS};
use crate::run::decode_run;
use crate::squeeze::unsqueeze;

const LARGEST_SIGNED: usize = 1 << 10;
const LARGEST_PROOF: usize = 16 << 10;

/// A run that a partner gave, and who wrote it: proved, **not yet guarded**.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRun {
    /// The changes.
    pub run: Run,
    /// Verified device and person.
    pub who: Attribution,
    /// What proves it to the next.
    pub proof: RunProof,
}

/// A bundle whose seal and signature hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedBundle {
    /// Whose phone gave it.
    pub from: DeviceCertificate,
    /// The case.
    pub case: CaseId,
    /// When it was made, by that phone's clock.
    pub made_ms: i64,
    /// What proved itself.
    pub runs: Vec<GivenRun>,
    /// How many runs did not.
    pub left_out: u64,
}

/// The nonce of the token that a bundle says it answers, **not believed**.
pub fn token_of(bundle: &[u8]) -> Result<[u8; 16], IdentityError> {
    let mut reader = Reader::new(bundle);
    reader.version(VERSION)?;
    reader.array()
}

/// Opens a bundle that answers this very token, with the key that was made for it.
pub fn open_bundle(
    bundle: &[u8],
    token: &[u8],
    (me, key): (DeviceId, &RecipientKey),
    trust: &Trust<'_>,
) -> Result<OpenedBundle, BundleFault> {
    if bundle.len() > LARGEST_PUSH {
        return Err(IdentityError::TooLarge.into());
    }
    let mut reader = Reader::new(bundle);
    reader.version(VERSION)?;
    let _nonce: [u8; 16] = reader.array()?;
    let plain = key.open(PURPOSE, &context(token), reader.rest())?;
    let mut reader = Reader::new(&plain);
    let keys = trust.newest_keys(reader.bytes(LARGEST_CERTIFICATE)?);
    let from = trust.device(reader.bytes(LARGEST_CERTIFICATE)?, &keys)?;
    let said =
        Signed::<PartnerBundle>::open(reader.bytes(LARGEST_SIGNED)?, &from.key)?.into_statement();
    let length = reader.varint()?;
    let packed = reader.rest();
    let ours = said.agency == trust.agency
        && said.from.bytes() == from.device
        && said.to == me
        && said.token == sha256(token);
    if !ours {
        return Err(IdentityError::WrongAddressee.into());
    }
    if said.body != sha256(packed) {
        return Err(IdentityError::Forged.into());
    }
    let raw = unsqueeze(packed, length, LARGEST_RAW)?;
    let (runs, left_out) = believe(&raw, said.case, trust, &keys)?;
    Ok(OpenedBundle {
        from,
        case: said.case,
        made_ms: said.made_ms,
        runs,
        left_out,
    })
}

fn believe(
    raw: &[u8],
    case: CaseId,
    trust: &Trust<'_>,
    keys: &KeySet,
) -> Result<(Vec<GivenRun>, u64), IdentityError> {
    let mut reader = Reader::new(raw);
    let count = reader.count(MOST_RUNS, 2)?;
    let (mut runs, mut left_out) = (Vec::new(), 0);
    for _ in 0..count {
        let (run, proof) = (reader.bytes(LARGEST_RAW)?, reader.bytes(LARGEST_PROOF)?);
        match one(run, proof, case, trust, keys) {
            Ok(given) => runs.push(given),
            Err(_) => left_out += 1,
        }
    }
    reader.finish()?;
    Ok((runs, left_out))
}

fn one(
    run: &[u8],
    proof: &[u8],
    case: CaseId,
    trust: &Trust<'_>,
    keys: &KeySet,
) -> Result<GivenRun, BundleFault> {
    let (run, proof) = (decode_run(run)?, RunProof::parse(proof)?);
    if run.case != case {
        return Err(IdentityError::WrongAddressee.into());
    }
    let who = proof.verify(&run, trust, keys)?;
    Ok(GivenRun { run, who, proof })
}

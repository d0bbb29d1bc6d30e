//! Making a bundle: signed first, then sealed to the key of the token that it answers.

use mooring_casefile::{CaseId, DeviceId, Run};
use mooring_identity::{
    AgencyId, Domain, IdentityError, Random, Reader, Signed, SigningKey, Statement, Writer, sha256,
};

use super::{PURPOSE, RunProof, ShownToken, VERSION, context};
use crate::ids::{read_case, read_device};
use crate::limits::{LARGEST_RAW, MOST_RUNS};
use crate::run::encode_run;
use crate::squeeze::{Effort, squeeze};

/// What a phone says of a bundle: from whom, to whom, in answer to which token, which case, and every byte of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerBundle {
    /// The agency.
    pub agency: AgencyId,
    /// The phone that gives.
    pub from: DeviceId,
    /// The phone that takes.
    pub to: DeviceId,
    /// SHA-256 of the token.
    pub token: [u8; 32],
    /// The case.
    pub case: CaseId,
    /// When it was made, by the giving phone's clock; for the record only.
    pub made_ms: i64,
    /// SHA-256 of the packed runs and proofs.
    pub body: [u8; 32],
}

impl Statement for PartnerBundle {
    const DOMAIN: Domain = Domain::PartnerBundle;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.from.bytes())
            .fixed(&self.to.bytes())
            .fixed(&self.token)
            .fixed(&self.case.bytes())
            .i64(self.made_ms)
            .fixed(&self.body);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            from: read_device(reader)?,
            to: read_device(reader)?,
            token: reader.array()?,
            case: read_case(reader)?,
            made_ms: reader.i64()?,
            body: reader.array()?,
        })
    }
}

/// What a bundle is made of.
#[derive(Debug, Clone, Copy)]
pub struct BundleDraft<'a> {
    /// What it answers: checked.
    pub token: &'a ShownToken,
    /// The giving phone.
    pub from: DeviceId,
    /// Its certificate, as HQ signed it.
    pub certificate: &'a [u8],
    /// HQ's keys, as the root signed them.
    pub key_set: &'a [u8],
    /// The case.
    pub case: CaseId,
    /// Its runs, each with what proves it.
    pub runs: &'a [(Run, RunProof)],
    /// The giving phone's clock.
    pub made_ms: i64,
}

/// Signs and seals. `TooLarge` beyond what one bundle may hold.
pub fn seal_bundle(
    draft: &BundleDraft<'_>,
    key: &SigningKey,
    random: &mut dyn Random,
) -> Result<Vec<u8>, IdentityError> {
    let (raw_length, packed) = pack(draft.runs)?;
    let token = draft.token.token();
    let said = PartnerBundle {
        agency: token.agency,
        from: draft.from,
        to: token.device,
        token: sha256(draft.token.bytes()),
        case: draft.case,
        made_ms: draft.made_ms,
        body: sha256(&packed),
    };
    let mut plain = Writer::new();
    plain
        .bytes(draft.key_set)
        .bytes(draft.certificate)
        .bytes(Signed::sign(said, key).bytes())
        .varint(raw_length)
        .fixed(&packed);
    let context = context(draft.token.bytes());
    let sealed = token.to.seal(PURPOSE, &context, &plain.finish(), random)?;
    let mut out = Writer::new();
    out.u8(VERSION).fixed(&token.nonce).fixed(&sealed);
    Ok(out.finish())
}

fn pack(runs: &[(Run, RunProof)]) -> Result<(u64, Vec<u8>), IdentityError> {
    if runs.len() > MOST_RUNS {
        return Err(IdentityError::TooLarge);
    }
    let mut raw = Writer::new();
    raw.varint(runs.len() as u64);
    for (run, proof) in runs {
        raw.bytes(&encode_run(run)).bytes(&proof.encode());
    }
    let raw = raw.finish();
    if raw.len() > LARGEST_RAW {
        return Err(IdentityError::TooLarge);
    }
    Ok((raw.len() as u64, squeeze(&raw, Effort::Once)))
}

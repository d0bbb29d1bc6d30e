//! A case from one phone to another with no HQ between them. The app carries the bytes: as a file, a row of QR codes, or by the
//! platform's nearby transport.

use crate::error::MooringError;
use crate::exchange::roles;
use crate::listen::Changed;
use crate::phone::BlockingPhone;
use crate::rows::count;
use mooring_casefile::{CaseId, PersonId, RecordId, Role};
use mooring_device::{Device, GivenBundle, PartsHeld, TakenBundle, cut_for_qr};
use std::sync::{Mutex, PoisonError};

/// Whose phone shows a token, as HQ certified it.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Partner {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they are in the agency.
    pub roles: Vec<Role>,
}

/// A case, sealed for a partner's phone.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct GivenToPartner {
    /// To be carried to the phone that showed the token.
    pub bundle: Vec<u8>,
    /// How many pieces of the case are in it.
    pub runs: i64,
    /// How many of others this phone can't prove: they stay out, and HQ brings them.
    pub left_out: i64,
}

/// What came of a partner's bundle.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct TakenFromPartner {
    /// Which case.
    pub case: CaseId,
    /// Whose phone gave it.
    pub person: PersonId,
    /// Their name, as HQ certified it.
    pub name: String,
    /// Pieces that are part of the case now.
    pub merged_runs: i64,
    /// Pieces that wait for what they build on.
    pub waiting_runs: i64,
    /// Pieces that were not let in.
    pub held_runs: i64,
    /// Pieces that did not prove themselves, here or at the partner's.
    pub left_out: i64,
    /// Advice that is new on this phone.
    pub new_advice: Vec<RecordId>,
}

#[uniffi::export]
impl BlockingPhone {
    /// Makes a token to be shown to a partner's phone, good once and for ten minutes. Anybody may see it: what answers it can be opened
    /// by this phone only.
    pub fn partner_token(&self) -> Result<Vec<u8>, MooringError> {
        self.opened(Device::partner_token)
    }

    /// Whose phone shows this token, to be asked before anything is given.
    pub fn partner_of(&self, token: Vec<u8>) -> Result<Partner, MooringError> {
        let who = self.opened(|device, _| device.partner_of(&token))?;
        Ok(Partner {
            person: who.person,
            name: who.name,
            roles: roles(who.roles),
        })
    }

    /// Seals a case to the phone that showed this token; the case says to whom it was given.
    pub fn give_to_partner(
        &self,
        case_id: CaseId,
        token: Vec<u8>,
    ) -> Result<GivenToPartner, MooringError> {
        let GivenBundle {
            bytes,
            runs,
            left_out,
        } = self.opened(|device, now| device.bundle_for(case_id, &token, now))?;
        self.listeners().tell(Changed::Case { case: case_id });
        Ok(GivenToPartner {
            bundle: bytes,
            runs: count(runs),
            left_out: count(left_out),
        })
    }

    /// Takes a bundle that answers a token of this phone. It is not at HQ by that: HQ's own word says so.
    pub fn take_from_partner(&self, bundle: Vec<u8>) -> Result<TakenFromPartner, MooringError> {
        let TakenBundle {
            case,
            from: _,
            person,
            name,
            merged_runs,
            waiting_runs,
            held_runs,
            left_out,
            new_advice,
        } = self.opened(|device, now| device.take_bundle(&bundle, now))?;
        self.listeners().tell(Changed::Everything);
        Ok(TakenFromPartner {
            case,
            person,
            name,
            merged_runs: count(merged_runs),
            waiting_runs: count(waiting_runs),
            held_runs: count(held_runs),
            left_out: count(left_out),
            new_advice,
        })
    }
}

/// Cuts a token or a bundle into texts, each for one QR code in its alphanumeric mode. `BadInput` for more codes than anybody would hold up.
#[uniffi::export]
pub fn qr_parts(bytes: Vec<u8>) -> Result<Vec<String>, MooringError> {
    cut_for_qr(&bytes).map_err(|_| MooringError::too_long())
}

/// Codes that were read so far, in any order, with doubles.
#[derive(Default, uniffi::Object)]
pub struct QrReader(Mutex<PartsHeld>);

/// How far the reading is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct QrProgress {
    /// Codes that were read.
    pub read: i64,
    /// How many there are; 0 before the first.
    pub of: i64,
    /// The whole, once every code was read.
    pub whole: Option<Vec<u8>>,
}

#[uniffi::export]
impl QrReader {
    /// Nothing was read yet.
    #[uniffi::constructor]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one code. `Refused` for one that is none of ours, or of another row; what was read stays.
    pub fn take(&self, code: String) -> Result<QrProgress, MooringError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = held.take(&code).map_err(|_| MooringError::no_code())?;
        let (read, of) = held.progress();
        Ok(QrProgress {
            read: count(u64::try_from(read).unwrap_or(u64::MAX)),
            of: count(u64::try_from(of).unwrap_or(u64::MAX)),
            whole,
        })
    }
}

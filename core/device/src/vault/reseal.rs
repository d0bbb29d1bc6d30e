//! Sealing the vault's key again: another PIN, a dearer one, a finger, the agency's custodians. The header is replaced whole; the
//! database is not touched.

use super::create::check_pin;
use super::open::{By, Closed, Older};
use super::pin::{from_keystore, give_back, try_pin};
use super::{Vault, header_file};
use crate::error::{Error, Refused, Result, VaultFault};
use crate::seams::Seams;
use mooring_casefile::Now;
use mooring_identity::{
    KdfParams, Recipient, Recovering, RecoveryRequest, SlotState, VaultHeader, VaultKey,
    next_generation,
};
use std::path::Path;

impl Vault {
    /// What one guess of the PIN costs.
    pub(crate) fn pin_cost(&self) -> Result<KdfParams> {
        Ok(header_file::read(&self.header_path)?.kdf())
    }

    /// Whether a finger or face opens it.
    pub(crate) fn opens_by_biometric(&self) -> Result<bool> {
        let [_, biometric, _] = header_file::read(&self.header_path)?.slots();
        Ok(biometric == SlotState::Filled)
    }

    /// Seals it under `new`, if `old` is its PIN: that is a try like any other.
    pub(crate) fn change_pin(
        &mut self,
        old: &[u8],
        new: &[u8],
        cost: KdfParams,
        seams: &mut Seams,
        now: Now,
    ) -> Result<()> {
        check_pin(new)?;
        let (header, key) = self.confirm(old, seams, now)?;
        let changed = header
            .make_again(
                &key,
                new,
                cost,
                seams.provider.as_mut(),
                seams.random.as_mut(),
            )
            .map_err(from_keystore)?;
        header_file::write(&self.header_path, &changed)
    }

    /// Lets a finger or face open it, if `pin` is its PIN.
    pub(crate) fn add_biometric(&mut self, pin: &[u8], seams: &mut Seams, now: Now) -> Result<()> {
        let (header, key) = self.confirm(pin, seams, now)?;
        let with = header
            .add_biometric(&key, seams.provider.as_mut(), seams.random.as_mut())
            .map_err(from_keystore)?;
        header_file::write(&self.header_path, &with)
    }

    /// Lets only the PIN open it from now on.
    pub(crate) fn drop_biometric(&mut self) -> Result<()> {
        let header = header_file::read(&self.header_path)?;
        header_file::write(&self.header_path, &header.without_biometric())
    }

    /// Seals it to the agency's two custodians.
    pub(crate) fn add_recovery(
        &mut self,
        custodians: [Recipient; 2],
        seams: &mut Seams,
    ) -> Result<()> {
        let header = header_file::read(&self.header_path)?;
        let with = header
            .add_recovery(&self.key, custodians, seams.random.as_mut())
            .map_err(|_| Error::Refused(Refused::Format))?;
        header_file::write(&self.header_path, &with)
    }

    /// Whether this is its PIN. A wrong one is counted.
    pub(crate) fn check_pin(&mut self, pin: &[u8], seams: &mut Seams, now: Now) -> Result<()> {
        self.confirm(pin, seams, now).map(|_| ())
    }

    /// Asks for the PIN of an open vault once more. A wrong one is counted.
    fn confirm(
        &mut self,
        pin: &[u8],
        seams: &mut Seams,
        now: Now,
    ) -> Result<(VaultHeader, VaultKey)> {
        let mut header = header_file::read(&self.header_path)?;
        let key = try_pin(&self.header_path, &mut header, pin, seams, now)?;
        // The opening itself is counted already: giving the tries back is one more, which the mark must have seen first.
        self.count_right_pin(&mut header, seams, now)?;
        Ok((header, key))
    }

    fn count_right_pin(
        &mut self,
        header: &mut VaultHeader,
        seams: &mut Seams,
        now: Now,
    ) -> Result<()> {
        let generation = seams.provider.generation().map_err(from_keystore)?;
        self.say_generation(next_generation(generation), now)?;
        if let Some(marks) = &mut self.marks {
            marks.see(next_generation(generation), self.commit, self.only_here);
        }
        give_back(&self.header_path, header, generation, seams);
        Ok(())
    }
}

/// The question for the custodians of a vault that its person can't open. Nothing changes by asking.
pub(crate) fn begin_recovery(
    dir: &Path,
    seams: &mut Seams,
) -> Result<(RecoveryRequest, Recovering)> {
    Closed::find(dir)?
        .header
        .ask_recovery(seams.random.as_mut())
        .ok_or(Error::Vault(VaultFault::NotSetUp))
}

/// Opens a vault with the custodians' answer and seals it under a new PIN, once the database has proved that the key is the right one.
pub(crate) fn finish_recovery(
    dir: &Path,
    asked: &Recovering,
    answer: &[u8],
    (pin, cost): (&[u8], KdfParams),
    seams: &mut Seams,
    now: Now,
) -> Result<Vault> {
    check_pin(pin)?;
    let closed = Closed::find(dir)?;
    let refused = |_| Error::Refused(Refused::Signature);
    let key = asked.finish(answer).map_err(refused)?;
    let again = asked.finish(answer).map_err(refused)?;
    // Whoever holds the phone can make an answer: before it is proved to be this vault's key, it must not give any try back.
    closed.prove(&key)?;
    let (header, path) = (closed.header.clone(), closed.header_path.clone());
    let mut vault = closed.open_with(key, By::Pin(pin), Older::GoOn, seams, now)?;
    // The keystore may be another one: whether this is the newest state, it can't say.
    vault.say_restored(now)?;
    let sealed = header
        .make_again(
            &again,
            pin,
            cost,
            seams.provider.as_mut(),
            seams.random.as_mut(),
        )
        .map_err(from_keystore)?;
    header_file::write(&path, &sealed.without_biometric())?;
    Ok(vault)
}

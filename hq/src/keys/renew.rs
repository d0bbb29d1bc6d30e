//! New keys for an agency that is at work: its root, brought back for a moment, says which they are.

use std::path::{Path, PathBuf};

use mooring_identity::{KeySet, Random, RecipientKey, SealingKeys, Signed, SigningKey};

use super::{Keys, KeysError, export, files};

/// Keys that one set names at most. What a key signed that is in it no more is signed anew when it goes out.
const MOST_IN_SET: usize = 8;

/// What becomes of the online key that HQ signed with until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormerKey {
    /// It stays in the set: what it signed goes on being believed.
    Stays,
    /// It is left out, because somebody else may have it.
    Goes,
}

/// New keys to seal to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeSealing {
    /// The number of the root's statement about them.
    pub serial: u64,
    /// Where the custodians' private keys wait to be taken offline.
    pub custodians: [PathBuf; 2],
}

impl Keys {
    /// Makes keys that phones seal to: HQ's, and two custodians'. A later statement replaces an earlier one; its keys go on opening.
    pub(crate) fn make_sealing(
        &self,
        root_file: &Path,
        now_ms: i64,
        random: &mut dyn Random,
    ) -> Result<MadeSealing, KeysError> {
        let root = export::read_root(root_file, &self.root)?;
        let former = self.ring();
        let former = former.sealing_keys.as_ref();
        let serial = former.map_or(0, |keys| keys.statement().serial) + 1;
        let opening = RecipientKey::make(random);
        let custodians = export::make_custodians(random);
        let statement = SealingKeys {
            agency: self.agency(),
            serial,
            made_ms: now_ms,
            hq: opening.recipient(),
            custodians: Some(custodians.each_ref().map(RecipientKey::recipient)),
        };
        // Before any phone seals to them: keys that nobody has must open nothing.
        let exported = export::export_custodians(self.data(), &custodians, serial)?;
        let statement = Signed::sign(statement, &root);
        files::add_sealing(&self.folder, &opening, &statement, &self.lock, random)?;
        self.reread()?;
        Ok(MadeSealing {
            serial,
            custodians: exported,
        })
    }

    /// Makes a new online key; HQ signs with it from now on. Gives the number of the new set.
    pub(crate) fn make_online(
        &self,
        root_file: &Path,
        former: FormerKey,
        now_ms: i64,
        random: &mut dyn Random,
    ) -> Result<u64, KeysError> {
        let root = export::read_root(root_file, &self.root)?;
        let new = SigningKey::make(random);
        let set = self.ring();
        let set = set.key_set.statement();
        let mut keys = vec![new.verify_key()];
        keys.extend(match former {
            FormerKey::Stays => set.keys.as_slice(),
            // Those before it were left in because they are in nobody else's hands.
            FormerKey::Goes => set.keys.get(1..).unwrap_or_default(),
        });
        keys.truncate(MOST_IN_SET);
        let serial = set.serial + 1;
        let statement = KeySet {
            agency: self.agency(),
            serial,
            made_ms: now_ms,
            keys,
        };
        let statement = Signed::sign(statement, &root);
        files::add_online(&self.folder, &new, &statement, &self.lock, random)?;
        self.reread()?;
        Ok(serial)
    }

    fn data(&self) -> &Path {
        self.folder.parent().unwrap_or(&self.folder)
    }
}

//! The next page for a phone: what it may hold after its cursor. The same cursors give the same page, unless the
//! phone has learned other keys or was revoked since.

use mooring_casefile::{Attribution, DeviceId};
use mooring_exchange::{Assignment, Entry, PAGE_TARGET, PageDraft, PageEntry};
use mooring_identity::{Directory, KeySet, Lease, Order, Signed, Statement};

use super::exchange::Keyring;
use crate::fleet::known::renewed_bytes;
use crate::ledger::{FeedEntry, FeedItem, LedgerError};
use crate::office::Office;

/// Feed rows that one page looks at, at most.
const MOST_ROWS: u64 = 512;

impl Office {
    pub(super) fn build_page(
        &self,
        device: DeviceId,
        after: u64,
        until: Option<u64>,
        keys: &Keyring,
    ) -> Result<Option<PageDraft>, LedgerError> {
        if self.ledger.cursor_of(device)? != after {
            self.ledger.came_to(device, after)?;
        }
        let newest = self.ledger.newest()?;
        if after >= newest {
            return Ok(None);
        }
        let asked = until.filter(|until| *until > after && *until <= newest);
        let mut rows = MOST_ROWS;
        let mut until = match asked {
            Some(until) => until,
            None => self.ledger.reach(after, rows)?,
        };
        let mut entries = self.entries(device, after, until, keys)?;
        // A page that came out too large is halved; one feed row is always sent, however large.
        while asked.is_none() && rows > 1 && size(&entries) > PAGE_TARGET {
            rows /= 2;
            until = self.ledger.reach(after, rows)?;
            entries = self.entries(device, after, until, keys)?;
        }
        Ok(Some(PageDraft {
            until,
            entries,
            more: until < newest,
        }))
    }

    fn entries(
        &self,
        device: DeviceId,
        after: u64,
        until: u64,
        keys: &Keyring,
    ) -> Result<Vec<PageEntry>, LedgerError> {
        let mut feed = self.ledger.feed(device, after, until)?;
        if self.ledger.revocation(device)?.is_some() {
            feed.retain(is_for_revoked);
        }
        let mut known = keys.known.clone();
        feed.into_iter()
            .map(|entry| {
                let entry = self.page_entry(entry)?;
                Ok(self.believable(entry, &mut known, keys))
            })
            .collect()
    }

    /// What HQ signed is signed anew where the phone, having read up to here, does not know the key.
    fn believable(&self, entry: PageEntry, known: &mut KeySet, keys: &Keyring) -> PageEntry {
        let PageEntry { cursor, entry } = entry;
        let entry = match entry {
            Entry::KeySet(bytes) => {
                let root = &self.keys.root.statement().root;
                let told = Signed::<KeySet>::open(&bytes, root).map(Signed::into_statement);
                if let Some(told) = told.ok().filter(|told| told.serial > known.serial) {
                    *known = told;
                }
                Entry::KeySet(bytes)
            }
            Entry::Directory(bytes) => Entry::Directory(anew::<Directory>(bytes, known, keys)),
            Entry::Assignment(bytes) => Entry::Assignment(anew::<Assignment>(bytes, known, keys)),
            Entry::Lease(bytes) => Entry::Lease(anew::<Lease>(bytes, known, keys)),
            Entry::Order(bytes) => Entry::Order(anew::<Order>(bytes, known, keys)),
            same @ (Entry::Run { .. }
            | Entry::SealingKeys(_)
            | Entry::Protocol { .. }
            | Entry::Proof(_)
            | Entry::Unreadable { .. }) => same,
        };
        PageEntry { cursor, entry }
    }

    // A phone gets its own runs as well: one that was restored from an older backup lacks some of them.
    fn page_entry(&self, FeedEntry { cursor, item }: FeedEntry) -> Result<PageEntry, LedgerError> {
        let entry = match item {
            FeedItem::Run(row) => {
                let who = Attribution {
                    device: row.run.device,
                    person: row.run.person,
                    roles: row.run.roles,
                };
                Entry::Run {
                    who,
                    run: self.open_run(&row.run)?,
                }
            }
            FeedItem::Directory(bytes) => Entry::Directory(bytes),
            FeedItem::KeySet(bytes) => Entry::KeySet(bytes),
            FeedItem::SealingKeys(bytes) => Entry::SealingKeys(bytes),
            FeedItem::Lease(bytes) => Entry::Lease(bytes),
            FeedItem::Order(bytes) => Entry::Order(bytes),
            FeedItem::Assignment { body, .. } => Entry::Assignment(body),
            FeedItem::Protocol(hash) => {
                let row = self
                    .ledger
                    .protocol(&hash)?
                    .ok_or(LedgerError::Inside(-8))?;
                Entry::Protocol {
                    questionnaire: row.questionnaire,
                    rules: row.rules,
                }
            }
        };
        Ok(PageEntry { cursor, entry })
    }
}

/// A revoked phone gets its orders, and the keys that they are signed with.
fn is_for_revoked(entry: &FeedEntry) -> bool {
    match &entry.item {
        FeedItem::Order(_) | FeedItem::KeySet(_) => true,
        FeedItem::Run(_)
        | FeedItem::Directory(_)
        | FeedItem::Protocol(_)
        | FeedItem::SealingKeys(_)
        | FeedItem::Lease(_)
        | FeedItem::Assignment { .. } => false,
    }
}

fn anew<T: Statement + Clone>(bytes: Vec<u8>, known: &KeySet, keys: &Keyring) -> Vec<u8> {
    renewed_bytes::<T>(bytes, &keys.ring, known)
}

fn size(entries: &[PageEntry]) -> usize {
    entries.iter().map(|entry| entry_size(&entry.entry)).sum()
}

fn entry_size(entry: &Entry) -> usize {
    match entry {
        Entry::Run { run, .. } => run.changes.iter().map(Vec::len).sum(),
        Entry::Directory(bytes)
        | Entry::KeySet(bytes)
        | Entry::Assignment(bytes)
        | Entry::SealingKeys(bytes)
        | Entry::Lease(bytes)
        | Entry::Order(bytes)
        | Entry::Proof(bytes)
        | Entry::Unreadable { bytes, .. } => bytes.len(),
        Entry::Protocol {
            questionnaire,
            rules,
        } => questionnaire.len() + rules.as_ref().map_or(0, Vec::len),
    }
}

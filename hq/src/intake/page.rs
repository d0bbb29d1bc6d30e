//! The next page for a phone: what it may hold after its cursor. The same cursors give the same page for ever.

use mooring_casefile::{Attribution, DeviceId};
use mooring_exchange::{Entry, PAGE_TARGET, PageDraft, PageEntry};

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
    ) -> Result<Option<PageDraft>, LedgerError> {
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
        let mut entries = self.entries(device, after, until)?;
        // A page that came out too large is halved; one feed row is always sent, however large.
        while asked.is_none() && rows > 1 && size(&entries) > PAGE_TARGET {
            rows /= 2;
            until = self.ledger.reach(after, rows)?;
            entries = self.entries(device, after, until)?;
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
    ) -> Result<Vec<PageEntry>, LedgerError> {
        let feed = self.ledger.feed(device, after, until)?;
        feed.into_iter()
            .map(|entry| self.page_entry(entry))
            .collect()
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

//! The log: what arrived, what became of it, and the feed in commit order.

use mooring_casefile::{Actor, CaseId, DeviceId, Half};

use super::{
    Appended, FeedEntry, Hash, LedgerError, LoggedRun, Mark, Moves, NewPush, NewRun, Part, PushRow,
    RunRow,
};

/// The append-only part of the ledger.
pub trait Log {
    /// Whether this envelope's nonce is new; if so it is now spent until `expires_ms`. Spent ones older than `now_ms` go.
    fn spend_nonce(
        &self,
        device: DeviceId,
        nonce: &[u8],
        expires_ms: i64,
        now_ms: i64,
    ) -> Result<bool, LedgerError>;

    /// Keeps a byte range of an unfinished push. A range that starts where another does replaces it.
    fn keep_part(&self, part: &Part, now_ms: i64) -> Result<(), LedgerError>;

    /// The ranges kept of one push, by where they start.
    fn parts(&self, device: DeviceId, push: &Hash) -> Result<Vec<Part>, LedgerError>;

    /// How many bytes of unfinished pushes one phone has here.
    fn parts_size(&self, device: DeviceId) -> Result<u64, LedgerError>;

    /// Forgets the ranges of one push (it turned out to be none), or of all of a phone's.
    fn forget_parts(&self, device: DeviceId, push: Option<&Hash>) -> Result<(), LedgerError>;

    /// The key of a case; none before its first run, or once it was shredded.
    fn case_key(&self, case: CaseId) -> Result<Option<[u8; 32]>, LedgerError>;

    /// Appends a whole push, header, runs and keys of new cases, and forgets its parts. The runs are `Received`. `Conflict`
    /// if another push brought a key for one of these cases a moment ago: seal again under that one.
    fn append_push(&self, push: &NewPush, now_ms: i64) -> Result<Appended, LedgerError>;

    /// A push in the log, by the hash of its bytes or of its header.
    fn push(&self, hash: &Hash) -> Result<Option<PushRow>, LedgerError>;

    /// All pushes, each phone's in the order of their numbers.
    fn pushes(&self) -> Result<Vec<PushRow>, LedgerError>;

    /// Where each run says that it comes from, without what it holds.
    fn logged_runs(&self) -> Result<Vec<LoggedRun>, LedgerError>;

    /// The highest push of a phone in one epoch, by its own number.
    fn last_push(&self, device: DeviceId, epoch: u32) -> Result<Option<PushRow>, LedgerError>;

    /// Appends a run that HQ wrote: merged and in the feed at once.
    fn append_own(&self, run: &NewRun, now_ms: i64) -> Result<i64, LedgerError>;

    /// Writes down what became of runs and who is assigned, and feeds both, together.
    fn decide(&self, moves: &Moves, now_ms: i64) -> Result<(), LedgerError>;

    /// Every case of which a run is in the log, by id.
    fn cases(&self) -> Result<Vec<CaseId>, LedgerError>;

    /// All runs of one case in arrival order.
    fn runs(&self, case: CaseId) -> Result<Vec<RunRow>, LedgerError>;

    /// The runs of one case that are in the feed, in commit order: what they build on comes before them.
    fn merged(&self, case: CaseId) -> Result<Vec<RunRow>, LedgerError>;

    /// The runs of one case that are received or waiting, in arrival order.
    fn undecided(&self, case: CaseId) -> Result<Vec<RunRow>, LedgerError>;

    /// The cases with received or waiting runs.
    fn undecided_cases(&self) -> Result<Vec<CaseId>, LedgerError>;

    /// Where HQ's knowledge of one actor ends: the highest merged run, and the highest one of another fate if beyond it.
    fn marks(&self, case: CaseId, half: Half, actor: &Actor) -> Result<Vec<Mark>, LedgerError>;

    /// The run of one actor that ends exactly at this number, the newest if several do.
    fn run_ending(
        &self,
        case: CaseId,
        half: Half,
        actor: &Actor,
        seq: u64,
    ) -> Result<Option<Mark>, LedgerError>;

    /// The actors of one half that HQ holds anything of.
    fn actors(&self, case: CaseId, half: Half) -> Result<Vec<Actor>, LedgerError>;

    /// Puts the signed directory into the feed; `Conflict` if another with this serial came first: read again and try again.
    fn feed_directory(&self, serial: u64, body: &[u8], now_ms: i64) -> Result<u64, LedgerError>;

    /// The newest signed directory and its serial.
    fn directory(&self) -> Result<Option<(u64, Vec<u8>)>, LedgerError>;

    /// A process begins to write. If this ledger came from a backup, cursors were given since that are lost here and that
    /// phones have come up to: whatever is fed from now on gets higher ones, so that no phone skips it. The clock is what a
    /// restored ledger has that its lost successor did not: cursors go on from its microseconds, faster than any disk gives them.
    fn begin(&self, now_ms: i64) -> Result<(), LedgerError>;

    /// The newest cursor; 0 if the feed is empty.
    fn newest(&self) -> Result<u64, LedgerError>;

    /// The cursor of the last of at most so many feed rows after this cursor; the cursor itself if none follows.
    fn reach(&self, after: u64, rows: u64) -> Result<u64, LedgerError>;

    /// What one phone may hold of the feed after one cursor, up to and with another. A case's earlier runs come with the
    /// assignment that gives it to a phone that did not hold it, and its later ones by themselves until it is ended, so
    /// nothing is skipped and nothing doubled. Of directories, leases and keys to seal to only the newest
    /// within the range comes. The same arguments give
    /// the same answer for ever, but that runs of a shredded case are no longer in it.
    fn feed(&self, device: DeviceId, after: u64, until: u64)
    -> Result<Vec<FeedEntry>, LedgerError>;
}

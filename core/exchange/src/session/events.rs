//! What goes into a session and what comes out.

use mooring_casefile::DeviceId;
use mooring_identity::{
    AgencyId, DeviceCertificate, IdentityError, KeySet, Random, Signed, SigningKey, VerifyKey,
};

use crate::{
    AuditActs, AuditMark, Chunk, Have, OpenedPush, Page, PageEntry, PagePart, PushRefusal, Receipt,
    Refusal, Restored, RunKey, RunMark, SealedPush,
};

/// What a session needs for one step: the end's own key (a device's, or HQ's online key), chance and time.
pub struct Means<'a> {
    /// Signs envelopes, and at HQ receipts and challenges.
    pub key: &'a SigningKey,
    /// Chance.
    pub random: &'a mut dyn Random,
    /// The end's own clock.
    pub now_ms: i64,
}

/// What the phone has stored when an exchange begins.
#[derive(Debug, Clone)]
pub struct PhoneStart {
    /// The agency.
    pub agency: AgencyId,
    /// This device.
    pub device: DeviceId,
    /// HQ's keys.
    pub hq: KeySet,
    /// Everything up to here is stored.
    pub cursor: u64,
    /// The push that waits to be sent: made, signed and **stored** before the session begins.
    pub push: Option<SealedPush>,
    /// Runs whose last known state was not final.
    pub ask: Vec<RunKey>,
    /// Marks to compare, after a restore.
    pub check: Vec<Have>,
    /// A page that was under way, if the driver keeps such; none is always right.
    pub part: Option<PagePart>,
    /// The signed [`crate::Restored`], if this phone came back from a backup and was not certified anew since.
    pub restored: Option<Vec<u8>>,
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// Phone: begin.
    Start,
    /// Phone: the reply's bytes.
    Reply(Vec<u8>),
    /// Phone: every effect of the last step is durable. With another push, made and stored, if more waits to be sent.
    Stored(Option<SealedPush>),
    /// Phone: the link broke.
    LinkBroke,
    /// HQ: a request's bytes.
    Request(Vec<u8>),
    /// HQ: who that is, if it is anybody.
    Known(Option<Peer>),
    /// HQ: whether the nonce was new and is now taken, durably.
    NonceTaken(bool),
    /// HQ: the certificate with a higher epoch; none where HQ gives none.
    Renewed(Option<Vec<u8>>),
    /// HQ: the phone's audit is held durably up to here.
    AuditKept(AuditMark),
    /// HQ: what is held of the push now.
    ChunkHeld(ChunkState),
    /// HQ: the receipt stored with that push, if it was appended before.
    ReceiptFound(Option<Vec<u8>>),
    /// HQ: what became of the append.
    Appended(Appended),
    /// HQ: what became of the runs.
    FatesFound(Vec<RunMark>),
    /// HQ: the next page, if there is anything.
    PageBuilt(Option<PageDraft>),
    /// HQ: the ledger did not do what was asked.
    Failed,
}

/// What to do.
#[derive(Debug)]
pub enum Effect {
    /// Both: carry these bytes to the other end.
    Send(Vec<u8>),

    /// Phone: store the receipt, mark its runs, drop the stored push: in one transaction.
    StoreReceipt(Signed<Receipt>),
    /// Phone: HQ holds this phone's audit up to here; what is after it goes with the next exchange.
    StoreAudit(AuditMark),
    /// Phone: store what became of these.
    StoreFates(Vec<RunMark>),
    /// Phone: store every entry and the new cursor, in one transaction; entries may be known already.
    StorePage(Page),
    /// Phone: HQ certified this phone anew, under a higher epoch. Store it, drop the stored push, and begin a new chain.
    StoreCertificate(Box<Signed<DeviceCertificate>>),
    /// Phone: a page is under way. Keeping it saves fetching those bytes again after a cut; ignoring it loses nothing.
    HoldPart(PagePart),
    /// Phone: HQ refused the stored push as a whole. Drop it, and make it again from the unsent runs as the refusal says.
    PushRefused(PushRefusal),
    /// Phone: the exchange is over.
    Done(Summary),

    /// HQ: answer with [`Event::Known`].
    LookUp {
        /// As claimed.
        device: DeviceId,
    },
    /// HQ: insert the pair if it is new; answer with [`Event::NonceTaken`]. It may be forgotten after `until_ms`.
    TakeNonce {
        /// Verified by now.
        device: DeviceId,
        /// From its envelope.
        nonce: [u8; 16],
        /// By HQ's clock.
        until_ms: i64,
    },
    /// HQ: this phone says that it came back from a backup: certify it anew, and keep what it said; answer with [`Event::Renewed`].
    Renew {
        /// Verified.
        device: DeviceId,
        /// Verified as well.
        said: Box<Signed<Restored>>,
    },
    /// HQ: a push that nobody knows came under an epoch that was given up: these keys are used in two places. Note it; no answer.
    SeenTwice {
        /// Whose keys.
        device: DeviceId,
        /// The push's signed header.
        push: Vec<u8>,
    },
    /// HQ: keep these rows of the phone's own audit durably, and write down where they do not hang together with what is held;
    /// answer with [`Event::AuditKept`].
    KeepAudit {
        /// Whose.
        device: DeviceId,
        /// The rows; some may be held already.
        acts: AuditActs,
    },
    /// HQ: append the chunk durably if it begins where what is held ends; a chunk of another push replaces what was held of this
    /// device. Answer with [`Event::ChunkHeld`].
    HoldChunk {
        /// Whose.
        device: DeviceId,
        /// Which bytes.
        chunk: Chunk,
    },
    /// HQ: forget the chunks of this push; no answer.
    DropChunks {
        /// Whose.
        device: DeviceId,
        /// SHA-256 of the push's bytes.
        push_id: [u8; 32],
    },
    /// HQ: answer with [`Event::ReceiptFound`].
    FindReceipt {
        /// Whose.
        device: DeviceId,
        /// The push's hash.
        push: [u8; 32],
    },
    /// HQ: in one durable transaction append header, runs and receipt, move the device's last push on, forget its chunks; answer with
    /// [`Event::Appended`].
    AppendPush(Box<Arrival>),
    /// HQ: answer with [`Event::FatesFound`]: a mark for each, `Unknown` for what is not held.
    FindFates {
        /// Who asks.
        device: DeviceId,
        /// Asked about, or just arrived.
        ask: Vec<RunKey>,
        /// To be compared: where HQ holds less, or another hash at that number, its mark says so.
        check: Vec<Have>,
    },
    /// HQ: answer with [`Event::PageBuilt`]. With `until`, the very page `(after, until]` that is under way.
    BuildPage {
        /// For whom.
        device: DeviceId,
        /// The phone's cursor.
        after: u64,
        /// Where that page ends.
        until: Option<u64>,
    },
    /// HQ: log this refusal; no answer. It carries no content.
    Log {
        /// As claimed, or as verified.
        device: Option<DeviceId>,
        /// The stable code.
        code: &'static str,
    },
}

/// How an exchange came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Requests sent.
    pub requests: u32,
    /// Bytes sent, envelopes included.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
    /// Pushes receipted.
    pub receipts: u32,
    /// Runs that HQ did not take.
    pub refused_runs: u32,
    /// Pushes refused as a whole.
    pub refused_pushes: u32,
    /// Entries stored.
    pub entries: u64,
    /// Why it is over.
    pub ended: Ended,
}

/// Why an exchange is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Everything was sent and fetched.
    Finished,
    /// HQ refused the request.
    Refused(Refusal),
    /// The reply was not HQ's, or not to our request, or not understood.
    BadReply(IdentityError),
    /// The link broke.
    Cut,
    /// Neither end gets on; try later.
    Stuck,
}

/// What HQ's ledger knows of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Its public key.
    pub key: VerifyKey,
    /// Its epoch.
    pub epoch: u32,
    /// Its last push's number; 0 before the first.
    pub last_seq: u64,
    /// Its last push's hash; zeros before the first.
    pub last_push: [u8; 32],
}

/// What HQ holds of a push under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChunkState {
    /// The first bytes, durably.
    Held(u32),
    /// All of them: here they are.
    Whole(Vec<u8>),
    /// It was appended before; its receipt.
    Receipted(Vec<u8>),
}

/// A push that may be appended, and the receipt to store with it.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Whose.
    pub device: DeviceId,
    /// SHA-256 of the push's bytes.
    pub push_id: [u8; 32],
    /// Header, good runs, refused runs.
    pub push: OpenedPush,
    /// Says that HQ holds it: stored with it, so that the same push gets the same receipt again.
    pub receipt: Signed<Receipt>,
}

/// What became of an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// It is on disk.
    Durable,
    /// This very push was there already: its stored receipt.
    Already(Vec<u8>),
    /// Another push of this device came first: as the ledger has it now.
    OutOfOrder(Peer),
}

/// What HQ has for a device.
#[derive(Debug, Clone)]
pub struct PageDraft {
    /// What the phone's cursor becomes.
    pub until: u64,
    /// In cursor order.
    pub entries: Vec<PageEntry>,
    /// Whether there is more after `until`.
    pub more: bool,
}

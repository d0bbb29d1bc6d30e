//! Pushes, runs, the feed.

use mooring_casefile::{Actor, CaseId, ChangeId, DeviceId, Half, PersonId, Roles};
use mooring_exchange::Access;

use super::HolderRow;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// A byte range of a push that is not whole yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// From which phone.
    pub device: DeviceId,
    /// Of which push.
    pub push: Hash,
    /// Where the range starts.
    pub start: u64,
    /// How long the whole push is said to be.
    pub total: u64,
    /// The range.
    pub bytes: Vec<u8>,
}

/// A verified push on its way into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPush {
    /// SHA-256 of its bytes: what names it while it travels.
    pub id: Hash,
    /// Which phone signed it.
    pub device: DeviceId,
    /// The phone's key epoch.
    pub epoch: u32,
    /// Its number in the phone's chain.
    pub dev_seq: u64,
    /// The hash that it names as the one before it; zeros before the first.
    pub prev: Hash,
    /// The hash of its header: what the next push names.
    pub hash: Hash,
    /// Header and signature, as they came.
    pub statement: Vec<u8>,
    /// HQ's signed receipt: it says what is true once this row is on disk, and is sent only then.
    pub receipt: Vec<u8>,
    /// Keys for cases that have none yet.
    pub keys: Vec<(CaseId, [u8; 32])>,
    /// Its runs in their order.
    pub runs: Vec<NewRun>,
    /// What they are from the start: received, or held where nothing that this phone says may be merged any more.
    pub fate: Fate,
}

/// Where a run stands in its push's tree: with it, one run can be proved without telling of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// Which leaf.
    pub index: u64,
    /// Its salt.
    pub salt: [u8; 32],
}

/// A run on its way into the log, sealed under its case's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Which case.
    pub case: CaseId,
    /// Which half.
    pub half: Half,
    /// Whose consecutive changes.
    pub actor: Actor,
    /// The first number.
    pub first_seq: u64,
    /// The last number.
    pub last_seq: u64,
    /// The last change's hash.
    pub last_change: ChangeId,
    /// The verified device.
    pub device: DeviceId,
    /// The verified person.
    pub person: PersonId,
    /// Their roles as the certificate has them.
    pub roles: Roles,
    /// Its leaf in the push's tree; none for HQ's own.
    pub leaf: Option<Leaf>,
    /// The changes, sealed.
    pub sealed: Vec<u8>,
}

/// A push in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushRow {
    /// SHA-256 of its bytes: what names it while it travels.
    pub id: Hash,
    /// Which phone signed it.
    pub device: DeviceId,
    /// The phone's key epoch.
    pub epoch: u32,
    /// Its number in the phone's chain.
    pub dev_seq: u64,
    /// The hash of its header: what the next push names.
    pub hash: Hash,
    /// Header and signature, as they came.
    pub statement: Vec<u8>,
    /// HQ's signed receipt: the same push gets the same receipt again.
    pub receipt: Vec<u8>,
    /// When it was whole.
    pub received_ms: i64,
}

/// Whether a push was new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// It is now in the log; its runs have these row numbers, in their order.
    New(Vec<i64>),
    /// It was there already: the receipt that it got then.
    Known(Vec<u8>),
    /// It does not follow the last push of this phone and epoch, which is this one.
    OutOfOrder(Option<PushRow>),
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// On disk, not looked at yet.
    Received,
    /// In the case file and in the feed.
    Merged,
    /// On disk; what it builds on is missing, and it is tried again.
    Waiting,
    /// On disk, kept for a person; the code says why.
    Held(String),
}

impl Fate {
    /// Held: nobody vouches for it until the same changes come signed.
    pub const UNSIGNED: &'static str = "unsigned";
    /// Held: its phone was revoked before it came.
    pub const REVOKED: &'static str = "revoked";
}

/// A run in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Its row number: arrival order.
    pub id: i64,
    /// The run as it was appended.
    pub run: NewRun,
    /// What became of it.
    pub fate: Fate,
    /// When it arrived.
    pub received_ms: i64,
}

/// Where a run says that it comes from: all that its push's signature covers, and whose it is held to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRun {
    /// Its row number.
    pub id: i64,
    /// With which push it came; none for HQ's own, and for what came sealed.
    pub push: Option<Hash>,
    /// Its leaf in the push's tree.
    pub leaf: Option<Leaf>,
    /// Which case.
    pub case: CaseId,
    /// Which half.
    pub half: Half,
    /// Whose consecutive changes.
    pub actor: Actor,
    /// The first number.
    pub first_seq: u64,
    /// The last number.
    pub last_seq: u64,
    /// The last change's hash.
    pub last_change: ChangeId,
    /// The device.
    pub device: DeviceId,
    /// The person.
    pub person: PersonId,
    /// Their roles.
    pub roles: Roles,
}

/// What the caseboard decided about one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which row.
    pub run: i64,
    /// What became of it.
    pub fate: Fate,
    /// Whether it enters the feed: only a merged run that brought something new does.
    pub entry: Entry,
}

/// Whether a merged run goes to the phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// It enters the feed.
    Feed,
    /// It brought nothing that the feed lacks.
    None,
}

/// A signed assignment on its way into the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssignment {
    /// Which phone.
    pub device: DeviceId,
    /// Which case.
    pub case: CaseId,
    /// How it holds the case from now on.
    pub access: Access,
    /// The signed entry.
    pub body: Vec<u8>,
}

/// Decisions and assignments that land together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves {
    /// What became of runs.
    pub decisions: Vec<Decision>,
    /// Which phones hold which case from now on, and how; one that says what the last one says is left out.
    pub assignments: Vec<NewAssignment>,
    /// Which persons are to hold which case.
    pub holders: Vec<HolderRow>,
}

/// The end of what HQ holds of one actor's changes, by fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The last number.
    pub last_seq: u64,
    /// The last change's hash.
    pub last_change: ChangeId,
    /// What became of the run that ends there.
    pub fate: Fate,
}

/// One row of the feed, as a phone may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its place in commit order. An assignment's earlier runs carry the assignment's own cursor.
    pub cursor: u64,
    /// What it brings.
    pub item: FeedItem,
}

/// What a feed row brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedItem {
    /// A merged run.
    Run(Box<RunRow>),
    /// The signed directory of staff and devices.
    Directory(Vec<u8>),
    /// A protocol, by hash.
    Protocol(Hash),
    /// The root's statement about the online keys.
    KeySet(Vec<u8>),
    /// The root's statement about whom phones seal to.
    SealingKeys(Vec<u8>),
    /// A signed lease.
    Lease(Vec<u8>),
    /// A signed order.
    Order(Vec<u8>),
    /// A signed assignment.
    Assignment {
        /// Which case.
        case: CaseId,
        /// The signed entry.
        body: Vec<u8>,
    },
}

//! The ledger's records as plain values. Sealed bytes stay sealed here.

use mooring_casefile::{Actor, CaseId, ChangeId, DeviceId, Half, PersonId, RecordId, Roles};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// A staff member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Who.
    pub id: PersonId,
    /// The name that they sign in with and that others read.
    pub name: String,
    /// What they may do.
    pub roles: Roles,
    /// The password's Argon2id PHC string; none if they can't sign in at HQ.
    pub password: Option<String>,
    /// When they were added.
    pub added_ms: i64,
}

/// An enrolled phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Which phone.
    pub id: DeviceId,
    /// Whose it is: one device, one person.
    pub person: PersonId,
    /// Its certificate, as signed.
    pub certificate: Vec<u8>,
    /// When it enrolled.
    pub enrolled_ms: i64,
    /// When a verified envelope of its last came in.
    pub heard_ms: Option<i64>,
}

/// An enrolment code: what is derived one way from its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// What a request names it by.
    pub ticket: [u8; 16],
    /// What a request is proved with.
    pub key: [u8; 32],
    /// For whom.
    pub person: PersonId,
    /// After this it is worth nothing.
    pub expires_ms: i64,
}

/// What became of trying to use a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeUse {
    /// It was good, is now used, and was this person's.
    Good(PersonId),
    /// No such code.
    Unknown,
    /// Its time was over.
    Expired,
    /// It had been used; by this very device if so said.
    Used {
        /// The device that enrolled with it.
        device: DeviceId,
    },
}

/// A sign-in that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the cookie's value.
    pub token_hash: Hash,
    /// What a signature names.
    pub sign_in: RecordId,
    /// Whose.
    pub staff: PersonId,
    /// The token that every form carries.
    pub csrf: String,
    /// When it began.
    pub begun_ms: i64,
    /// When it was last used.
    pub seen_ms: i64,
}

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
    /// The signed entry.
    pub body: Vec<u8>,
}

/// Decisions and assignments that land together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves {
    /// What became of runs.
    pub decisions: Vec<Decision>,
    /// Who holds which case from now on; one that is there already is left as it is.
    pub assignments: Vec<NewAssignment>,
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
    /// A signed assignment.
    Assignment {
        /// Which case.
        case: CaseId,
        /// The signed entry.
        body: Vec<u8>,
    },
}

/// A protocol's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolRow {
    /// What names it.
    pub hash: Hash,
    /// The Questionnaire as it came.
    pub questionnaire: Vec<u8>,
    /// The rules beside it.
    pub rules: Option<Vec<u8>>,
}

/// A page as it was displayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    /// What the form carries back.
    pub id: Hash,
    /// Of which case.
    pub case: CaseId,
    /// To whom.
    pub staff: PersonId,
    /// SHA-256 of the canonical clinical text.
    pub text_hash: Hash,
    /// Version and text, sealed under the case's key.
    pub sealed: Vec<u8>,
    /// When.
    pub shown_ms: i64,
}

/// A review's statement as HQ's key signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// The review record in the HQ half.
    pub id: RecordId,
    /// Of which case.
    pub case: CaseId,
    /// Which page was signed.
    pub shown: Hash,
    /// The statement and its signature.
    pub statement: Vec<u8>,
    /// When.
    pub signed_ms: i64,
}

/// What a psychiatrist has typed and not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// The fields, sealed under the case's key.
    pub sealed: Vec<u8>,
    /// When.
    pub saved_ms: i64,
}

/// One rung of the ladder for one wait of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Which case.
    pub case: CaseId,
    /// Since when it waits: a new wait runs the ladder anew.
    pub since_ms: i64,
    /// Which rung, from 0.
    pub rung: u32,
    /// The level's token.
    pub level: String,
    /// When the rung was claimed.
    pub claimed_ms: i64,
    /// How the command ended; none while it runs or if HQ died meanwhile.
    pub outcome: Option<AlertOutcome>,
}

/// How an alert command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertOutcome {
    /// It exited 0.
    Done,
    /// It could not be started or exited otherwise.
    Failed,
}

/// A read, an export, a sign-in: what no change in a case file records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// When.
    pub at_ms: i64,
    /// Who, where known.
    pub staff: Option<PersonId>,
    /// Under which sign-in.
    pub sign_in: Option<RecordId>,
    /// The verb.
    pub verb: String,
    /// Which case.
    pub case: Option<CaseId>,
    /// A code; never content.
    pub code: Option<String>,
}

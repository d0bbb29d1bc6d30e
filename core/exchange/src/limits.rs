//! How large anything may be. Every cap is checked before anything is allocated.

/// A chunk of a push or of a page: a byte range.
pub const LARGEST_CHUNK: usize = 1 << 20;
/// A push, as it travels.
pub const LARGEST_PUSH: usize = 32 << 20;
/// A pull page, as it travels.
pub const LARGEST_PAGE: usize = 32 << 20;
/// A push or a page, unpacked.
pub const LARGEST_RAW: usize = 64 << 20;
/// What a page should come to, unpacked, before HQ begins another: a page that was cut is fetched again from where it was cut, but a
/// page is stored whole.
pub const PAGE_TARGET: usize = 1 << 20;
/// One change; the guard's cap.
pub const LARGEST_CHANGE: usize = 4 << 20;
/// Runs in one push.
pub const MOST_RUNS: usize = 20_000;
/// Changes in one push or page.
pub(crate) const MOST_CHANGES: u64 = 200_000;
/// Runs that one request may ask about, or one reply tell of.
pub const MOST_KEYS: usize = 10_000;
/// Entries in one page.
pub(crate) const MOST_ENTRIES: usize = 100_000;
/// Any signed statement that travels as it is: a receipt, a directory, an assignment.
pub(crate) const LARGEST_STATEMENT: usize = 16 << 20;
/// A small signed statement: a certificate, or what a phone says of itself.
pub(crate) const LARGEST_SAID: usize = 4 << 10;
/// A protocol's Questionnaire, or its rules.
pub(crate) const LARGEST_PROTOCOL: usize = 8 << 20;

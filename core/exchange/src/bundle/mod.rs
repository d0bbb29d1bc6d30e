//! Partner's phone: two enrolled phones exchange a case with no HQ between them. Bytes out and bytes in; how they travel (a file, a row of
//! QR codes, the platform's nearby transport) is the app's.
//!
//! ```text
//! who takes                               who gives
//! token: key, certificate, nonce ───────→ checks the certificate, picks a case
//! opens, checks every proof    ←───────── bundle: sealed to that key, signed inside, each run with its proof
//! ```
//! Each run proves itself, and nothing else can be made of the proof: see [`RunProof`].

mod fault;
mod open;
mod page_root;
mod parts;
mod proof;
mod seal;
mod token;
mod trust;
mod voucher;

pub use fault::BundleFault;
pub use open::{GivenRun, OpenedBundle, open_bundle, token_of};
pub use page_root::{PageRoot, ProvedRun, prove_page, proved_runs};
pub use parts::{PartsHeld, cut_for_qr};
pub use proof::RunProof;
pub use seal::{BundleDraft, PartnerBundle, seal_bundle};
pub use token::{PartnerToken, ShownToken, TokenDraft};
pub use trust::Trust;
pub use voucher::RunVoucher;

use mooring_identity::{Purpose, Writer, sha256};

/// The first byte of a token, a bundle and a proof.
const VERSION: u8 = 0;
/// What a bundle is sealed for.
const PURPOSE: Purpose = Purpose::new("mooring.partner-bundle");
/// A certificate or a key set as it travels.
const LARGEST_CERTIFICATE: usize = 4 << 10;

/// What the seal binds a bundle to: the very token that was shown.
fn context(token: &[u8]) -> Vec<u8> {
    let mut out = Writer::new();
    out.u8(VERSION).fixed(&sha256(token));
    out.finish()
}

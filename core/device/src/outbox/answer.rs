//! HQ's whole answer to an upload: what it holds, and what it orders. Needs no PIN.

use super::Outbox;
use super::folder::refused;
use crate::error::{Error, Refused, Result};
use crate::seams::Seams;
use crate::wipe::carry_out_signed;
use mooring_exchange::OutboxAnswer;

/// What an answer came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadAnswered {
    /// How many changes HQ says that it holds.
    pub named: u64,
    /// The vault was destroyed now, on HQ's order. What is sealed for HQ is still here to be sent.
    pub wiped: bool,
}

impl Outbox {
    /// Takes HQ's answer to an upload as it came. What is not HQ's word to this phone takes nothing away and destroys nothing; it is an
    /// error only if nothing else in the answer counts.
    ///
    /// On a phone that is unlocked an order waits for the next exchange: the vault is in use.
    pub fn take_answer(&mut self, answer: &[u8], seams: &mut Seams) -> Result<UploadAnswered> {
        if let Some(error) = refusal(answer) {
            return Err(error);
        }
        let answer = OutboxAnswer::parse(answer).map_err(refused)?;
        let (mut taken, mut named, mut fault) = (false, 0, None);
        for receipt in &answer.receipts {
            match self.take_signed(receipt, &answer.key_set) {
                Ok(count) => (taken, named) = (true, named + count),
                Err(error) => fault = Some(error),
            }
        }
        let mut wiped = false;
        for order in &answer.orders {
            match carry_out_signed(self.dir(), order, &answer.key_set, seams) {
                Ok(()) => wiped = true,
                // To the device that this phone was before a wipe, or carried out already, or the vault is open.
                Err(Error::Refused(_) | Error::Vault(_)) => {}
                Err(error) => fault = Some(error),
            }
        }
        match fault {
            Some(error) if !taken && !wiped => Err(error),
            Some(_) | None => Ok(UploadAnswered { named, wiped }),
        }
    }
}

/// HQ's code where it took nothing: in plain words and unsigned, since it changes nothing but what is shown.
fn refusal(answer: &[u8]) -> Option<Error> {
    const REFUSED: [&str; 2] = ["outbox.malformed", "outbox.too_new"];
    const LATER: [&str; 3] = ["outbox.full", "outbox.too_many", "outbox.try_later"];
    let is = |code: &&str| code.as_bytes() == answer;
    if LATER.iter().any(&is) {
        return Some(Error::TryLater);
    }
    let code = REFUSED.into_iter().find(is)?;
    Some(Error::Refused(Refused::ByHq(code)))
}

//! Measures a change chunk before Automerge sees it: a few bytes of run-length code can stand for billions of rows.

use sha2::{Digest as _, Sha256};

use super::HeldReason::{self, NotAChange, Oversized};

/// The largest change, in bytes.
pub(crate) const MAX_CHANGE_BYTES: usize = 4 << 20;
/// The most rows that one column may stand for.
const MAX_ROWS: u64 = 20_000;
/// The most text that one column may stand for once its repeats are written out.
const MAX_SPREAD_BYTES: u64 = 8 << 20;
const MAX_DEPS: u64 = 4_096;
const MAX_ACTORS: u64 = 4_096;
const MAX_COLUMNS: u64 = 32;
const MAX_NOTE_BYTES: u64 = 32;
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_CHUNK: u8 = 1;

type Step<T> = Result<T, HeldReason>;

/// Accepts raw change chunks within the limits. Whether they mean anything is for Automerge to say.
pub(crate) fn check_chunk(bytes: &[u8]) -> Step<()> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(Oversized);
    }
    let mut input = Input(bytes);
    if input.take(4)? != MAGIC {
        return Err(NotAChange);
    }
    // Automerge itself lets a wrong checksum pass here, and would hand the change on with other bytes.
    let checksum = input.take(4)?;
    if !Sha256::digest(input.0).starts_with(checksum) {
        return Err(NotAChange);
    }
    // Documents, compressed changes and bundles are other kinds of chunk: they never come from outside.
    if input.byte()? != CHANGE_CHUNK {
        return Err(NotAChange);
    }
    let length = input.number()?;
    if u64::try_from(input.0.len()) != Ok(length) {
        return Err(NotAChange);
    }
    check_head(&mut input)?;
    check_columns(&mut input)?;
    // Nothing of ours writes behind the columns.
    if input.0.is_empty() {
        Ok(())
    } else {
        Err(NotAChange)
    }
}

fn check_head(input: &mut Input<'_>) -> Step<()> {
    for _ in 0..at_most(input.number()?, MAX_DEPS)? {
        input.take(32)?;
    }
    input.actor()?;
    let (_seq, _start_op) = (input.number()?, input.number()?);
    let _time = input.signed()?;
    let note = at_most(input.number()?, MAX_NOTE_BYTES)?;
    input.take_long(note)?;
    for _ in 0..at_most(input.number()?, MAX_ACTORS)? {
        input.actor()?;
    }
    Ok(())
}

fn check_columns(input: &mut Input<'_>) -> Step<()> {
    let count = at_most(input.number()?, MAX_COLUMNS)?;
    let mut columns = Vec::new();
    for _ in 0..count {
        columns.push((input.number()?, input.number()?));
    }
    for (kind, length) in columns {
        let mut column = Input(input.take_long(length)?);
        match kind & 0b1111 {
            0 => check_groups(&mut column)?,
            1 | 2 => check_runs(&mut column, |column| column.number().map(|_| 0))?,
            3 => check_runs(&mut column, |column| column.signed().map(|_| 0))?,
            4 => check_booleans(&mut column)?,
            5 => check_runs(&mut column, text)?,
            6 => check_runs(&mut column, |column| column.number().map(|meta| meta >> 4))?,
            7 => {}
            // The fourth bit says "deflated".
            _ => return Err(NotAChange),
        }
    }
    Ok(())
}

/// A run-length column: each value costs `read`'s number of bytes for each row that it stands for.
fn check_runs(column: &mut Input<'_>, read: impl Fn(&mut Input<'_>) -> Step<u64>) -> Step<()> {
    let (mut rows, mut bytes) = (0_u64, 0_u64);
    while !column.0.is_empty() {
        let run = column.signed()?;
        let length = run.unsigned_abs();
        rows = at_most(
            rows.saturating_add(if run == 0 { column.number()? } else { length }),
            MAX_ROWS,
        )?;
        let values = if run < 0 { length } else { u64::from(run > 0) };
        let repeats = if run > 0 { length } else { 1 };
        for _ in 0..values {
            bytes = at_most(
                bytes.saturating_add(read(column)?.saturating_mul(repeats)),
                MAX_SPREAD_BYTES,
            )?;
        }
    }
    Ok(())
}

/// A column of counts: what counts is their sum, since each stands for that many rows elsewhere.
fn check_groups(column: &mut Input<'_>) -> Step<()> {
    let (mut rows, mut members) = (0_u64, 0_u64);
    while !column.0.is_empty() {
        let run = column.signed()?;
        let length = run.unsigned_abs();
        rows = at_most(
            rows.saturating_add(if run == 0 { column.number()? } else { length }),
            MAX_ROWS,
        )?;
        let values = if run < 0 { length } else { u64::from(run > 0) };
        let repeats = if run > 0 { length } else { 1 };
        for _ in 0..values {
            members = at_most(
                members.saturating_add(column.number()?.saturating_mul(repeats)),
                MAX_ROWS,
            )?;
        }
    }
    Ok(())
}

fn check_booleans(column: &mut Input<'_>) -> Step<()> {
    let mut rows = 0_u64;
    while !column.0.is_empty() {
        rows = at_most(rows.saturating_add(column.number()?), MAX_ROWS)?;
    }
    Ok(())
}

fn text(column: &mut Input<'_>) -> Step<u64> {
    let length = column.number()?;
    column.take_long(length)?;
    Ok(length)
}

fn at_most(number: u64, limit: u64) -> Step<u64> {
    if number > limit {
        Err(Oversized)
    } else {
        Ok(number)
    }
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Step<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(length).ok_or(NotAChange)?;
        self.0 = tail;
        Ok(head)
    }

    fn take_long(&mut self, length: u64) -> Step<&'a [u8]> {
        self.take(usize::try_from(length).map_err(|_| NotAChange)?)
    }

    fn byte(&mut self) -> Step<u8> {
        self.take(1)?.first().copied().ok_or(NotAChange)
    }

    fn actor(&mut self) -> Step<()> {
        if self.number()? != 16 {
            return Err(NotAChange);
        }
        self.take(16).map(|_| ())
    }

    /// Unsigned LEB128.
    fn number(&mut self) -> Step<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits
                .checked_shl(shift)
                .is_none_or(|shifted| shifted >> shift != bits)
            {
                return Err(NotAChange);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(NotAChange)
    }

    /// Signed LEB128.
    fn signed(&mut self) -> Step<i64> {
        let mut number = 0_i64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let is_negative = byte & 0x40 != 0 && shift < 57;
                return Ok(if is_negative {
                    number | (-1 << (shift + 7))
                } else {
                    number
                });
            }
        }
        Err(NotAChange)
    }
}

#[cfg(test)]
mod tests {
    use super::{HeldReason, Input, check_groups, check_runs, text};

    #[test]
    fn numbers_read_as_they_are_written() {
        assert_eq!(Input(&[0xe5, 0x8e, 0x26]).number(), Ok(624_485));
        assert_eq!(Input(&[0xc0, 0xbb, 0x78]).signed(), Ok(-123_456));
        assert_eq!(Input(&[0x7f]).signed(), Ok(-1));
        assert_eq!(Input(&[0x80]).number(), Err(HeldReason::NotAChange));
        assert_eq!(Input(&[0xff; 11]).number(), Err(HeldReason::NotAChange));
    }

    #[test]
    fn a_run_that_stands_for_too_many_rows_is_refused_before_anyone_unrolls_it() {
        let many = [0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 1];
        assert_eq!(
            check_runs(&mut Input(&many), |input| input.number().map(|_| 0)),
            Err(HeldReason::Oversized)
        );
        assert_eq!(check_groups(&mut Input(&many)), Err(HeldReason::Oversized));
        let nulls = [0, 0xff, 0xff, 0xff, 0xff, 0x7f];
        assert_eq!(
            check_runs(&mut Input(&nulls), |input| input.number().map(|_| 0)),
            Err(HeldReason::Oversized)
        );
        assert_eq!(
            check_groups(&mut Input(&[2, 0xff, 0xff, 0x7f])),
            Err(HeldReason::Oversized)
        );
    }

    #[test]
    fn a_long_text_repeated_often_is_refused() {
        let mut column = vec![0x80, 0x20, 0x80, 0x20];
        column.extend([b'x'; 4_096]);
        assert_eq!(
            check_runs(&mut Input(&column), text),
            Err(HeldReason::Oversized)
        );
    }
}

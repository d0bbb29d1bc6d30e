//! What proves another's changes to a partner: one row an actor, the furthest that is known.

use super::row;
use mooring_casefile::{Actor, CaseId, ChangeId, Half};
use mooring_exchange::RunHeader;
use rusqlite::{Connection, Result, Transaction};

/// A proof, and up to which change it holds.
pub(crate) struct ProofRow {
    pub(crate) half: Half,
    pub(crate) actor: Actor,
    pub(crate) last_seq: u64,
    pub(crate) last_change: ChangeId,
    pub(crate) proof: Vec<u8>,
}

/// What a case holds that came from a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FromPartner {
    /// Changes that HQ, as far as this phone knows, does not have.
    pub(crate) not_at_hq: u64,
    /// Whether HQ's word reaches any of its changes.
    pub(crate) known_at_hq: bool,
}

/// HQ has this run, and says whose it is.
pub(crate) fn from_hq(tx: &Transaction<'_>, header: &RunHeader, proof: &[u8]) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO proofs (case_id, half, actor, last_seq, last_change, hq_seq, proof)
         VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?6)
         ON CONFLICT (case_id, half, actor) DO UPDATE SET
           hq_seq = max(hq_seq, excluded.hq_seq),
           last_change = iif(excluded.last_seq >= last_seq, excluded.last_change, last_change),
           proof = iif(excluded.last_seq >= last_seq, excluded.proof, proof),
           last_seq = max(last_seq, excluded.last_seq)",
    )?
    .execute((
        header.key.case.bytes(),
        row::half_number(header.key.half),
        header.key.actor.bytes(),
        row::stored(header.last_seq),
        header.last.bytes(),
        proof,
    ))?;
    Ok(())
}

/// A partner gave this run: HQ's word stays where it reached before.
pub(crate) fn from_partner(tx: &Transaction<'_>, header: &RunHeader, proof: &[u8]) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO proofs (case_id, half, actor, last_seq, last_change, hq_seq, proof)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)
         ON CONFLICT (case_id, half, actor) DO UPDATE SET
           last_seq = excluded.last_seq, last_change = excluded.last_change, proof = excluded.proof
         WHERE excluded.last_seq > last_seq",
    )?
    .execute((
        header.key.case.bytes(),
        row::half_number(header.key.half),
        header.key.actor.bytes(),
        row::stored(header.last_seq),
        header.last.bytes(),
        proof,
    ))?;
    Ok(())
}

/// All of a case.
pub(crate) fn of_case(connection: &Connection, case: CaseId) -> Result<Vec<ProofRow>> {
    connection
        .prepare_cached(
            "SELECT half, actor, last_seq, last_change, proof FROM proofs
             WHERE case_id = ?1 ORDER BY half, actor",
        )?
        .query_map([case.bytes()], |row| {
            Ok(ProofRow {
                half: row::half(row, 0)?,
                actor: row::actor(row, 1)?,
                last_seq: row::count(row, 2)?,
                last_change: row::change(row, 3)?,
                proof: row.get(4)?,
            })
        })?
        .collect()
}

/// What a case has from partners alone.
pub(crate) fn not_at_hq(connection: &Connection, case: CaseId) -> Result<FromPartner> {
    connection
        .prepare_cached(
            "SELECT coalesce(sum(last_seq - hq_seq), 0), coalesce(max(hq_seq), 0) > 0
             FROM proofs WHERE case_id = ?1",
        )?
        .query_row([case.bytes()], |row| {
            Ok(FromPartner {
                not_at_hq: row::count(row, 0)?,
                known_at_hq: row.get(1)?,
            })
        })
}

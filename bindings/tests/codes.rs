//! The list for help desks says what the library says: every code, once, with what the app does.

use mooring::MooringError;
use mooring_casefile::CaseId;
use mooring_device::{BadInput, Error, Forbidden, Missing, NotSaved, Refused, VaultFault};
use std::collections::BTreeSet;

const LIST: &str = include_str!("../../docs/error-codes.md");

/// The rows of the list: code and kind.
fn listed() -> BTreeSet<(i32, String)> {
    let rows = LIST.lines().filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| {
        let mut cells = row.split('|').map(str::trim);
        let code = cells.next()?.parse().ok()?;
        Some((code, cells.next()?.trim_matches('`').to_owned()))
    })
    .collect()
}

fn errors() -> Vec<Error> {
    use {
        BadInput as B, Forbidden as F, Missing as M, NotSaved as N, Refused as R, VaultFault as V,
    };
    let vault = [
        V::Absent,
        V::Exists,
        V::KeyMissing,
        V::KeyInvalidated,
        V::PinBlocked,
        V::Corrupt,
        V::InUse,
        V::RolledBack,
        V::NotSetUp,
    ];
    let missing = [
        M::Case,
        M::Assessment,
        M::Protocol,
        M::Question,
        M::Answer,
        M::Record,
        M::Person,
    ];
    let input = [
        B::Id,
        B::Reason,
        B::Length,
        B::Pin,
        B::EnrolmentCode,
        B::Stale,
        B::Order,
    ];
    let case = CaseId::derive(0, [0; 10]);
    let mut all = vec![
        Error::Locked,
        Error::WrongPin { left: 1 },
        Error::Wait { wait_ms: 1 },
        Error::Canceled,
        Error::UpdateApp,
        Error::CaseDamaged(case),
    ];
    all.extend([Error::TryLater, Error::Internal("somewhere")]);
    all.extend(vault.map(Error::Vault));
    all.extend([N::NoSpace, N::ReadOnly, N::Io].map(Error::NotSaved));
    all.extend(missing.map(Error::NotFound));
    all.extend(input.map(Error::BadInput));
    let forbidden = [
        F::NotEnrolled,
        F::NeedsRole,
        F::NotTheAuthor,
        F::NeedsLease,
        F::Standby,
        F::Ended,
        F::NotOfTheTeam,
        F::NotYourRole,
    ];
    all.extend(forbidden.map(Error::Forbidden));
    let refused = [
        R::Fingerprint,
        R::Signature,
        R::Format,
        R::ByHq("code"),
        R::Token,
        R::Revoked,
    ];
    all.extend(refused.map(Error::Refused));
    all
}

fn said(error: Error) -> (i32, String) {
    let error = MooringError::from(error);
    let name = format!("{error:?}");
    let end = name.find([' ', '{']).unwrap_or(name.len());
    (error.code(), name.chars().take(end).collect())
}

#[test]
fn every_code_is_listed_and_every_listed_code_exists() {
    let mut expected: BTreeSet<_> = errors().into_iter().map(said).collect();
    // These carry what only a file or an answer can make, or come from the border itself.
    expected.extend(
        [
            (160, "BadAnswer"),
            (161, "BadProtocol"),
            (201, "Internal"),
            (202, "Internal"),
            (203, "BadAnswer"),
        ]
        .map(|(code, name)| (code, name.to_owned())),
    );
    assert_eq!(listed(), expected);
}

#[test]
fn no_code_has_two_meanings() {
    let codes: Vec<i32> = errors().into_iter().map(|error| said(error).0).collect();
    let different: BTreeSet<_> = codes.iter().collect();
    assert_eq!(different.len(), codes.len());
}

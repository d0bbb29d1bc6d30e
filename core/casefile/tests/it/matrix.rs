//! Who may do what: the table against the text that a person can review, and what must hold of any such table.

use std::fmt::Write as _;

use mooring_casefile::{Holding, May, Operation, Role, Roles, may, may_role, who_may};

const REVIEWED: &str = include_str!("../golden/may.txt");

const ON_A_PHONE: [Holding; 3] = [Holding::Open, Holding::Standby, Holding::Nothing];

fn only(role: Role) -> Roles {
    Roles::NONE.with(role)
}

/// The table in words, a row a line; rows without any way to it are left out.
fn told() -> String {
    let mut out = format!("{:<42}{:<16}", "", "");
    for role in Role::ALL {
        write!(out, "{:<14}", role.words()).unwrap();
    }
    let mut lines = vec![out.trim_end().to_owned()];
    for operation in Operation::ALL {
        for holding in Holding::ALL {
            if who_may(*operation, holding).is_empty() {
                continue;
            }
            let mut line = format!("{:<42}{:<16}", operation.words(), holding.words());
            for role in Role::ALL {
                write!(line, "{:<14}", may_role(*operation, holding, role).word()).unwrap();
            }
            lines.push(line.trim_end().to_owned());
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn every_cell_is_what_was_reviewed() {
    assert_eq!(told(), REVIEWED);
}

#[test]
fn no_role_gains_by_lacking_an_assignment() {
    for operation in Operation::ALL {
        let needs_no_case = !who_may(*operation, Holding::Nothing).is_empty();
        for role in Role::ALL {
            let cells = ON_A_PHONE.map(|holding| may_role(*operation, holding, role));
            let [open, standby, nothing] = cells;
            // What concerns no case has one row only.
            assert!(
                needs_no_case || (open >= standby && standby >= nothing),
                "{role:?} {operation:?}"
            );
            assert!(
                !needs_no_case || (open, standby) == (May::No, May::No),
                "{operation:?}"
            );
        }
    }
}

#[test]
fn whoever_holds_a_case_open_needs_no_glass_and_whoever_holds_nothing_reads_nothing() {
    for operation in Operation::ALL {
        for role in Role::ALL {
            assert_ne!(may_role(*operation, Holding::Open, role), May::AfterGlass);
            assert_ne!(may_role(*operation, Holding::AtHq, role), May::AfterGlass);
        }
    }
    for operation in [
        Operation::ReadCase,
        Operation::ReadCard,
        Operation::ReadAdvice,
    ] {
        assert!(
            who_may(operation, Holding::Nothing).is_empty(),
            "{operation:?}"
        );
    }
}

#[test]
fn nobody_is_locked_out_of_the_guide_or_of_capturing_not_even_without_a_role() {
    for (operation, holding) in [
        (Operation::OpenGuide, Holding::Nothing),
        (Operation::BeginCase, Holding::Nothing),
        (Operation::Exchange, Holding::Nothing),
        (Operation::Capture, Holding::Open),
        (Operation::OverrideUp, Holding::Open),
    ] {
        assert_eq!(
            may(operation, holding, Roles::NONE),
            May::Yes,
            "{operation:?}"
        );
    }
    assert_eq!(
        may(Operation::ReadCase, Holding::Open, Roles::NONE),
        May::No
    );
    assert_eq!(
        may(
            Operation::ReadCase,
            Holding::AtHq,
            Roles::from_bits(1 << 15)
        ),
        May::No
    );
}

#[test]
fn several_roles_give_the_most_that_any_of_them_gives_and_no_more() {
    for operation in Operation::ALL {
        for holding in Holding::ALL {
            for one in Role::ALL {
                for two in Role::ALL {
                    let both = may(*operation, holding, only(one).with(two));
                    let each = [one, two].map(|role| may_role(*operation, holding, role));
                    assert_eq!(
                        Some(both),
                        each.into_iter().max(),
                        "{one:?} {two:?} {operation:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_lowers_takes_a_psychiatrist_or_another_clinician_everywhere() {
    for operation in [Operation::SettleDown, Operation::Accept] {
        for holding in [Holding::Open, Holding::AtHq] {
            assert_eq!(
                who_may(operation, holding),
                [Role::Clinician, Role::Psychiatrist]
            );
            assert_eq!(may(operation, holding, only(Role::Clinician)), May::Others);
        }
    }
}

#[test]
fn whoever_runs_the_system_or_reads_figures_reads_no_person() {
    for operation in [
        Operation::ReadCase,
        Operation::ReadCard,
        Operation::ReadQueue,
        Operation::Export,
        Operation::BreakGlass,
        Operation::ListCases,
    ] {
        for holding in Holding::ALL {
            for role in [Role::Analyst, Role::Administrator] {
                assert_eq!(
                    may_role(operation, holding, role),
                    May::No,
                    "{role:?} {operation:?}"
                );
            }
        }
    }
}

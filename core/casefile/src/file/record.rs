//! The record that an edit becomes, if it becomes one.

use crate::{
    edit::Edit,
    ids::RecordId,
    layout::Section,
    record::{
        Acceptance, AdviceMark, Ask, Confirmation, Event, Opening, Override, Record, Settlement,
        Withdrawal,
    },
};

/// The record of this edit with its place; nothing for an edit that writes values.
pub(super) fn record_of(edit: &Edit) -> Option<(Section, RecordId, Record)> {
    let edit = edit.clone();
    Some(match edit {
        Edit::StartAssessment { .. }
        | Edit::Answer { .. }
        | Edit::Retract { .. }
        | Edit::Title(_)
        | Edit::Minor(_) => return None,
        Edit::Confirm {
            id,
            place,
            earlier,
            reason,
            kind,
        } => {
            let new = Confirmation {
                place,
                earlier,
                reason,
                kind,
            };
            (Section::Confirmations, id, Record::Confirmation(new))
        }
        Edit::Settle {
            id,
            place,
            seen,
            choice,
            replaces,
            reason,
        } => {
            let new = Settlement {
                place,
                seen,
                choice,
                replaces,
                reason,
            };
            (Section::Settlements, id, Record::Settlement(new))
        }
        Edit::Accept {
            id,
            accepted,
            reason,
        } => {
            let new = Acceptance { accepted, reason };
            (Section::Acceptances, id, Record::Acceptance(new))
        }
        Edit::Override {
            id,
            domain,
            level,
            reason,
        } => {
            let new = Override {
                domain,
                level,
                reason,
            };
            (Section::Overrides, id, Record::Override(new))
        }
        Edit::Event { id, kind, text } => {
            let person = None;
            let new = Event { kind, text, person };
            (Section::Events, id, Record::Event(new))
        }
        Edit::AddToTeam { id, person, text } => {
            let new = Event {
                kind: Event::ADDED_TO_TEAM.to_owned(),
                text,
                person: Some(person),
            };
            (Section::Events, id, Record::Event(new))
        }
        Edit::Ask {
            id,
            question,
            call_back,
        } => (
            Section::Asks,
            id,
            Record::Ask(Ask {
                question,
                call_back,
            }),
        ),
        Edit::AdviceMark { id, advice, mark } => (
            Section::Marks,
            id,
            Record::Mark(AdviceMark { advice, mark }),
        ),
        Edit::Review { id, review } => (Section::Reviews, id, Record::Review(review)),
        Edit::Advice { id, advice } => (Section::Advice, id, Record::Advice(advice)),
        Edit::Withdraw { id, advice, reason } => (
            Section::Withdrawals,
            id,
            Record::Withdrawal(Withdrawal { advice, reason }),
        ),
        Edit::Opened { id } => (Section::Openings, id, Record::Opening(Opening {})),
    })
}

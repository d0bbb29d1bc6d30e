//! Rule 4's exception: an author's own answer, taken back within 60 seconds and before it left the phone, governs no more.

use crate::device::Open;
use crate::error::Result;
use crate::seams::Seams;
use crate::vault::sql::unsent;
use mooring_casefile::{CaseView, ConfirmKind, Edit, Now, Place, ValueView};

/// How long an answer may be taken back without a word.
const UNDO_MS: i64 = 60_000;

/// The record that lets this phone's own, fresh, unsent values at a place go; none where there is nothing to undo.
pub(crate) fn undo(
    view: &CaseView,
    place: &Place,
    open: &mut Open,
    seams: &mut Seams,
    now: Now,
) -> Result<Option<Edit>> {
    let mut earlier = Vec::new();
    for value in standing(view, place) {
        let fresh = (0..=UNDO_MS).contains(&now.wall_ms.saturating_sub(value.stamp.at.wall_ms));
        let own = value.stamp.who.same_writer(&open.me.attribution);
        let (case, change) = (view.case, value.id);
        if fresh
            && own
            && open
                .vault
                .look(|connection| Ok(unsent::never_left(connection, case, change)?))?
        {
            earlier.push(value.id);
        }
    }
    let edit = |earlier| Edit::Confirm {
        id: seams.record_id(now),
        place: place.clone(),
        earlier,
        reason: String::new(),
        kind: ConfirmKind::Undo,
    };
    Ok((!earlier.is_empty()).then_some(earlier).map(edit))
}

fn standing<'a>(view: &'a CaseView, place: &Place) -> &'a [ValueView] {
    match place {
        Place::Minor => &[],
        Place::Answer { assessment, path } => view
            .assessment(*assessment)
            .and_then(|assessment| assessment.items.iter().find(|item| item.path == *path))
            .map_or(&[], |item| &item.values),
    }
}

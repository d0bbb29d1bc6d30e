//! Rule 4's exception: an author's own answer, taken back within 60 seconds and before it left the phone, governs no more.

use crate::device::Open;
use crate::error::Result;
use crate::seams::Seams;
use crate::vault::sql::unsent;
use mooring_casefile::{
    CaseView, ChangeId, ConfirmKind, Edit, ItemView, Now, Place, RecordId, ValueStanding,
};

/// How long an answer may be taken back without a word.
const UNDO_MS: i64 = 60_000;

/// Values of this phone's own that may be let go without a word, should the edit make them govern on.
pub(crate) struct Undo {
    id: RecordId,
    place: Place,
    earlier: Vec<ChangeId>,
}

impl Undo {
    /// The record, if the edit that was made holds any of them.
    pub(crate) fn edit(&self, after: &CaseView) -> Option<Edit> {
        let held = item(after, &self.place)
            .into_iter()
            .flat_map(|item| &item.earlier);
        let held = held.filter(|value| {
            value.standing == ValueStanding::Held && self.earlier.contains(&value.id)
        });
        let earlier: Vec<_> = held.map(|value| value.id).collect();
        (!earlier.is_empty()).then(|| Edit::Confirm {
            id: self.id,
            place: self.place.clone(),
            earlier,
            reason: String::new(),
            kind: ConfirmKind::Undo,
        })
    }
}

/// What may be undone at a place: this phone's own, fresh, and surely still here alone.
pub(crate) fn undo(
    view: &CaseView,
    place: Place,
    open: &mut Open,
    seams: &mut Seams,
    now: Now,
) -> Result<Option<Undo>> {
    let mut earlier = Vec::new();
    for value in item(view, &place).into_iter().flat_map(|item| &item.values) {
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
    Ok((!earlier.is_empty()).then(|| Undo {
        id: seams.record_id(now),
        place,
        earlier,
    }))
}

fn item<'a>(view: &'a CaseView, place: &Place) -> Option<&'a ItemView> {
    match place {
        Place::Minor => None,
        Place::Answer { assessment, path } => view
            .assessment(*assessment)?
            .items
            .iter()
            .find(|item| item.path == *path),
    }
}

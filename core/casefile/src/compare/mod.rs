//! A version beside another: the clinical difference in words, and the canonical text that a review signs.

mod canonical;
mod difference;

pub use difference::{Changes, Difference};

use crate::{
    moment::Stamp,
    shelf::Shelf,
    view::{ItemView, ValueView},
};

/// "J. Okafor 02:34".
fn by(shelf: &dyn Shelf, stamp: &Stamp) -> String {
    format!(
        "{} {}",
        shelf.name(&stamp.who.person),
        shelf.clock(stamp.at)
    )
}

/// "Yes (J. Okafor 02:34)".
fn said(shelf: &dyn Shelf, value: &ValueView) -> String {
    format!("{} ({})", value.words, by(shelf, &value.stamp))
}

/// "Yes (J. Okafor 02:34) and No (L. Brandt 02:36)", or "not answered".
fn standing(shelf: &dyn Shelf, item: &ItemView) -> String {
    let all: Vec<_> = item.values.iter().map(|value| said(shelf, value)).collect();
    if all.is_empty() {
        "not answered".to_owned()
    } else {
        all.join(" and ")
    }
}

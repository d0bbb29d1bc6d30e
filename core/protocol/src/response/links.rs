//! Which item a response means by a linkId, and in which repeat it stands.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::form::Chain;
use crate::plan::Plan;

/// How a linkId was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// As it stands.
    Exactly(usize),
    /// With or without a slash before it, as some systems write it.
    ButForASlash(usize),
}

/// The item of this linkId.
pub(super) fn find(plan: &Plan, link_id: &str) -> Option<Found> {
    if let Some(node) = plan.index(link_id) {
        return Some(Found::Exactly(node));
    }
    let other = match link_id.strip_prefix('/') {
        Some(without) => plan.index(without),
        None => plan.index(&format!("/{link_id}")),
    };
    other.map(Found::ButForASlash)
}

/// The repeats that were met, so that what a response puts outside of its repeat comes into one and the same.
#[derive(Debug, Default)]
pub(super) struct Repeats(BTreeMap<(Chain, String), Uuid>);

impl Repeats {
    /// The repeats above a node: those in which the response has it, and one made for each that it left out.
    pub(super) fn above(
        &mut self,
        plan: &Plan,
        node: usize,
        here: &Chain,
        fresh: &mut dyn FnMut() -> Uuid,
    ) -> Chain {
        let mut links = Vec::new();
        let mut at = plan.nodes.get(node).and_then(|node| node.parent);
        while let Some(parent) = at.and_then(|at| plan.nodes.get(at)) {
            if parent.repeats_below {
                links.push(parent.link_id.clone());
            }
            at = parent.parent;
        }
        let mut chain = Chain::new();
        for link in links.into_iter().rev() {
            let given = here.iter().find(|(named, _)| *named == link);
            let id = match given {
                Some((_, id)) => *id,
                None => *self
                    .0
                    .entry((chain.clone(), link.clone()))
                    .or_insert_with(&mut *fresh),
            };
            chain.push((link, id));
        }
        chain
    }

    /// Notes the latest repeat of an item.
    pub(super) fn met(&mut self, above: &Chain, link_id: &str, id: Uuid) {
        self.0.insert((above.clone(), link_id.to_owned()), id);
    }
}

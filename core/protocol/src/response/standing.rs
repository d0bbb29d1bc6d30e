//! Every item in every repeat, hidden ones too, with whether it applies: what the flow shows, and what it leaves out.

use std::collections::BTreeSet;

use crate::enable;
use crate::flow::Openness;
use crate::form::{Chain, Form};
use crate::item::Item;
use crate::path::AnswerPath;
use crate::protocol::Protocol;
use crate::sheet::Sheet;
use crate::steps;
use crate::triage::Person;

/// One item in one repeat.
pub(super) struct Standing<'p> {
    pub(super) item: &'p Item,
    pub(super) path: AnswerPath,
    pub(super) open: Openness,
}

/// All of them, in the order of the file, and the answers that fit nowhere.
pub(super) struct Laid<'p> {
    pub(super) entries: Vec<Standing<'p>>,
    pub(super) children: Vec<Vec<usize>>,
    pub(super) top: Vec<usize>,
    pub(super) unplaced: BTreeSet<AnswerPath>,
}

impl<'p> Laid<'p> {
    pub(super) fn new(protocol: &'p Protocol, sheet: &Sheet) -> Self {
        let (plan, items) = (&protocol.plan, protocol.items.as_slice());
        let form = Form::new(plan, items, sheet, Person::default());
        let everything = vec![true; plan.nodes.len()];
        let order = enable::order(plan, &form, &everything);
        let open = steps::openness(plan, &form, &order);
        let mut laid = Self {
            entries: Vec::with_capacity(form.entries.len()),
            children: vec![Vec::new(); form.entries.len()],
            top: Vec::new(),
            unplaced: form.unplaced.iter().cloned().collect(),
        };
        for (number, (entry, open)) in form.entries.iter().zip(open).enumerate() {
            let Some(item) = plan.item(items, entry.node) else {
                // Both come from one protocol, so every entry has its item.
                break;
            };
            match entry
                .parent
                .and_then(|parent| laid.children.get_mut(parent))
            {
                Some(below) => below.push(number),
                None => laid.top.push(number),
            }
            laid.entries.push(Standing {
                item,
                path: AnswerPath::within(entry.chain.clone(), &item.link_id),
                open,
            });
        }
        laid
    }

    /// The entries right below this one that stand in these repeats.
    pub(super) fn below(&self, entry: usize, chain: &Chain) -> impl Iterator<Item = usize> {
        let numbers = self.children.get(entry).into_iter().flatten().copied();
        numbers.filter(|number| {
            self.entries
                .get(*number)
                .is_some_and(|below| below.path.ancestors().starts_with(chain))
        })
    }
}

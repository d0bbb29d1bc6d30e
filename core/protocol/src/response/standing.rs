//! Every item in every repeat, hidden ones too, with whether it applies: what the flow shows, and what it leaves out.

use std::collections::{BTreeMap, BTreeSet};

use super::calculated::Worked;
use crate::answer::Answer;
use crate::enable::{self, View};
use crate::flow::Openness;
use crate::form::{Chain, Form};
use crate::item::Item;
use crate::path::AnswerPath;
use crate::protocol::Protocol;
use crate::score::Score;
use crate::sheet::Sheet;
use crate::steps;
use crate::triage::Person;

/// One item in one repeat.
pub(super) struct Standing<'p> {
    pub(super) item: &'p Item,
    pub(super) path: AnswerPath,
    pub(super) open: Openness,
    /// Whether R4 has it enabled, by what a response can hold.
    pub(super) is_enabled: bool,
    /// Its value, if that is worked out.
    pub(super) worked: Option<Worked>,
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
        let picks = vec![None; form.slots.len()];
        let view = View {
            plan,
            items,
            form: &form,
            picks: &picks,
        };
        let order = enable::order(plan, &form, &vec![true; plan.nodes.len()]);
        let enabled = enable::enabled(view, &order);
        let open = steps::openness(view, &order, &enabled);
        let sums = sums(protocol, sheet);
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
            let sum = sums.get(&item.link_id).filter(|_| entry.chain.is_empty());
            laid.entries.push(Standing {
                item,
                path: AnswerPath::within(entry.chain.clone(), &item.link_id),
                open,
                is_enabled: open == Openness::Open,
                worked: Worked::new(item, enabled.derived(number), sum),
            });
        }
        laid
    }

    /// The same, with what is enabled for whoever sees the response alone: "not sure" at a gate, or several values that may be true,
    /// keep open here what stands behind it, and are no answers there.
    pub(super) fn for_others(protocol: &'p Protocol, sheet: &Sheet) -> Self {
        let mut laid = Self::new(protocol, sheet);
        let mut plain = sheet.clone();
        for (path, answers) in sheet.iter() {
            if !matches!(answers, [Answer::Value(_)]) {
                plain.set(path.clone(), Answer::NotNow);
            }
        }
        let others = Self::new(protocol, &plain);
        for (own, other) in laid.entries.iter_mut().zip(others.entries) {
            own.is_enabled = other.is_enabled;
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

/// The totals that items of the file show, by their linkId.
fn sums(protocol: &Protocol, sheet: &Sheet) -> BTreeMap<String, Score> {
    let scores = protocol.score(sheet).into_iter();
    scores
        .filter_map(|score| Some((score.link_id.clone()?, score)))
        .collect()
}

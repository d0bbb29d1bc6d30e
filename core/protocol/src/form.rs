//! A protocol filled in: every item once for each repeat, with the answers that stand there.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::item::{Item, option_key};
use crate::path::{AnswerPath, Leaf};
use crate::plan::{Node, Plan, Shape};
use crate::read_answer::{Reading, Slot, readings};
use crate::sheet::Sheet;
use crate::triage::Person;
use crate::value::Value;

/// More entries than this are not laid out: answers beyond count as fitting nowhere, so no level is complete.
const MAX_ENTRIES: usize = 200_000;

/// The repeats above something, outermost first.
pub(crate) type Chain = Vec<(String, Uuid)>;

/// One item in one repeat.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) node: usize,
    pub(crate) parent: Option<usize>,
    pub(crate) chain: Chain,
    /// In a repeat that does not exist yet.
    pub(crate) not_yet_begun: bool,
    /// Its answers: where they start in the form's slots, and how many.
    pub(crate) slots: std::ops::Range<usize>,
    pub(crate) depth: usize,
    /// Where the entries below it end.
    pub(crate) end: usize,
}

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) entries: Vec<Entry>,
    pub(crate) slots: Vec<Slot>,
    /// The entries of each node.
    pub(crate) by_node: Vec<Vec<usize>>,
    /// Answers that fit nowhere.
    pub(crate) unplaced: Vec<AnswerPath>,
    /// The moment at which the answers are read, if it was handed in.
    pub(crate) now: Option<String>,
    /// How many steps all expressions together may still take.
    pub(crate) steps: Cell<u64>,
}

/// More steps than this are not taken for one look at a form.
pub(crate) const MAX_STEPS: u64 = 20_000_000;

impl Form {
    /// Lays the items out over the answers.
    pub(crate) fn new(plan: &Plan, items: &[Item], sheet: &Sheet, person: Person) -> Self {
        let form = Self {
            by_node: vec![Vec::new(); plan.nodes.len()],
            now: sheet.now().map(str::to_owned),
            steps: Cell::new(MAX_STEPS),
            ..Self::default()
        };
        let mut layout = Layout {
            plan,
            sheet,
            person,
            repeats: repeats(sheet),
            form,
            placed: BTreeSet::new(),
            next: 0,
        };
        layout.items(items, None, &Vec::new(), false, 0);
        let Layout {
            mut form, placed, ..
        } = layout;
        form.unplaced = sheet
            .iter()
            .map(|(path, _)| path)
            .filter(|path| !placed.contains(path))
            .cloned()
            .collect();
        form
    }

    /// Takes the answers at one path anew, and says whose they are. Nothing where that changes more than one question's answers: then
    /// all has to be laid out again.
    pub(crate) fn answer(
        &mut self,
        plan: &Plan,
        items: &[Item],
        sheet: &Sheet,
        path: &AnswerPath,
        person: Person,
    ) -> Option<usize> {
        let number = plan.index(path.link_id())?;
        let (node, item) = (plan.nodes.get(number)?, plan.item(items, number)?);
        let base = path.base();
        let (entry, found) = self
            .entries_of(number)
            .find(|(_, entry)| entry.chain == base.ancestors())?;
        // Answers below a repeat make it and unmake it.
        let stays = base.ancestors().is_empty() || !sheet.get(path).is_empty();
        let below = item.repeats_below() && !item.items.is_empty();
        if found.not_yet_begun || !stays || below || self.unplaced.contains(path) {
            return None;
        }
        let old = found.slots.clone();
        let slots = slots_at(item, node, &base, sheet, person);
        if !sheet.get(path).is_empty() && !slots.iter().any(|(placed, _)| *placed == path) {
            return None;
        }
        let (before, after) = (old.len(), slots.len());
        self.slots
            .splice(old, slots.into_iter().map(|(_, slot)| slot));
        // Entries lie in the order of their answers, so all that come later move along.
        for (number, other) in self.entries.iter_mut().enumerate().skip(entry) {
            let moved = |at: usize| (at + after).saturating_sub(before);
            let start = if number == entry {
                other.slots.start
            } else {
                moved(other.slots.start)
            };
            other.slots = start..moved(other.slots.end);
        }
        self.steps.set(MAX_STEPS);
        Some(entry)
    }

    pub(crate) fn slots_of(&self, entry: &Entry) -> &[Slot] {
        self.slots.get(entry.slots.clone()).unwrap_or_default()
    }

    /// Whether any place has several values that may be true.
    pub(crate) fn is_contested(&self) -> bool {
        self.slots.iter().any(|slot| slot.candidates.len() > 1)
    }

    /// The places of an entry's answers, with their numbers.
    pub(crate) fn numbered<'f>(
        &'f self,
        entry: &Entry,
    ) -> impl Iterator<Item = (usize, &'f Slot)> + use<'f> {
        entry.slots.clone().zip(self.slots_of(entry))
    }

    /// The entries of a node, with their numbers.
    pub(crate) fn entries_of(&self, node: usize) -> impl Iterator<Item = (usize, &Entry)> {
        let numbers = self.by_node.get(node).map_or(&[][..], Vec::as_slice);
        numbers
            .iter()
            .filter_map(|number| Some((*number, self.entries.get(*number)?)))
    }

    /// The entries of a question that an item in these repeats looks at: the same repeat wherever both stand in one.
    pub(crate) fn seen_from<'f>(
        &'f self,
        question: usize,
        chain: &[(String, Uuid)],
    ) -> impl Iterator<Item = (usize, &'f Entry)> + use<'f> {
        let numbers = self.by_node.get(question).map_or(&[][..], Vec::as_slice);
        let chain_of = |number: &usize| {
            self.entries
                .get(*number)
                .map_or(&[][..], |entry| entry.chain.as_slice())
        };
        let links = numbers
            .iter()
            .map(chain_of)
            .max_by_key(|chain| chain.len())
            .unwrap_or_default();
        let shared = links
            .iter()
            .zip(chain)
            .take_while(|((a, _), (b, _))| a == b)
            .count();
        let wanted = ids(chain, shared);
        // Entries were laid out in the order of their repeats' ids, so those of one repeat stand together.
        let start = numbers.partition_point(|number| ids(chain_of(number), shared) < wanted);
        let rest = numbers.get(start..).unwrap_or_default();
        let end = rest.partition_point(|number| ids(chain_of(number), shared) <= wanted);
        rest.get(..end)
            .unwrap_or_default()
            .iter()
            .filter_map(|number| Some((*number, self.entries.get(*number)?)))
    }
}

fn ids(chain: &[(String, Uuid)], shared: usize) -> Vec<Uuid> {
    chain.iter().take(shared).map(|(_, id)| *id).collect()
}

/// Which repeats the answers speak of, by the repeats above them and their linkId.
type Repeats = BTreeMap<(Chain, String), BTreeSet<Uuid>>;

fn repeats(sheet: &Sheet) -> Repeats {
    let mut repeats = Repeats::new();
    for (path, _) in sheet.iter() {
        for (depth, (link, id)) in path.ancestors().iter().enumerate() {
            let above = path.ancestors().iter().take(depth).cloned().collect();
            repeats
                .entry((above, link.clone()))
                .or_default()
                .insert(*id);
        }
        if let Leaf::Instance(id) = path.leaf() {
            repeats
                .entry((path.ancestors().to_vec(), path.link_id().to_owned()))
                .or_default()
                .insert(*id);
        }
    }
    repeats
}

struct Layout<'a> {
    plan: &'a Plan,
    sheet: &'a Sheet,
    person: Person,
    repeats: Repeats,
    form: Form,
    placed: BTreeSet<&'a AnswerPath>,
    /// The node of the next item: the plan numbers them in this order.
    next: usize,
}

impl<'a> Layout<'a> {
    fn items(
        &mut self,
        items: &[Item],
        parent: Option<usize>,
        chain: &Chain,
        not_yet_begun: bool,
        depth: usize,
    ) {
        for item in items {
            let node = self.next;
            self.next += 1;
            let ids = self
                .repeats
                .get(&(chain.clone(), item.link_id.clone()))
                .cloned()
                .unwrap_or_default();
            let is_group = item.repeats_below() && !item.kind.is_question();
            let first = self.next;
            if !item.repeats_below() || ids.is_empty() {
                let own = self.entry(item, node, parent, chain, not_yet_begun, depth);
                let below = not_yet_begun || item.repeats_below();
                self.items(&item.items, own, chain, below, depth + 1);
                self.end(own);
                continue;
            }
            let shared = if is_group {
                None
            } else {
                self.entry(item, node, parent, chain, not_yet_begun, depth)
            };
            for id in ids {
                let below: Chain = chain
                    .iter()
                    .cloned()
                    .chain([(item.link_id.clone(), id)])
                    .collect();
                let own = if is_group {
                    self.entry(item, node, parent, &below, false, depth)
                } else {
                    shared
                };
                self.next = first;
                self.items(&item.items, own, &below, not_yet_begun, depth + 1);
                self.end(own);
            }
        }
    }

    /// What was laid out since stands below this entry.
    fn end(&mut self, own: Option<usize>) {
        let end = self.form.entries.len();
        if let Some(entry) = own.and_then(|own| self.form.entries.get_mut(own)) {
            entry.end = end;
        }
    }

    fn entry(
        &mut self,
        item: &Item,
        node: usize,
        parent: Option<usize>,
        chain: &Chain,
        not_yet_begun: bool,
        depth: usize,
    ) -> Option<usize> {
        if self.form.entries.len() >= MAX_ENTRIES {
            return None;
        }
        let start = self.form.slots.len();
        if item.kind.is_question() {
            self.slots(item, node, chain);
        }
        let number = self.form.entries.len();
        let slots = start..self.form.slots.len();
        self.form.entries.push(Entry {
            node,
            parent,
            chain: chain.clone(),
            not_yet_begun,
            slots,
            depth,
            end: number + 1,
        });
        self.form.by_node.get_mut(node)?.push(number);
        Some(number)
    }

    fn slots(&mut self, item: &Item, node: usize, chain: &Chain) {
        let Some(node) = self.plan.nodes.get(node) else {
            return;
        };
        let base = AnswerPath::within(chain.clone(), &item.link_id);
        let sheet: &'a Sheet = self.sheet;
        for (path, slot) in slots_at(item, node, &base, sheet, self.person) {
            self.placed.insert(path);
            self.form.slots.push(slot);
        }
    }
}

/// The places of a question's answers, with what each counts as.
fn slots_at<'s>(
    item: &Item,
    node: &Node,
    base: &AnswerPath,
    sheet: &'s Sheet,
    person: Person,
) -> Vec<(&'s AnswerPath, Slot)> {
    let mut slots = Vec::new();
    for (path, answers) in sheet.under(base) {
        let chosen = match (node.shape, path.leaf()) {
            (Shape::Single | Shape::Multi | Shape::List, Leaf::Whole)
            | (Shape::List, Leaf::Instance(_)) => None,
            (Shape::Multi, Leaf::Option(key)) => match chosen(item, key) {
                Some(value) => Some(value),
                None => continue,
            },
            _ => continue,
        };
        let candidates: Vec<Reading> = readings(answers, chosen.as_ref(), item.kind, node, person);
        let slot = Slot {
            path: path.clone(),
            candidates,
        };
        slots.push((path, slot));
    }
    slots
}

/// The value that an option's key stands for: one of the options, or words of one's own.
pub(crate) fn chosen(item: &Item, key: &str) -> Option<Value> {
    if let Some(option) = item
        .options
        .iter()
        .find(|option| option_key(&option.value) == key)
    {
        return Some(option.value.clone());
    }
    let own_words = item.kind == crate::item::ItemKind::OpenChoice || !item.options_known;
    own_words.then(|| crate::item::value_of_key(key)).flatten()
}

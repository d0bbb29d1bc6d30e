//! An assessment that is kept up to date: an answer works out anew only what hangs on it.
//!
//! It says exactly what `flow`, `score` and `triage` say of the same answers. Where an answer changes more than its own question, or
//! where anything is contested, it works everything out anew.

use std::collections::BTreeSet;

use crate::answer::Answer;
use crate::enable::{self, Enabled, View};
use crate::flow::{Flow, Step};
use crate::form::Form;
use crate::item::Item;
use crate::path::AnswerPath;
use crate::plan::Plan;
use crate::rules::Rules;
use crate::score::{self, Score};
use crate::sheet::Sheet;
use crate::steps::{self, Look};
use crate::triage::derive::{self, Relevant};
use crate::triage::{Person, Triage};

/// What a sitting needs of its protocol.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) items: &'p [Item],
    pub(crate) rules: &'p Rules,
    pub(crate) relevant: &'p Relevant,
}

impl<'p> Ground<'p> {
    fn view<'a>(self, form: &'a Form) -> View<'a>
    where
        'p: 'a,
    {
        View {
            plan: self.plan,
            items: self.items,
            form,
            picks: &[],
        }
    }
}

/// An assessment with everything that its answers say.
#[derive(Debug)]
pub struct Sitting<'p> {
    ground: Ground<'p>,
    person: Person,
    sheet: Sheet,
    /// The answers as they are asked, and as the levels read them: a minor's refusal counts as a yes only there.
    asked: Standing,
    judged: Option<Standing>,
    steps: Vec<(usize, Step)>,
    rest: Flow,
    scores: Vec<Score>,
    triage: Triage,
}

impl<'p> Sitting<'p> {
    pub(crate) fn new(ground: Ground<'p>, sheet: Sheet, person: Person) -> Self {
        let mut sitting = Self {
            asked: Standing::new(ground, &sheet, Person::default()),
            judged: judged(ground, &sheet, person),
            ground,
            person,
            sheet,
            steps: Vec::new(),
            rest: Flow::default(),
            scores: Vec::new(),
            triage: Triage::default(),
        };
        sitting.sum_up(None);
        sitting
    }

    /// The answers.
    pub const fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// The steps in order, as in [`Flow::steps`].
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().map(|(_, step)| step)
    }

    /// Everything of the flow but its steps, which stand in [`Sitting::steps`].
    pub const fn summary(&self) -> &Flow {
        &self.rest
    }

    /// The flow, with its steps.
    pub fn flow(&self) -> Flow {
        Flow {
            steps: self.steps().cloned().collect(),
            ..self.rest.clone()
        }
    }

    /// The totals.
    pub fn scores(&self) -> &[Score] {
        &self.scores
    }

    /// The levels.
    pub const fn triage(&self) -> &Triage {
        &self.triage
    }

    /// Makes these the answers at the path; none takes them away.
    pub fn answer(&mut self, path: &AnswerPath, answers: &[Answer]) {
        self.sheet.remove(path);
        for answer in answers {
            self.sheet.add(path.clone(), answer.clone());
        }
        let changed = self.take(path);
        if changed.is_none() {
            self.asked = Standing::new(self.ground, &self.sheet, Person::default());
            self.judged = judged(self.ground, &self.sheet, self.person);
        }
        self.sum_up(changed);
    }

    /// The entries of which something new is known; nothing where all must be worked out anew.
    fn take(&mut self, path: &AnswerPath) -> Option<BTreeSet<usize>> {
        let (ground, sheet) = (self.ground, &self.sheet);
        if self.asked.form.is_contested() {
            return None;
        }
        if let Some(judged) = &mut self.judged {
            judged.answer(ground, sheet, path, self.person)?;
        }
        let changed = self.asked.answer(ground, sheet, path, Person::default());
        changed.filter(|_| !self.asked.form.is_contested())
    }

    /// What the answers say, with the steps of these entries anew, or of all.
    fn sum_up(&mut self, changed: Option<BTreeSet<usize>>) {
        if self.asked.form.is_contested() {
            return self.sum_up_contested();
        }
        self.make_steps(changed);
        let (ground, rules) = (self.ground, self.ground.rules);
        let (view, enabled) = (ground.view(&self.asked.form), &self.asked.enabled);
        steps::summed_up(&mut self.rest, view, rules, enabled, &self.steps);
        self.scores = score::scores(view, enabled, &rules.scores);
        let standing = self.judged.as_ref().unwrap_or(&self.asked);
        let view = ground.view(&standing.form);
        self.triage = derive::derive_from(view, &standing.enabled, rules, ground.relevant);
    }

    /// All combinations are looked at, as without a sitting.
    fn sum_up_contested(&mut self) {
        let Ground {
            plan,
            items,
            rules,
            relevant,
        } = self.ground;
        let mut flow = steps::flow(plan, items, rules, &self.asked.form, &self.sheet);
        let steps = std::mem::take(&mut flow.steps);
        // No step is found by its number while anything is contested: all are made anew.
        self.steps = steps.into_iter().map(|step| (0, step)).collect();
        self.rest = flow;
        let view = self.ground.view(&self.asked.form);
        self.scores = score::scores(view, &self.asked.enabled, &rules.scores);
        let standing = self.judged.as_ref().unwrap_or(&self.asked);
        self.triage = derive::derive(plan, items, rules, relevant, &standing.form);
    }

    fn make_steps(&mut self, changed: Option<BTreeSet<usize>>) {
        let look = Look {
            view: self.ground.view(&self.asked.form),
            enabled: &self.asked.enabled,
            sheet: &self.sheet,
        };
        let step = |number| look.step(number, steps::open(&self.asked.enabled, number));
        let Some(mut changed) = changed else {
            let all = 0..self.asked.form.entries.len();
            self.steps = all
                .filter_map(|number| Some((number, step(number)?)))
                .collect();
            return;
        };
        for node in self.ground.plan.worded() {
            let entries = self.asked.form.entries_of(*node);
            changed.extend(entries.map(|(number, _)| number));
        }
        for number in changed {
            let at = self
                .steps
                .binary_search_by_key(&number, |(known, _)| *known);
            if let Some((_, place)) = at.ok().and_then(|at| self.steps.get_mut(at))
                && let Some(step) = step(number)
            {
                *place = step;
            }
        }
    }
}

/// As the levels read the answers, where that differs.
fn judged(ground: Ground, sheet: &Sheet, person: Person) -> Option<Standing> {
    (person != Person::default()).then(|| Standing::new(ground, sheet, person))
}

/// A form with all that is worked out on it.
#[derive(Debug)]
struct Standing {
    form: Form,
    enabled: Enabled,
}

impl Standing {
    fn new(ground: Ground, sheet: &Sheet, person: Person) -> Self {
        let form = Form::new(ground.plan, ground.items, sheet, person);
        let everything = vec![true; ground.plan.nodes.len()];
        let order = enable::order(ground.plan, &form, &everything);
        let enabled = enable::enabled(ground.view(&form), &order);
        Self { form, enabled }
    }

    /// Takes the answers at a path. The entries of which something new is known; nothing where all must be worked out anew.
    fn answer(
        &mut self,
        ground: Ground,
        sheet: &Sheet,
        path: &AnswerPath,
        person: Person,
    ) -> Option<BTreeSet<usize>> {
        let plan = ground.plan;
        // In a circle the order decides, and only from the beginning is it the same.
        if plan.has_loops() {
            return None;
        }
        let answered = self.form.answer(plan, ground.items, sheet, path, person)?;
        let mut changed = BTreeSet::from([answered]);
        let node = self.form.entries.get(answered)?.node;
        let mut waiting = BTreeSet::new();
        self.wait(plan, &[node], &mut waiting);
        self.wait(plan, plan.hanging_on(node), &mut waiting);
        self.wait(plan, plan.wild(), &mut waiting);
        // In order, so that each is worked out after all that it hangs on.
        while let Some((_, number)) = waiting.pop_first() {
            if enable::work_out(ground.view(&self.form), number, &mut self.enabled) {
                changed.insert(number);
                let node = self.form.entries.get(number)?.node;
                self.wait(plan, plan.hanging_on(node), &mut waiting);
            }
        }
        Some(changed)
    }

    fn wait(&self, plan: &Plan, nodes: &[usize], waiting: &mut BTreeSet<(usize, usize)>) {
        for node in nodes {
            let rank = plan.nodes.get(*node).map_or(0, |node| node.rank);
            let entries = self.form.entries_of(*node);
            waiting.extend(entries.map(|(number, _)| (rank, number)));
        }
    }
}

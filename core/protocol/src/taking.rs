//! Takes an answer: finds its place, checks it against the item, and says what changes.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::accept::{AnswerFault, Wrong};
use crate::answer::Answer;
use crate::checking;
use crate::form::Chain;
use crate::item::{Item, option_key};
use crate::path::{AnswerPath, Leaf};
use crate::plan::{Plan, Shape};
use crate::sheet::Sheet;
use crate::value::Value;

/// More answers than this to one question are refused.
const MAX_ANSWERS: usize = 1_000;

/// What taking an answer needs.
pub(crate) struct Taking<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) items: &'a [Item],
    pub(crate) instance: &'a [(String, Uuid)],
    pub(crate) fresh: &'a mut dyn FnMut() -> Uuid,
    pub(crate) current: &'a Sheet,
}

type Edits = Vec<(AnswerPath, Answer)>;

impl Taking<'_> {
    /// The edits for this answer.
    pub(crate) fn take(&mut self, link_id: &str, raw: &Json) -> Result<Edits, AnswerFault> {
        self.edits(link_id, raw).map_err(|wrong| AnswerFault {
            link_id: link_id.to_owned(),
            wrong,
        })
    }

    fn edits(&mut self, link_id: &str, raw: &Json) -> Result<Edits, Wrong> {
        let node = self.plan.index(link_id).ok_or(Wrong::NoSuchQuestion)?;
        let item = self
            .plan
            .item(self.items, node)
            .ok_or(Wrong::NoSuchQuestion)?;
        let shape = self
            .plan
            .nodes
            .get(node)
            .map_or(Shape::None, |node| node.shape);
        if !item.kind.is_question() {
            return Err(Wrong::NotAQuestion(item.kind));
        }
        let list = raw.as_array();
        let answers = match list {
            Some(list) => list
                .iter()
                .map(Answer::from_json)
                .collect::<Result<Vec<_>, _>>()?,
            None => vec![Answer::from_json(raw)?],
        };
        let answers = checking::check(item, shape, answers)?;
        let base = AnswerPath::within(self.chain(node)?, link_id);
        match shape {
            Shape::Multi => Ok(self.options(item, &base, &answers)),
            Shape::List => self.list(item, &base, answers, list.is_some()),
            Shape::Single | Shape::None => Ok(answers
                .into_iter()
                .map(|answer| (base.clone(), answer))
                .collect()),
        }
    }

    /// The repeats above a question: those named, else the only one there is, else a new one.
    fn chain(&mut self, node: usize) -> Result<Chain, Wrong> {
        let mut above = Vec::new();
        let mut at = self.plan.nodes.get(node).and_then(|node| node.parent);
        while let Some(parent) = at.and_then(|at| self.plan.nodes.get(at)) {
            if parent.repeats_below {
                above.push(parent.link_id.clone());
            }
            at = parent.parent;
        }
        above.reverse();
        let own = self.plan.nodes.get(node).map(|node| node.link_id.clone());
        let stray = self
            .instance
            .iter()
            .find(|(link, _)| !above.contains(link) && Some(link) != own.as_ref());
        if let Some((link, _)) = stray {
            return Err(Wrong::NoSuchRepeat { of: link.clone() });
        }
        let mut chain = Chain::new();
        for link in above {
            let id = self.repeat(&chain, &link)?;
            chain.push((link, id));
        }
        Ok(chain)
    }

    fn repeat(&mut self, above: &Chain, link: &str) -> Result<Uuid, Wrong> {
        if let Some((_, id)) = self.instance.iter().find(|(named, _)| named == link) {
            return Ok(*id);
        }
        let mut found: Vec<Uuid> = self
            .current
            .iter()
            .filter_map(|(path, _)| repeat_in(path, above, link))
            .collect();
        found.sort_unstable();
        found.dedup();
        match found.as_slice() {
            [] => Ok((self.fresh)()),
            [only] => Ok(*only),
            _ => Err(Wrong::WhichRepeat {
                of: link.to_owned(),
            }),
        }
    }

    /// Every option chosen becomes true, every other that was true becomes false.
    fn options(&self, item: &Item, base: &AnswerPath, answers: &[Answer]) -> Edits {
        let chosen: Vec<String> = answers
            .iter()
            .filter_map(Answer::value)
            .map(|value| option_key(item.option(value).map_or(value, |option| &option.value)))
            .collect();
        let was_chosen =
            |answers: &[Answer]| answers.contains(&Answer::Value(Value::Boolean(true)));
        let mut edits = Edits::new();
        for (path, answers) in self.current.under(base) {
            if let Leaf::Option(key) = path.leaf()
                && was_chosen(answers)
                && !chosen.contains(key)
            {
                edits.push((path.clone(), Answer::Value(Value::Boolean(false))));
            }
        }
        edits.extend(chosen.iter().map(|key| {
            (
                base.clone().option(key),
                Answer::Value(Value::Boolean(true)),
            )
        }));
        // What was said instead of a value stands at the question itself, and counts only while no option is chosen.
        match answers.iter().find(|answer| answer.value().is_none()) {
            Some(said) => edits.push((base.clone(), said.clone())),
            None if chosen.is_empty() => edits.push((base.clone(), Answer::NotNow)),
            None => {}
        }
        edits
    }

    fn list(
        &mut self,
        item: &Item,
        base: &AnswerPath,
        answers: Vec<Answer>,
        whole: bool,
    ) -> Result<Edits, Wrong> {
        let there: Vec<AnswerPath> = self
            .current
            .under(base)
            .map(|(path, _)| path)
            .filter(|path| matches!(path.leaf(), Leaf::Instance(_)))
            .cloned()
            .collect();
        if let [said @ (Answer::Declined | Answer::Unsure | Answer::NotNow)] = answers.as_slice()
            && !whole
        {
            let own = self.named(item, base).unwrap_or_else(|| base.clone());
            return Ok(vec![(own, said.clone())]);
        }
        if !whole {
            let named = self.named(item, base);
            let most = item.max_occurs.unwrap_or(MAX_ANSWERS).min(MAX_ANSWERS);
            if named.is_none() && there.len() >= most {
                return Err(Wrong::TooMany { most });
            }
            let own = named.unwrap_or_else(|| base.clone().instance((self.fresh)()));
            return Ok(answers
                .into_iter()
                .map(|answer| (own.clone(), answer))
                .collect());
        }
        let mut places = there.into_iter();
        let mut edits = Edits::new();
        for answer in answers {
            let own = places
                .next()
                .unwrap_or_else(|| base.clone().instance((self.fresh)()));
            edits.push((own, answer));
        }
        edits.extend(places.map(|surplus| (surplus, Answer::NotNow)));
        Ok(edits)
    }

    /// The one of several answers that the caller named.
    fn named(&self, item: &Item, base: &AnswerPath) -> Option<AnswerPath> {
        let (_, id) = self
            .instance
            .iter()
            .find(|(link, _)| *link == item.link_id)?;
        Some(base.clone().instance(*id))
    }
}

/// The id of this repeat in a path that stands below it.
fn repeat_in(path: &AnswerPath, above: &Chain, link: &str) -> Option<Uuid> {
    let within = path.ancestors().strip_prefix(above.as_slice())?;
    match (within.first(), path.leaf()) {
        (Some((named, id)), _) => (named == link).then_some(*id),
        (None, Leaf::Instance(id)) => (path.link_id() == link).then_some(*id),
        (None, Leaf::Whole | Leaf::Option(_)) => None,
    }
}

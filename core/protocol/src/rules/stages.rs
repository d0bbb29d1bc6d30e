//! The stages of a guide, filled in with what was tried and whether it helped.

use crate::answer::Answer;
use crate::guide::{Move, Outcome, Stage};
use crate::item::{HelpKind, Item, Words};
use crate::path::AnswerPath;
use crate::plan::Plan;
use crate::sheet::Sheet;
use crate::value::Value;

/// The codes that a question about an effect must offer, with what each says.
pub(crate) const EFFECTS: [(&str, Outcome); 3] = [
    ("helped", Outcome::Helped),
    ("no-change", Outcome::NoChange),
    ("worse", Outcome::Worse),
];

/// A stage.
#[derive(Debug, Clone)]
pub(crate) struct StageRule {
    pub(crate) id: String,
    pub(crate) title: Words,
    pub(crate) moves: Vec<MoveRule>,
}

/// One thing to try: the nodes of its words, of "tried" and of the effect.
#[derive(Debug, Clone)]
pub(crate) struct MoveRule {
    pub(crate) node: usize,
    pub(crate) tried: Option<usize>,
    pub(crate) effect: Option<usize>,
}

impl StageRule {
    /// The stage as these answers leave it.
    pub(crate) fn stage(&self, plan: &Plan, items: &[Item], sheet: &Sheet) -> Stage {
        let moves = self.moves.iter();
        Stage {
            id: self.id.clone(),
            title: self.title.clone(),
            moves: moves
                .filter_map(|one| one.filled_in(plan, items, sheet))
                .collect(),
        }
    }
}

impl MoveRule {
    fn filled_in(&self, plan: &Plan, items: &[Item], sheet: &Sheet) -> Option<Move> {
        let item = plan.item(items, self.node)?;
        let words = |kind: HelpKind| {
            let help = item.help.iter().filter(|help| help.kind == kind);
            help.map(|help| help.words.clone()).collect()
        };
        let path = |node: Option<usize>| Some(AnswerPath::new(&plan.nodes.get(node?)?.link_id));
        let (tried, effect) = (path(self.tried), path(self.effect));
        let said =
            |path: &Option<AnswerPath>| path.as_ref().map_or(&[][..], |path| sheet.get(path));
        Some(Move {
            link_id: item.link_id.clone(),
            title: item.text.clone(),
            say: words(HelpKind::Say),
            watch: words(HelpKind::Watch),
            outcome: outcome(said(&tried), said(&effect)),
            tried,
            effect,
        })
    }
}

/// The worst that may be true: an effect counts only where it may have been tried.
fn outcome(tried: &[Answer], effect: &[Answer]) -> Outcome {
    let is = |answer: &Answer, yes: bool| answer.value() == Some(&Value::Boolean(yes));
    let skipped =
        |answer: &Answer| matches!(answer, Answer::NotNow | Answer::Declined) || is(answer, false);
    if !tried.is_empty() && tried.iter().all(skipped) {
        return Outcome::Skipped;
    }
    let effects = effect.iter().filter_map(|answer| {
        let Some(Value::Coding(coding)) = answer.value() else {
            return None;
        };
        EFFECTS
            .iter()
            .find(|(code, _)| *code == coding.code)
            .map(|(_, outcome)| *outcome)
    });
    let tried = tried.iter().any(|answer| is(answer, true));
    effects.max().unwrap_or(if tried {
        Outcome::Tried
    } else {
        Outcome::NotYet
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Coding;

    fn code(code: &str) -> Answer {
        Answer::Value(Value::Coding(Coding {
            system: "urn:x".to_owned(),
            code: code.to_owned(),
            display: String::new(),
        }))
    }

    #[test]
    fn what_became_of_a_move_is_the_worst_that_may_be_true() {
        let (yes, no) = (
            Answer::Value(Value::Boolean(true)),
            Answer::Value(Value::Boolean(false)),
        );
        for (tried, effect, expected) in [
            (vec![], vec![], Outcome::NotYet),
            (vec![Answer::Unsure], vec![], Outcome::NotYet),
            (vec![Answer::NotNow], vec![], Outcome::Skipped),
            (vec![Answer::NotNow], vec![code("worse")], Outcome::Skipped),
            (vec![no.clone()], vec![code("worse")], Outcome::Skipped),
            (vec![yes.clone()], vec![], Outcome::Tried),
            (vec![yes.clone()], vec![Answer::NotNow], Outcome::Tried),
            (vec![yes.clone()], vec![code("helped")], Outcome::Helped),
            (
                vec![yes.clone()],
                vec![code("helped"), code("worse")],
                Outcome::Worse,
            ),
            (vec![yes.clone(), no], vec![code("worse")], Outcome::Worse),
            (vec![], vec![code("no-change")], Outcome::NoChange),
        ] {
            assert_eq!(outcome(&tried, &effect), expected, "{tried:?} {effect:?}");
        }
    }
}

//! The answers of one assessment: every value that may be true at each path.

use std::collections::BTreeMap;

use crate::answer::Answer;
use crate::path::AnswerPath;

/// Every answer that may be true at each path: one is uncontested, several are contested.
///
/// Whoever knows how the answers came about (the case file) builds it; nothing here decides between two values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    answers: BTreeMap<AnswerPath, Vec<Answer>>,
    now: Option<String>,
}

impl Sheet {
    /// An empty sheet.
    pub const fn new() -> Self {
        Self {
            answers: BTreeMap::new(),
            now: None,
        }
    }

    /// An empty sheet that is read at this moment; without one where [`Sheet::read_at`] would take none.
    pub fn at(now: &str) -> Self {
        let mut sheet = Self::new();
        sheet.read_at(now);
        sheet
    }

    /// Says at which moment the answers are read, as `2026-03-01T14:05:00+01:00`. Without it `today()` and `now()` are unknown in
    /// the expressions of a form. False for what is no such moment.
    pub fn read_at(&mut self, now: &str) -> bool {
        let is_moment = now.contains('T') && crate::moment::date_time(now).is_some();
        if is_moment {
            self.now = Some(now.to_owned());
        }
        is_moment
    }

    pub(crate) fn now(&self) -> Option<&str> {
        self.now.as_deref()
    }

    /// Makes this the one answer at the path.
    pub fn set(&mut self, path: AnswerPath, answer: Answer) {
        self.answers.insert(path, vec![answer]);
    }

    /// Adds an answer that may be true at the path, beside those that are there; one that is there already changes nothing.
    pub fn add(&mut self, path: AnswerPath, answer: Answer) {
        let candidates = self.answers.entry(path).or_default();
        if !candidates.contains(&answer) {
            candidates.push(answer);
        }
    }

    /// Takes everything at the path away: the question is unanswered again.
    pub fn remove(&mut self, path: &AnswerPath) {
        self.answers.remove(path);
    }

    /// Every answer that may be true at the path; none if it is unanswered.
    pub fn get(&self, path: &AnswerPath) -> &[Answer] {
        self.answers.get(path).map_or(&[], Vec::as_slice)
    }

    /// All paths with their answers, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&AnswerPath, &[Answer])> {
        self.answers
            .iter()
            .filter(|(_, answers)| !answers.is_empty())
            .map(|(path, answers)| (path, answers.as_slice()))
    }

    /// What stands at this question: at the path itself, at its instances and at its options.
    pub(crate) fn under<'s>(
        &'s self,
        base: &AnswerPath,
    ) -> impl Iterator<Item = (&'s AnswerPath, &'s [Answer])> + use<'s> {
        // A path sorts before its instances and options, and nothing else stands between them.
        let base = base.clone();
        let from = self.answers.range(base.clone()..);
        let under = from.take_while(move |(path, _)| {
            path.link_id() == base.link_id() && path.ancestors() == base.ancestors()
        });
        under
            .filter(|(_, answers)| !answers.is_empty())
            .map(|(path, answers)| (path, answers.as_slice()))
    }

    /// How many paths have an answer.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether nothing is answered.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

impl FromIterator<(AnswerPath, Answer)> for Sheet {
    fn from_iter<T: IntoIterator<Item = (AnswerPath, Answer)>>(answers: T) -> Self {
        let mut sheet = Self::new();
        for (path, answer) in answers {
            sheet.add(path, answer);
        }
        sheet
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn the_same_answer_twice_is_not_contested() {
        let path = AnswerPath::new("q");
        let yes = Answer::Value(Value::Boolean(true));
        let mut sheet = Sheet::new();
        sheet.add(path.clone(), yes.clone());
        sheet.add(path.clone(), yes);
        assert_eq!(sheet.get(&path).len(), 1);
        sheet.add(path.clone(), Answer::Declined);
        assert_eq!(sheet.get(&path).len(), 2);
    }
}

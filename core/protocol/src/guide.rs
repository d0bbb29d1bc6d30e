//! What leads a responder through a visit: stages with words to offer, what was tried and whether it helped, when to look again,
//! and how it was before and after. It never blocks: everything here is offered, nothing is demanded.

use crate::item::Words;
use crate::path::AnswerPath;

/// Whom a protocol is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ages {
    /// The youngest age in years, if there is one.
    pub from: Option<u32>,
    /// The highest age in years, if there is one.
    pub to: Option<u32>,
    /// The same in words, with what it is not for.
    pub text: Words,
}

/// A part of a guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Words,
    /// What to try, in order.
    pub moves: Vec<Move>,
}

impl Stage {
    /// Whether something in it is neither tried nor skipped.
    pub fn is_open(&self) -> bool {
        self.moves
            .iter()
            .any(|one| one.tried.is_some() && one.outcome == Outcome::NotYet)
    }
}

/// One thing to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The linkId of the item that has its words.
    pub link_id: String,
    /// What it is.
    pub title: Words,
    /// Words to offer, spoken.
    pub say: Vec<Words>,
    /// What to watch for.
    pub watch: Vec<Words>,
    /// Where "tried" is answered; nothing where it is only to be read.
    pub tried: Option<AnswerPath>,
    /// Where the effect is answered.
    pub effect: Option<AnswerPath>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of one thing to try. Where answers differ, the worse one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Nobody said anything about it.
    NotYet,
    /// Passed over with one tap, or answered with no.
    Skipped,
    /// Tried and helped.
    Helped,
    /// Tried; nobody said what happened.
    Tried,
    /// Tried, no change.
    NoChange,
    /// Tried, and it got worse.
    Worse,
}

/// Something to look at again after a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recheck {
    /// The rule's id.
    pub id: String,
    /// What to do then.
    pub text: Words,
    /// The answers whose time counts, and whether each calls for another look.
    pub answers: Vec<(AnswerPath, bool)>,
    /// How long after the newest of them.
    pub after_ms: i64,
    /// Where it comes from.
    pub source: String,
    /// Whether it is policy, not published.
    pub policy: bool,
}

impl Recheck {
    /// When it is due: so long after the newest answer, if that one calls for it. `at` says when an answer was given.
    ///
    /// An answer whose time nobody knows, or that lies ahead of `now_ms` (a clock that was set), can't be waited for: it is due now.
    pub fn due_ms(&self, at: &dyn Fn(&AnswerPath) -> Option<i64>, now_ms: i64) -> Option<i64> {
        let timed = self.answers.iter().map(|(path, calls)| {
            let given = at(path).filter(|given| *given <= now_ms);
            (given, *calls)
        });
        let timed: Vec<(Option<i64>, bool)> = timed.collect();
        if timed.iter().any(|(given, calls)| given.is_none() && *calls) {
            return Some(now_ms);
        }
        let newest = timed.iter().filter_map(|(given, _)| *given).max()?;
        let calls = timed.contains(&(Some(newest), true));
        calls.then(|| newest.saturating_add(self.after_ms))
    }
}

/// How something was before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The rule's id.
    pub id: String,
    /// What was rated.
    pub title: Words,
    /// The first rating; nothing if there is none.
    pub before: Option<Rating>,
    /// The later ratings, oldest first.
    pub after: Vec<Rating>,
    /// What the last says beside the first.
    pub change: Change,
}

/// One rating, with room for values that differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// Where it stands.
    pub path: AnswerPath,
    /// The lowest value that may be true.
    pub lowest: i64,
    /// The highest.
    pub highest: i64,
}

impl Pair {
    /// In words, as "Agitation, 1 to 7: 6, then 4: calmer"; nothing where nobody rated it.
    pub fn words(&self) -> Option<String> {
        let title = &self.title.plain;
        let (Some(before), Some(last)) = (&self.before, self.after.last()) else {
            let only = self.before.as_ref().or(self.after.last())?;
            return Some(format!("{title}: {} once", only.words()));
        };
        let change = match self.change {
            Change::Unknown => "whether it changed is not known",
            Change::Calmer => "calmer",
            Change::Same => "as before",
            Change::Higher => "higher",
            Change::BelowCalm => "below calm and awake, look at the body first",
        };
        let (before, last) = (before.words(), last.words());
        Some(format!("{title}: {before}, then {last}: {change}"))
    }
}

impl Rating {
    fn words(&self) -> String {
        if self.lowest == self.highest {
            self.lowest.to_string()
        } else {
            format!("{} to {}", self.lowest, self.highest)
        }
    }
}

/// What the last rating says beside the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// One is missing, or people differ so that nobody can say.
    Unknown,
    /// Lower than before.
    Calmer,
    /// As before.
    Same,
    /// Higher than before.
    Higher,
    /// Under what is calm and awake: no success, but a reason to look at the body first.
    BelowCalm,
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[track_caller]
    fn check_words(ratings: &[(i64, i64)], change: Change, expected: Option<&str>) {
        let rating = |(lowest, highest): &(i64, i64)| Rating {
            path: AnswerPath::new("q"),
            lowest: *lowest,
            highest: *highest,
        };
        let pair = Pair {
            id: "agitation".to_owned(),
            title: Words::from("Agitation"),
            before: ratings.first().map(rating),
            after: ratings.iter().skip(1).map(rating).collect(),
            change,
        };
        assert_eq!(pair.words().as_deref(), expected);
    }

    #[test]
    fn a_pair_says_what_it_was_what_it_is_and_what_that_means() {
        check_words(&[], Change::Unknown, None);
        check_words(&[(6, 6)], Change::Unknown, Some("Agitation: 6 once"));
        let calmer = [(6, 6), (5, 5), (4, 4)];
        check_words(
            &calmer,
            Change::Calmer,
            Some("Agitation: 6, then 4: calmer"),
        );
        let differ = [(5, 5), (4, 6)];
        let unsure = "Agitation: 5, then 4 to 6: whether it changed is not known";
        check_words(&differ, Change::Unknown, Some(unsure));
        let asleep = "Agitation: 6, then 2: below calm and awake, look at the body first";
        check_words(&[(6, 6), (2, 2)], Change::BelowCalm, Some(asleep));
    }

    #[track_caller]
    fn check(answers: &[(Option<i64>, bool)], now_ms: i64, due: Option<i64>) {
        let path = |n: usize| AnswerPath::new(&format!("q{n}"));
        let recheck = Recheck {
            id: "agitation".to_owned(),
            text: Words::from("Look again"),
            answers: answers
                .iter()
                .enumerate()
                .map(|(n, (_, calls))| (path(n), *calls))
                .collect(),
            after_ms: 10 * MINUTE,
            source: String::new(),
            policy: true,
        };
        let at = |wanted: &AnswerPath| {
            (0..answers.len())
                .find(|n| path(*n) == *wanted)
                .and_then(|n| answers[n].0)
        };
        assert_eq!(recheck.due_ms(&at, now_ms), due);
    }

    #[test]
    fn it_is_due_so_long_after_the_newest_answer_if_that_one_calls_for_it() {
        check(&[(Some(MINUTE), true)], MINUTE, Some(11 * MINUTE));
        check(
            &[(Some(MINUTE), true), (Some(5 * MINUTE), true)],
            6 * MINUTE,
            Some(15 * MINUTE),
        );
        check(
            &[(Some(MINUTE), true), (Some(5 * MINUTE), false)],
            90 * MINUTE,
            None,
        );
        check(
            &[(Some(MINUTE), false), (Some(MINUTE), true)],
            MINUTE,
            Some(11 * MINUTE),
        );
        check(&[], 0, None);
    }

    #[test]
    fn an_answer_from_the_future_or_without_a_time_is_due_now() {
        check(&[(Some(400 * MINUTE), true)], MINUTE, Some(MINUTE));
        check(&[(None, true)], MINUTE, Some(MINUTE));
        check(&[(None, false)], MINUTE, None);
    }
}

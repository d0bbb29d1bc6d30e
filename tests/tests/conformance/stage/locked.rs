//! The acts that need no open vault, and those that take reading away.

use super::{Said, Stage, answer, said};
use crate::carrier;
use mooring::{Given, MayRead, Pin, level_words};
use std::sync::atomic::Ordering;

/// Three days and an hour.
const DAYS_MS: i64 = 73 * 60 * 60_000;

impl Stage {
    pub(super) fn locked(&mut self, words: &[&str]) -> Said {
        match *words {
            ["days"] => {
                self.watch.0.fetch_add(DAYS_MS, Ordering::Relaxed);
                said("three days and an hour later")
            }
            ["visit", who, name, protocol] => self.begin_visit(who, name, protocol),
            ["capture", who, name, what, link] => self.capture(who, name, what, link),
            ["leave", who] => {
                self.visits.remove(who);
                said("left")
            }
            ["here", who] => {
                let only_here = self.phone(who).only_here()?;
                Ok(only_here.map_or("not known".to_owned(), |count| format!("{count} only here")))
            }
            ["send", who] => {
                let phone = self.phone(who);
                carrier::send_sealed(&phone).map(|changes| format!("HQ holds {changes}"))
            }
            ["wipe", who, pin] => {
                let left = self.phone(who).wipe(Pin::of(pin.bytes()))?;
                Ok(format!("wiped, {left} not at HQ"))
            }
            ["standing", who] => said(match self.phone(who).may_read()? {
                MayRead::Reads => "reads",
                MayRead::LeaseOver => "lease over",
                MayRead::ClockInDoubt => "clock in doubt",
            }),
            ["glass", who, name, why] => {
                let case = self.case(name);
                self.phone(who).break_glass(case, why.to_owned())?;
                said("broken")
            }
            ["recover", who, pin, read] => self.recover(who, pin, read),
            _ => panic!("no act {words:?}"),
        }
    }

    fn begin_visit(&mut self, who: &str, name: &str, protocol: &str) -> Said {
        let visit = self.phone(who).begin_locked_visit(name.to_owned(), None)?;
        let assessment = visit.start(protocol.to_owned())?;
        self.cases
            .insert(name.to_owned(), (visit.case_id(), Some(assessment)));
        self.visits.insert(who.to_owned(), visit);
        said("begun without unlocking")
    }

    /// Asks the custodians and reads them the digits, or others.
    fn recover(&mut self, who: &str, pin: &str, read: &str) -> Said {
        let phone = self.phone(who);
        let question = phone.begin_recovery()?;
        let digits = match read {
            "right" => question.words(),
            _ => "0000 0000 0000 0000 0000".to_owned(),
        };
        match self.hq().recover(&question.request(), &digits) {
            None => said("the custodians refused"),
            Some(answer) => phone
                .finish_recovery(question, answer, Pin::of(pin.bytes()))
                .map(super::state),
        }
    }

    fn capture(&mut self, who: &str, name: &str, what: &str, link: &str) -> Said {
        let place = self.place(name, link);
        let given = Given::One {
            answer: answer(what),
        };
        let shown = self.visits.get(who).unwrap().answer(place, given)?;
        Ok(format!(
            "{}; {}",
            level_words(shown.risk.level),
            shown.sync.words
        ))
    }
}

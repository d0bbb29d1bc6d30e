//! The canonical clinical text of a version: what a review's signature covers, the same on every machine.
//!
//! Times are UTC in full and people stand with their ids, so that neither a clock's zone nor a new name changes it in
//! silence. What only headquarters did, and how far advice came, is no part of it.

use std::fmt::Write as _;

use super::Shelf;
use crate::{
    file::CaseFile,
    moment::Stamp,
    record::Accepted,
    risk::Risk,
    told::Told,
    view::{AssessmentView, CaseView, ItemView, SettlementState, ValueStanding, ValueView},
};

impl CaseFile {
    /// The text whose SHA-256 a review signs.
    pub fn canonical_text(&self, shelf: &dyn Shelf) -> String {
        let mut text = Text {
            shelf,
            lines: String::new(),
        };
        text.case(&self.view(shelf));
        text.lines
    }
}

struct Text<'a> {
    shelf: &'a dyn Shelf,
    lines: String,
}

impl Text<'_> {
    fn line(&mut self, depth: usize, words: &str) {
        // Nothing that a person typed can look like a line of its own.
        let one_line: String = words.chars().flat_map(escaped).collect();
        // Writing to a String can't fail.
        let _ = writeln!(self.lines, "{:1$}{one_line}", "", depth * 2);
    }

    fn by(&self, stamp: &Stamp) -> String {
        let person = stamp.who.person;
        format!("{} [{person}], {}", self.shelf.name(&person), stamp.at)
    }

    fn case(&mut self, view: &CaseView) {
        self.line(0, "mooring canonical case text 0");
        self.line(0, &format!("case {}", view.case));
        self.line(0, &format!("title: {}", view.title));
        let minor = view
            .minor
            .map_or("not known", |minor| if minor { "yes" } else { "no" });
        self.line(0, &format!("a minor: {minor}"));
        view.minor_values
            .iter()
            .for_each(|value| self.value(1, value));
        self.risk(&view.risk);
        self.strip(view);
        view.assessments.iter().for_each(|one| self.assessment(one));
        self.records(view);
        self.line(0, &format!("not readable here: {}", view.unreadable));
    }

    fn risk(&mut self, risk: &Risk) {
        let contested = if risk.contested { ", contested" } else { "" };
        self.line(0, &format!("level: {}{contested}", risk.shown().words()));
        for one in &risk.domains {
            self.line(
                1,
                &format!("{}: {}", one.domain.words(), one.shown().words()),
            );
        }
        if let Some(held) = &risk.held {
            let (was, alone) = (held.was.words(), held.alone.words());
            self.line(
                1,
                &format!("an earlier level governs: {was}; the answers alone: {alone}"),
            );
        }
        for reason in &risk.reasons {
            self.line(
                1,
                &format!("because {}: {}", reason.domain.words(), reason.reason.text),
            );
        }
        for waiting in &risk.waiting_overrides {
            self.line(
                1,
                &format!("waiting for acceptance: override {}", waiting.id),
            );
        }
        for hash in &risk.unknown_protocols {
            self.line(1, &format!("protocol not here: {hash}"));
        }
    }

    fn strip(&mut self, view: &CaseView) {
        for (field, facts) in &view.strip {
            if facts.is_empty() {
                self.line(0, &format!("{}: not asked", field.words()));
            }
            for entry in facts {
                let answers = entry.fact.answers.join(" / ");
                self.line(
                    0,
                    &format!("{}: {}: {answers}", field.words(), entry.fact.question),
                );
            }
        }
    }

    fn assessment(&mut self, one: &AssessmentView) {
        let title = one.title.as_deref().unwrap_or(&one.key);
        let validated = if one.not_validated {
            ", not a validated instrument"
        } else {
            ""
        };
        self.line(0, &format!("assessment {}: {title}{validated}", one.id));
        self.line(1, &format!("protocol {}", one.protocol));
        self.line(1, &format!("begun by {}", self.by(&one.started)));
        let total = one
            .flow
            .as_ref()
            .map_or("an unknown number".to_owned(), |flow| {
                flow.total.to_string()
            });
        self.line(1, &format!("answered {} of {total}", one.answered));
        if let Some(level) = one.level {
            self.line(1, &format!("level: {}", level.words()));
        }
        if let Some(by) = one.replaced_by {
            self.line(1, &format!("replaced by {by}"));
        }
        one.items.iter().for_each(|item| self.item(item));
    }

    fn item(&mut self, item: &ItemView) {
        if !item.open && item.values.is_empty() && item.earlier.is_empty() {
            return;
        }
        let contested = if item.contested { " (contested)" } else { "" };
        let missing = if item.is_missing() {
            " (not answered)"
        } else {
            ""
        };
        self.line(
            1,
            &format!("{} [{}]{contested}{missing}", item.question, item.path),
        );
        item.values
            .iter()
            .chain(&item.earlier)
            .for_each(|value| self.value(2, value));
        for one in &item.settlements {
            let counts = if one.state == SettlementState::Counts {
                "settled"
            } else {
                "settlement without effect"
            };
            self.line(
                2,
                &format!(
                    "{counts}: {} by {}: {}",
                    one.words,
                    self.by(&one.stamp),
                    one.reason
                ),
            );
        }
    }

    fn value(&mut self, depth: usize, value: &ValueView) {
        let standing = match value.standing {
            ValueStanding::Stands => "is",
            ValueStanding::Held => "was, and still governs",
            ValueStanding::Earlier => "was",
        };
        let told = value.told.as_ref().map_or_else(String::new, told);
        let by = self.by(&value.stamp);
        self.line(depth, &format!("{standing}: {} by {by}{told}", value.words));
    }

    fn records(&mut self, view: &CaseView) {
        for one in &view.overrides {
            let (domain, level) = (one.what.said.domain.words(), one.what.said.level);
            let level = mooring_protocol::ShownLevel {
                level,
                at_least: false,
            }
            .words();
            let by = self.by(&one.stamp);
            self.line(
                0,
                &format!(
                    "override {}: {domain}: {level} by {by}: {}",
                    one.id, one.what.said.reason
                ),
            );
        }
        for one in &view.acceptances {
            let what = match &one.what.accepted {
                Accepted::Assessment { later, .. } => format!("assessment {}", later.assessment),
                Accepted::Override { id, .. } => format!("override {id}"),
            };
            let counts = if one.what.counts {
                "accepted"
            } else {
                "acceptance without effect"
            };
            self.line(
                0,
                &format!(
                    "{counts}: {what} by {}: {}",
                    self.by(&one.stamp),
                    one.what.reason
                ),
            );
        }
        for one in &view.events {
            self.line(
                0,
                &format!(
                    "event {}: {} by {}",
                    one.what.kind,
                    one.what.text,
                    self.by(&one.stamp)
                ),
            );
        }
        for one in &view.asks {
            let call_back = one.what.call_back.as_deref().unwrap_or("no number");
            self.line(
                0,
                &format!(
                    "asked: {} ({call_back}) by {}",
                    one.what.question,
                    self.by(&one.stamp)
                ),
            );
        }
    }
}

fn told(told: &Told) -> String {
    let said_by = told.said_by.map(|by| by.words().to_owned());
    let asked_by = told.asked_by.as_ref().map(|who| format!("asked by {who}"));
    let language = told.language.as_ref().map(|tag| format!("in {tag}"));
    let said_at = told.said_at_s.map(|at| format!("said at {at}"));
    let stated = [said_by, asked_by, language, said_at].into_iter().flatten();
    let parts: Vec<_> = [String::new()].into_iter().chain(stated).collect();
    parts.join(", ")
}

fn escaped(letter: char) -> impl Iterator<Item = char> {
    let special = letter.is_control() || letter == '\\';
    let (escaped, plain) = if special {
        (Some(letter.escape_default()), None)
    } else {
        (None, Some(letter))
    };
    escaped.into_iter().flatten().chain(plain)
}

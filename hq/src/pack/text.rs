//! A run for people: what applies with its answer, then totals, levels with their reasons, and everything that is wrong.

use mooring_protocol::{AnswerPath, DomainLevel, Fault, Step, StepKind, StepState};

use super::run::Run;

impl Run {
    /// For people.
    pub fn lines(&self) -> Vec<String> {
        let protocol = &self.protocol;
        let mut lines = vec![format!("{} {}", protocol.title(), protocol.version())];
        if protocol.not_validated() {
            lines.push("Not a validated instrument.".to_owned());
        }
        let open = self.flow.steps.iter().filter(|step| step.is_open());
        lines.extend(open.map(|step| self.step(step)));
        let warnings = protocol.warnings().iter().chain(&self.import.warnings);
        part(&mut lines, "Totals", self.totals());
        part(&mut lines, "Levels", self.levels());
        part(&mut lines, "Totals that disagree", self.disagreeing());
        part(
            &mut lines,
            "Faults",
            self.import.faults.iter().map(Fault::to_string),
        );
        part(&mut lines, "Warnings", warnings.map(Fault::to_string));
        lines
    }

    fn step(&self, step: &Step) -> String {
        let indent = "  ".repeat(step.depth + 1);
        let text = step
            .text
            .in_language(self.language.as_deref().unwrap_or_default());
        let head = format!("{indent}{} {text}", step.link_id());
        match step.kind {
            StepKind::Group | StepKind::Guidance => head,
            StepKind::NotSupported => format!("{head}: can't be answered here"),
            StepKind::Question => format!("{head}: {}", self.said(step)),
        }
    }

    fn said(&self, step: &Step) -> String {
        let words = |answer: &mooring_protocol::StepAnswer| {
            let all = answer.candidates.iter();
            let all = all.map(|one| self.protocol.words_for(&answer.path, one));
            all.map(|words| words.rsplit(": ").next().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
                .join(" OR ")
        };
        let total = self
            .scores
            .iter()
            .find(|score| score.link_id.as_deref() == Some(step.link_id()));
        match (step.state, total) {
            (_, Some(total)) => total.words(),
            (StepState::Unanswered | StepState::None, None) => "not answered".to_owned(),
            (_, None) => step
                .answers
                .iter()
                .map(words)
                .collect::<Vec<_>>()
                .join(", "),
        }
    }

    fn totals(&self) -> impl Iterator<Item = String> {
        self.scores
            .iter()
            .map(|score| format!("{}: {}", score.name, score.words()))
    }

    fn levels(&self) -> impl Iterator<Item = String> {
        self.triage.domains.iter().flat_map(level)
    }

    fn disagreeing(&self) -> impl Iterator<Item = String> {
        self.import.disagreements.iter().map(|found| {
            let stored = found.stored.words();
            format!(
                "{}: the response states {stored}, its answers give {}",
                found.link_id, found.words
            )
        })
    }
}

/// A heading and its lines, if there are any.
fn part(lines: &mut Vec<String>, heading: &str, of: impl Iterator<Item = String>) {
    let mut of = of.peekable();
    if of.peek().is_some() {
        lines.push(format!("{heading}:"));
        lines.extend(of.map(|line| format!("  {line}")));
    }
}

/// A level and why.
pub(super) fn level(found: &DomainLevel) -> Vec<String> {
    let mut lines = vec![format!(
        "{}: {}",
        found.domain.words(),
        found.shown().words()
    )];
    lines.extend(found.reasons.iter().map(|reason| {
        let policy = if reason.policy { " (policy)" } else { "" };
        format!("  because: {}{policy}", reason.text)
    }));
    if found.at_least && !found.missing.is_empty() {
        let open: Vec<&str> = found.missing.iter().map(AnswerPath::link_id).collect();
        lines.push(format!("  still open: {}", open.join(", ")));
    }
    lines
}

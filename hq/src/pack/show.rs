//! Walks a protocol in the terminal, a step at a time, as a responder would see it: any answer can be passed over, and the level
//! strip says why it stands where it does.

use std::io::{self, BufRead, Write};

use mooring_protocol::{Answer, Flow, HelpKind, ItemKind, Person, Protocol, Sheet, Step, StepKind};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::text;

const COMMANDS: &str = "/b back   /s skip   /d would not say   /u not sure   /l levels   /q end";

/// Walks it until the last step, `/q` or the end of the input. What was answered is given back.
pub fn show(
    protocol: &Protocol,
    language: &str,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<Sheet> {
    let mut walk = Walk {
        protocol,
        language,
        sheet: Sheet::new(),
        next_id: 0,
    };
    let title = protocol.title_words().in_language(language);
    writeln!(out, "{title} {}", protocol.version())?;
    if protocol.not_validated() {
        writeln!(out, "Not a validated instrument.")?;
    }
    if protocol.is_draft(language) {
        writeln!(out, "Draft wording.")?;
    }
    writeln!(out, "{COMMANDS}")?;
    walk.run(input, out)?;
    writeln!(out)?;
    walk.levels(out)?;
    Ok(walk.sheet)
}

struct Walk<'p> {
    protocol: &'p Protocol,
    language: &'p str,
    sheet: Sheet,
    next_id: u128,
}

/// What a line asks for.
enum Asked {
    Back,
    Levels,
    End,
    /// An answer, as a screen would send it.
    Say(Json),
    NotUnderstood(&'static str),
}

impl Walk<'_> {
    fn run(&mut self, input: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<()> {
        let mut at = 0;
        loop {
            let flow = self.protocol.flow(&self.sheet);
            let asked = questions(&flow);
            let Some(number) = asked.get(at) else {
                return Ok(());
            };
            let Some(step) = flow.steps.get(*number) else {
                return Ok(());
            };
            self.before(&flow, asked.get(at.wrapping_sub(1)), *number, out)?;
            self.ask(step, at + 1, asked.len(), out)?;
            let mut line = String::new();
            if input.read_line(&mut line)? == 0 {
                return Ok(());
            }
            match read(step, line.trim()) {
                Asked::End => return Ok(()),
                Asked::Back => at = at.saturating_sub(1),
                Asked::Levels => self.levels(out)?,
                Asked::NotUnderstood(expected) => writeln!(out, "  ! expected {expected}")?,
                Asked::Say(raw) => match self.take(step, &raw) {
                    Ok(()) => {
                        self.levels(out)?;
                        at += 1;
                    }
                    Err(why) => writeln!(out, "  ! {why}")?,
                },
            }
        }
    }

    /// Headings and guidance between the question before and this one.
    fn before(
        &self,
        flow: &Flow,
        last: Option<&usize>,
        this: usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        writeln!(out)?;
        for alert in &flow.alerts {
            let text = text::in_language(&alert.text, &alert.translations, self.language);
            writeln!(out, "!! {text}")?;
        }
        let from = last.map_or(0, |last| last + 1);
        for step in flow.steps.get(from..this).unwrap_or_default() {
            let text = step.text.in_language(self.language);
            match step.kind {
                _ if !step.is_open() => {}
                StepKind::Group => writeln!(out, "# {text}")?,
                StepKind::Guidance => writeln!(out, "  {text}")?,
                StepKind::NotSupported => writeln!(out, "  {text}: can't be answered here")?,
                StepKind::Question => {
                    let worked = step
                        .worked_out
                        .as_ref()
                        .map(mooring_protocol::WorkedOut::words);
                    writeln!(out, "  {text}: {}", worked.unwrap_or_default())?;
                }
            }
        }
        Ok(())
    }

    fn ask(&self, step: &Step, number: usize, of: usize, out: &mut dyn Write) -> io::Result<()> {
        let prefix = step.prefix.in_language(self.language);
        let text = step.text.in_language(self.language);
        writeln!(out, "[{number}/{of}] {prefix}{}{text}", space_after(prefix))?;
        for help in &step.help {
            let label = match help.kind {
                HelpKind::Say => "Say",
                HelpKind::Watch => "Watch for",
                HelpKind::Explain => "Note",
                HelpKind::Legal => "Law",
            };
            writeln!(
                out,
                "    {label}: {}",
                help.words.in_language(self.language)
            )?;
        }
        for (number, option) in step.options.iter().enumerate() {
            let words = option.words.in_language(self.language);
            writeln!(out, "    {} {words}", number + 1)?;
        }
        write!(out, "  {}> ", expects(step))?;
        out.flush()
    }

    fn take(&mut self, step: &Step, raw: &Json) -> Result<(), String> {
        let next = &mut self.next_id;
        let mut fresh = || {
            *next += 1;
            Uuid::from_u128(*next)
        };
        let chain = step.path.ancestors();
        let edits = self
            .protocol
            .accept(step.link_id(), chain, raw, &mut fresh, &self.sheet)
            .map_err(|fault| fault.wrong.to_string())?;
        for (path, answer) in edits {
            self.sheet.set(path, answer);
        }
        Ok(())
    }

    /// The level strip, with the reasons.
    fn levels(&self, out: &mut dyn Write) -> io::Result<()> {
        let person = Person {
            minor: self.protocol.says_minor(&self.sheet),
        };
        let triage = self.protocol.triage(&self.sheet, person);
        let domains = triage.domains.iter();
        for line in domains.flat_map(|found| text::level(found, self.language)) {
            writeln!(out, "  | {line}")?;
        }
        Ok(())
    }
}

/// The numbers of the steps that people can answer now.
fn questions(flow: &Flow) -> Vec<usize> {
    let asked = |step: &Step| step.kind == StepKind::Question && step.is_open() && !step.read_only;
    let steps = flow.steps.iter().enumerate();
    steps
        .filter(|(_, step)| asked(step))
        .map(|(number, _)| number)
        .collect()
}

const fn space_after(prefix: &str) -> &'static str {
    if prefix.is_empty() { "" } else { " " }
}

fn expects(step: &Step) -> &'static str {
    match (step.options.is_empty(), step.multi_select, step.item) {
        (false, true, _) => "numbers, as 1,3 ",
        (false, false, _) => "number ",
        (true, _, ItemKind::Boolean) => "y/n ",
        (true, _, ItemKind::Integer | ItemKind::Decimal) => "a number ",
        (true, _, ItemKind::Quantity) => "a number and a unit ",
        (true, _, ItemKind::Date) => "YYYY-MM-DD ",
        (true, _, ItemKind::Time) => "hh:mm:ss ",
        (true, _, ItemKind::DateTime) => "a date and time with its zone ",
        (
            true,
            _,
            ItemKind::String
            | ItemKind::Text
            | ItemKind::Url
            | ItemKind::Choice
            | ItemKind::OpenChoice
            | ItemKind::Group
            | ItemKind::Display
            | ItemKind::Attachment
            | ItemKind::Reference,
        ) => "",
    }
}

fn read(step: &Step, line: &str) -> Asked {
    match line {
        "/b" => Asked::Back,
        "/l" => Asked::Levels,
        "/q" => Asked::End,
        "/s" | "" => Asked::Say(Answer::NotNow.to_json()),
        "/d" => Asked::Say(Answer::Declined.to_json()),
        "/u" => Asked::Say(Answer::Unsure.to_json()),
        _ if line.starts_with('/') => Asked::NotUnderstood(COMMANDS),
        _ if !step.options.is_empty() => options(step, line),
        _ => typed(step, line),
    }
}

/// Options by their numbers; where words of one's own are allowed, anything else is those.
fn options(step: &Step, line: &str) -> Asked {
    let number = |part: &str| {
        let number: usize = part.trim().parse().ok()?;
        let option = step.options.get(number.checked_sub(1)?)?;
        Some(Answer::Value(option.value.clone()).to_json())
    };
    let chosen: Option<Vec<Json>> = line.split(',').map(number).collect();
    match chosen {
        Some(mut one) if !step.multi_select && one.len() == 1 => one
            .pop()
            .map_or(Asked::NotUnderstood("a number"), Asked::Say),
        Some(several) if step.multi_select => Asked::Say(Json::Array(several)),
        None if step.open_label.is_some() => Asked::Say(json!({ "valueString": line })),
        Some(_) | None => Asked::NotUnderstood("the number of an option"),
    }
}

fn typed(step: &Step, line: &str) -> Asked {
    let number = || serde_json::from_str::<serde_json::Number>(line).ok();
    let said = match step.item {
        ItemKind::Boolean => match line.to_lowercase().as_str() {
            "y" | "yes" | "s" | "si" | "sí" => Some(json!({"valueBoolean": true})),
            "n" | "no" => Some(json!({"valueBoolean": false})),
            _ => None,
        },
        ItemKind::Integer => number().map(|number| json!({ "valueInteger": number })),
        ItemKind::Decimal => number().map(|number| json!({ "valueDecimal": number })),
        ItemKind::Quantity => quantity(step, line),
        ItemKind::Date => Some(json!({ "valueDate": line })),
        ItemKind::DateTime => Some(json!({ "valueDateTime": line })),
        ItemKind::Time => Some(json!({ "valueTime": line })),
        ItemKind::Url => Some(json!({ "valueUri": line })),
        ItemKind::String
        | ItemKind::Text
        | ItemKind::Choice
        | ItemKind::OpenChoice
        | ItemKind::Group
        | ItemKind::Display
        | ItemKind::Attachment
        | ItemKind::Reference => Some(json!({ "valueString": line })),
    };
    said.map_or_else(
        || Asked::NotUnderstood(expects(step).trim_end()),
        Asked::Say,
    )
}

fn quantity(step: &Step, line: &str) -> Option<Json> {
    let (number, unit) = line.split_once(' ').unwrap_or((line, ""));
    let number: serde_json::Number = serde_json::from_str(number).ok()?;
    let mut quantity = json!({ "value": number });
    let known = step
        .unit_codes
        .iter()
        .find(|known| known.words() == unit.trim());
    if let (Some(known), Some(members)) = (known, quantity.as_object_mut()) {
        for (name, text) in [
            ("unit", known.words()),
            ("system", &known.system),
            ("code", &known.code),
        ] {
            members.insert(name.to_owned(), json!(text));
        }
    } else if !unit.is_empty() {
        quantity
            .as_object_mut()?
            .insert("unit".to_owned(), json!(unit.trim()));
    }
    Some(json!({ "valueQuantity": quantity }))
}

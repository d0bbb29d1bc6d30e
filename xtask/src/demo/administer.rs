//! Administering any FHIR Questionnaire: walk the steps that the phone says are open, answer each with something plausible.

use super::phone::Phone;
use super::tell::Teller;
use super::verbs::{Assessment, answer_request, list, text};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::Path;

/// No questionnaire of a visit asks more; a walk that goes on is going in circles.
const MOST_ANSWERS: usize = 2000;

/// A protocol from outside, walked to its end.
pub(crate) struct Administered {
    pub(crate) title: String,
    pub(crate) assessment: Assessment,
    pub(crate) answers: usize,
    /// Questions that took none of the answers tried.
    pub(crate) refused: Vec<String>,
}

pub(crate) fn administer(
    tell: &Teller,
    phone: &mut Phone,
    case: &str,
    file: &Path,
) -> Result<Administered> {
    let file = file
        .canonicalize()
        .with_context(|| format!("cannot read {}", file.display()))?;
    let added = phone.ask(tell, &json!({ "op": "add_protocol", "file": file }))?;
    for warning in list(&added, "/protocol/warnings") {
        tell.line(&phone.first_name(), &format!("warning: {warning}"));
    }
    let assessment = phone.begin(tell, case, &text(&added, "/protocol/hash")?)?;
    let mut done = Administered {
        title: text(&added, "/protocol/title")?,
        assessment,
        answers: 0,
        refused: Vec::new(),
    };
    while let Some(step) = next_step(tell, phone, &done)? {
        take(tell, phone, &step, &mut done)?;
    }
    Ok(done)
}

/// The first open question that is neither answered nor given up.
fn next_step(tell: &Teller, phone: &mut Phone, done: &Administered) -> Result<Option<Value>> {
    if done.answers + done.refused.len() > MOST_ANSWERS {
        return Ok(None);
    }
    let at = &done.assessment;
    let request = json!({ "op": "step", "case": at.case, "assessment": at.id });
    let flow = phone.ask(tell, &request)?;
    let wanted: Vec<_> = flow
        .get("next")
        .into_iter()
        .chain(list(&flow, "/missing"))
        .collect();
    let step = list(&flow, "/steps").find(|step| {
        let path = step.get("path").unwrap_or(&Value::Null);
        let given_up = path
            .as_str()
            .is_some_and(|path| done.refused.iter().any(|it| it == path));
        wanted.contains(&path) && !given_up
    });
    Ok(step.cloned())
}

fn take(tell: &Teller, phone: &mut Phone, step: &Value, done: &mut Administered) -> Result<()> {
    let (link, path) = (text(step, "/link")?, text(step, "/path")?);
    for value in plausible(step) {
        let reply = phone.try_ask(tell, &answer_request(&done.assessment, &link, &value))?;
        if reply.get("ok") == Some(&Value::Bool(true)) {
            done.answers += 1;
            return Ok(());
        }
    }
    done.refused.push(path);
    Ok(())
}

/// Answers that could fit a step, the likeliest first. The phone checks each against the question.
fn plausible(step: &Value) -> Vec<Value> {
    let mut answers: Vec<_> = middle_first(step)
        .into_iter()
        .filter_map(|it| of_option(&it))
        .collect();
    answers.extend(of_type(
        step.get("type").and_then(Value::as_str).unwrap_or_default(),
    ));
    answers.push(json!({ "declined": true }));
    answers
}

/// The options, beginning in the middle, so that a score is neither the lowest nor the highest.
fn middle_first(step: &Value) -> Vec<Value> {
    let mut options: Vec<_> = list(step, "/options").cloned().collect();
    let middle = options.len() / 2;
    options.rotate_left(middle);
    options
}

/// The option's key carries its value: `c<system>|<code>`, `s<words>` or `v<value>`.
fn of_option(option: &Value) -> Option<Value> {
    let key = option.get("key")?.as_str()?;
    if let Some(words) = key.strip_prefix('s') {
        return Some(json!({ "valueString": words }));
    }
    if let Some(value) = key.strip_prefix('v') {
        let whole = value.parse::<i64>().ok();
        return Some(whole.map_or_else(
            || json!({ "valueDate": value }),
            |n| json!({ "valueInteger": n }),
        ));
    }
    let (system, code) = key.strip_prefix('c')?.rsplit_once('|')?;
    let coding = match (system.strip_suffix('|'), system) {
        (Some(""), _) => json!({ "display": code }),
        (Some(system), _) => json!({ "system": system, "display": code }),
        (None, "") => json!({ "code": code }),
        (None, system) => json!({ "system": system, "code": code }),
    };
    Some(json!({ "valueCoding": coding }))
}

fn of_type(kind: &str) -> Vec<Value> {
    let numbers = [3, 1, 0, 20, 70, 120, 36];
    match kind {
        "boolean" => vec![json!({ "valueBoolean": true })],
        "integer" => numbers.map(|n| json!({ "valueInteger": n })).to_vec(),
        "decimal" => numbers.map(|n| json!({ "valueDecimal": n })).to_vec(),
        "quantity" => numbers
            .map(|n| json!({ "valueQuantity": { "value": n } }))
            .to_vec(),
        "date" => vec![json!({ "valueDate": "1992-05-17" })],
        "dateTime" => vec![json!({ "valueDateTime": "2026-11-23T02:15:00Z" })],
        "time" => vec![json!({ "valueTime": "02:15:00" })],
        "url" => vec![json!({ "valueUri": "https://example.org/" })],
        "string" | "text" | "open-choice" => ["in their own words", "a", "555-0100"]
            .map(|words| json!({ "valueString": words }))
            .to_vec(),
        _ => Vec::new(),
    }
}

/// How the walk ended, in a line.
pub(crate) fn in_words(done: &Administered, progress: (u64, u64)) -> String {
    let (answered, total) = progress;
    format!(
        "{}: {answered} of {total} open questions answered in {} answers",
        done.title, done.answers
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(step: &Value, expected: &Value) {
        assert_eq!(plausible(step).first(), Some(expected));
    }

    #[test]
    fn a_choice_takes_the_middle_option_with_its_system_and_code() {
        let options = json!([{ "key": "cs|a" }, { "key": "curn:x|b|c" }, { "key": "cs|d" }]);
        let step = json!({ "type": "choice", "options": options });
        check(
            &step,
            &json!({ "valueCoding": { "system": "urn:x|b", "code": "c" } }),
        );
    }

    #[test]
    fn an_option_without_a_code_is_named_by_its_words() {
        let step = json!({ "type": "choice", "options": [{ "key": "cs||Often" }] });
        check(
            &step,
            &json!({ "valueCoding": { "system": "s", "display": "Often" } }),
        );
    }

    #[test]
    fn an_option_may_be_a_number() {
        let step = json!({ "type": "integer", "options": [{ "key": "v2" }] });
        check(&step, &json!({ "valueInteger": 2 }));
    }

    #[test]
    fn what_takes_no_answer_that_we_know_is_declined() {
        check(
            &json!({ "type": "attachment" }),
            &json!({ "declined": true }),
        );
    }
}

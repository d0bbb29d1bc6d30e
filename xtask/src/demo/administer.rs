//! Administering any FHIR Questionnaire: walk the steps that the phone says are open, answer each with something plausible.

use super::headquarters::Headquarters;
use super::phone::Phone;
use super::tell::Teller;
use super::verbs::{Assessment, answer_request, list, text};
use anyhow::Result;
use serde_json::{Value, json};
use std::path::Path;

/// No questionnaire of a visit asks more; a walk that goes on is going in circles.
const MOST_ANSWERS: usize = 2000;

/// A FHIR Questionnaire of somebody else's, as HQ took it in.
pub(crate) struct Instrument {
    hash: String,
}

/// One administration, under way.
struct Walk {
    assessment: Assessment,
    answers: usize,
    /// Questions that took none of the answers tried.
    refused: Vec<String>,
}

/// HQ takes in the file; phones get it by its hash with their next exchange.
pub(crate) fn take_in(tell: &Teller, hq: &Headquarters, file: &Path) -> Result<Instrument> {
    tell.act(&format!("HQ takes in a questionnaire: {}", file.display()));
    let (hash, warnings) = hq.add_protocol(file)?;
    tell.line("HQ", &format!("has it as {hash}"));
    if warnings > 0 {
        let what =
            format!("names {warnings} parts of the file that this version does not work out");
        tell.line("HQ", &what);
    }
    Ok(Instrument { hash })
}

/// Begins it on a phone and answers every step that the phone says is open.
pub(crate) fn walk(
    tell: &Teller,
    phone: &mut Phone,
    case: &str,
    instrument: &Instrument,
) -> Result<()> {
    let shelf = phone.ask(tell, &json!({ "op": "protocols" }))?;
    let mut all = list(&shelf, "/protocols");
    let here = all.find(|one| one.get("hash") == Some(&json!(instrument.hash)));
    tell.claim(
        "the questionnaire came to the phone from HQ, by its hash",
        here.is_some(),
    );
    let title = text(here.unwrap_or(&Value::Null), "/title")?;
    tell.act(&format!("Ana administers it: {title}"));
    let mut walk = Walk {
        assessment: phone.begin(tell, case, &instrument.hash)?,
        answers: 0,
        refused: Vec::new(),
    };
    while let Some(step) = next_step(tell, phone, &walk)? {
        take(tell, phone, &step, &mut walk)?;
    }
    let (answered, total) = phone.show(tell, case)?.progress(&walk.assessment);
    let what = format!("{answered} of {total} open questions answered");
    tell.line(&phone.first_name(), &what);
    for path in &walk.refused {
        let what = format!("left open, no plausible answer fits: {path}");
        tell.line(&phone.first_name(), &what);
    }
    tell.claim(
        "its steps were walked and answered",
        walk.answers > 0 || total == 0,
    );
    Ok(())
}

/// The first open question that is neither answered nor given up.
fn next_step(tell: &Teller, phone: &mut Phone, walk: &Walk) -> Result<Option<Value>> {
    if walk.answers + walk.refused.len() > MOST_ANSWERS {
        return Ok(None);
    }
    let at = &walk.assessment;
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
            .is_some_and(|path| walk.refused.iter().any(|it| it == path));
        wanted.contains(&path) && !given_up
    });
    Ok(step.cloned())
}

fn take(tell: &Teller, phone: &mut Phone, step: &Value, walk: &mut Walk) -> Result<()> {
    let (link, path) = (text(step, "/link")?, text(step, "/path")?);
    for value in plausible(step) {
        let reply = phone.try_ask(tell, &answer_request(&walk.assessment, &link, &value))?;
        if reply.get("ok") == Some(&Value::Bool(true)) {
            walk.answers += 1;
            return Ok(());
        }
    }
    walk.refused.push(path);
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

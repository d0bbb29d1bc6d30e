//! What a responder does with a phone, and what the phone's replies say.

use super::phone::Phone;
use super::tell::Teller;
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// One administration of a protocol.
#[derive(Clone)]
pub(crate) struct Assessment {
    pub(crate) case: String,
    pub(crate) id: String,
}

/// An answer that the phone acknowledged.
#[derive(Clone)]
pub(crate) struct Acknowledged {
    assessment: Assessment,
    link: String,
    value: Value,
}

impl Phone {
    pub(crate) fn new_case(&mut self, tell: &Teller, title: &str) -> Result<String> {
        let reply = self.ask(tell, &json!({ "op": "new_case", "title": title }))?;
        text(&reply, "/case")
    }

    /// Begins an assessment with the protocol of this key or hash.
    pub(crate) fn begin(
        &mut self,
        tell: &Teller,
        case: &str,
        protocol: &str,
    ) -> Result<Assessment> {
        let request = json!({ "op": "start", "case": case, "protocol": protocol });
        let reply = self.ask(tell, &request)?;
        Ok(Assessment {
            case: case.to_owned(),
            id: text(&reply, "/assessment")?,
        })
    }

    /// Adds a colleague to the team, so that HQ gives their phone the case in full.
    pub(crate) fn add_to_team(&mut self, tell: &Teller, case: &str, person: &str) -> Result<()> {
        let request = json!({ "op": "add_to_team", "case": case, "person": person });
        self.ask(tell, &request)?;
        tell.line(&self.first_name(), &format!("adds {person} to the team"));
        Ok(())
    }

    /// Records an answer, tells it with the level that the phone now shows, and remembers that it was acknowledged.
    pub(crate) fn answer(
        &mut self,
        tell: &Teller,
        at: &Assessment,
        link: &str,
        value: Value,
    ) -> Result<()> {
        let reply = self.ask(tell, &answer_request(at, link, &value))?;
        let level = text(&reply, "/risk/words")?;
        tell.line(
            &self.first_name(),
            &format!("{link}: {}  ({level})", said(&value)),
        );
        self.acknowledged.push(Acknowledged {
            assessment: at.clone(),
            link: link.to_owned(),
            value,
        });
        Ok(())
    }

    pub(crate) fn show(&mut self, tell: &Teller, case: &str) -> Result<Shown> {
        let reply = self.ask(tell, &json!({ "op": "show", "case": case }))?;
        Ok(Shown(reply))
    }

    /// One exchange that is expected to succeed.
    pub(crate) fn exchange(&mut self, tell: &Teller) -> Result<Value> {
        let reply = self.ask(tell, &json!({ "op": "exchange" }))?;
        let sent = number(&reply, "/sent/changes");
        let runs = number(&reply, "/received/merged_runs");
        let what = format!("exchange: {sent} changes sent, {runs} runs received and merged");
        tell.line(&self.first_name(), &what);
        Ok(reply)
    }

    /// Which of the acknowledged answers the phone no longer holds.
    pub(crate) fn lost(&mut self, tell: &Teller) -> Result<Vec<String>> {
        let acknowledged = self.acknowledged.clone();
        let mut lost = Vec::new();
        for answer in acknowledged {
            let shown = self.show(tell, &answer.assessment.case)?;
            if !shown.holds(&answer) {
                lost.push(answer.link);
            }
        }
        Ok(lost)
    }

    pub(crate) fn first_name(&self) -> String {
        let owner = &self.pocket.owner;
        format!("{}'s phone", owner.split(' ').next().unwrap_or(owner))
    }
}

pub(crate) fn answer_request(at: &Assessment, link: &str, value: &Value) -> Value {
    json!({ "op": "answer", "case": at.case, "assessment": at.id, "link": link, "value": value })
}

/// A phone's reply to `show`.
pub(crate) struct Shown(Value);

impl Shown {
    /// The governing level in the words that every screen uses.
    pub(crate) fn level(&self) -> String {
        text(&self.0, "/risk/words").unwrap_or_default()
    }

    pub(crate) fn contested(&self) -> bool {
        self.0.pointer("/risk/contested") == Some(&Value::Bool(true))
    }

    /// What HQ has of the case, in the phone's words.
    pub(crate) fn sync(&self) -> String {
        text(&self.0, "/sync/words").unwrap_or_default()
    }

    pub(crate) fn only_here(&self) -> u64 {
        number(&self.0, "/sync/on_this_phone_only")
    }

    /// Changes of this phone that HQ has receipted as merged, and those that it has but could not merge.
    pub(crate) fn receipted(&self) -> (u64, u64) {
        let at_hq = |state: &str| number(&self.0, &format!("/sync/at_hq/{state}"));
        let unmerged = at_hq("received") + at_hq("waiting") + at_hq("held");
        (at_hq("merged"), unmerged)
    }

    /// The version of the field half: equal on two phones that hold the same.
    pub(crate) fn field_version(&self) -> &Value {
        self.0.pointer("/version/field").unwrap_or(&Value::Null)
    }

    /// Everything that stands as the answer to a question: the words and who said them.
    pub(crate) fn answers(&self, at: &Assessment, link: &str) -> Vec<(String, String)> {
        let values = self.items(at, link).flat_map(|item| list(item, "/values"));
        let said = |value| {
            let words = text(value, "/words").unwrap_or_default();
            (words, text(value, "/by/name").unwrap_or_default())
        };
        values.map(said).collect()
    }

    /// How much of an assessment is answered.
    pub(crate) fn progress(&self, at: &Assessment) -> (u64, u64) {
        let one = self.assessment(at).unwrap_or(&Value::Null);
        (number(one, "/answered"), number(one, "/total"))
    }

    /// Advice: its id, its words, how far it came, and whether something changed since it was written.
    pub(crate) fn advice(&self) -> Vec<Advice> {
        list(&self.0, "/advice").map(Advice::read).collect()
    }

    /// Signed reviews: who, and the plan.
    pub(crate) fn reviews(&self) -> Vec<(String, String)> {
        let review = |one| {
            let by = text(one, "/by/name").unwrap_or_default();
            (by, text(one, "/plan").unwrap_or_default())
        };
        list(&self.0, "/reviews").map(review).collect()
    }

    fn holds(&self, answer: &Acknowledged) -> bool {
        let chosen = |item: &Value| {
            let mut values = list(item, "/values").filter_map(|value| value.get("answer"));
            values.any(|held| same(held, &answer.value))
        };
        let several = answer.value.is_array();
        self.items(&answer.assessment, &answer.link)
            .any(|item| several || chosen(item))
    }

    fn items<'s>(&'s self, at: &Assessment, link: &'s str) -> impl Iterator<Item = &'s Value> {
        let one = self.assessment(at).unwrap_or(&Value::Null);
        list(one, "/items").filter(move |item| item.get("link") == Some(&json!(link)))
    }

    fn assessment(&self, at: &Assessment) -> Option<&Value> {
        list(&self.0, "/assessments").find(|one| one.get("assessment") == Some(&json!(at.id)))
    }
}

/// Advice as a phone holds it.
#[derive(Clone, PartialEq)]
pub(crate) struct Advice {
    pub(crate) id: String,
    pub(crate) words: String,
    /// "queued", "delivered", "read", "acted on".
    pub(crate) state: String,
    /// Something that matters to it changed after it was written.
    pub(crate) overtaken: bool,
}

impl Advice {
    fn read(one: &Value) -> Self {
        Self {
            id: text(one, "/advice").unwrap_or_default(),
            words: text(one, "/text").unwrap_or_default(),
            state: text(one, "/state").unwrap_or_default(),
            overtaken: one.get("written_before_this") == Some(&Value::Bool(true)),
        }
    }
}

pub(crate) fn text(value: &Value, path: &str) -> Result<String> {
    let text = value.pointer(path).and_then(Value::as_str);
    Ok(text
        .with_context(|| format!("no {path} in {value}"))?
        .to_owned())
}

pub(crate) fn number(value: &Value, path: &str) -> u64 {
    value
        .pointer(path)
        .and_then(Value::as_u64)
        .unwrap_or_default()
}

pub(crate) fn list<'v>(value: &'v Value, path: &str) -> impl Iterator<Item = &'v Value> {
    let array = value.pointer(path).and_then(Value::as_array);
    array.into_iter().flatten()
}

/// Whether two answers say the same; the words beside a code are the protocol's, not the answer's.
fn same(held: &Value, given: &Value) -> bool {
    let code = |answer: &Value| answer.pointer("/valueCoding/code").cloned();
    held == given || (code(held).is_some() && code(held) == code(given))
}

/// An answer as one would say it.
fn said(value: &Value) -> String {
    if let Value::Array(several) = value {
        let all: Vec<_> = several.iter().map(said).collect();
        return all.join(", ");
    }
    let Some((kind, value)) = value.as_object().and_then(|fields| fields.iter().next()) else {
        return value.to_string();
    };
    match (kind.as_str(), value) {
        ("valueBoolean", Value::Bool(true)) => "yes".to_owned(),
        ("valueBoolean", Value::Bool(false)) => "no".to_owned(),
        ("declined", _) => "would not say".to_owned(),
        ("notNow", _) => "not now".to_owned(),
        ("unsure", _) => "not sure".to_owned(),
        ("valueCoding", coding) => text(coding, "/code").unwrap_or_default(),
        (_, Value::String(words)) => words.clone(),
        (_, other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_answer_with_and_without_its_words() {
        let given = json!({ "valueCoding": { "code": "leave" } });
        let held = json!({ "valueCoding": { "code": "leave", "display": "We leave" } });
        assert!(same(&held, &given));
        assert!(!same(&json!({ "valueBoolean": true }), &given));
        assert!(!same(
            &json!({ "valueBoolean": true }),
            &json!({ "valueBoolean": false })
        ));
    }

    #[test]
    fn an_answer_is_told_as_one_would_say_it() {
        assert_eq!(said(&json!({ "valueBoolean": true })), "yes");
        assert_eq!(said(&json!({ "declined": true })), "would not say");
        let two = json!([{ "valueCoding": { "code": "height" } }, { "valueString": "a dog" }]);
        assert_eq!(said(&two), "height, a dog");
    }
}

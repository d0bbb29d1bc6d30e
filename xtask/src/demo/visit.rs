//! The visit: two responders, one person on a bridge, no signal. Every claim is read from a reply, never from hope.

use super::administer::{self, administer};
use super::phone::Phone;
use super::stage::Stage;
use super::tell::Teller;
use super::verbs::{Assessment, text};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::Path;

pub(crate) const PERSON: &str = "M., 34, footbridge";
pub(crate) const EARLIER: &str = "K., 51, bus station";
pub(crate) const QUESTION: &str =
    "He took promethazine at noon. Can we offer his evening dose early?";

/// What the visit left behind.
pub(crate) struct Visit {
    pub(crate) case: String,
    pub(crate) interview: Assessment,
    /// The title of a protocol from outside, where one was given.
    pub(crate) protocol: Option<String>,
}

pub(crate) fn play(tell: &Teller, stage: &mut Stage, protocol: Option<&Path>) -> Result<Visit> {
    earlier_tonight(tell, stage)?;
    let mut visit = activation(tell, stage)?;
    no_signal(tell, stage, &visit)?;
    scene_safety(tell, &mut stage.ana, &visit)?;
    interview(tell, &mut stage.ana, &visit)?;
    heard_otherwise(tell, &mut stage.ben, &visit)?;
    de_escalation(tell, &mut stage.ben, &visit)?;
    facts(tell, &mut stage.ana, &visit)?;
    if let Some(file) = protocol {
        visit.protocol = Some(from_outside(tell, &mut stage.ana, &visit, file)?);
    }
    what_hq_does_not_know(tell, stage, &visit)?;
    signal_is_back(tell, stage, &visit)?;
    Ok(visit)
}

/// A calm case that is at HQ already, so that the queue has an order to keep.
fn earlier_tonight(tell: &Teller, stage: &mut Stage) -> Result<()> {
    tell.act("Earlier tonight: a calm visit, with signal");
    let ben = &mut stage.ben;
    let case = ben.new_case(tell, EARLIER)?;
    let interview = ben.begin(tell, &case, "suicide-risk-interview")?;
    for link in [
        "attempt-now",
        "overdose-now",
        "means-in-hand",
        "act-now",
        "wish",
        "thoughts",
        "behavior",
    ] {
        ben.answer(tell, &interview, link, no())?;
    }
    ben.exchange(tell)?;
    Ok(())
}

fn activation(tell: &Teller, stage: &mut Stage) -> Result<Visit> {
    tell.act("Activation: a man on a footbridge, two responders on their way");
    let (ana, ben) = (&mut stage.ana, &mut stage.ben);
    let case = ana.new_case(tell, PERSON)?;
    let interview = ana.begin(tell, &case, "suicide-risk-interview")?;
    tell.line(&ana.first_name(), &format!("new case: {PERSON}"));
    ana.exchange(tell)?;
    ben.exchange(tell)?;
    let shown = ben.show(tell, &case)?;
    tell.line(
        &ben.first_name(),
        &format!("has the case too: {}", shown.sync()),
    );
    Ok(Visit {
        case,
        interview,
        protocol: None,
    })
}

fn no_signal(tell: &Teller, stage: &mut Stage, visit: &Visit) -> Result<()> {
    tell.act("Under the bridge: no signal");
    stage.signal.lose();
    let reply = stage.ana.try_ask(tell, &json!({ "op": "exchange" }))?;
    let why = text(&reply, "/error/message").unwrap_or_default();
    tell.line(&stage.ana.first_name(), &format!("exchange: {why}"));
    let kind = reply.pointer("/error/kind").and_then(Value::as_str);
    tell.claim(
        "without signal an exchange fails and says so",
        kind == Some("no_link"),
    );
    let before = stage.ana.show(tell, &visit.case)?;
    tell.line(&stage.ana.first_name(), &before.sync());
    Ok(())
}

fn scene_safety(tell: &Teller, ana: &mut Phone, visit: &Visit) -> Result<()> {
    tell.act("Ana checks the scene");
    let scene = ana.begin(tell, &visit.case, "scene-safety")?;
    for (link, value) in [
        ("partner", yes()),
        ("way-out", yes()),
        ("check-in", yes()),
        ("weapon", no()),
        ("threat-now", no()),
        (
            "place",
            json!([
                option("scene-safety", "height"),
                option("scene-safety", "dark")
            ]),
        ),
        ("dependent", no()),
        ("exposed", json!({ "unsure": true })),
        ("others-here", json!([option("scene-safety", "nobody")])),
        ("decision", option("scene-safety", "talk-from-here")),
    ] {
        ana.answer(tell, &scene, link, value)?;
    }
    Ok(())
}

fn interview(tell: &Teller, ana: &mut Phone, visit: &Visit) -> Result<()> {
    tell.act("Ana asks about suicide; her phone dies in the middle");
    let at = &visit.interview;
    for link in ["attempt-now", "overdose-now", "means-in-hand", "act-now"] {
        ana.answer(tell, at, link, no())?;
    }
    for link in ["wish", "thoughts", "method"] {
        ana.answer(tell, at, link, yes())?;
    }
    let level = ana.show(tell, &visit.case)?.level();
    ana.kill()?;
    tell.line(
        &ana.first_name(),
        "killed with SIGKILL, between two questions",
    );
    ana.reopen(tell)?;
    let lost = ana.lost(tell)?;
    let promise = format!(
        "all {} answers that were acknowledged are there again",
        ana.acknowledged.len()
    );
    tell.claim(&promise, lost.is_empty());
    if !lost.is_empty() {
        tell.line(&ana.first_name(), &format!("lost: {}", lost.join(", ")));
    }
    let again = ana.show(tell, &visit.case)?.level();
    tell.claim(
        &format!("the level is the one from before: {level}"),
        again == level,
    );
    ana.answer(tell, at, "intent", no())?;
    ana.answer(tell, at, "plan", json!({ "declined": true }))?;
    ana.answer(tell, at, "behavior", json!({ "notNow": true }))?;
    let level = ana.show(tell, &visit.case)?.level();
    tell.claim(
        &format!("what he would not say leaves it open: {level}"),
        open(&level),
    );
    Ok(())
}

/// "At least …" or "Not yet known": a level that missing answers can still raise.
fn open(level: &str) -> bool {
    level.starts_with("At least") || level == "Not yet known"
}

fn heard_otherwise(tell: &Teller, ben: &mut Phone, visit: &Visit) -> Result<()> {
    tell.act("Ben, on the other side of the rail, heard it otherwise");
    for (link, value) in [
        ("wish", yes()),
        ("thoughts", yes()),
        ("method", yes()),
        ("intent", yes()),
    ] {
        ben.answer(tell, &visit.interview, link, value)?;
    }
    Ok(())
}

fn de_escalation(tell: &Teller, ben: &mut Phone, visit: &Visit) -> Result<()> {
    tell.act("Ben works through the de-escalation guide");
    let guide = ben.begin(tell, &visit.case, "verbal-de-escalation")?;
    ben.answer(
        tell,
        &guide,
        "agitation-before",
        json!({ "valueInteger": 5 }),
    )?;
    for (domain, effect) in [
        ("space", "helped"),
        ("provoke", "helped"),
        ("contact", "no-change"),
        ("concise", "helped"),
        ("wants", "helped"),
        ("listen", "helped"),
        ("agree", "no-change"),
        ("limits", "no-change"),
        ("choices", "helped"),
    ] {
        ben.answer(tell, &guide, &format!("{domain}-tried"), yes())?;
        ben.answer(
            tell,
            &guide,
            &format!("{domain}-effect"),
            option("verbal-de-escalation", effect),
        )?;
    }
    ben.answer(tell, &guide, "debrief-tried", no())?;
    ben.answer(
        tell,
        &guide,
        "agitation-after",
        json!({ "valueInteger": 4 }),
    )
}

fn facts(tell: &Teller, ana: &mut Phone, visit: &Visit) -> Result<()> {
    tell.act("Ana notes what HQ will want to know, and asks");
    let facts = ana.begin(tell, &visit.case, "visit-facts")?;
    for (link, value) in [
        ("question", json!({ "valueString": QUESTION })),
        ("call-back", json!({ "valueString": "555-0142" })),
        ("age", option("visit-facts", "18-64")),
        (
            "medicine-name",
            json!({ "valueString": "Promethazine 25 mg" }),
        ),
        ("allergies", json!([{ "valueString": "Penicillin" }])),
        ("means", json!([option("visit-facts", "height")])),
        ("protective", json!([option("visit-facts", "people")])),
    ] {
        ana.answer(tell, &facts, link, value)?;
    }
    let ask =
        json!({ "op": "ask", "case": visit.case, "question": QUESTION, "call_back": "555-0142" });
    ana.ask(tell, &ask)?;
    tell.line(&ana.first_name(), &format!("asks HQ: {QUESTION}"));
    Ok(())
}

fn from_outside(tell: &Teller, ana: &mut Phone, visit: &Visit, file: &Path) -> Result<String> {
    tell.act(&format!("A questionnaire from outside: {}", file.display()));
    let done = administer(tell, ana, &visit.case, file)?;
    let progress = ana.show(tell, &visit.case)?.progress(&done.assessment);
    tell.line(&ana.first_name(), &administer::in_words(&done, progress));
    for path in &done.refused {
        tell.line(
            &ana.first_name(),
            &format!("left open, no plausible answer fits: {path}"),
        );
    }
    tell.claim("its steps were walked and answered", done.answers > 0);
    Ok(done.title)
}

fn what_hq_does_not_know(tell: &Teller, stage: &mut Stage, visit: &Visit) -> Result<()> {
    tell.act("What each side holds before the signal is back");
    for phone in [&mut stage.ana, &mut stage.ben] {
        let shown = phone.show(tell, &visit.case)?;
        tell.line(
            &phone.first_name(),
            &format!("{}; {}", shown.level(), shown.sync()),
        );
        let (merged, _) = shown.receipted();
        tell.line(
            "HQ",
            &format!("has receipted {merged} changes of {}", phone.first_name()),
        );
        let promise = "the phone counts what HQ does not know";
        tell.claim(promise, shown.only_here() > 0);
    }
    Ok(())
}

fn signal_is_back(tell: &Teller, stage: &mut Stage, visit: &Visit) -> Result<()> {
    tell.act("The signal is back: both phones exchange with HQ");
    stage.signal.find();
    exchange_until_quiet(tell, stage, visit)?;
    let ana = stage.ana.show(tell, &visit.case)?;
    let ben = stage.ben.show(tell, &visit.case)?;
    for (phone, shown) in [(&stage.ana, &ana), (&stage.ben, &ben)] {
        tell.line(
            &phone.first_name(),
            &format!("{}; {}", shown.level(), shown.sync()),
        );
    }
    tell.claim(
        "both phones hold the same case",
        ana.field_version() == ben.field_version(),
    );
    let answers = ana.answers(&visit.interview, "intent");
    let said: Vec<_> = answers
        .iter()
        .map(|(words, who)| format!("{words} ({who})"))
        .collect();
    tell.line(
        "both phones",
        &format!("intention to act: {}", said.join(" and ")),
    );
    tell.claim("both answers stand, with who gave them", answers.len() == 2);
    tell.claim(
        "the disagreement is shown",
        ana.contested() && ben.contested(),
    );
    tell.claim(
        "the higher one governs: High",
        ana.level().contains("high") || ana.level() == "High",
    );
    Ok(())
}

/// Until HQ has receipted everything of both phones as merged, and each has what the other sent.
pub(crate) fn exchange_until_quiet(tell: &Teller, stage: &mut Stage, visit: &Visit) -> Result<()> {
    for _ in 0..5 {
        stage.ana.exchange(tell)?;
        stage.ben.exchange(tell)?;
        let (ana, ben) = (
            stage.ana.show(tell, &visit.case)?,
            stage.ben.show(tell, &visit.case)?,
        );
        let merged = [&ana, &ben]
            .iter()
            .all(|it| it.only_here() == 0 && it.receipted().1 == 0);
        if merged && ana.field_version() == ben.field_version() {
            tell.claim(
                "HQ's receipts say merged for everything that both phones wrote",
                true,
            );
            return Ok(());
        }
    }
    None.context("after five exchanges HQ still has not receipted everything")
}

pub(crate) fn yes() -> Value {
    json!({ "valueBoolean": true })
}

fn no() -> Value {
    json!({ "valueBoolean": false })
}

fn option(protocol: &str, code: &str) -> Value {
    let system = format!("urn:mooring:answers:{protocol}");
    json!({ "valueCoding": { "system": system, "code": code } })
}

//! What the two responders do beside the person, with no signal.

use super::{QUESTION, Visit};
use crate::demo::phone::Phone;
use crate::demo::tell::Teller;
use anyhow::Result;
use serde_json::{Value, json};

pub(super) fn scene_safety(tell: &Teller, ana: &mut Phone, visit: &Visit) -> Result<()> {
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

pub(super) fn interview(tell: &Teller, ana: &mut Phone, visit: &Visit) -> Result<()> {
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

pub(super) fn heard_otherwise(tell: &Teller, ben: &mut Phone, visit: &Visit) -> Result<()> {
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

pub(super) fn de_escalation(tell: &Teller, ben: &mut Phone, visit: &Visit) -> Result<()> {
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

pub(super) fn facts(tell: &Teller, ana: &mut Phone, visit: &Visit) -> Result<()> {
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

pub(crate) fn yes() -> Value {
    json!({ "valueBoolean": true })
}

pub(super) fn no() -> Value {
    json!({ "valueBoolean": false })
}

fn option(protocol: &str, code: &str) -> Value {
    let system = format!("urn:mooring:answers:{protocol}");
    json!({ "valueCoding": { "system": system, "code": code } })
}

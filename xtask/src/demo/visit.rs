//! The visit: two responders, one person on a bridge, no signal. Every claim is read from a reply, never from hope.

mod on_scene;

use super::administer::{self, Instrument};
use super::stage::Stage;
use super::tell::Teller;
use super::verbs::{Assessment, text};
use anyhow::{Context, Result};
use on_scene::{de_escalation, facts, heard_otherwise, interview, no, scene_safety};
use serde_json::{Value, json};
use std::path::Path;

pub(crate) use on_scene::yes;

pub(crate) const PERSON: &str = "M., 34, footbridge";
pub(crate) const EARLIER: &str = "K., 51, bus station";
pub(crate) const QUESTION: &str =
    "He took promethazine at noon. Can we offer his evening dose early?";

/// What the visit left behind.
pub(crate) struct Visit {
    pub(crate) case: String,
    pub(crate) interview: Assessment,
    /// A questionnaire from outside, where one was given.
    pub(crate) instrument: Option<Instrument>,
}

pub(crate) fn play(tell: &Teller, stage: &mut Stage, protocol: Option<&Path>) -> Result<Visit> {
    let instrument = protocol
        .map(|file| administer::take_in(tell, &stage.hq, file))
        .transpose()?;
    earlier_tonight(tell, stage)?;
    let visit = activation(tell, stage, instrument)?;
    no_signal(tell, stage, &visit)?;
    scene_safety(tell, &mut stage.ana, &visit)?;
    interview(tell, &mut stage.ana, &visit)?;
    heard_otherwise(tell, &mut stage.ben, &visit)?;
    de_escalation(tell, &mut stage.ben, &visit)?;
    facts(tell, &mut stage.ana, &visit)?;
    if let Some(instrument) = &visit.instrument {
        administer::walk(tell, &mut stage.ana, &visit.case, instrument)?;
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

fn activation(tell: &Teller, stage: &mut Stage, instrument: Option<Instrument>) -> Result<Visit> {
    tell.act("Activation: a man on a footbridge, two responders on their way");
    let (ana, ben) = (&mut stage.ana, &mut stage.ben);
    let case = ana.new_case(tell, PERSON)?;
    let interview = ana.begin(tell, &case, "suicide-risk-interview")?;
    tell.line(&ana.first_name(), &format!("new case: {PERSON}"));
    ana.exchange(tell)?;
    ana.add_to_team(tell, &case, super::stage::BEN)?;
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
        instrument,
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

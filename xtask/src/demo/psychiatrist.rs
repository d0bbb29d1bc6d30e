//! The psychiatrist, played: the same pages, the same forms, and every claim checked on them.

use super::desk::{Desk, Page};
use super::form::Form;
use super::stage::{ANA, BEN, REYES, Stage};
use super::tell::Teller;
use super::visit::{EARLIER, PERSON, Visit, exchange_until_quiet, yes};
use anyhow::{Context, Result};
use serde_json::json;

const IMPRESSION: &str = "Acute suicidal crisis; intention to act stated to one of you.";
const PLAN: &str = "Stay with him, one voice. Transfer by ambulance.";
const ADVICE: &str = "Do not offer the evening dose early. Keep the rail between you and him.";

pub(crate) fn play(tell: &Teller, stage: &mut Stage, visit: &Visit) -> Result<()> {
    let mut desk = Desk::new(&stage.hq.review);
    sign_in(tell, &mut desk, stage)?;
    queue(tell, &mut desk, visit)?;
    let page = read_case(tell, &mut desk, stage, visit)?;
    settle(tell, &mut desk, stage, visit, &page)?;
    sign_while_something_arrives(tell, &mut desk, stage, visit)?;
    advise(tell, &mut desk, stage, visit)?;
    reopen(tell, &mut desk, stage, visit)
}

/// Signs in, after a try with a wrong password.
pub(crate) fn sign_in(tell: &Teller, desk: &mut Desk, stage: &Stage) -> Result<()> {
    tell.act("The psychiatrist signs in");
    let mut form = desk.open("/")?.form(&["name", "password"])?;
    form.fill("name", REYES)?;
    form.fill("password", "not the password")?;
    let refused = desk.submit(&form.press("Sign in")?)?;
    tell.claim("a wrong password opens nothing", refused.status == 401);
    let mut form = refused.form(&["name", "password"])?;
    form.fill("name", REYES)?;
    form.fill("password", &stage.password)?;
    let queue = desk.submit(&form.press("Sign in")?)?;
    tell.claim(
        "the right one opens the queue",
        queue.words().contains("wait"),
    );
    Ok(())
}

/// What the queue shows, in both kinds of demo.
pub(crate) fn queue(tell: &Teller, desk: &mut Desk, visit: &Visit) -> Result<()> {
    tell.act("The queue at HQ");
    let queue = desk.open("/")?;
    let words = queue.words();
    let place = |person: &str| words.find(person);
    let (first, second) = (place(PERSON), place(EARLIER));
    tell.claim(
        "the case is in the queue",
        first.is_some() && queue.html.contains(&visit.case),
    );
    let row = queue.row(&visit.case);
    tell.line("queue", &row);
    tell.claim(
        "the most severe comes first",
        first.is_some() && (second.is_none() || first < second),
    );
    tell.claim("with the higher risk", row.contains("At least high"));
    tell.claim("with the disagreement", row.contains("two answers differ"));
    tell.claim(
        "with the team's open question",
        row.contains("asks you since"),
    );
    Ok(())
}

fn read_case(tell: &Teller, desk: &mut Desk, stage: &mut Stage, visit: &Visit) -> Result<Page> {
    tell.act("The case page");
    let page = desk.open(&path(visit))?;
    let words = page.words();
    tell.claim(
        "both responders are named",
        words.contains(ANA) && words.contains(BEN),
    );
    tell.claim(
        "our own wording says what it is",
        words.contains("not a validated instrument"),
    );
    tell.claim("what is missing is listed", words.contains("Missing:"));
    tell.claim(
        "whether de-escalation worked stands before and after",
        words.contains("Agitation, 1 to 7: 5, then 4: calmer"),
    );
    if visit.instrument.is_some() {
        let unknown = words.contains("headquarters does not have this protocol");
        tell.claim("HQ reads every assessment by its own protocol", !unknown);
    }
    stage.ana.exchange(tell)?;
    let sync = stage.ana.show(tell, &visit.case)?.sync();
    tell.line(&stage.ana.first_name(), &sync);
    tell.claim(
        "the phone learns who opened the case",
        sync.contains(&format!("opened by {REYES}")),
    );
    Ok(page)
}

fn settle(
    tell: &Teller,
    desk: &mut Desk,
    stage: &mut Stage,
    visit: &Visit,
    page: &Page,
) -> Result<()> {
    tell.act("The psychiatrist settles the contested answer");
    let mut form = page.form(&["impression"])?;
    let choice = form
        .name_like("choice|")
        .context("no contested answer to settle")?;
    let reason = choice.replace("choice|", "reason|");
    form.choose(&choice, BEN)?;
    form.fill(&reason, "He was nearer, and heard the words.")?;
    let settled = desk.submit(&form.press("Settle")?)?;
    tell.claim(
        "a settlement is kept with its reason",
        settled.words().contains("Settled."),
    );
    exchange_until_quiet(tell, stage, visit)?;
    let shown = stage.ben.show(tell, &visit.case)?;
    tell.claim("the phones show it as settled", !shown.contested());
    Ok(())
}

fn sign_while_something_arrives(
    tell: &Teller,
    desk: &mut Desk,
    stage: &mut Stage,
    visit: &Visit,
) -> Result<()> {
    tell.act("While the psychiatrist writes, something arrives");
    let page = desk.open(&path(visit))?;
    let answer = json!({ "declined": true });
    stage
        .ben
        .answer(tell, &visit.interview, "behavior", answer)?;
    stage.ben.exchange(tell)?;
    let stale = desk.submit(&review(&page)?.press("Sign what is shown")?)?;
    let words = stale.words();
    tell.claim(
        "a page that is no longer true is not signed",
        stale.status == 409,
    );
    tell.claim(
        "the difference is shown",
        words.contains("Changed since the page that you were signing"),
    );
    for line in stale.differences() {
        tell.line("page", &line);
    }
    tell.claim("what was typed is still there", stale.html.contains(PLAN));
    let older = stale
        .form(&["impression", "older"])?
        .press("Sign the older version")?;
    let signed = desk.submit(&older)?;
    tell.claim(
        "the older version can be signed as such",
        signed.words().contains("Signed, as the older version."),
    );
    tell.claim(
        "and the case stays in the queue",
        desk.open("/")?.words().contains(PERSON),
    );
    let page = desk.open(&path(visit))?;
    let signed = desk.submit(&review(&page)?.press("Sign what is shown")?)?;
    tell.claim(
        "what is shown now is signed",
        signed.words().contains("Signed."),
    );
    Ok(())
}

fn advise(tell: &Teller, desk: &mut Desk, stage: &mut Stage, visit: &Visit) -> Result<()> {
    tell.act("Advice goes to the team");
    let page = desk.open(&path(visit))?;
    let mut form = page.form(&["advice_text"])?;
    form.fill("advice_text", ADVICE)?;
    let sent = desk.submit(&form.press("Send to the team")?)?;
    tell.claim(
        "HQ says that no phone has it yet",
        sent.words().contains("on no phone yet"),
    );
    stage.ana.exchange(tell)?;
    let shown = stage.ana.show(tell, &visit.case)?;
    let advice = shown
        .advice()
        .pop()
        .context("the phone received no advice")?;
    tell.line(
        &stage.ana.first_name(),
        &format!("advice: {} ({})", advice.words, advice.state),
    );
    tell.claim(
        "the phone holds the advice as it was written",
        advice.words == ADVICE,
    );
    let plan = shown.reviews().pop().map(|(_, plan)| plan);
    tell.claim("and the signed review", plan.as_deref() == Some(PLAN));
    stage.ana.exchange(tell)?;
    let delivered = desk.open(&path(visit))?.words();
    tell.claim(
        "HQ shows it as delivered",
        delivered.contains("delivered") && delivered.contains("not yet read"),
    );
    let read = json!({ "op": "advice_read", "case": visit.case, "advice": advice.id });
    stage.ana.ask(tell, &read)?;
    stage.ana.exchange(tell)?;
    let read = desk.open(&path(visit))?.words();
    tell.claim(
        "and as read, once it was",
        read.contains("not yet acted on"),
    );
    tell.claim(
        "a delivered and read mark does not ask for a new review",
        !read.contains("Changed since your review"),
    );
    Ok(())
}

fn reopen(tell: &Teller, desk: &mut Desk, stage: &mut Stage, visit: &Visit) -> Result<()> {
    tell.act("A late clinical edit: he has the means in his hand");
    let before = desk.open(&path(visit))?;
    stage
        .ben
        .answer(tell, &visit.interview, "means-in-hand", yes())?;
    stage.ben.exchange(tell)?;
    stage.ana.exchange(tell)?;
    let queue = desk.open("/")?.words();
    tell.claim(
        "the signed case is back in the queue",
        queue.contains(PERSON),
    );
    tell.claim("at Imminent", queue.contains("mminent"));
    tell.claim(
        "with what happened",
        queue.contains("changed since your review"),
    );
    let page = desk.open(&path(visit))?.words();
    tell.claim(
        "the page shows what changed since the review",
        page.contains("Changed since your review"),
    );
    let advice = stage.ana.show(tell, &visit.case)?.advice().pop();
    tell.claim(
        "advice from before says so on the phone",
        advice.is_some_and(|it| it.overtaken),
    );
    let stale = desk.submit(&review(&before)?.press("Sign what is shown")?)?;
    tell.claim(
        "a page from before the rise is not signed",
        stale.words().contains("the level rose"),
    );
    let form = stale.form(&["impression", "older"])?;
    let offered = form.clone().press("Sign the older version").is_ok();
    let mut forged = form.press("Sign what is shown")?;
    forged.fields.push(("which".to_owned(), "older".to_owned()));
    let refused = desk.submit(&forged)?;
    tell.claim(
        "nor as the older version, not even by a forged form",
        !offered && refused.status == 409 && refused.words().contains("the level rose"),
    );
    Ok(())
}

fn review(page: &Page) -> Result<Form> {
    let mut form = page.form(&["impression", "plan"])?;
    form.fill("impression", IMPRESSION)?;
    form.fill("plan", PLAN)?;
    form.fill("feedback", "Well asked, both of you.")?;
    Ok(form)
}

fn path(visit: &Visit) -> String {
    format!("/case/{}", visit.case)
}

//! After the visit: the phones go on exchanging, and the terminal says what reaches them from the psychiatrist's browser.

use super::phone::Phone;
use super::stage::Stage;
use super::tell::Teller;
use super::verbs::Advice;
use super::visit::Visit;
use anyhow::Result;
use serde_json::json;
use std::thread;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(3);

/// What was told already, for one phone.
#[derive(Default, PartialEq)]
struct Told {
    sync: String,
    level: String,
    contested: bool,
    reviews: Vec<(String, String)>,
    advice: Vec<Advice>,
}

/// Until somebody ends the program.
pub(crate) fn keep_running(tell: &Teller, stage: &mut Stage, visit: &Visit) -> Result<()> {
    let mut told = [Told::default(), Told::default()];
    loop {
        for (phone, told) in [&mut stage.ana, &mut stage.ben].into_iter().zip(&mut told) {
            round(tell, phone, visit, told)?;
        }
        thread::sleep(EVERY);
    }
}

/// One exchange, what came of it, and the responder reading advice that was delivered a round ago.
fn round(tell: &Teller, phone: &mut Phone, visit: &Visit, told: &mut Told) -> Result<()> {
    let reply = phone.try_ask(tell, &json!({ "op": "exchange" }))?;
    if reply.get("ok") != Some(&json!(true)) {
        tell.line(&phone.first_name(), &format!("exchange: {reply}"));
        return Ok(());
    }
    let shown = phone.show(tell, &visit.case)?;
    let now = Told {
        sync: shown.sync(),
        level: shown.level(),
        contested: shown.contested(),
        reviews: shown.reviews(),
        advice: shown.advice(),
    };
    say_news(tell, phone, told, &now);
    for advice in told.advice.iter().filter(|it| it.state == "delivered") {
        let read = json!({ "op": "advice_read", "case": visit.case, "advice": advice.id });
        phone.try_ask(tell, &read)?;
    }
    *told = now;
    Ok(())
}

fn say_news(tell: &Teller, phone: &Phone, told: &Told, now: &Told) {
    let who = phone.first_name();
    if now.sync != told.sync || now.level != told.level {
        tell.line(&who, &format!("{}; {}", now.level, now.sync));
    }
    if told.contested && !now.contested {
        tell.line(&who, "the contested answer is settled");
    }
    for (by, plan) in now.reviews.iter().skip(told.reviews.len()) {
        tell.line(&who, &format!("review signed by {by}: {plan}"));
    }
    for advice in now.advice.iter().filter(|it| !told.advice.contains(it)) {
        let before = if advice.overtaken {
            "; written before this: call"
        } else {
            ""
        };
        tell.line(
            &who,
            &format!("advice {}: {}{before}", advice.state, advice.words),
        );
    }
}

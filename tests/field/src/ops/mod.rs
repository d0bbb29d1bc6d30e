//! What each operation does: read its fields into ids, call the device, put what came of it into JSON.

mod cases;
mod exchange;
mod glass;
mod join;
mod keys;
mod locked;
mod outbox;
mod partner;
mod read;
mod team;
mod vault;

use crate::fault::Fault;
use crate::phone::Phone;
use crate::request::Request;
use serde::Serialize;
use serde_json::{Value, json};

/// A good reply without more to say, or with these fields.
pub(crate) fn ok<T: Serialize>(fields: T) -> Value {
    let mut reply = json!({ "ok": true });
    if let (Some(reply), Ok(Value::Object(fields))) =
        (reply.as_object_mut(), serde_json::to_value(fields))
    {
        reply.extend(fields);
    }
    reply
}

/// Performs one request.
pub(crate) fn perform(phone: &mut Phone, request: Request) -> Result<Value, Fault> {
    match request {
        Request::Create { dir, pin } => vault::create(phone, &dir, &pin),
        Request::Unlock {
            dir,
            pin,
            by,
            older,
        } => vault::unlock(phone, dir.as_deref(), pin.as_ref(), by, older),
        Request::Lock => vault::lock(phone),
        Request::State => vault::state(phone),
        // The caller ends the loop.
        Request::Quit => Ok(ok(())),
        Request::SetAside { dir } => vault::set_aside(phone, &dir),
        Request::Tick { ms } => vault::tick(phone, ms),
        Request::Clock { ahead_ms } => Ok(vault::clock(phone, ahead_ms)),
        Request::Enrol { code } => join::enrol(phone, &code),
        Request::Exchange => exchange::exchange(phone),
        Request::PartnerToken => partner::token(phone),
        Request::PartnerOf { token } => partner::whose(phone, &token),
        Request::BundleFor { case, token } => partner::give(phone, &case, &token),
        Request::TakeBundle { bundle, parts } => partner::take(phone, bundle.as_deref(), &parts),
        Request::Protocols => read::protocols(phone),
        Request::AddProtocol { file, rules } => read::add_protocol(phone, &file, rules.as_deref()),
        Request::ChangePin { old, new } => keys::change_pin(phone, &old, &new),
        Request::AllowBiometric { pin } => keys::allow_biometric(phone, &pin),
        Request::ForbidBiometric => keys::forbid_biometric(phone),
        Request::Wipe { pin } => keys::wipe(phone, &pin),
        Request::Recover { dir, question } => keys::recover(phone, dir, &question),
        Request::FinishRecovery { answer, pin } => keys::finish_recovery(phone, &answer, &pin),
        Request::BeginCall => keys::begin_call(phone),
        Request::EndCall => keys::end_call(phone),
        Request::BreakGlass { case, reason } => glass::break_glass(phone, &case, &reason),
        Request::Outbox { dir } => outbox::send(phone, dir),
        Request::OnlyHere { dir } => outbox::only_here(phone, dir),
        Request::LockedVisit { dir, title, minor } => locked::begin(phone, dir, &title, minor),
        Request::LockedStart { protocol } => locked::start(phone, &protocol),
        Request::LockedAnswer { at, value, told } => locked::answer(phone, at, value, told),
        Request::LockedShow => locked::show(phone),
        Request::NewCase { title, minor } => cases::new_case(phone, &title, minor),
        Request::Start { case, protocol } => cases::start(phone, &case, &protocol),
        Request::Answer { at, value, told } => cases::answer(phone, at, value, told),
        Request::Retract { at, reason } => cases::retract(phone, &at, &reason),
        Request::Confirm { at, reason } => cases::confirm(phone, &at, &reason),
        Request::Settle {
            at,
            seen,
            choice,
            reason,
        } => cases::settle(phone, &at, &seen, &choice, reason),
        Request::Accept {
            case,
            assessment,
            override_id,
            reason,
        } => cases::accept(
            phone,
            &case,
            assessment.as_deref(),
            override_id.as_deref(),
            &reason,
        ),
        Request::Override {
            case,
            domain,
            level,
            reason,
        } => cases::override_level(phone, &case, &domain, &level, &reason),
        Request::Ask {
            case,
            question,
            call_back,
        } => cases::ask(phone, &case, &question, call_back.as_deref()),
        Request::Event { case, kind, text } => cases::event(phone, &case, &kind, &text),
        Request::AddToTeam { case, person } => team::add_to_team(phone, &case, &person),
        Request::Standby { case } => team::standby(phone, &case),
        Request::Close { case, how } => team::close(phone, &case, &how),
        Request::AdviceRead { case, advice } => cases::advice_read(phone, &case, &advice),
        Request::AdviceActed { case, advice } => cases::advice_acted(phone, &case, &advice),
        Request::Step { case, assessment } => read::step(phone, &case, &assessment),
        Request::Show { case } => read::show(phone, &case),
        Request::List => read::list(phone),
    }
}

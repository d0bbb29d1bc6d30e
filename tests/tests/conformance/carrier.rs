//! Carries bytes to HQ by ureq, pinned as the packages of Kotlin and Swift pin.

use mooring::{BlockingPhone, Carry, MooringError, Request};
use std::sync::Arc;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Joins an agency, and says as whom.
pub(crate) fn enrol(phone: &BlockingPhone, code: &str) -> Result<String, MooringError> {
    let url = mooring::root_address(code.to_owned())?;
    let anybody = TlsConfig::builder().disable_verification(true);
    let root = read(agent(anybody).get(url).call());
    let request = phone.begin_enrolment(code.to_owned(), root)?;
    Ok(phone.finish_enrolment(carry(&request))?.name)
}

/// Whether the answers of HQ arrive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// They do.
    Whole,
    /// HQ gets what is sent, and its answers are lost.
    Cut,
}

/// Exchanges, and says whether it came to its end.
pub(crate) fn exchange(phone: &BlockingPhone, link: Link) -> Result<bool, MooringError> {
    let mut next = phone.begin_exchange(None)?;
    loop {
        next = match next {
            Carry::Done { exchanged } => return Ok(exchanged.finished),
            Carry::Send { request } => {
                let reply = carry(&request);
                match link {
                    Link::Whole => phone.exchange_reply(reply)?,
                    Link::Cut => phone.exchange_cut()?,
                }
            }
        };
    }
}

/// Sends what lies sealed, and says how many changes HQ holds of it.
pub(crate) fn send_sealed(phone: &BlockingPhone) -> Result<i64, MooringError> {
    let mut held = 0;
    while let Some(request) = phone.outbox_request()? {
        let answered = phone.outbox_reply(carry(&request))?;
        held += answered.named;
        if !answered.more {
            break;
        }
    }
    Ok(held)
}

fn carry(request: &Request) -> Vec<u8> {
    let authority = Certificate::from_der(&request.authority).to_owned();
    let roots = RootCerts::Specific(Arc::new(vec![authority]));
    let post = agent(TlsConfig::builder().root_certs(roots))
        .post(&request.url)
        .content_type("application/octet-stream");
    read(post.send(request.body.as_slice()))
}

fn agent(tls: ureq::tls::TlsConfigBuilder) -> Agent {
    let provider = rustls::crypto::ring::default_provider();
    let tls = tls
        .unversioned_rustls_crypto_provider(Arc::new(provider))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .proxy(None);
    config.build().into()
}

fn read(reply: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Vec<u8> {
    let mut reply = reply.unwrap();
    let limit = 64 << 20;
    reply
        .body_mut()
        .with_config()
        .limit(limit)
        .read_to_vec()
        .unwrap()
}

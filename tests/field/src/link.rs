//! The way to HQ: ureq over rustls. Before the pin nothing secret is sent; after it, only HQ's own certificate authority counts.

use crate::fault::Fault;
use rustls::crypto::CryptoProvider;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// More than any reply: a page chunk, a receipt and the fates beside it.
const LARGEST_REPLY: u64 = 40 << 20;

/// A connection that trusts one certificate authority, or none.
pub(crate) struct Link {
    agent: Agent,
    base: String,
}

impl Link {
    /// To fetch the root: any certificate will do, since what comes back is checked against the enrolment code.
    pub(crate) fn unverified(address: &str) -> Self {
        Self::over(address, TlsConfig::builder().disable_verification(true))
    }

    /// After the pin.
    pub(crate) fn pinned(address: &str, ca_der: &[u8]) -> Self {
        let pin = Certificate::from_der(ca_der).to_owned();
        Self::over(
            address,
            TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(vec![pin]))),
        )
    }

    fn over(address: &str, tls: ureq::tls::TlsConfigBuilder) -> Self {
        let tls = tls
            .unversioned_rustls_crypto_provider(Arc::new(only_tls_1_3()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        let base = if address.starts_with("https://") {
            address.to_owned()
        } else {
            format!("https://{address}")
        };
        Self {
            agent: config.into(),
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// Fetches.
    pub(crate) fn get(&self, path: &str) -> Result<Vec<u8>, Fault> {
        let reply = self.agent.get(format!("{}{path}", self.base)).call();
        read(reply)
    }

    /// Sends, and gives HQ's answer whatever its status: what counts in it is signed.
    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Result<Vec<u8>, Fault> {
        let reply = self
            .agent
            .post(format!("{}{path}", self.base))
            .content_type("application/octet-stream")
            .send(body);
        read(reply)
    }
}

fn read(reply: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Vec<u8>, Fault> {
    let mut reply = reply.map_err(|error| Fault::Link(words(&error)))?;
    let mut bytes = Vec::new();
    let body = reply.body_mut().with_config().limit(LARGEST_REPLY).reader();
    body.take(LARGEST_REPLY)
        .read_to_end(&mut bytes)
        .map_err(|_| Fault::Link("the reply broke off"))?;
    Ok(bytes)
}

fn words(error: &ureq::Error) -> &'static str {
    if matches!(error, ureq::Error::Rustls(_) | ureq::Error::Tls(_)) {
        "the certificate is not the pinned HQ's"
    } else if matches!(error, ureq::Error::Timeout(_)) {
        "HQ did not answer in time"
    } else {
        "HQ can't be reached"
    }
}

/// ring, without the suites of TLS 1.2: an older version can't be agreed on.
fn only_tls_1_3() -> CryptoProvider {
    let mut provider = rustls::crypto::ring::default_provider();
    provider
        .cipher_suites
        .retain(|suite| suite.tls13().is_some());
    provider
}

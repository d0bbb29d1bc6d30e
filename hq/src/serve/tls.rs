//! What the device listener shows: TLS 1.3 and nothing older, with a leaf of HQ's own authority.

use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::version::TLS13;

use super::OwnCertificate;
use super::ServeError;
use crate::keys::TlsAuthority;

/// The device listener's configuration: a fresh leaf for these names.
pub(super) fn device_tls(
    authority: &TlsAuthority,
    names: &[String],
) -> Result<RustlsConfig, ServeError> {
    let leaf = authority
        .make_leaf(names)
        .map_err(|_| ServeError::Certificate)?;
    let chain = vec![
        CertificateDer::from(leaf.certificate),
        CertificateDer::from(authority.certificate().to_vec()),
    ];
    config(
        chain,
        PrivateKeyDer::from(PrivatePkcs8KeyDer::from(leaf.key.to_vec())),
    )
}

/// The review listener's configuration with the operator's own certificate.
pub(super) fn review_tls(own: &OwnCertificate) -> Result<RustlsConfig, ServeError> {
    let chain = CertificateDer::pem_file_iter(&own.certificate)
        .and_then(Iterator::collect)
        .map_err(|_| ServeError::Certificate)?;
    let key = PrivateKeyDer::from_pem_file(&own.key).map_err(|_| ServeError::Certificate)?;
    config(chain, key)
}

fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<RustlsConfig, ServeError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .map_err(|_| ServeError::Certificate)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|_| ServeError::Certificate)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

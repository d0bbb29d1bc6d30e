//! The certificate authority that phones pin, and the leaf that the device listener shows.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use zeroize::Zeroizing;

use super::KeysError;

/// The authority's certificate and private key, both DER.
pub(crate) struct TlsAuthority {
    agency: String,
    key: Zeroizing<Vec<u8>>,
    certificate: Vec<u8>,
}

/// What a listener shows: its certificate and its private key (PKCS#8), both DER. Made anew at every start.
pub(crate) struct TlsLeaf {
    /// The leaf's certificate.
    pub(crate) certificate: Vec<u8>,
    /// The leaf's private key.
    pub(crate) key: Zeroizing<Vec<u8>>,
}

// Validity is left as wide as it can be: a phone whose clock is wrong must get through to be told so, and what is fresh
// is judged by the signed envelopes inside.
impl TlsAuthority {
    pub(super) fn new(agency: &str, key: Zeroizing<Vec<u8>>, certificate: Vec<u8>) -> Self {
        Self {
            agency: agency.to_owned(),
            key,
            certificate,
        }
    }

    pub(super) fn make(agency: &str) -> Result<Self, KeysError> {
        let key = make_key()?;
        let certificate = authority(agency)?
            .self_signed(&key)
            .map_err(|_| KeysError::Certificate)?;
        Ok(Self::new(
            agency,
            Zeroizing::new(key.serialize_der()),
            certificate.der().to_vec(),
        ))
    }

    /// The certificate that phones pin.
    pub(crate) fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    pub(super) fn key(&self) -> &[u8] {
        &self.key
    }

    /// A leaf for these host names and addresses.
    pub(crate) fn make_leaf(&self, names: &[String]) -> Result<TlsLeaf, KeysError> {
        let authority_key = KeyPair::try_from(&PrivatePkcs8KeyDer::from(self.key.as_slice()))
            .map_err(|_| KeysError::Certificate)?;
        let authority = Issuer::new(authority(&self.agency)?, authority_key);
        let key = make_key()?;
        let mut params = named("Mooring HQ", names.to_vec())?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let certificate = params
            .signed_by(&key, &authority)
            .map_err(|_| KeysError::Certificate)?;
        Ok(TlsLeaf {
            certificate: certificate.der().to_vec(),
            key: Zeroizing::new(key.serialize_der()),
        })
    }
}

fn authority(agency: &str) -> Result<CertificateParams, KeysError> {
    let mut params = named(&format!("{agency}: Mooring authority"), Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

// rcgen takes its chance from ring by itself; it offers no way to bring one's own.
fn make_key() -> Result<KeyPair, KeysError> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(|_| KeysError::Certificate)
}

fn named(common_name: &str, hosts: Vec<String>) -> Result<CertificateParams, KeysError> {
    let mut params = CertificateParams::new(hosts).map_err(|_| KeysError::Certificate)?;
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    Ok(params)
}

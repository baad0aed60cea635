//! What rustls is told: cryptography, trusted roots, the client's own certificate.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

/// A client certificate and its key, as PEM.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) certificates: Vec<u8>,
    pub(super) key: Vec<u8>,
}

impl Identity {
    /// The certificate with those that lead to its root, and the key. The errors show neither.
    fn parse(
        &self,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), &'static str> {
        let certificates = CertificateDer::pem_slice_iter(&self.certificates);
        let certificates: Vec<_> =
            certificates.collect::<Result<_, _>>().map_err(|_| "its PEM text is damaged")?;
        if certificates.is_empty() {
            return Err("a PEM text has no certificate");
        }
        let key = PrivateKeyDer::from_pem_slice(&self.key);
        Ok((certificates, key.map_err(|_| "there is no private key in its PEM text")?))
    }
}

/// A configuration that trusts these roots.
pub(super) fn client(
    roots: Arc<RootCertStore>,
    identity: Option<&Identity>,
) -> Result<ClientConfig, String> {
    // Always said: with two providers in one program, rustls' own default panics.
    let config = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots);
    let Some(identity) = identity else { return Ok(config.with_no_client_auth()) };
    let wrong = |why: &str| format!("the client certificate cannot be used: {why}");
    let (certificates, key) = identity.parse().map_err(wrong)?;
    config.with_client_auth_cert(certificates, key).map_err(|error| wrong(&error.to_string()))
}

#[cfg(feature = "ring")]
fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

#[cfg(not(feature = "ring"))]
fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

/// The roots that the features choose.
#[cfg(feature = "native-roots")]
#[cfg_attr(feature = "webpki-roots", allow(clippy::unnecessary_wraps))]
pub(super) fn add_built_in(roots: &mut RootCertStore) -> Result<(), String> {
    let found = rustls_native_certs::load_native_certs();
    // Machines have certificates that nobody can read among good ones.
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added > 0 {
        return Ok(());
    }
    #[cfg(feature = "webpki-roots")]
    {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        Ok(())
    }
    #[cfg(not(feature = "webpki-roots"))]
    {
        let why = found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
        Err(format!("this machine has no root certificates{why}"))
    }
}

#[cfg(all(feature = "webpki-roots", not(feature = "native-roots")))]
#[allow(clippy::unnecessary_wraps)]
pub(super) fn add_built_in(roots: &mut RootCertStore) -> Result<(), String> {
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    Ok(())
}

#[cfg(not(any(feature = "native-roots", feature = "webpki-roots")))]
#[allow(clippy::unnecessary_wraps)]
pub(super) fn add_built_in(_: &mut RootCertStore) -> Result<(), String> {
    Ok(())
}

//! TLS with a certificate authority of its own, made at the start.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use std::io;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// The certificate authority's certificate, and what accepts connections.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) root_pem: String,
    pub(crate) root_der: Vec<u8>,
}

impl Tls {
    /// Makes a root and a certificate for `localhost`, `127.0.0.1` and `::1`.
    pub(crate) fn new(http1: bool, http2: bool) -> io::Result<Self> {
        let failed = |error: rcgen::Error| io::Error::other(error);
        let root_key = KeyPair::generate().map_err(failed)?;
        let mut root = CertificateParams::default();
        root.distinguished_name.push(DnType::CommonName, "people-emulator test root");
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let root_certificate = root.self_signed(&root_key).map_err(failed)?;
        let issuer = Issuer::new(root, root_key);

        let leaf_key = KeyPair::generate().map_err(failed)?;
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let mut leaf = CertificateParams::new(names).map_err(failed)?;
        leaf.distinguished_name.push(DnType::CommonName, "people-emulator");
        leaf.use_authority_key_identifier_extension = true;
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let leaf = leaf.signed_by(&leaf_key, &issuer).map_err(failed)?;

        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
        // The provider is named: with several in a build, rustls cannot choose.
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)
            .map_err(io::Error::other)?;
        if http2 {
            config.alpn_protocols.push(b"h2".to_vec());
        }
        if http1 {
            config.alpn_protocols.push(b"http/1.1".to_vec());
        }
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            root_pem: root_certificate.pem(),
            root_der: root_certificate.der().to_vec(),
        })
    }
}

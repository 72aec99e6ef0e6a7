//! A certificate authority and a certificate that live as long as the server.

use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;

/// What TLS needs on both sides.
#[derive(Clone)]
pub struct Identity {
    /// The server's side.
    pub acceptor: TlsAcceptor,
    /// The certificate that clients trust, in PEM.
    pub ca_pem: String,
    /// `tls-server-end-point` (RFC 5929 §4.1): SHA-256 of the server's certificate, as that is signed with SHA-256.
    pub(super) end_point: Vec<u8>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("ca_pem", &self.ca_pem).finish_non_exhaustive()
    }
}

impl Identity {
    /// A new authority, and a certificate by it for the host name, `localhost` and 127.0.0.1.
    pub fn generate(hostname: &str) -> io::Result<Self> {
        let (leaf, key, ca_pem) = certificates(hostname).map_err(io::Error::other)?;
        let end_point = Sha256::digest(leaf.der()).to_vec();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)
            .map_err(io::Error::other)?;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem, end_point })
    }
}

fn certificates(hostname: &str) -> Result<(rcgen::Certificate, KeyPair, String), rcgen::Error> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "mailproof reference authority");
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate()?;
    let ca_pem = authority.self_signed(&authority_key)?.pem();
    let issuer = Issuer::new(authority, authority_key);

    // `CertificateParams::new` turns the text of an IP address into a name of that type.
    let mut leaf = CertificateParams::new(vec![hostname.to_owned(), "localhost".to_owned(), "127.0.0.1".to_owned()])?;
    leaf.distinguished_name.push(DnType::CommonName, hostname);
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    Ok((leaf.signed_by(&key, &issuer)?, key, ca_pem))
}

#[cfg(test)]
pub(super) mod tests {
    use rustls::pki_types::ServerName;
    use rustls::{ClientConfig, RootCertStore};
    use tokio_rustls::TlsConnector;

    use super::*;
    use crate::refserver::{Protection, Stream};

    /// A client that trusts one authority.
    pub(in crate::refserver) fn connector(ca_pem: &str) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        for certificate in rustls_pemfile::certs(&mut ca_pem.as_bytes()) {
            roots.add(certificate.unwrap()).unwrap();
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }

    #[tokio::test]
    async fn clients_that_trust_the_authority_accept_every_name() {
        let identity = Identity::generate("mail.example.test").unwrap();
        for name in ["mail.example.test", "localhost", "127.0.0.1"] {
            let (client, server) = tokio::io::duplex(4096);
            let connector = connector(&identity.ca_pem);
            let name = ServerName::try_from(name).unwrap();
            let (client, server) =
                tokio::join!(connector.connect(name, client), Stream::plain(server).upgrade(&identity));
            assert!(client.is_ok());
            assert_eq!(server.unwrap().protection(), Protection::Tls);
        }
    }
}

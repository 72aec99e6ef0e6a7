//! Certificates that a server should and should not show.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, Error, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring::cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::case::Certificate;

/// The name that the harness awaits.
const NAME: &str = "zoo.test";

/// A server's settings, and the authority that the harness trusts.
pub(super) struct Made {
    pub(super) config: Arc<ServerConfig>,
    /// In PEM.
    pub(super) authority: String,
}

/// Makes an authority and what a server shows.
pub(super) fn made(certificate: Certificate) -> Result<Made, Box<dyn std::error::Error>> {
    let (trusted, other) = (authority()?, authority()?);
    let key = KeyPair::generate()?;
    let name = if certificate == Certificate::OtherName { "other.test" } else { NAME };
    let mut leaf = CertificateParams::new([name.to_owned()])?;
    if certificate == Certificate::Expired {
        (leaf.not_before, leaf.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
    }
    let leaf = match certificate {
        Certificate::SelfSigned => leaf.self_signed(&key)?,
        Certificate::UnknownAuthority => leaf.signed_by(&key, &other.issuer)?,
        Certificate::Good | Certificate::OtherName | Certificate::Expired | Certificate::Chain | Certificate::Old => {
            leaf.signed_by(&key, &trusted.issuer)?
        }
    };
    let mut chain = vec![leaf.der().clone()];
    if certificate == Certificate::Chain {
        let one = CertificateDer::from(trusted.der);
        chain.extend(std::iter::repeat_n(one.clone(), 10_000_000 / one.len()));
    }
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let mut provider = default_provider();
    let old = [&rustls::version::TLS12];
    let mut versions = rustls::DEFAULT_VERSIONS;
    if certificate == Certificate::Old {
        provider.cipher_suites.retain(|suite| *suite == TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256);
        versions = &old;
    }
    let builder = ServerConfig::builder_with_provider(Arc::new(provider)).with_protocol_versions(versions)?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key)?;
    config.enable_secret_extraction = certificate == Certificate::Old;
    Ok(Made { config: Arc::new(config), authority: trusted.pem })
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: Vec<u8>,
}

fn authority() -> Result<Authority, Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(["authority.zoo.test".to_owned()])?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key)?;
    let (pem, der) = (certificate.pem(), certificate.der().to_vec());
    Ok(Authority { issuer: Issuer::new(params, key), pem, der })
}

//! TLS for the client side: whom to trust, what was negotiated, and what channel binding needs.

use std::sync::{Arc, LazyLock, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use sha2::{Digest, Sha256, Sha384, Sha512};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::sasl::Binding;
use crate::target::{TlsTrust, Verification};

/// Where systems keep the certificates they trust; the first that is there counts.
const SYSTEM_AUTHORITIES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Trust that cannot be set up: a mistake of the target file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TrustError {
    /// A file without a certificate.
    #[error("`{0}` holds no PEM certificate")]
    NoCertificate(String),
    /// A certificate that cannot be an authority.
    #[error("`{path}`: {reason}")]
    Certificate {
        /// The file.
        path: String,
        /// What rustls says.
        reason: String,
    },
}

/// What was negotiated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsInfo {
    /// `TLSv1.3`.
    pub version: String,
    /// `TLS13_AES_256_GCM_SHA384`.
    pub cipher: String,
    /// Channel bindings, the one that RFC 9266 prefers for this version first.
    pub bindings: Vec<Binding>,
    /// Octets that came in clear after the go-ahead and before the handshake.
    pub plaintext_after_go_ahead: crate::base::ByteString,
}

/// Settings for all handshakes with one target. Sessions are never resumed: every connection shows the whole handshake.
#[derive(Clone)]
pub struct TlsClient {
    trusted: Trusted,
    /// Made for the first handshake: many a run has none.
    config: Arc<OnceLock<Arc<ClientConfig>>>,
    name: Option<String>,
}

/// Whose certificates are accepted.
#[derive(Clone)]
enum Trusted {
    /// Those that these authorities signed.
    Authorities(Arc<RootCertStore>),
    /// Those that an authority of the system signed.
    System,
    /// Anybody's.
    Anyone,
}

impl std::fmt::Debug for TlsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsClient").field("name", &self.name).finish_non_exhaustive()
    }
}

impl TlsClient {
    /// Reads the certificates that the target names.
    pub fn new(trust: &TlsTrust) -> Result<Self, TrustError> {
        let trusted = match trust.verification {
            Verification::Full if trust.authorities.is_empty() => Trusted::System,
            Verification::Full => Trusted::Authorities(Arc::new(named(trust)?)),
            Verification::Off => Trusted::Anyone,
        };
        Ok(Self { trusted, config: Arc::default(), name: trust.name.clone() })
    }

    fn config(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let provider = Arc::new(ring::default_provider());
        let builder =
            ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
        let mut config = match &self.trusted {
            Trusted::Authorities(roots) => builder.with_root_certificates(Arc::clone(roots)).with_no_client_auth(),
            Trusted::System => builder.with_root_certificates(Arc::clone(&SYSTEM)).with_no_client_auth(),
            Trusted::Anyone => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(TrustsAnyone(provider)))
                .with_no_client_auth(),
        };
        config.resumption = rustls::client::Resumption::disabled();
        Ok(Arc::clone(self.config.get_or_init(|| Arc::new(config))))
    }

    /// A handshake on `stream`. The caller sets the deadline.
    pub(super) async fn handshake(
        &self,
        stream: TcpStream,
        host: &str,
    ) -> Result<TlsStream<TcpStream>, HandshakeError> {
        let name = self.name.as_deref().unwrap_or(host);
        let name = ServerName::try_from(name.to_owned()).map_err(|_| HandshakeError::Name(name.to_owned()))?;
        let config = self.config().map_err(|error| HandshakeError::Io(std::io::Error::other(error)))?;
        let connector = TlsConnector::from(config);
        connector.connect(name, stream).await.map_err(HandshakeError::Io)
    }
}

/// Why a handshake failed.
#[derive(Debug, Error)]
pub(super) enum HandshakeError {
    #[error("`{0}` is no name that a certificate can carry")]
    Name(String),
    #[error("{0}")]
    Io(std::io::Error),
}

/// What was negotiated on an established stream.
pub(super) fn describe(stream: &TlsStream<TcpStream>) -> TlsInfo {
    let connection = stream.get_ref().1;
    let version = connection.protocol_version();
    let cipher = connection.negotiated_cipher_suite().map(|suite| format!("{:?}", suite.suite())).unwrap_or_default();
    let mut bindings = Vec::new();
    // RFC 9266 §3: with TLS 1.3 the exporter, with the label registered there and an empty context.
    if version == Some(rustls::ProtocolVersion::TLSv1_3) {
        let exported = connection.export_keying_material([0_u8; 32], b"EXPORTER-Channel-Binding", Some(b""));
        bindings.extend(exported.ok().map(|data| Binding { name: "tls-exporter", data: data.to_vec() }));
    }
    let certificate = connection.peer_certificates().and_then(|chain| chain.first());
    let end_point = certificate.and_then(|certificate| end_point_hash(certificate));
    bindings.extend(end_point.map(|data| Binding { name: "tls-server-end-point", data }));
    let version = match version {
        Some(rustls::ProtocolVersion::TLSv1_3) => "TLSv1.3".to_owned(),
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2".to_owned(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    };
    TlsInfo { version, cipher, bindings, plaintext_after_go_ahead: crate::base::ByteString::default() }
}

/// The authorities that the system trusts.
static SYSTEM: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| {
    let bundle = SYSTEM_AUTHORITIES.iter().find_map(|path| std::fs::read(path).ok()).unwrap_or_default();
    let mut pem = bundle.as_slice();
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_pemfile::certs(&mut pem).filter_map(Result::ok));
    Arc::new(store)
});

/// The authorities that a target names.
fn named(trust: &TlsTrust) -> Result<RootCertStore, TrustError> {
    let mut store = RootCertStore::empty();
    for authority in &trust.authorities {
        let mut pem = authority.pem.as_bytes();
        let mut found = 0;
        for certificate in rustls_pemfile::certs(&mut pem) {
            let wrong = |reason: String| TrustError::Certificate { path: authority.path.clone(), reason };
            let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
            store.add(certificate).map_err(|error| wrong(error.to_string()))?;
            found += 1;
        }
        if found == 0 {
            return Err(TrustError::NoCertificate(authority.path.clone()));
        }
    }
    Ok(store)
}

/// RFC 5929 §4.1: the certificate's hash by the hash function of its signature, SHA-256 in place of MD5 and SHA-1; none
/// where the signature has no single hash function.
fn end_point_hash(certificate: &[u8]) -> Option<Vec<u8>> {
    let (_, inside, _) = der(certificate)?;
    let (_, _, after_tbs) = der(inside)?;
    let (_, algorithm, _) = der(after_tbs)?;
    let (_, oid, _) = der(algorithm)?;
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04];
    let rsa = oid.strip_prefix(RSA);
    let ecdsa = oid.strip_prefix(ECDSA);
    match (rsa, ecdsa) {
        (Some([4 | 5 | 11]), _) | (_, Some([1] | [3, 2])) => Some(Sha256::digest(certificate).to_vec()),
        (Some([12]), _) | (_, Some([3, 3])) => Some(Sha384::digest(certificate).to_vec()),
        (Some([13]), _) | (_, Some([3, 4])) => Some(Sha512::digest(certificate).to_vec()),
        (Some(_) | None, Some(_) | None) => None,
    }
}

/// One DER element: its tag, its content, and what follows it.
fn der(octets: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = octets.split_first_chunk::<2>()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 || count > rest.len() {
            return None;
        }
        let (digits, rest) = rest.split_at(count);
        (digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit)), rest)
    };
    (length <= rest.len()).then(|| rest.split_at(length)).map(|(content, after)| (tag, content, after))
}

/// `-k`: any certificate will do, but the server must own its key.
#[derive(Debug)]
struct TrustsAnyone(Arc<CryptoProvider>);

impl ServerCertVerifier for TrustsAnyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Authority;

    #[test]
    fn the_end_point_hash_follows_the_signature() {
        let certificate = rcgen::generate_simple_self_signed(["mail.example".to_owned()]).unwrap().cert;
        assert_eq!(end_point_hash(certificate.der()), Some(Sha256::digest(certificate.der()).to_vec()));
        assert_eq!(end_point_hash(b"\x30\x82"), None);
        assert_eq!(end_point_hash(b""), None);
    }

    #[test]
    fn a_file_without_certificate_is_a_mistake() {
        let authorities = vec![Authority { path: "ca.pem".to_owned(), pem: "nothing".to_owned() }];
        let error = TlsClient::new(&TlsTrust { authorities, ..TlsTrust::default() }).unwrap_err();
        assert_eq!(error.to_string(), "`ca.pem` holds no PEM certificate");
    }
}

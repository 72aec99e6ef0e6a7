//! A certificate authority for one container, and the container's certificate.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};

/// What goes into a container below `/certs`; all in PEM.
#[derive(Debug, Clone)]
pub(super) struct Certificates {
    /// The authority, which the harness trusts.
    pub(super) authority: String,
    /// The server's certificate.
    pub(super) certificate: String,
    /// The server's private key.
    pub(super) key: String,
}

impl Certificates {
    /// New keys, and a certificate for this host name alone. RFC 7817 §3 wants the name as a dNSName.
    pub(super) fn generate(hostname: &str) -> Result<Self, rcgen::Error> {
        let mut authority = CertificateParams::new(Vec::new())?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.distinguished_name.push(DnType::CommonName, "mailproof test authority");
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority_key = KeyPair::generate()?;
        let authority_pem = authority.self_signed(&authority_key)?.pem();
        let issuer = Issuer::new(authority, authority_key);

        let mut leaf = CertificateParams::new(vec![hostname.to_owned()])?;
        leaf.distinguished_name.push(DnType::CommonName, hostname);
        leaf.use_authority_key_identifier_extension = true;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate()?;
        let certificate = leaf.signed_by(&key, &issuer)?.pem();
        Ok(Self { authority: authority_pem, certificate, key: key.serialize_pem() })
    }
}

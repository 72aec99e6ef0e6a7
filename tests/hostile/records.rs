//! TLS 1.2 records on the keys of a handshake that rustls made: for what rustls itself never sends.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, Iv, MessageDecrypter, MessageEncrypter, OutboundChunks, OutboundPlainMessage,
};
use rustls::crypto::ring::cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 as SUITE;
use rustls::{
    ConnectionTrafficSecrets, ContentType, ProtocolVersion, ServerConnection, SupportedCipherSuite, Tls12CipherSuite,
};

/// Octets of one record. RFC 5246 section 6.2.1.
const RECORD: usize = 1 << 14;

/// The server's side of an established connection.
pub(super) struct Records {
    pub(super) socket: TcpStream,
    encrypter: Box<dyn MessageEncrypter>,
    decrypter: Box<dyn MessageDecrypter>,
    sent: u64,
    received: u64,
    /// Read and not yet taken, of the last record.
    plain: Vec<u8>,
}

impl Records {
    /// Takes the keys over. The connection has to speak TLS 1.2 with [`SUITE`], and its settings have to give them away.
    pub(super) fn new(connection: ServerConnection, socket: TcpStream) -> io::Result<Self> {
        let SupportedCipherSuite::Tls12(Tls12CipherSuite { aead_alg, .. }) = SUITE else {
            return Err(io::Error::other("another version"));
        };
        let secrets = connection.dangerous_extract_secrets().map_err(io::Error::other)?;
        let ((sent, own), (received, peer)) = (secrets.tx, secrets.rx);
        let ((key, iv), (peer_key, peer_iv)) = (keys(own)?, keys(peer)?);
        let (encrypter, decrypter) =
            (aead_alg.encrypter(key, iv.as_ref(), &[]), aead_alg.decrypter(peer_key, peer_iv.as_ref()));
        Ok(Self { socket, encrypter, decrypter, sent, received, plain: Vec::new() })
    }

    /// Sends octets as records of one type.
    pub(super) fn send(&mut self, typ: ContentType, octets: &[u8]) -> io::Result<()> {
        for part in octets.chunks(RECORD) {
            let payload = OutboundChunks::Single(part);
            let message = OutboundPlainMessage { typ, version: ProtocolVersion::TLSv1_2, payload };
            let record = self.encrypter.encrypt(message, self.sent).map_err(io::Error::other)?;
            self.sent += 1;
            self.socket.write_all(&record.encode())?;
        }
        Ok(())
    }

    /// The type of the next record, whose content becomes what is read.
    fn next(&mut self) -> io::Result<ContentType> {
        let mut head = [0; 5];
        self.socket.read_exact(&mut head)?;
        let [typ, _, _, high, low] = head;
        let mut sealed = vec![0; usize::from(u16::from_be_bytes([high, low]))];
        self.socket.read_exact(&mut sealed)?;
        let message = InboundOpaqueMessage::new(ContentType::from(typ), ProtocolVersion::TLSv1_2, &mut sealed);
        let message = self.decrypter.decrypt(message, self.received).map_err(io::Error::other)?;
        self.received += 1;
        self.plain = message.payload.to_vec();
        Ok(message.typ)
    }
}

impl Read for Records {
    /// What the client says; its alerts are passed over, for a warning ends nothing and behind an error comes no more.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.plain.is_empty() {
            match self.next() {
                Ok(ContentType::ApplicationData) => {}
                Ok(_) => self.plain.clear(),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                Err(error) => return Err(error),
            }
        }
        let count = buffer.len().min(self.plain.len());
        buffer.iter_mut().zip(self.plain.drain(..count)).for_each(|(place, octet)| *place = octet);
        Ok(count)
    }
}

fn keys(secrets: ConnectionTrafficSecrets) -> io::Result<(AeadKey, Iv)> {
    let ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } = secrets else {
        return Err(io::Error::other("another cipher"));
    };
    Ok((key, iv))
}

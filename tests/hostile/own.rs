//! What takes more than a text: dialogues of their own, and octets that have to be made.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::peer::Peer;

/// Octets that are no protocol at all, the same in every run, with line ends among them.
pub(super) fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let mut noise: Vec<u8> = (0..4_000).map(|_| next()).collect();
    noise.push(b'\n');
    noise
}

/// `334` to whatever the client says.
pub(super) fn smtp_challenges(peer: &mut Peer, _: &str) -> io::Result<()> {
    peer.say("334 \r\n")?;
    while peer.line()?.is_some() {
        peer.say("334 \r\n")?;
    }
    Ok(())
}

pub(super) fn smtp_scram_2_31(peer: &mut Peer, command: &str) -> io::Result<()> {
    smtp_scram(peer, command, 1 << 31)
}

pub(super) fn smtp_scram_10_7(peer: &mut Peer, command: &str) -> io::Result<()> {
    smtp_scram(peer, command, 9_999_999)
}

/// A SCRAM server that asks for so many iterations, and refuses whatever comes of it. RFC 5802 §5.1.
fn smtp_scram(peer: &mut Peer, command: &str, rounds: u32) -> io::Result<()> {
    let initial = command.rsplit(' ').next().unwrap_or_default();
    let first = STANDARD.decode(initial).unwrap_or_default();
    let first = String::from_utf8_lossy(&first).into_owned();
    let Some((_, nonce)) = first.rsplit_once("r=") else { return peer.say("535 no\r\n") };
    let challenge = STANDARD.encode(format!("r={nonce}zoo,s=c2FsdA==,i={rounds}"));
    peer.say(format!("334 {challenge}\r\n"))?;
    match peer.line()?.as_deref() {
        Some("*") => peer.say("501 cancelled\r\n"),
        Some(_) | None => peer.say("535 no\r\n"),
    }
}

/// `+ ` to whatever the client says in POP3.
pub(super) fn pop3_challenges(peer: &mut Peer, _: &str) -> io::Result<()> {
    imap_challenges(peer, "")
}

/// `+ ` to whatever the client says.
pub(super) fn imap_challenges(peer: &mut Peer, _: &str) -> io::Result<()> {
    peer.say("+ \r\n")?;
    while peer.line()?.is_some() {
        peer.say("+ \r\n")?;
    }
    Ok(())
}

/// Noise where compressed octets are due.
pub(super) fn raw_noise(peer: &mut Peer, _: &str) -> io::Result<()> {
    peer.raw(&noise())
}

/// Noise where TLS records are due.
pub(super) fn noise_below_tls(peer: &mut Peer, _: &str) -> io::Result<()> {
    peer.socket().write_all(&noise())
}

/// New keys, again and again, and not a word. RFC 8446 §4.6.3.
pub(super) fn key_updates(peer: &mut Peer, _: &str) -> io::Result<()> {
    while let Some(connection) = peer.tls_connection() {
        connection.refresh_traffic_keys().map_err(io::Error::other)?;
        peer.raw(b"")?;
    }
    Ok(())
}

/// `HelloRequest`: the client is asked to begin the handshake anew. RFC 5246 section 7.4.1.1.
const HELLO_REQUEST: &[u8] = &[0, 0, 0, 0];

/// One renegotiation, which a client may refuse.
pub(super) fn renegotiation(peer: &mut Peer, _: &str) -> io::Result<()> {
    peer.handshake_message(HELLO_REQUEST)
}

/// And another, and another.
pub(super) fn renegotiations(peer: &mut Peer, _: &str) -> io::Result<()> {
    loop {
        peer.handshake_message(HELLO_REQUEST)?;
    }
}

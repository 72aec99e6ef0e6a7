//! What a hostile server does, where it does it, and what the harness has to make of it.

use std::io;

use super::peer::Peer;

/// One behaviour, and the exact verdict on it.
pub(super) struct Case {
    /// Name of the trial, and of its folder.
    pub(super) name: &'static str,
    pub(super) service: Service,
    /// Words that the server announces beside the usual ones.
    pub(super) offers: &'static [&'static str],
    /// When it stops being polite.
    pub(super) at: At,
    pub(super) trick: Trick,
    pub(super) certificate: Certificate,
    /// Ids of scenarios of the zoo's own suite; without one the server is probed.
    pub(super) scenarios: &'static [&'static str],
    /// Flags beside the usual ones.
    pub(super) flags: &'static [&'static str],
    pub(super) code: i32,
    /// What report.json has to say, line by line as [`super::report`] writes it, and nothing else; of a probe, what it says
    /// itself.
    pub(super) says: &'static [&'static str],
}

/// What the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Mx,
    Submission,
    Pop3,
    Imap,
    /// The handshake comes first.
    Imaps,
}

/// What the server shows of itself in TLS. The harness trusts one authority and awaits `zoo.test`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certificate {
    Good,
    OtherName,
    Expired,
    SelfSigned,
    UnknownAuthority,
    /// A good one, and ten million octets of others behind it.
    Chain,
    /// A good one, in TLS 1.2 with a cipher whose keys the server hands over to its tricks.
    Old,
}

/// When a server stops being polite. Stages are named by what the client says: the first word of a command, `greeting`
/// before it says anything, `handshake` when TLS is to begin, `.` after the content of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// In place of the right answer.
    Instead(&'static str),
    /// After the right answer.
    After(&'static str),
}

/// What it does then. `<tag>` in texts stands for the tag of the IMAP command.
#[derive(Clone, Copy)]
pub(super) enum Trick {
    /// Nothing, until the client goes.
    Silence,
    /// An octet of this now and then, and never all of it.
    Trickle(&'static str),
    /// This, and then nothing until the client goes.
    Stop(&'static str),
    /// This, and is polite again.
    Say(&'static [u8]),
    /// What this makes, and is polite again.
    Make(fn() -> Vec<u8>),
    /// The first once, then the second again and again, until the client goes.
    Endless(&'static str, &'static [u8]),
    /// The first once, then the second up to so many octets, then the third; then it is polite again.
    Much(&'static str, &'static [u8], u64, &'static str),
    /// Says this and closes.
    Close(&'static str),
    /// Says this and resets the connection.
    Reset(&'static str),
    /// Says this, closes its sending side and goes on reading.
    HalfClose(&'static str),
    /// Whatever this does, with the rest of the command's line; then it is polite again.
    Own(fn(&mut Peer, &str) -> io::Result<()>),
}

/// What an enormous amount is: nobody reads it all.
const ENDLESS: u64 = u64::MAX;
/// What a server that trickles waits between two octets; nothing whole comes before the client is tired of it.
const PACE: std::time::Duration = std::time::Duration::from_millis(700);
/// What a client needs to take what was said.
const MOMENT: std::time::Duration = std::time::Duration::from_millis(200);

impl Trick {
    /// Does it. `tag` is that of the IMAP command, `rest` what stands behind its first word. Tells whether the connection
    /// goes on.
    pub(super) fn perform(self, peer: &mut Peer, tag: &str, rest: &str) -> io::Result<Goes> {
        let text = |text: &str| text.replace("<tag>", tag);
        match self {
            Self::Silence => peer.stay().map(|()| Goes::Away),
            Self::Stop(first) => {
                peer.say(text(first))?;
                peer.stay().map(|()| Goes::Away)
            }
            Self::Trickle(slowly) => {
                for octet in slowly.bytes().cycle() {
                    peer.say([octet])?;
                    if peer.gone_within(PACE)? {
                        break;
                    }
                }
                Ok(Goes::Away)
            }
            Self::Say(octets) => {
                let tagged = octets.windows(5).any(|five| five == b"<tag>");
                // Only text has tags; other octets go out as they stand.
                if tagged {
                    peer.say(text(&String::from_utf8_lossy(octets)))?
                } else {
                    peer.say(octets)?
                }
                Ok(Goes::On)
            }
            Self::Make(make) => peer.say(make()).map(|()| Goes::On),
            Self::Endless(first, again) => {
                peer.say(text(first))?;
                peer.flood(again, ENDLESS).map(|()| Goes::Away)
            }
            Self::Much(first, again, octets, last) => {
                peer.say(text(first))?;
                peer.flood(again, octets)?;
                peer.say(text(last)).map(|()| Goes::On)
            }
            Self::Close(last) => peer.say(text(last)).map(|()| Goes::Away),
            Self::Reset(last) => {
                peer.say(text(last))?;
                // So that the client has taken what was said, and the connection itself, before they are gone.
                peer.gone_within(MOMENT)?;
                peer.reset().map(|()| Goes::Away)
            }
            Self::HalfClose(last) => {
                peer.say(text(last))?;
                peer.half_close()?;
                peer.stay().map(|()| Goes::Away)
            }
            Self::Own(own) => own(peer, rest).map(|()| Goes::On),
        }
    }
}

/// Whether a connection goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goes {
    On,
    Away,
}

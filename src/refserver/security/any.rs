//! All faults of TLS and logins together.

use super::{AuthFault, SaslFault, TlsFault};
use crate::refserver::fault::subjects;

subjects! {
    /// A violation of one requirement of STARTTLS, STLS, AUTH, AUTHENTICATE or of a mechanism.
    Security {
        /// STARTTLS and STLS.
        Tls(TlsFault);
        /// The commands that log in.
        Auth(AuthFault);
        /// Mechanisms.
        Sasl(SaslFault);
    }
}

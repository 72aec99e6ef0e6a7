//! The digest of APOP. RFC 1939 §7.

use md5::{Digest, Md5};

use crate::base::Secret;

/// Lower-case hex of MD5 over the greeting's timestamp, brackets included, and the shared secret.
pub fn apop_digest(timestamp: &str, secret: &Secret<String>) -> String {
    let digest = Md5::new().chain_update(timestamp).chain_update(secret.reveal()).finalize();
    digest.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_holds() {
        let digest = apop_digest("<1896.697170952@dbc.mtview.ca.us>", &Secret::new("tanstaaf".to_owned()));
        assert_eq!(digest, "c4c9334bac560ecc979e58001b3e22fb");
    }
}

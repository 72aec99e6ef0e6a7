//! How the server may be told to break mechanisms, in all three protocols.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement of a mechanism.
    SaslFault {
        /// PLAIN lets everybody act as anybody.
        PlainAnyIdentity = "sasl-plain-any-identity",
            breaks "rfc4616-2-authzid-not-permitted";
        /// PLAIN without a password is accepted.
        PlainEmptyPassword = "sasl-plain-empty-password",
            breaks "rfc4616-2-fields-not-empty";
        /// PLAIN takes messages with one NUL.
        PlainOneNul = "sasl-plain-one-nul",
            breaks "rfc4616-2-no-nul-in-fields";
        /// An identity that is not UTF-8 counts as none.
        PlainAnyOctets = "sasl-plain-any-octets",
            breaks "rfc4616-2-valid-utf8";
        /// LOGIN refuses unknown names before it asks for a password.
        LoginTellsNames = "sasl-login-tells-names",
            breaks "sasl-login-2.2-no-outcome-after-user-name";
        /// LOGIN takes name and password in either order.
        LoginSwapped = "sasl-login-swapped",
            breaks "sasl-login-2.2-verify";
        /// All challenges of CRAM-MD5 are the same.
        CramSameChallenge = "sasl-cram-same-challenge",
            breaks "rfc2195-2-challenge-fresh";
        /// CRAM-MD5 looks at the length of a digest only.
        CramAnyDigest = "sasl-cram-any-digest",
            breaks "rfc2195-2-wrong-digest";
        /// SCRAM-SHA-1 accepts any proof.
        ScramAnyProof = "sasl-scram-any-proof",
            breaks "rfc5802-5-proof-verified";
        /// SCRAM accepts a nonce that goes on behind the server's.
        ScramLongerNonce = "sasl-scram-longer-nonce",
            breaks "rfc5802-5.1-nonce-verified";
        /// SCRAM does not look at the channel binding.
        ScramAnyBinding = "sasl-scram-any-binding",
            breaks "rfc5802-6-c-validated";
        /// SCRAM-SHA-256 iterates 4095 times.
        ScramFewRounds = "sasl-scram-few-rounds",
            breaks "rfc7677-3-iteration-count-4096";
        /// The server's signature of SCRAM-SHA-256 is that of another exchange.
        ScramWrongSignature = "sasl-scram-wrong-signature",
            breaks "rfc5802-5-server-signature";
        /// The nonce of SCRAM-SHA-1 is the client's alone.
        ScramClientNonce = "sasl-scram-client-nonce",
            breaks "rfc5802-5.1-nonce-extends-client-nonce";
        /// PLAIN lets in the first user if no name is given, as an anonymous bind to a directory does.
        PlainEmptyName = "sasl-plain-empty-name",
            breaks "rfc4616-2-fields-not-empty";
        /// PLAIN compares a message without its NULs.
        PlainNulsPassedOver = "sasl-plain-nuls-passed-over",
            breaks "rfc4616-2-no-nul-in-fields";
        /// LOGIN takes any password once the name is right.
        LoginAnyPassword = "sasl-login-any-password",
            breaks "sasl-login-2.2-verify";
        /// SCRAM-SHA-256 looks at the length of a proof only.
        ScramLengthOfProof = "sasl-scram-length-of-proof",
            breaks "rfc5802-5-proof-verified";
        /// SCRAM-SHA-1 iterates 4095 times.
        ScramSha1FewRounds = "sasl-scram-sha-1-few-rounds",
            breaks "rfc5802-5.1-iteration-count-4096";
        /// The nonce of SCRAM-SHA-256 is the server's alone.
        ScramServerNonce = "sasl-scram-server-nonce",
            breaks "rfc5802-5.1-nonce-extends-client-nonce";
        /// The server of SCRAM-SHA-1 signs with the key of the client.
        ScramClientKeySigns = "sasl-scram-client-key-signs",
            breaks "rfc5802-5-server-signature";
    }
}

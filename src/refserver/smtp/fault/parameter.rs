//! Parameters of MAIL and RCPT.

use crate::refserver::fault::faults;

faults! {
    /// A parameter that is refused, or taken for something else.
    ParameterFault {
        /// SIZE in a MAIL is refused after a MAIL without it.
        SizeNotAgain = "smtp-size-not-again",
            breaks "rfc1870-3-mail-size-parameter-accepted";
        /// A declared size beyond the limit is accepted, if 64 bits hold it.
        OverLimitTaken = "smtp-over-limit-taken",
            breaks "rfc1870-6.1-declared-over-limit-552";
        /// A size of twenty digits is a syntax error.
        TwentyDigitsRefused = "smtp-twenty-digits-refused",
            breaks "rfc1870-3-size-value-twenty-digits",
            also ["rfc3463-3.4-message-too-big-5.3.4"];
        /// Of a declared size the lowest 64 bits count.
        SizeWraps = "smtp-size-wraps",
            breaks "rfc1870-3-size-value-twenty-digits";
        /// A declared size may have a unit.
        SizeUnitTaken = "smtp-size-unit-taken",
            breaks "rfc1870-3-size-value-syntax-refused";
        /// A declared size that is no number counts as none.
        NoSizeTaken = "smtp-no-size-taken",
            breaks "rfc1870-3-size-value-syntax-refused";
        /// The value of BODY is known in upper case only.
        BodyInUpperCase = "smtp-body-in-upper-case",
            breaks "rfc6152-2-body-value-case-insensitive",
            also ["rfc5321-2.4-verbs-case-insensitive"];
        /// BODY=7BIT is refused.
        SevenBitRefused = "smtp-7bit-refused",
            breaks "rfc6152-2-body-values-accepted";
        /// Any value of BODY that ends in BIT is accepted.
        OtherBodyTaken = "smtp-other-body-taken",
            breaks "rfc6152-2-other-body-value-refused";
        /// BODY=8BITMIME is refused, though 8BITMIME is announced.
        EightBitRefused = "smtp-8bitmime-refused",
            breaks "rfc6152-2-body-values-accepted",
            also ["rfc6152-2-body-value-case-insensitive", "rfc6531-3.6-combines-with-body-parameter"];
        /// BODY without a value is accepted.
        EmptyBodyTaken = "smtp-empty-body-taken",
            breaks "rfc6152-2-other-body-value-refused";
        /// BODY=BINARYMIME is refused, though it is announced.
        BinaryRefused = "smtp-binarymime-refused",
            breaks "rfc3030-3-body-binarymime-accepted";
        /// SMTPUTF8 is accepted beside other parameters only.
        Utf8AloneRefused = "smtp-smtputf8-alone-refused",
            breaks "rfc6531-3.1-mail-parameter-accepted";
        /// SMTPUTF8 behind BODY is refused.
        Utf8BehindBodyRefused = "smtp-smtputf8-behind-body-refused",
            breaks "rfc6531-3.6-combines-with-body-parameter";
        /// BODY behind SMTPUTF8 is refused.
        BodyBehindUtf8Refused = "smtp-body-behind-smtputf8-refused",
            breaks "rfc6531-3.6-combines-with-body-parameter";
        /// SMTPUTF8 may have a value.
        Utf8ValueTaken = "smtp-smtputf8-value-taken",
            breaks "rfc6531-3.4-parameter-without-value";
        /// The value of RET is known in upper case only.
        ReturnInUpperCase = "smtp-ret-in-upper-case",
            breaks "rfc3461-4.3-ret-values";
        /// RET=FULL is refused.
        ReturnFullRefused = "smtp-ret-full-refused",
            breaks "rfc3461-4.3-ret-values";
        /// ENVID without RET is refused.
        EnvelopeIdNeedsReturn = "smtp-envid-needs-ret",
            breaks "rfc3461-4.4-envid-any-xtext",
            also ["rfc3461-5.4-parameter-sizes"];
        /// Nobody looks at the values of RET and ENVID.
        ReturnNotRead = "smtp-ret-not-read",
            breaks "rfc3461-5.1-invalid-envid-ret-501";
        /// RET may be given twice.
        ReturnTwice = "smtp-ret-twice",
            breaks "rfc3461-5.1-invalid-envid-ret-501";
        /// ENVID may not hold a plus sign.
        EnvelopeIdWithoutPlus = "smtp-envid-without-plus",
            breaks "rfc3461-4.4-envid-any-xtext";
        /// ENVID before RET is refused.
        EnvelopeIdBeforeReturn = "smtp-envid-before-ret",
            breaks "rfc3461-5.1-valid-envid-ret-change-nothing";
        /// ENVID may have 50 characters.
        EnvelopeIdOf50 = "smtp-envid-of-50",
            breaks "rfc3461-5.4-parameter-sizes";
        /// ENVID may be followed by whatever begins with ENVID.
        EnvelopeIdTwice = "smtp-envid-twice",
            breaks "rfc3461-5.1-invalid-envid-ret-501";
        /// NOTIFY may have NEVER and something else.
        NeverAndMore = "smtp-never-and-more",
            breaks "rfc3461-4.1-notify-never-alone";
        /// NOTIFY without SUCCESS or FAILURE is refused.
        DelayAloneRefused = "smtp-delay-alone-refused",
            breaks "rfc3461-4.1-notify-values";
        /// The words of NOTIFY are known in upper case only.
        NotifyInUpperCase = "smtp-notify-in-upper-case",
            breaks "rfc3461-4.1-notify-values";
        /// NOTIFY=NEVER is refused.
        NeverRefused = "smtp-never-refused",
            breaks "rfc3461-4.1-notify-values";
        /// A word of NOTIFY that is not known counts as nothing.
        UnknownOccasionTaken = "smtp-unknown-occasion-taken",
            breaks "rfc3461-5.1-invalid-notify-orcpt-501";
        /// ORCPT may have 255 characters.
        OriginalOf255 = "smtp-orcpt-of-255",
            breaks "rfc3461-5.4-parameter-sizes";
        /// ORCPT may be given twice.
        OriginalTwice = "smtp-orcpt-twice",
            breaks "rfc3461-4.5-duplicate-parameters-501";
        /// Nobody looks at the value of ORCPT.
        OriginalNotRead = "smtp-orcpt-not-read",
            breaks "rfc3461-5.1-invalid-notify-orcpt-501";
        /// ORCPT may not hold a plus sign.
        OriginalWithoutPlus = "smtp-orcpt-without-plus",
            breaks "rfc3461-4.2-orcpt-syntax";
        /// NOTIFY behind ORCPT is refused.
        NotifyBehindOriginal = "smtp-notify-behind-orcpt",
            breaks "rfc3461-5.1-valid-notify-orcpt-change-nothing";
        /// The second NOTIFY of a recipient is refused by 555.
        NotifyTwiceBy555 = "smtp-notify-twice-by-555",
            breaks "rfc3461-4.5-duplicate-parameters-501";
        /// ORCPT needs no address type.
        OriginalWithoutType = "smtp-orcpt-without-type",
            breaks "rfc3461-5.1-invalid-notify-orcpt-501";
    }
}

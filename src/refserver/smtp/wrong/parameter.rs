//! Parameters as a server with faults reads them.

use super::super::fault::ParameterFault;
use super::super::notify::{Returned, is_original};
use super::super::session::{SYNTAX, Session, Then};
use super::super::xtext;
use super::{Answer, Said, no, yes};

impl Session<'_> {
    /// The wrong answer to MAIL or RCPT for its parameters, if there is one.
    pub(super) fn wrong_about_parameters(&mut self, said: &Said<'_>) -> Option<Answer> {
        match said.verb.as_str() {
            "MAIL" if self.client.is_some() && self.transaction.is_none() => {
                let refused = self.refused_size(said) || self.refused_body(said) || self.refused_return(said);
                if refused { no(SYNTAX) } else { self.taken_for_another(said) }
            }
            "RCPT" if self.transaction.is_some() => self.wrong_about_notify(said),
            _ => None,
        }
    }

    fn refused_size(&self, said: &Said<'_>) -> bool {
        let has = |fault: ParameterFault| self.has(fault);
        let Some(size) = said.value("SIZE=") else { return false };
        let within = size.parse().is_ok_and(|size: u64| size <= self.config.size_limit);
        let without = self.past.mails > self.past.sized;
        (has(ParameterFault::SizeNotAgain) && within && without)
            || (has(ParameterFault::TwentyDigitsRefused) && size.len() == 20)
    }

    fn refused_body(&self, said: &Said<'_>) -> bool {
        let has = |fault: ParameterFault| self.has(fault);
        let parameters = said.parameters();
        let known = ["=7BIT", "=8BITMIME", "=BINARYMIME"].iter().any(|value| said.argument.contains(value));
        match (said.value("BODY=").as_deref(), parameters.as_slice()) {
            (Some(_), _) if has(ParameterFault::BodyInUpperCase) && !known => true,
            (Some("7BIT"), _) if has(ParameterFault::SevenBitRefused) => said.argument.contains("7BIT"),
            (Some("8BITMIME"), _) if has(ParameterFault::EightBitRefused) => true,
            (Some(_), [first, ..]) if has(ParameterFault::BodyBehindUtf8Refused) && first == "SMTPUTF8" => true,
            (Some("BINARYMIME"), _) if has(ParameterFault::BinaryRefused) => true,
            (Some(_), [.., last]) if has(ParameterFault::Utf8BehindBodyRefused) => last == "SMTPUTF8",
            (None, [one]) if has(ParameterFault::Utf8AloneRefused) => one == "SMTPUTF8",
            (_, _) => false,
        }
    }

    fn refused_return(&self, said: &Said<'_>) -> bool {
        let has = |fault: ParameterFault| self.has(fault);
        let parameters = said.parameters();
        let id = said.value("ENVID=").unwrap_or_default();
        let returned = said.value("RET=").is_some();
        let upper = said.argument.contains("=FULL") || said.argument.contains("=HDRS");
        let first = parameters.first().is_some_and(|first| first.starts_with("ENVID="));
        (has(ParameterFault::ReturnFullRefused) && said.value("RET=").as_deref() == Some("FULL"))
            || (has(ParameterFault::EnvelopeIdNeedsReturn) && !id.is_empty() && !returned)
            || (has(ParameterFault::ReturnInUpperCase) && returned && !upper)
            || (has(ParameterFault::EnvelopeIdWithoutPlus) && id.contains('+'))
            || (has(ParameterFault::EnvelopeIdBeforeReturn) && first && returned)
            || (has(ParameterFault::EnvelopeIdOf50) && id.len() > 50)
    }

    /// MAIL whose parameter is taken for another one.
    fn taken_for_another(&mut self, said: &Said<'_>) -> Option<Answer> {
        let has = |fault: ParameterFault| self.has(fault);
        let size = said.value("SIZE=").unwrap_or_default();
        let digits = !size.is_empty() && size.bytes().all(|octet| octet.is_ascii_digit());
        let body = said.value("BODY=").unwrap_or_default();
        let odd = said.value("RET=").is_some_and(|given| Returned::parse(&given).is_none())
            || said.value("ENVID=").is_some_and(|given| xtext::decode(&given).is_none());
        let low = size.parse::<u128>().map(|size| size & u128::from(u64::MAX)).unwrap_or_default();
        let within = low <= u128::from(self.config.size_limit);
        let wrong = (has(ParameterFault::OverLimitTaken) && digits && size.parse::<u64>().is_ok())
            || (has(ParameterFault::SizeWraps) && digits && within)
            || (has(ParameterFault::SizeUnitTaken) && size.ends_with('K'))
            || (has(ParameterFault::OtherBodyTaken) && body.ends_with("BIT"))
            || (has(ParameterFault::Utf8ValueTaken) && said.value("SMTPUTF8=").is_some())
            || (has(ParameterFault::EnvelopeIdTwice) && said.times("ENVID=") > 1)
            || (has(ParameterFault::NoSizeTaken) && said.value("SIZE=").is_some() && !digits)
            || (has(ParameterFault::EmptyBodyTaken) && said.value("BODY=").is_some() && body.is_empty())
            || (has(ParameterFault::ReturnTwice) && said.times("RET=") > 1)
            || (has(ParameterFault::ReturnNotRead) && odd);
        wrong.then_some(())?;
        let (before, _) = said.argument.split_once('>')?;
        let reply = self.mail(&format!("{before}>"));
        Some((reply, Then::Command))
    }

    fn wrong_about_notify(&mut self, said: &Said<'_>) -> Option<Answer> {
        let has = |fault: ParameterFault| self.has(fault);
        let (notify, original) = (said.value("NOTIFY="), said.value("ORCPT="));
        let behind = said.parameters().last().is_some_and(|last| last.starts_with("NOTIFY="));
        let mixed = said
            .argument
            .split(' ')
            .any(|word| is_notify(word) && word.bytes().any(|octet| octet.is_ascii_lowercase()));
        let long = original.as_ref().is_some_and(|given| given.len() > 255);
        let refused = (has(ParameterFault::DelayAloneRefused) && notify.as_deref() == Some("DELAY"))
            || (has(ParameterFault::OriginalWithoutPlus) && original.as_ref().is_some_and(|given| given.contains('+')))
            || (has(ParameterFault::NotifyInUpperCase) && mixed)
            || (has(ParameterFault::NeverRefused) && notify.as_deref() == Some("NEVER"))
            || (has(ParameterFault::OriginalOf255) && long)
            || (has(ParameterFault::NotifyBehindOriginal) && original.is_some() && behind);
        if refused {
            return no(SYNTAX);
        }
        if has(ParameterFault::NotifyTwiceBy555) && said.times("NOTIFY=") > 1 {
            return no("555 5.5.4 a parameter too many");
        }
        let (never, unknown) =
            (notify.as_ref().is_some_and(|given| given.starts_with("NEVER,")), notify.is_some_and(unknown));
        let typed = original.as_ref().is_some_and(|given| given.contains(';'));
        let odd = original.as_ref().is_some_and(|given| !is_original(given));
        let taken = (has(ParameterFault::NeverAndMore) && never)
            || (has(ParameterFault::UnknownOccasionTaken) && unknown)
            || (has(ParameterFault::OriginalWithoutType) && original.is_some() && !typed)
            || (has(ParameterFault::OriginalTwice) && said.times("ORCPT=") > 1)
            || (has(ParameterFault::OriginalNotRead) && odd);
        taken.then_some(())?;
        yes("250 2.1.5 recipient accepted")
    }
}

/// Whether a word of a command is the parameter NOTIFY.
fn is_notify(word: &str) -> bool {
    word.get(..7).is_some_and(|name| name.eq_ignore_ascii_case("NOTIFY="))
}

/// Whether a list of occasions, in upper case, has one that is none.
fn unknown(list: String) -> bool {
    list.split(',').any(|word| !["", "NEVER", "SUCCESS", "FAILURE", "DELAY"].contains(&word))
}

//! Copies as a server with faults files them.

use std::collections::BTreeSet;

use super::super::fault::TraceFault;
use super::super::letter::{fields, header};
use super::super::trace::{Trace, without_field};
use super::change;
use crate::refserver::Config;
use crate::refserver::store::{CivilDate, InternalDate};

/// What lies in a mailbox of this server, with all trace fields.
pub(in crate::refserver::smtp) fn filed(
    trace: &Trace<'_>,
    users: &BTreeSet<&str>,
    octets: &[u8],
    config: &Config,
) -> Vec<u8> {
    let has = |fault: TraceFault| config.faults.has(fault);
    let mut received = trace.received();
    if has(TraceFault::NoReceived) {
        received.clear();
    }
    if has(TraceFault::ReceivedWithoutHello) {
        received = received.replacen(trace.client, "unknown", 1);
    }
    if has(TraceFault::ReceivedWithoutLogin) && trace.user.is_some() {
        received = received.replacen("SA;", "S;", 1).replacen("SMTPA;", "SMTP;", 1);
    }
    if has(TraceFault::ReceivedForAll) {
        let domain = config.domains.first().unwrap_or(&config.hostname);
        let all: Vec<String> = users.iter().map(|user| format!("<{user}@{domain}>")).collect();
        received = received.replacen(';', &format!("\r\n\tfor {};", all.join(",\r\n\t")), 1);
    }
    let lost = match trace.reverse {
        "" => has(TraceFault::NoNullReturnPath),
        _ => has(TraceFault::NoReturnPath),
    };
    let path = if lost { String::new() } else { format!("Return-Path: <{}>\r\n", trace.reverse) };
    let stays = has(TraceFault::ForgedReturnPathStays);
    let own = if stays { octets.to_vec() } else { without_field(octets, b"Return-Path:") };
    if has(TraceFault::ReceivedBelow) {
        return [path.as_bytes(), &change::below_first_received(&own, received.as_bytes())].concat();
    }
    [path.as_bytes(), received.as_bytes(), &own].concat()
}

/// When the message came, for IMAP.
pub(in crate::refserver::smtp) fn arrival(trace: &Trace<'_>, octets: &[u8], config: &Config) -> InternalDate {
    let told = config.faults.has(TraceFault::InternalDateFromField).then(|| written(octets)).flatten();
    told.unwrap_or(trace.date)
}

/// The moment in the field Date, in UTC.
fn written(octets: &[u8]) -> Option<InternalDate> {
    let all = fields(header(octets));
    let (_, value) = all.iter().find(|(name, _)| name.eq_ignore_ascii_case(b"Date"))?;
    let value = String::from_utf8_lossy(value);
    let mut words = value.split_whitespace().skip(1);
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let mut clock = words.next()?.split(':').map(|number| number.parse().ok());
    let clock = (clock.next()??, clock.next()??, clock.next()??);
    let month = CivilDate::month_of(month.as_bytes())?;
    let date = CivilDate::new(year.parse().ok()?, month, day.parse().ok()?)?;
    Some(InternalDate::from_civil(date, clock, 0))
}

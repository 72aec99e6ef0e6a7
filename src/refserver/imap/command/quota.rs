//! Quotas (RFC 9208 §7).

use super::cursor::{Cursor, ParseError, Parsed};

/// Commands of RFC 9208 §4.1.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants and fields are the words of RFC 9208 §4.1")]
pub enum QuotaCommand {
    GetQuota { root: Vec<u8> },
    GetQuotaRoot { mailbox: Vec<u8> },
    SetQuota { root: Vec<u8>, limits: Vec<(String, u64)> },
}

/// What follows one of these commands.
pub(super) fn quota(cursor: &mut Cursor<'_>, name: &str) -> Parsed<QuotaCommand> {
    let argument = cursor.astring()?;
    Ok(match name {
        "GETQUOTA" => QuotaCommand::GetQuota { root: argument },
        "GETQUOTAROOT" => QuotaCommand::GetQuotaRoot { mailbox: argument },
        _ => {
            cursor.space()?;
            QuotaCommand::SetQuota { root: argument, limits: cursor.list_or_none(limit)? }
        }
    })
}

fn limit(cursor: &mut Cursor<'_>) -> Parsed<(String, u64)> {
    let resource = cursor.atom()?.to_ascii_uppercase();
    cursor.space()?;
    const WANTED: ParseError = ParseError::Expected("a limit of 63 bits");
    let limit: u64 = cursor.word().parse().map_err(|_| WANTED)?;
    if i64::try_from(limit).is_ok() { Ok((resource, limit)) } else { Err(WANTED) }
}

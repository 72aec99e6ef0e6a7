//! Literals that are asked for, or not, when they should not be, or should.

use crate::refserver::Faults;
use crate::refserver::imap::fault::SessionFault;
use crate::refserver::imap::session::reply::Reply;

/// What is done about a literal that a line announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::refserver::imap::session) enum Asking {
    /// It is asked for and read.
    Ask,
    /// It is read.
    Take,
    /// It is not read; the command ends here.
    Leave,
}

/// What a server with faults does about the literal that is number `count` of its command, which is refused already or not.
pub(in crate::refserver::imap::session) fn misasked(
    right: Asking,
    refused: Option<&Reply>,
    count: usize,
    faults: &Faults,
) -> Asking {
    let unknown = refused == Some(&Reply::bad("unknown command"));
    match (right, refused) {
        (Asking::Ask, None) if count == 2 && faults.has(SessionFault::SecondLiteralUnasked) => Asking::Take,
        (Asking::Leave, Some(_)) if unknown && faults.has(SessionFault::LiteralOfUnknownCommand) => Asking::Ask,
        (Asking::Take, None) if faults.has(SessionFault::PlusAskedFor) => Asking::Ask,
        (Asking::Take, Some(_)) if faults.has(SessionFault::WrongLiteralIsRun) => Asking::Leave,
        (_, _) => right,
    }
}

//! The faults of all subjects together.

use super::{
    AddressFault, ChunkFault, DisguiseFault, GroupFault, HelloFault, LetterFault, NoticeFault, OrderFault,
    ParameterFault, ReadingFault, RelayFault, ReplyFault, TraceFault,
};
use crate::refserver::{self, FaultRow};

/// Makes one enum of the enums of several subjects.
macro_rules! subjects {
    ($($(#[doc = $what:literal])+ $subject:ident($faults:ident);)+) => {
        /// A violation of one requirement of SMTP.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[doc = $what])+ $subject($faults),)+
        }

        impl Fault {
            /// All of them, by subject.
            pub fn all() -> impl Iterator<Item = Self> {
                std::iter::empty()$(.chain($faults::ALL.iter().copied().map(Self::$subject)))+
            }

            /// What there is to know of it.
            pub fn row(self) -> FaultRow {
                match self {
                    $(Self::$subject(fault) => fault.row(),)+
                }
            }
        }

        $(
            impl From<$faults> for refserver::Fault {
                fn from(fault: $faults) -> Self {
                    Self::Smtp(Fault::$subject(fault))
                }
            }
        )+
    };
}

subjects! {
    /// What replies look like.
    Reply(ReplyFault);
    /// Greetings, EHLO and HELO.
    Hello(HelloFault);
    /// Commands, their order and what they leave behind.
    Order(OrderFault);
    /// Addresses, names and limits.
    Address(AddressFault);
    /// Parameters of MAIL and RCPT.
    Parameter(ParameterFault);
    /// Pipelined groups.
    Group(GroupFault);
    /// Where lines and content end.
    Reading(ReadingFault);
    /// BDAT.
    Chunk(ChunkFault);
    /// The message that is stored.
    Letter(LetterFault);
    /// Trace fields, and who gets a copy.
    Trace(TraceFault);
    /// Relaying.
    Relay(RelayFault);
    /// Addresses elsewhere that look as if they were here.
    Disguise(DisguiseFault);
    /// Notices, and the way to the next hop.
    Notice(NoticeFault);
}

//! The faults of all subjects together.

use super::{
    AddressFault, ChunkFault, DeliveryFault, DisguiseFault, GroupFault, HelloFault, LetterFault, NoticeFault,
    OrderFault, ParameterFault, ReadingFault, RelayFault, ReplyFault, TraceFault,
};
use crate::refserver::fault::subjects;

subjects! {
    /// A violation of one requirement of SMTP.
    Smtp {
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
        /// What becomes of it on its way into the mailbox.
        Delivery(DeliveryFault);
        /// Trace fields, and who gets a copy.
        Trace(TraceFault);
        /// Relaying.
        Relay(RelayFault);
        /// Addresses elsewhere that look as if they were here.
        Disguise(DisguiseFault);
        /// Notices, and the way to the next hop.
        Notice(NoticeFault);
    }
}

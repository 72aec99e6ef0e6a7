//! How the server may be told to break SMTP, by subject.

mod address;
mod any;
mod chunk;
mod delivery;
mod disguise;
mod group;
mod hello;
mod letter;
mod notice;
mod order;
mod parameter;
mod reading;
mod relay;
mod reply;
mod trace;

pub use address::AddressFault;
pub use any::Fault;
pub use chunk::ChunkFault;
pub(super) use delivery::DeliveryFault;
pub use disguise::DisguiseFault;
pub use group::GroupFault;
pub use hello::HelloFault;
pub use letter::LetterFault;
pub use notice::NoticeFault;
pub use order::OrderFault;
pub use parameter::ParameterFault;
pub use reading::ReadingFault;
pub use relay::RelayFault;
pub use reply::ReplyFault;
pub use trace::TraceFault;

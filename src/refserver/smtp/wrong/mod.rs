//! What a server with faults does in place of the right thing. Nothing here is reached without faults.

mod address;
mod answer;
mod change;
mod chunk;
mod delivery;
mod disguise;
mod group;
mod hello;
mod letter;
mod notice;
mod order;
mod parameter;
mod past;
mod reading;
mod relay;
mod reply;
mod said;
mod trace;

use answer::{Answer, no, yes};
pub(super) use delivery::remodified;
pub(super) use group::Input;
pub(super) use notice::{handed_on, is_told, misworded};
pub(super) use past::{Past, Rumours};
pub(super) use reading::Misreading;
pub(super) use said::Said;
pub(super) use trace::{arrival, filed};

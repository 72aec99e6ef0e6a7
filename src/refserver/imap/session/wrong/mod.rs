//! What a server with faults does in place of the right thing: it mishears lines, misreads commands, and rewords answers. A
//! server without faults never comes here.

mod append;
mod disobey;
mod envelope;
mod fetch;
mod follow;
mod history;
mod idle;
mod keys;
mod lists;
mod literal;
mod login;
mod mailboxes;
mod mishear;
mod misread;
mod order;
mod reading;
mod reword;
mod said;
mod search;
mod sets;
mod show;
mod sort;
mod store;
mod texts;
mod wait;

pub(super) use envelope::has_nobody;
pub(super) use history::History;
pub(super) use literal::{Asking, misasked};
pub(super) use order::Order;
pub(super) use reading::mismarks;
pub(super) use show::misshow;
pub(super) use sort::{misheaded, missized};
pub(super) use texts::mistexts;

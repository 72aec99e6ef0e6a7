//! `run`: suites against a server.

mod again;
mod arguments;
mod choose;
mod excuses;
mod execute;
mod files;
mod go;
mod kept;
mod signals;

pub(super) use arguments::RunArguments;
pub(super) use choose::{Unchosen, Words};
pub(super) use files::REPORT_FOLDER;
pub(super) use go::run;

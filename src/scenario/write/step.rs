//! Steps.

use super::answer::{answer_text, check_text, duration_text, string_text};
use super::text::{Place, any_lines, octets, one_line};
use crate::base::{RequirementId, Template};
use crate::scenario::{
    Action, Auth, Command, CommandPart, Cut, Judges, LiteralContent, LiteralForm, Spoil, Step, User, WITHIN_DEFAULT,
};

/// What a reader of the scenario knows without being told in the step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    /// Whether there is one session, so that steps say no `in`.
    pub(super) session: Sessions,
    /// Whom a step judges that has no `for`.
    pub(super) judges: Option<&'a RequirementId>,
}

/// How many sessions there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sessions {
    /// One, without a name of its own.
    One,
    /// Several, named in each step.
    Several,
}

/// A step as an item of a list: its dash stands at column `indent`. Every line ends in a line break.
pub(super) fn step_text(step: &Step, known: Known<'_>, indent: usize) -> String {
    let margin = " ".repeat(indent);
    step_keys(step, known, indent + 2).into_iter().enumerate().fold(String::new(), |mut out, (at, (key, value))| {
        let lead = if at == 0 { "- " } else { "  " };
        out.push_str(&format!("{margin}{lead}{key}: {value}\n"));
        out
    })
}

/// Keys and values in the order of docs/suite-language.md section 3; defaults are left out.
fn step_keys(step: &Step, known: Known<'_>, indent: usize) -> Vec<(&'static str, String)> {
    let mut keys = Vec::new();
    // A step that only checks acts on no session.
    if known.session == Sessions::Several && (step.action.is_some() || step.answer.is_some()) {
        keys.push(("in", one_line(step.session.as_str(), Place::Block)));
    }
    keys.extend(step.action.as_ref().map(|action| action_key(action, indent)));
    keys.extend(step.cut.as_ref().map(|cut| ("cut", cut_text(cut))));
    keys.extend(step.answer.as_ref().map(|answer| ("S", any_lines(&answer_text(answer), indent))));
    if !step.checks.is_empty() {
        let lines = step.checks.iter().map(check_text).collect::<Vec<_>>().join("\n");
        keys.push(("check", any_lines(&lines, indent)));
    }
    match (&step.judges, known.judges) {
        (Judges::Setup, None) => {}
        (Judges::Setup, Some(_)) => keys.push(("for", "setup".to_owned())),
        (Judges::Requirement(id), default) if default != Some(id) => keys.push(("for", id.to_string())),
        (Judges::Requirement(_), _) => {}
    }
    if step.within != WITHIN_DEFAULT {
        keys.push(("within", duration_text(step.within)));
    }
    keys.extend(step.until.map(|until| ("until", duration_text(until))));
    keys.extend(step.note.as_ref().map(|note| ("note", any_lines(note, indent))));
    keys
}

fn action_key(action: &Action, indent: usize) -> (&'static str, String) {
    let one = |text: &Template| octets(&text.to_octets_text(), Place::Block);
    let word = |word: &str| ("do", word.to_owned());
    match action {
        Action::Commands(commands) => {
            let lines = commands.iter().map(command_text).collect::<Vec<_>>().join("\n");
            ("C", any_lines(&lines, indent))
        }
        Action::Send(segments) => match segments.as_slice() {
            [only] => ("send", one(only)),
            several => {
                let segments = several.iter().map(|text| octets(&text.to_octets_text(), Place::Flow));
                ("send", format!("[{}]", segments.collect::<Vec<_>>().join(", ")))
            }
        },
        Action::Data(text) => ("data", one(text)),
        Action::Bdat(text) => ("bdat", one(text)),
        Action::Each(group) => ("each", group.to_string()),
        Action::Auth(auth) => ("auth", auth_text(auth)),
        Action::Open => word("open"),
        Action::StartTls => word("tls"),
        Action::Deflate => word("deflate"),
        Action::Close => word("close"),
        Action::Abort => word("abort"),
    }
}

/// A command line as it stands in `C`.
pub fn command_text(command: &Command) -> String {
    command.parts.iter().map(part_text).collect()
}

fn part_text(part: &CommandPart) -> String {
    match part {
        CommandPart::Text(text) => text.to_line(),
        CommandPart::Literal { content, form } => {
            let (mark, plus) = match form {
                LiteralForm::Synchronising => ("", ""),
                LiteralForm::NonSynchronising => ("", "+"),
                LiteralForm::Literal8 => ("~", ""),
                LiteralForm::Literal8NonSynchronising => ("~", "+"),
            };
            let content = match content {
                LiteralContent::Var(name) => name.to_string(),
                LiteralContent::Text(text) => string_text(text),
            };
            format!("{mark}{{{content}{plus}}}")
        }
    }
}

fn cut_text(cut: &Cut) -> String {
    match cut {
        Cut::At(offsets) => format!("[{}]", offsets.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
        Cut::Var(name) => name.to_string(),
    }
}

fn auth_text(auth: &Auth) -> String {
    let mechanism = auth.mechanism.as_ref().map(|name| format!("mechanism: {}", one_line(name, Place::Flow)));
    let user = match auth.user {
        // An empty map would say nothing, so the login of the ladder names its user.
        User::Alice => (auth.mechanism.is_none() && auth.spoil.is_none()).then(|| "user: alice".to_owned()),
        User::Bob => Some("user: bob".to_owned()),
    };
    let spoil = auth.spoil.map(|spoil| {
        format!(
            "spoil: {}",
            match spoil {
                Spoil::Password => "password",
                Spoil::Proof => "proof",
                Spoil::Nonce => "nonce",
                Spoil::ChannelBinding => "channel-binding",
            }
        )
    });
    format!("{{ {} }}", [mechanism, user, spoil].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

//! The reference server as `mailproof serve` runs it, and a container with the mail clients of Debian beside it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;

use serde::Deserialize;

use crate::trials::root;

/// The name of the server's certificate, which stands in `/etc/hosts` of the container.
pub(super) const HOST: &str = "mail.example.test";
/// Seconds after which a client hangs.
const LONGEST: &str = "60";
const IMAGE: &str = "mailproof-clients";

/// A server of its own, a container of its own, and the folder that is `/lab` there. All are gone afterwards.
pub(super) struct Lab {
    server: Child,
    ports: BTreeMap<String, u16>,
    container: String,
    folder: PathBuf,
    owner: String,
}

/// A message as it lies in a mailbox.
#[derive(Debug, Deserialize)]
pub(super) struct Lying {
    pub(super) uid: u32,
    /// Sorted, without `\Recent`.
    pub(super) flags: Vec<String>,
    hex: String,
}

impl Lying {
    pub(super) fn octets(&self) -> Vec<u8> {
        let digits = self.hex.as_bytes().chunks(2).filter_map(|two| std::str::from_utf8(two).ok());
        digits.filter_map(|two| u8::from_str_radix(two, 16).ok()).collect()
    }
}

impl Lab {
    /// Starts all of it; `name` is that of the trial.
    pub(super) fn open(name: &str) -> Result<Self, String> {
        image()?;
        let told = |error: std::io::Error| error.to_string();
        let container = format!("{IMAGE}-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(&container);
        fs::create_dir_all(&folder).map_err(told)?;
        let owner = fs::metadata(&folder).map_err(told)?;
        let owner = format!("{}:{}", owner.uid(), owner.gid());
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailproof"));
        let server = command.arg("serve").stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(told)?;
        // From here on all is cleared away, whatever goes wrong.
        let mut lab = Self { server, ports: BTreeMap::new(), container, folder, owner };
        lab.hear()?;
        for script in ["box.py", "modules.py"] {
            fs::copy(root().join("tests/clients").join(script), lab.folder.join(script)).map_err(told)?;
        }
        let lies = format!("{}:/lab", lab.folder.display());
        let host = format!("{HOST}:127.0.0.1");
        let run =
            ["run", "-d", "--rm", "--network", "host", "--add-host", &host, "-v", &lies, "--name", &lab.container];
        docker(&[&run[..], &[IMAGE]].concat(), b"")?;
        Ok(lab)
    }

    /// What the server tells before it serves: where it listens, and whom to trust.
    fn hear(&mut self) -> Result<(), String> {
        let stdout = self.server.stdout.take().ok_or("the server has no stdout")?;
        let mut authority = String::new();
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(|error| error.to_string())?;
            if line.starts_with("Ctrl-C") {
                return self.write("ca.pem", authority.as_bytes());
            }
            if line.starts_with("-----") || !authority.is_empty() {
                authority.push_str(&format!("{line}\n"));
            } else if let Some((role, address)) = line.split_once(' ')
                && let Some(port) = address.rsplit_once(':').and_then(|(_, port)| port.parse().ok())
            {
                self.ports.insert(role.to_owned(), port);
            }
        }
        Err("the server does not start".to_owned())
    }

    pub(super) fn port(&self, role: &str) -> Result<u16, String> {
        self.ports.get(role).copied().ok_or_else(|| format!("no {role}"))
    }

    /// All ports by role, in JSON.
    pub(super) fn ports(&self) -> Result<String, String> {
        serde_json::to_string(&self.ports).map_err(|error| error.to_string())
    }

    /// Writes a file of `/lab`, which nobody else may read: some clients insist on that.
    pub(super) fn write(&self, name: &str, octets: &[u8]) -> Result<(), String> {
        let path = self.folder.join(name);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, octets));
        let kept = written.and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o600)));
        kept.map_err(|error| format!("{name}: {error}"))
    }

    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        fs::read(self.folder.join(name)).map_err(|error| format!("{name}: {error}"))
    }

    /// The names of all files in a folder of `/lab`, sorted; of one that is not there, none.
    pub(super) fn names(&self, folder: &str) -> Vec<String> {
        let found = fs::read_dir(self.folder.join(folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> = found.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> Result<(), String> {
        fs::rename(self.folder.join(from), self.folder.join(to)).map_err(|error| format!("{from}: {error}"))
    }

    /// Runs a program of the container, which has to end well; what it printed.
    pub(super) fn run(&self, command: &[&str], stdin: &[u8]) -> Result<Vec<u8>, String> {
        let place = ["exec", "-i", "-w", "/lab", "-e", "HOME=/lab", "-e", "USER=lab", "-u", &self.owner];
        docker(&[&place[..], &[&self.container, "timeout", LONGEST], command].concat(), stdin)
    }

    /// The messages of a mailbox.
    pub(super) fn list(&self, user: &str, mailbox: &str) -> Result<Vec<Lying>, String> {
        let told = self.mailbox("list", user, mailbox, &[])?;
        let told: Option<Vec<Lying>> = serde_json::from_slice(&told).map_err(|error| error.to_string())?;
        told.ok_or_else(|| format!("{user} has no mailbox {mailbox}"))
    }

    /// Puts a message into a mailbox.
    pub(super) fn put(&self, user: &str, mailbox: &str, message: &[u8]) -> Result<(), String> {
        self.write("put", message)?;
        self.mailbox("put", user, mailbox, &["/lab/put"]).map(drop)
    }

    /// Adds flags to a message.
    pub(super) fn flag(&self, user: &str, mailbox: &str, uid: u32, flags: &str) -> Result<(), String> {
        self.mailbox("flag", user, mailbox, &[&uid.to_string(), flags]).map(drop)
    }

    fn mailbox(&self, what: &str, user: &str, mailbox: &str, more: &[&str]) -> Result<Vec<u8>, String> {
        let port = self.port("imaps")?.to_string();
        let command = ["python3", "box.py", what, HOST, &port, user, mailbox];
        self.run(&[&command[..], more].concat(), b"")
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        // What is gone already needs no clearing away; a container that stays ends by itself.
        let _ = docker(&["rm", "-f", &self.container], b"");
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Builds the image, once.
fn image() -> Result<(), String> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    let recipe = root().join("tests/clients/Dockerfile");
    let build = || {
        let recipe = fs::read(&recipe).map_err(|error| error.to_string())?;
        docker(&["build", "-q", "-t", IMAGE, "-"], &recipe).map(drop)
    };
    BUILT.get_or_init(build).clone()
}

/// Runs the client of the engine, which has to end well; what it printed.
fn docker(arguments: &[&str], stdin: &[u8]) -> Result<Vec<u8>, String> {
    let told = |error: std::io::Error| format!("docker: {error}");
    let mut command = Command::new("docker");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(told)?;
    let (pipe, octets) = (child.stdin.take(), stdin.to_vec());
    let feeder = thread::spawn(move || {
        // A program that does not read all of it says why by its status.
        let _ = pipe.map(|mut pipe| pipe.write_all(&octets));
    });
    let output = child.wait_with_output().map_err(told)?;
    let _ = feeder.join();
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = |octets: &[u8]| String::from_utf8_lossy(octets).trim_end().to_owned();
    let command = arguments.join(" ");
    Err(format!("{command}\n{}\n{}\n{}", output.status, said(&output.stdout), said(&output.stderr)))
}

//! From a name to a running server, and back to nothing.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use testcontainers::bollard::models::PortBinding;
use testcontainers::core::client::docker_client_instance;
use testcontainers::core::{ContainerPort, ExecCommand, IntoContainerPort};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, ContainerRequest, CopyTargetOptions, GenericImage, ImageExt};

use super::certificate::Certificates;
use super::engine::connect;
use super::error::LaunchError;
use super::greeting::{Awaited, Log, Trust, wait};
use super::image::build;
use super::owner::{OWNER_LABEL, Owner};
use super::server::{Passing, Server};
use super::shipped::find;
use super::sweep::{remove_labelled, sweep_with};
use crate::target::types::{Authority, SinkConfig, Target};

/// Label that tells the containers of one process apart.
const LAUNCH_LABEL: &str = "mailproof.launch";
/// Where a container finds the address of the sink: host, blank, port, line feed.
const SINK_FILE: &str = "/etc/mailproof/sink";
/// Octets of the number that tells launches apart.
const NONCE_OCTETS: usize = 8;

/// How a server is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchSettings {
    /// Where the sink listens: an address that containers reach, see [`gateway`](super::gateway). None: the server passes
    /// no mail on.
    pub sink: Option<SocketAddr>,
    /// How long the server may take from its start to its greetings.
    pub within: Duration,
}

impl Default for LaunchSettings {
    fn default() -> Self {
        Self { sink: None, within: Duration::from_secs(60) }
    }
}

/// A running server. Its container is removed by [`Launched::stop`], or else when this is dropped.
#[derive(Debug)]
pub struct Launched {
    /// The server as a target: ports of this machine, certificates to trust, accounts, facts.
    pub target: Target,
    packages: Vec<String>,
    container: Option<ContainerAsync<GenericImage>>,
}

/// Removes what a start that failed or was given up left behind.
struct Unfinished {
    launch: Option<String>,
}

/// Starts the server of this name and waits until all its services greet. Before, containers of dead owners are removed,
/// and the image is built if it is not there.
pub async fn start(name: &str, settings: &LaunchSettings) -> Result<Launched, LaunchError> {
    let server = find(name)?;
    sweep_with(&connect().await?).await?;
    let image = build(&server).await?;
    let certificates =
        Certificates::generate(server.hostname()).map_err(|error| LaunchError::Certificate(error.to_string()))?;
    let launch = nonce()?;
    // Between its creation and its start nobody holds the container.
    let mut unfinished = Unfinished { launch: Some(launch.clone()) };
    let container = request(image, &server, &certificates, settings, &launch)
        .start()
        .await
        .map_err(LaunchError::docker("start a container"))?;
    let target = target(&server, &certificates, settings, &container).await?;
    let log = Log::new(container.stdout(true), container.stderr(true));
    let awaited: Vec<Awaited<'_>> = target
        .endpoints
        .iter()
        .zip(server.target.endpoints.values())
        .map(|((role, endpoint), inside)| Awaited { server: name, role: *role, endpoint, port: inside.port })
        .collect();
    let trust = Trust::new(&certificates.authority, server.hostname())?;
    // An engine that cannot tell is no sign of death: the deadline remains.
    let alive = async || container.is_running().await.unwrap_or(true);
    wait(&awaited, &trust, log, settings.within, alive).await?;
    unfinished.launch = None;
    Ok(Launched { target, packages: server.packages, container: Some(container) })
}

impl Launched {
    /// Name and version of the packages that `server.yaml` names, sorted as there.
    pub async fn packages(&self) -> Result<Vec<(String, String)>, LaunchError> {
        let Some(container) = &self.container else { return Ok(Vec::new()) };
        let query = ["dpkg-query", "--show", "--showformat=${Package} ${Version}\\n"].map(str::to_owned);
        let command = ExecCommand::new(query.into_iter().chain(self.packages.iter().cloned()));
        let failed = LaunchError::docker("ask for the versions of packages");
        let mut answer = container.exec(command).await.map_err(&failed)?;
        let octets = answer.stdout_to_vec().await.map_err(&failed)?;
        let text = String::from_utf8_lossy(&octets);
        let version = |package: &String| text.lines().find_map(|line| line.strip_prefix(package)?.strip_prefix(' '));
        let versions =
            self.packages.iter().map(|package| (package.clone(), version(package).unwrap_or("?").to_owned()));
        Ok(versions.collect())
    }

    /// Id of the container.
    pub fn container(&self) -> &str {
        self.container.as_ref().map_or("", |container| container.id())
    }

    /// Removes the container and tells whether that worked.
    pub async fn stop(mut self) -> Result<(), LaunchError> {
        match self.container.take() {
            Some(container) => container.rm().await.map_err(LaunchError::docker("remove a container")),
            None => Ok(()),
        }
    }
}

impl Drop for Launched {
    fn drop(&mut self) {
        if let Some(container) = self.container.take() {
            on_another_thread(async move { container.rm().await.is_ok() });
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(launch) = self.launch.take() {
            on_another_thread(async move {
                let Ok(docker) = docker_client_instance().await else { return false };
                remove_labelled(&docker, LAUNCH_LABEL, &launch).await.is_ok()
            });
        }
    }
}

/// Waits for `work` where no runtime, or one that may not block, is running. What it cannot do is left to the next start,
/// which sweeps.
fn on_another_thread(work: impl Future<Output = bool> + Send + 'static) {
    let thread = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.is_ok_and(|runtime| runtime.block_on(work))
    });
    let _ = thread.join();
}

fn request(
    image: GenericImage,
    server: &Server,
    certificates: &Certificates,
    settings: &LaunchSettings,
    launch: &str,
) -> ContainerRequest<GenericImage> {
    let ports: Vec<ContainerPort> = server.target.endpoints.values().map(|endpoint| endpoint.port.tcp()).collect();
    let bindings: HashMap<String, Option<Vec<PortBinding>>> = ports
        .iter()
        .map(|port| {
            let any = PortBinding { host_ip: Some("127.0.0.1".to_owned()), host_port: Some(String::new()) };
            (port.to_string(), Some(vec![any]))
        })
        .collect();
    let owner = Owner::current().map_or_else(|| "unknown".to_owned(), |owner| owner.to_string());
    let key = CopyTargetOptions::new("/certs/tls.key").with_mode(0o600);
    let mut request = ports
        .into_iter()
        .fold(image, GenericImage::with_exposed_port)
        .with_hostname(server.hostname())
        .with_label(OWNER_LABEL, owner)
        .with_label(LAUNCH_LABEL, launch)
        .with_startup_timeout(settings.within)
        .with_copy_to(key, certificates.key.clone().into_bytes())
        .with_copy_to("/certs/tls.crt", certificates.certificate.clone().into_bytes())
        .with_copy_to("/certs/ca.crt", certificates.authority.clone().into_bytes())
        .with_host_config_modifier(move |config| {
            // Nobody listens there: names are refused at once, whatever network this machine is in.
            config.dns = Some(vec!["127.0.0.1".to_owned()]);
            config.publish_all_ports = Some(false);
            config.port_bindings = Some(bindings.clone());
        });
    for (path, content) in &server.files {
        request = request.with_copy_to(path, content.to_vec());
    }
    if let Some(sink) = passed_to(server, settings) {
        request = request.with_copy_to(SINK_FILE, format!("{} {}\n", sink.ip(), sink.port()).into_bytes());
    }
    request
}

/// The sink, if the server passes mail on to it.
fn passed_to(server: &Server, settings: &LaunchSettings) -> Option<SocketAddr> {
    settings.sink.filter(|_| server.passing == Passing::ToSink)
}

/// The target as this machine sees it.
async fn target(
    server: &Server,
    certificates: &Certificates,
    settings: &LaunchSettings,
    container: &ContainerAsync<GenericImage>,
) -> Result<Target, LaunchError> {
    let mut target = server.target.clone();
    for endpoint in target.endpoints.values_mut() {
        let mapped = container.get_host_port_ipv4(endpoint.port.tcp()).await;
        endpoint.port = mapped.map_err(LaunchError::docker("tell on which port a container is reached"))?;
        endpoint.host = "127.0.0.1".to_owned();
    }
    target.tls.authorities = vec![Authority { path: "ca.crt".to_owned(), pem: certificates.authority.clone() }];
    target.tls.name = Some(server.hostname().to_owned());
    target.sink = passed_to(server, settings).map(|sink| SinkConfig { host: sink.ip().to_string(), port: sink.port() });
    Ok(target)
}

/// A number that no other launch has.
fn nonce() -> Result<String, LaunchError> {
    let mut octets = [0; NONCE_OCTETS];
    getrandom::fill(&mut octets)
        .map_err(|error| LaunchError::Docker { doing: "name a container", reason: error.to_string() })?;
    Ok(octets.iter().map(|octet| format!("{octet:02x}")).collect())
}

//! The Docker engine: whether it answers, and where a container finds this machine.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use testcontainers::bollard::Docker;
use testcontainers::bollard::query_parameters::InspectNetworkOptions;
use testcontainers::core::client::docker_client_instance;
use tokio::time::timeout;

use super::error::LaunchError;

/// How long the engine may take to say that it is there.
const PING: Duration = Duration::from_secs(5);

/// Asks the engine whether it is there; the answer is its version.
pub async fn engine() -> Result<String, LaunchError> {
    let docker = connect().await?;
    let version = docker.version().await.map_err(LaunchError::engine("tell its version"))?;
    Ok(version.version.unwrap_or_default())
}

/// A connection to an engine that answers.
pub(super) async fn connect() -> Result<Docker, LaunchError> {
    let docker = docker_client_instance().await?;
    match timeout(PING, docker.ping()).await {
        Ok(Ok(_)) => Ok(docker),
        Ok(Err(error)) => Err(LaunchError::NoEngine(error.to_string())),
        Err(_) => Err(LaunchError::NoEngine(format!("no answer within {} s", PING.as_secs()))),
    }
}

/// The address of this machine on the bridge to which containers are attached. A sink has to listen there before the
/// container starts: a container cannot reach loopback of this machine.
pub async fn gateway() -> Result<IpAddr, LaunchError> {
    let docker = connect().await?;
    let bridge = docker
        .inspect_network("bridge", None::<InspectNetworkOptions>)
        .await
        .map_err(LaunchError::engine("describe its bridge"))?;
    let configs = bridge.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
    let named = configs.iter().filter_map(|config| config.gateway.as_deref()?.parse().ok());
    // An engine that was never asked for a gateway names the subnet alone, and takes its first address.
    let derived = configs.iter().filter_map(|config| first_address(config.subnet.as_deref()?).map(IpAddr::V4));
    named.chain(derived).find(IpAddr::is_ipv4).ok_or_else(|| LaunchError::Docker {
        doing: "name the address of this machine on its bridge",
        reason: "the network `bridge` has no IPv4 gateway".to_owned(),
    })
}

/// The first host of `172.17.0.0/16`.
fn first_address(subnet: &str) -> Option<Ipv4Addr> {
    let network: Ipv4Addr = subnet.split_once('/')?.0.parse().ok()?;
    u32::from(network).checked_add(1).map(Ipv4Addr::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_host_of_a_subnet_is_its_gateway() {
        assert_eq!(first_address("172.17.0.0/16"), Some(Ipv4Addr::new(172, 17, 0, 1)));
        assert_eq!(first_address("fd00::/64"), None);
        assert_eq!(first_address("172.17.0.0"), None);
    }
}

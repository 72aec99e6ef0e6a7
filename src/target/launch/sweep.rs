//! Removing containers by their labels.

use std::collections::HashMap;

use testcontainers::bollard::Docker;
use testcontainers::bollard::errors::Error;
use testcontainers::bollard::query_parameters::{ListContainersOptionsBuilder, RemoveContainerOptionsBuilder};

use super::engine::connect;
use super::error::LaunchError;
use super::owner::{OWNER_LABEL, Owner};

/// Removes the containers whose owner is surely dead, and returns how many there were.
pub async fn sweep() -> Result<usize, LaunchError> {
    sweep_with(&connect().await?).await
}

pub(super) async fn sweep_with(docker: &Docker) -> Result<usize, LaunchError> {
    let mut removed = 0;
    for (id, owner) in labelled(docker, OWNER_LABEL).await? {
        // A label that cannot be read was written by another version: not ours to judge.
        if owner.parse().is_ok_and(|owner: Owner| owner.is_dead()) {
            remove(docker, &id).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Removes the containers that carry this label.
pub(super) async fn remove_labelled(docker: &Docker, name: &str, value: &str) -> Result<(), LaunchError> {
    for (id, found) in labelled(docker, name).await? {
        if found == value {
            remove(docker, &id).await?;
        }
    }
    Ok(())
}

/// Ids of all containers that carry a label, running or not, and the label's value.
async fn labelled(docker: &Docker, name: &str) -> Result<Vec<(String, String)>, LaunchError> {
    let filters = HashMap::from([("label".to_owned(), vec![name.to_owned()])]);
    let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
    let found = docker.list_containers(Some(options)).await.map_err(LaunchError::engine("list containers"))?;
    Ok(found.into_iter().filter_map(|container| Some((container.id?, container.labels?.remove(name)?))).collect())
}

async fn remove(docker: &Docker, id: &str) -> Result<(), LaunchError> {
    let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
    match docker.remove_container(id, Some(options)).await {
        // Somebody else was faster: it is gone, or on its way (404, 409).
        Ok(()) | Err(Error::DockerResponseServerError { status_code: 404 | 409, .. }) => Ok(()),
        Err(error) => Err(LaunchError::engine("remove a container")(error)),
    }
}

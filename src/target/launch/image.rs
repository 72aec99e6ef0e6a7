//! Images: built once for each content of a recipe.

use sha2::{Digest, Sha256};
use testcontainers::core::BuildImageOptions;
use testcontainers::runners::AsyncBuilder;
use testcontainers::{GenericBuildableImage, GenericImage};

use super::error::LaunchError;
use super::server::Server;

/// Builds the image, unless one of this recipe is there.
pub(super) async fn build(server: &Server) -> Result<GenericImage, LaunchError> {
    let name = format!("mailproof-{}", server.recipe);
    let mut image = GenericBuildableImage::new(name, tag(server));
    for (path, content) in &server.context {
        image = image.with_data(content.to_vec(), path);
    }
    // The tag tells the content, so an image that is there is the right one.
    let options = BuildImageOptions::new().with_skip_if_exists(true);
    image.build_image_with(options).await.map_err(|error| LaunchError::Build {
        name: server.name.clone(),
        recipe: server.recipe.clone(),
        reason: error.to_string(),
    })
}

/// Twelve hexadecimal digits that change with every octet and name of the recipe.
fn tag(server: &Server) -> String {
    let mut digest = Sha256::new();
    for (path, content) in &server.context {
        for part in [path.as_bytes(), content.as_ref()] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
    }
    digest.finalize().iter().take(6).map(|octet| format!("{octet:02x}")).collect()
}

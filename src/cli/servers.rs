//! `servers`: what `run --server` can start, and whether Docker is there to do it.

use crate::target::launch::{self, LaunchError, Server};

/// The table of servers, and a last line about Docker.
pub(super) fn servers() -> Result<String, String> {
    let all = launch::servers().map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("cannot start: {error}"))?;
    Ok(table(&all, runtime.block_on(launch::engine())))
}

fn table(all: &[Server], engine: Result<String, LaunchError>) -> String {
    let width = all.iter().map(|server| server.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for Server { name, title, packages, .. } in all {
        text.push_str(&format!("{name:width$}  {title}\n{:width$}  packages: {}\n", "", packages.join(", ")));
    }
    match engine {
        Ok(version) => {
            text.push_str(&format!("\nDocker {version} is there: start one by `mailproof run --server NAME`\n"))
        }
        Err(error) => text.push_str(&format!("\n{error}; servers in containers need it\n")),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_whether_docker_is_there() {
        let all = launch::servers().unwrap();
        let missing = table(&all, Err(LaunchError::NoEngine("nobody listens".to_owned())));
        insta::assert_snapshot!(missing);
        assert!(table(&all, Ok("20.10".to_owned())).contains("\nDocker 20.10 is there"));
    }
}

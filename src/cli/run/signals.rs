//! Ctrl-C and SIGTERM: the first ends the run in order, the second at once.

use std::io::{self, Write};

use tokio_util::sync::CancellationToken;

/// Two degrees of ending.
#[derive(Debug, Clone, Default)]
pub(super) struct Signals {
    /// No further scenario begins, reports are written.
    pub(super) cancel: CancellationToken,
    /// Nothing is waited for.
    pub(super) abandon: CancellationToken,
}

impl Signals {
    /// Listens from now on, as long as the runtime lives.
    pub(super) fn listen() -> Self {
        let signals = Self::default();
        let heard = signals.clone();
        tokio::spawn(async move {
            if next().await.is_ok() {
                // Nothing can be done if stderr is closed.
                let _ = writeln!(io::stderr(), "interrupted: the report is being finished; once more ends at once");
                heard.cancel.cancel();
                if next().await.is_ok() {
                    heard.abandon.cancel();
                }
            }
        });
        signals
    }
}

#[cfg(unix)]
async fn next() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn next() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

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
    /// Listens from now on, as long as the runtime lives. Must be called within one.
    pub(super) fn listen() -> io::Result<Self> {
        let signals = Self::default();
        let (heard, mut ear) = (signals.clone(), Ear::open()?);
        tokio::spawn(async move {
            ear.next().await;
            // Nothing can be done if stderr is closed.
            let _ = writeln!(io::stderr(), "interrupted: the report is being finished; once more ends at once");
            heard.cancel.cancel();
            ear.next().await;
            heard.abandon.cancel();
        });
        Ok(signals)
    }
}

/// Hears every signal from its opening on, so that none is lost between the first and the second.
#[cfg(unix)]
struct Ear {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Ear {
    fn open() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Ear(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Ear {
    fn open() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        let _ = self.0.recv().await;
    }
}

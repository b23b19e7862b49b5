//! Somebody stops the program: at once, but for what would be lost half done.

use std::io::stdin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};

use crate::outcome::{Exit, Failure};
use crate::say;

/// What has been begun and may not be broken off, and by which signal somebody wants to.
#[derive(Debug, Default)]
struct State {
    begun: usize,
    stopped: Option<SignalKind>,
    /// As it was before anybody was asked for a secret.
    terminal: Option<Termios>,
}

static STATE: Mutex<State> = Mutex::new(State { begun: 0, stopped: None, terminal: None });

/// From now on whoever stops the program waits for what [`unbroken`] has begun; whoever does so twice does not.
pub(crate) fn heed() -> Result<(), Failure> {
    state().terminal = tcgetattr(stdin()).ok();
    for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
        let mut told = signal(kind).map_err(|fault| {
            Failure::new(
                Exit::CouldNotRun,
                "signals cannot be received",
                fault,
                "run it outside of this sandbox",
            )
        })?;
        tokio::spawn(async move {
            while told.recv().await.is_some() {
                let mut state = state();
                if state.begun == 0 || state.stopped.is_some() {
                    end(&state, kind);
                }
                state.stopped = Some(kind);
                say::story("It ends when what was begun is kept; once more, and it ends at once.");
            }
        });
    }
    Ok(())
}

/// Goes to its end, although somebody wants the program to stop; then it does.
pub(crate) async fn unbroken<T>(work: impl Future<Output = T>) -> T {
    let begun = Begun::now();
    let done = work.await;
    drop(begun);
    done
}

struct Begun;

impl Begun {
    fn now() -> Self {
        state().begun += 1;
        Self
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        let mut state = state();
        state.begun -= 1;
        if let (0, Some(kind)) = (state.begun, state.stopped) {
            end(&state, kind);
        }
    }
}

/// As a shell has it: 128 and the number of the signal. A secret that was being asked for leaves the terminal as it was.
fn end(state: &State, kind: SignalKind) -> ! {
    if let Some(terminal) = &state.terminal {
        // Whoever has no terminal any more has no use for it.
        let _ = tcsetattr(stdin(), OptionalActions::Now, terminal);
    }
    say::progress("");
    std::process::exit(128 + kind.as_raw_value())
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

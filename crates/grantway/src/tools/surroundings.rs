//! Where the program runs, as far as that decides how a person signs in.

use std::env::var_os;
use std::io::IsTerminal;

/// What there is for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Surroundings {
    /// She is at another machine.
    pub(crate) remote: bool,
    /// A window can be opened.
    pub(crate) windows: bool,
    /// She says what opens addresses.
    pub(crate) browser: bool,
}

impl Surroundings {
    pub(crate) fn here() -> Self {
        let set = |name: &str| var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            remote: set("SSH_CONNECTION") || set("SSH_TTY"),
            windows: cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY"),
            browser: set("BROWSER"),
        }
    }

    /// Can a browser be opened that the person sees? A forwarded display is one that she sees.
    pub(crate) const fn has_browser(self) -> bool {
        self.browser || (self.windows && (!self.remote || !cfg!(any(windows, target_os = "macos"))))
    }
}

/// Is somebody there to be asked?
pub(crate) fn somebody_is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_opened_where_it_is_seen() {
        let here = Surroundings { remote: false, windows: true, browser: false };
        assert!(here.has_browser());
        assert!(!Surroundings { windows: false, ..here }.has_browser());
        assert!(!Surroundings { windows: false, remote: true, ..here }.has_browser());
        assert!(Surroundings { windows: false, browser: true, ..here }.has_browser());
    }
}

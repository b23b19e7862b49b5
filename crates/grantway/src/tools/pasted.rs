//! What a person pastes: the address that her browser ended at.

use std::io::BufRead;
use std::thread;

use tokio::sync::oneshot;
use url::Url;

/// The first line of standard input that is not empty. It comes never if there is none: whoever waits for it waits for
/// something else too.
pub(crate) async fn line() -> String {
    let (tell, told) = oneshot::channel();
    // A thread of its own: one of the runtime would keep the program from ending while nobody types.
    thread::spawn(move || {
        let lines = std::io::stdin().lock().lines().map_while(Result::ok);
        if let Some(line) = lines.map(|line| line.trim().to_owned()).find(|line| !line.is_empty()) {
            // Whoever waited may have had enough.
            let _ = tell.send(line);
        }
    });
    match told.await {
        Ok(line) => line,
        Err(_) => std::future::pending().await,
    }
}

/// The query of an address, or what is one already.
pub(crate) fn query(pasted: &str) -> String {
    let pasted = pasted.trim().trim_matches(['"', '\'', '<', '>']);
    match Url::parse(pasted) {
        Ok(url) => url.query().or(url.fragment()).unwrap_or_default().to_owned(),
        Err(_) => pasted.trim_start_matches('?').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_it_is_pasted() {
        for pasted in [
            "http://127.0.0.1:7/callback?code=a&state=b",
            "'https://x.test/?code=a&state=b'",
            " ?code=a&state=b ",
            "code=a&state=b",
        ] {
            assert_eq!(query(pasted), "code=a&state=b", "{pasted}");
        }
    }
}

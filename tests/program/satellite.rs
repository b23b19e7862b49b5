//! A host that is a satellite of the provider, and one that is not.

use grantway_tests::{Answer, tcp};
use http::Request;
use http::header::HOST;
use tempfile::TempDir;

use super::declared_with;
use super::serving::Serving;

async fn ask(serving: &Serving, method: &str, path: &str, host: &str, forwarded: Option<&str>) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header(HOST, host);
    if let Some(forwarded) = forwarded {
        request = request.header("x-forwarded-host", forwarded);
    }
    tcp::exchange(serving.address(), &request.body(Vec::new()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn nothing_of_the_protocol_is_answered_at_a_satellite_and_everything_elsewhere() {
    let folder = TempDir::new().unwrap();
    let server = "satellite_hosts = [\"app.test\"]\ntrusted_proxies = [\"127.0.0.1\"]";
    let config = declared_with(folder.path(), server, "");
    let serving = Serving::start(folder.path(), &["--config", config.to_str().unwrap()]);

    for (method, path) in [
        ("GET", "/oauth/authorize?client_id=confidential"),
        ("POST", "/oauth/token"),
        ("POST", "/oauth/token_info"),
        ("POST", "/oauth/token/revoke"),
        ("GET", "/oauth/userinfo"),
        ("GET", "/oauth/logout"),
        ("POST", "/oauth/logout"),
        ("POST", "/v1/me/oauth/consent/confidential"),
    ] {
        for (host, forwarded) in [
            ("app.test", None),
            ("APP.test.:80", None),
            ("other.test", Some("app.test")),
            ("app.test", Some("login.test")),
        ] {
            let away = ask(&serving, method, path, host, forwarded).await;
            assert_eq!(away.status, 403, "{method} {path} at {host}");
            assert_eq!(away.json()["errors"][0]["code"], "operation_not_allowed_on_satellite_domain");
        }
        for (host, forwarded) in [("login.test", None), ("other.test", Some("login.test"))] {
            let here = ask(&serving, method, path, host, forwarded).await;
            assert_ne!(here.status, 403, "{method} {path} at {host}");
        }
    }
    for path in ["/.well-known/openid-configuration", "/.well-known/jwks.json", "/readyz"] {
        assert_eq!(ask(&serving, "GET", path, "app.test", None).await.status, 200, "{path}");
    }
}

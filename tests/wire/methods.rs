use grantway_tests::World;
use http::Method;

#[tokio::test]
async fn a_wrong_method_is_told_which_ones_are_right() {
    let world = World::new().await;
    for (path, method) in [
        ("/oauth/token", Method::GET),
        ("/oauth/token", Method::HEAD),
        ("/oauth/token", Method::PUT),
        ("/oauth/authorize", Method::HEAD),
        ("/oauth/authorize", Method::DELETE),
        ("/oauth/logout", Method::HEAD),
        ("/oauth/logout", Method::DELETE),
        ("/oauth/token_info", Method::GET),
        ("/oauth/token/revoke", Method::GET),
        ("/oauth/userinfo", Method::HEAD),
        ("/oauth/userinfo", Method::PATCH),
        ("/.well-known/openid-configuration", Method::POST),
        ("/.well-known/jwks.json", Method::POST),
        ("/sign-in", Method::DELETE),
    ] {
        let answer = world.fetch(method.clone(), path).await;

        assert_eq!(answer.status, 405, "{method} {path}");
        assert!(!answer.header("allow").is_empty(), "{method} {path}");
    }
}

#[tokio::test]
async fn scripts_of_any_origin_may_use_the_endpoints_without_cookies_and_no_page() {
    let world = World::new().await;
    for (method, path) in [
        (Method::POST, "/oauth/token"),
        (Method::POST, "/oauth/token/revoke"),
        (Method::GET, "/oauth/userinfo"),
        (Method::POST, "/oauth/userinfo"),
        (Method::GET, "/.well-known/openid-configuration"),
        (Method::GET, "/.well-known/oauth-authorization-server"),
        (Method::GET, "/.well-known/jwks.json"),
    ] {
        let preflight = world.fetch(Method::OPTIONS, path).await;
        let answer = world.fetch(method, path).await;
        assert!(preflight.status.is_success(), "{path}");
        for answer in [preflight, answer] {
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
            assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
        }
    }
    for (method, path) in [
        (Method::GET, "/oauth/authorize"),
        (Method::POST, "/oauth/authorize"),
        (Method::POST, "/v1/me/oauth/consent/confidential"),
        (Method::POST, "/oauth/token_info"),
        (Method::GET, "/oauth/logout"),
        (Method::GET, "/sign-in"),
        (Method::POST, "/sign-in"),
        (Method::GET, "/account"),
        (Method::POST, "/account/password"),
        (Method::GET, "/healthz"),
    ] {
        for method in [Method::OPTIONS, method] {
            let answer = world.fetch(method.clone(), path).await;
            assert_eq!(answer.header("access-control-allow-origin"), "", "{method} {path}");
        }
    }
}

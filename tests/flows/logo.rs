use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::logo::Logo;
use grantway_tests::{World, request};
use http::{Method, StatusCode};

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n a picture";

/// An application with a logo and two pages, and the address of the logo as the sign-in page has it.
async fn world_of_a_shop() -> (World, String) {
    let world = World::new().await;
    let mut client = Client::new("the/shop".parse().unwrap(), "\"><b>", ClientAuthentication::None);
    client.redirect_uris = vec!["https://app.test/cb".parse().unwrap()];
    client.scope = "openid".parse().unwrap();
    client.logo = Some(Logo::new(PICTURE).unwrap());
    client.policy_uri = Some("https://app.test/privacy?a=1&b='2'".parse().unwrap());
    world.declare(client).await;
    let page = world.browser().open(&address()).await;
    let html = page.answer.text();
    let (_, rest) = html.split_once("<img class=\"logo\" src=\"").expect("a logo on the sign-in page");
    let path = rest.split_once('"').unwrap().0.to_owned();
    (world, path)
}

fn address() -> String {
    format!("/oauth/authorize?{}", request("the/shop", "openid"))
}

#[tokio::test]
async fn the_picture_is_ours_to_serve_and_may_be_kept_for_ever() {
    let (world, path) = world_of_a_shop().await;

    let answer = world.fetch(Method::GET, &path).await;

    assert_eq!(answer.status, StatusCode::OK, "{path}");
    assert_eq!(answer.body, PICTURE);
    for (header, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ] {
        assert_eq!(answer.header(header), value, "{header}");
    }
}

#[tokio::test]
async fn another_picture_another_application_and_another_method_are_not_answered() {
    let (world, path) = world_of_a_shop().await;
    for (method, path, status) in [
        (Method::GET, path.replacen("/logos/", "/logos/x", 1), 404),
        (Method::GET, path.replace("the%2Fshop", "confidential"), 404),
        (Method::GET, path.replace("the%2Fshop", "nobody"), 404),
        (Method::GET, path.replace("the%2Fshop", "%20"), 404),
        (Method::HEAD, path.clone(), 200),
        (Method::POST, path.clone(), 405),
    ] {
        let answer = world.fetch(method.clone(), &path).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}");
        assert!(status == 200 || !answer.headers["cache-control"].to_str().unwrap().contains("public"));
    }
}

#[tokio::test]
async fn names_and_addresses_on_the_consent_page_are_text() {
    let (world, _) = world_of_a_shop().await;
    let page = world.signed_in().await.open(&address()).await;
    let html = page.answer.text();

    assert!(html.contains("<img class=\"logo\""), "{html}");
    assert!(html.contains("href=\"https://app.test/privacy?a=1&#38;b=&#39;2&#39;\""), "{html}");
    assert!(!html.contains("<b>") && !html.contains("Terms of service"), "{html}");
}

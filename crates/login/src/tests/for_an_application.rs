use grantway_core::seam::{Identity, LoginGate, Visit};
use http::HeaderMap;

use super::World;

async fn address_for(world: &World, client_id: &str) -> String {
    let headers = HeaderMap::new();
    let return_to =
        format!("/oauth/authorize?client_id={client_id}&redirect_uri=https%3A%2F%2Fapp.test%2Fcb");
    match world.login.identify(Visit::new(&headers, &return_to)).await.unwrap() {
        Identity::SignIn(address) => address,
        Identity::Known(_) => panic!("nobody is signed in"),
    }
}

#[tokio::test]
async fn the_page_says_for_which_application_one_signs_in_and_shows_its_logo() {
    let world = World::new().await;
    let address = address_for(&world, "shop").await;
    let mut browser = world.browser();

    let first = browser.get(&address).await;
    let failed = browser.sign_in(&address, "ada", "wrong").await;

    for page in [first, failed] {
        assert!(
            page.body.contains("To go on to &#60;b&#62;Shop&#60;/b&#62; &#38; &#34;Sons&#34;."),
            "{}",
            page.body
        );
        assert!(page.body.contains("alt=\"Logo of &#60;b&#62;Shop&#60;/b&#62; &#38; &#34;Sons&#34;\""));
        assert!(page.body.contains("<img class=\"logo\" src=\"/logos/"), "{}", page.body);
        assert!(!page.body.contains("<b>"));
    }
}

#[tokio::test]
async fn nobody_but_the_server_puts_an_application_on_the_page() {
    let world = World::new().await;
    let address = address_for(&world, "shop").await;
    let without_voucher = address.split_once("&voucher=").unwrap().0;
    let other_application = address.replacen("client_id%3Dshop", "client_id%3Dclosed", 1);

    for address in [without_voucher, &other_application, &address_for(&world, "closed").await, "/sign-in"] {
        let page = world.browser().get(address).await;
        assert!(!page.body.contains("To go on to") && !page.body.contains("<img"), "{address}");
    }
}

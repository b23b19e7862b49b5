use grantway_tests::{ISSUER, World, request};

/// RFC 9207: a client that asks several providers sees whose answer it got, or it sends a code to a thief.
#[tokio::test]
async fn every_answer_says_whose_it_is_whatever_it_says_and_however_it_travels() {
    let world = World::new().await;
    for mode in ["query", "fragment", "form_post"] {
        for scope in ["openid", "openid surprise"] {
            let mut browser = world.signed_in().await;
            let asked = format!("/oauth/authorize?{}&response_mode={mode}", request("confidential", scope));

            let mut page = browser.open(&asked).await;
            if page.words().contains("asks for access") {
                page = browser.submit(&page, &[("consented", "true")]).await;
            }

            let answer: Vec<(String, String)> = match page.answer.location() {
                Some(address) => {
                    let (_, carried) = address.split_once(['?', '#']).unwrap();
                    url::form_urlencoded::parse(carried.as_bytes()).into_owned().collect()
                }
                None => page.form().unwrap().fields,
            };
            let says = |name: &str| answer.iter().filter(|(own, _)| own == name).count();
            assert_eq!((says("code"), says("error")), if scope == "openid" { (1, 0) } else { (0, 1) });
            assert!(answer.contains(&("iss".to_owned(), ISSUER.to_owned())), "{mode} {scope}: {answer:?}");
        }
    }
}

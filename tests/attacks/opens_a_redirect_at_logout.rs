use grantway_tests::World;

use crate::flows::logout::{arrived, is_signed_in, leads_away, wish};

#[tokio::test]
async fn nobody_is_sent_where_the_application_did_not_say_nor_signed_out_by_a_forged_wish() {
    let world = World::new().await;
    let (mut browser, id_token) = arrived(&world).await;
    let (head, _) = id_token.rsplit_once('.').unwrap();
    let unsigned = format!("{}.{}.", "eyJhbGciOiJub25lIn0", head.split_once('.').unwrap().1);
    let access = world.redeem(&world.code("openid").await).await.member("access_token");
    let bye = ("post_logout_redirect_uri", "https://app.test/bye");
    let hint = ("id_token_hint", &*id_token);

    for parameters in [
        &[hint, ("post_logout_redirect_uri", "https://evil.test/bye")][..],
        &[hint, ("post_logout_redirect_uri", "https://app.test/bye?added=1")],
        &[hint, ("post_logout_redirect_uri", "https://app.test/cb")],
        &[hint, ("post_logout_redirect_uri", "https://other.test/bye")],
        &[hint, ("client_id", "other"), bye],
        &[("id_token_hint", &unsigned), bye],
        &[("id_token_hint", &access), bye],
        &[("id_token_hint", "x"), bye],
        &[("client_id", "nobody"), bye],
        &[bye],
        &[hint, hint],
    ] {
        let page = browser.open(&wish(parameters)).await;

        assert_eq!((page.answer.status.as_u16(), leads_away(&page)), (400, None), "{parameters:?}");
        assert!(page.words().contains("You were not signed out"), "{}", page.words());
        assert!(is_signed_in(&mut browser).await, "{parameters:?}");
    }
}

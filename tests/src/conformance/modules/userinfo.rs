use super::Module;
use crate::conformance::checks::userinfo::lenient;
use crate::conformance::condition::Stop;
use crate::conformance::scene::{Scene, Tokens};

pub(super) const GET: Module = Module::new("oidcc-userinfo-get", "userinfo answers a GET", |scene| {
    let tokens = signed_in(scene)?;
    scene.userinfo(&tokens)?;
    Ok(())
});

pub(super) const POST_HEADER: Module = Module::new(
    "oidcc-userinfo-post-header",
    "userinfo answers a POST with the token in the header",
    |scene| {
        let tokens = signed_in(scene)?;
        let bearer = format!("Bearer {}", tokens.access_token);
        let answer = scene.post_userinfo(Some(&bearer), &Vec::new())?;
        scene.userinfo_of(&answer, &tokens)?;
        Ok(())
    },
);

pub(super) const POST_BODY: Module = Module::new(
    "oidcc-userinfo-post-body",
    "userinfo answers a POST with the token in the body; not doing so is a warning",
    |scene| {
        let tokens = signed_in(scene)?;
        let form = vec![("access_token".to_owned(), tokens.access_token.clone())];
        let answer = scene.post_userinfo(None, &form)?;
        // RFC 6750 2.2: nobody has to.
        if let Err(stop) = scene.userinfo_of(&answer, &tokens) {
            scene.note(lenient(stop.finding()));
        }
        Ok(())
    },
);

fn signed_in(scene: &mut Scene<'_>) -> Result<Tokens, Stop> {
    let mut person = scene.person();
    let request = scene.request(scene.first()?, "openid");
    scene.tokens(&mut person, &request)
}

use super::Module;
use crate::conformance::condition::Condition;
use crate::conformance::person::Hands;
use crate::conformance::scene::shown;

pub(super) const REGISTERED: Module = Module::new(
    "oidcc-ensure-registered-redirect-uri",
    "a redirect_uri that is not registered leads to an error page, and nobody is sent there",
    |scene| {
        let client = scene.first()?;
        let foreign = format!("{}/not-registered", client.redirect_uri.trim_end_matches('/'));
        let request = scene.request(client, "openid").with("redirect_uri", &foreign);
        let link = request.link(&scene.provider.authorization_endpoint);
        let mut person = scene.person();
        let walk = person.follow(link, &[&foreign, &client.redirect_uri], Hands::Folded)?;
        let page = shown(&walk.end);
        scene.need(STAYS.must(
            page.is_none().then(|| format!("the browser is sent on although {foreign} is not registered")),
        ))?;
        scene.note(ERROR_PAGE.must(page.filter(|page| !page.answer.status.is_client_error()).map(|page| {
            format!("redirect_uri is not registered, and there is {} instead of an error", page.described())
        })));
        Ok(())
    },
);

pub(super) const STAYS: Condition = Condition::new(
    "unregistered-redirect-uri",
    "nobody is sent to an address that is not registered",
    "OpenID Connect Core 3.1.2.1",
);
const ERROR_PAGE: Condition =
    Condition::new("error-page", "the person is told of the error", "RFC 6749 4.1.2.1");

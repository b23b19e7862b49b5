use super::{Module, told};
use crate::conformance::condition::Condition;
use crate::conformance::person::Hands;
use crate::conformance::scene::shown;

pub(super) const MISSING: Module =
    Module::new(
        "oidcc-response-type-missing",
        "a request without response_type leads to an error",
        |scene| {
            let mut person = scene.person();
            let request = scene.request(scene.first()?, "openid").without("response_type");
            let walk = scene.walk(&mut person, &request, Hands::Folded)?;
            match shown(&walk.end) {
                // An error page will do as well.
                Some(page) => scene.note(REFUSED.must((!page.answer.status.is_client_error()).then(|| {
                    format!("a request without response_type is answered by {}", page.described())
                }))),
                None => told(scene, REFUSED, &walk, &["unsupported_response_type", "invalid_request"]),
            }
            Ok(())
        },
    );

const REFUSED: Condition =
    Condition::new("response-type-needed", "without response_type there is an error", "RFC 6749 3.1.1");

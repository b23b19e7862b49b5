//! What the resource says of itself.

use grantway_core::protected_resource::ProtectedResourceMetadata;
use http::{Method, Request, Response};
use tower::ServiceExt;

use super::{ISSUER, Scene};
use crate::Resource;

async fn ask(resource: &Resource, method: Method) -> Response<Vec<u8>> {
    let request = Request::builder().method(method).uri("/").body(()).unwrap();
    resource.metadata_service().oneshot(request).await.unwrap()
}

#[tokio::test]
async fn metadata_is_there_for_anybody() {
    let scene = Scene::new().with(|parts| {
        parts.resource = "https://api.test/v1".parse().unwrap();
        let description = parts.description();
        parts.metadata =
            Some(ProtectedResourceMetadata { scopes_supported: vec!["read".to_owned()], ..description });
    });
    let resource = scene.resource();

    let answer = ask(&resource, Method::GET).await;

    assert_eq!(resource.metadata_path(), Some("/.well-known/oauth-protected-resource/v1"));
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let document: ProtectedResourceMetadata = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(document.resource, "https://api.test/v1");
    assert_eq!(document.authorization_servers, [ISSUER]);
    assert_eq!(document.scopes_supported, ["read"]);
    assert_eq!(document.bearer_methods_supported, ["header"]);
    assert_eq!(document.dpop_signing_alg_values_supported, scene.parts.dpop.algorithms);
    assert_eq!(document.dpop_bound_access_tokens_required, None);
}

#[tokio::test]
async fn it_is_read_and_nothing_else_is_done_with_it() {
    let scene = Scene::new().with(|parts| parts.metadata = Some(parts.description()));

    let posted = ask(&scene.resource(), Method::POST).await;

    assert_eq!(posted.status(), 405);
    assert_eq!(posted.headers()["allow"], "GET, HEAD");
    let silent = Scene::new().resource();
    assert_eq!(silent.metadata_path(), None);
    assert_eq!(ask(&silent, Method::GET).await.status(), 404);
}

//! An answer that the browser posts: OAuth 2.0 Form Post Response Mode.

use askama::Template;
use grantway_core::http::Reply;
use grantway_core::redirect::RedirectUri;

use super::caller::Caller;
use crate::Server;

pub(super) fn page(server: &Server, caller: &Caller, parameters: Vec<(&str, &str)>) -> Reply {
    let Caller { client, redirect_uri, .. } = caller;
    let page = FormPostPage { client_name: &client.client_name, redirect_uri, parameters };
    let title = format!("Back to {}", client.client_name);
    let target = RedirectUri::form_action_source(redirect_uri);
    server.pages.submitting(&title, &page, target.as_deref()).unwrap_or_else(|breakdown| {
        server.note(&breakdown);
        server.pages.breakdown(&breakdown)
    })
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPostPage<'a> {
    client_name: &'a str,
    redirect_uri: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

//! As its users have tokens read: by a request, there being no other way to an answer. The least request there is, of a
//! client that is ready, and an HTTP client that sends nothing and answers at once.

use std::convert::Infallible;
use std::marker::PhantomData;

use contest::reply::{CONTENT_TYPE, Reader, Reply};
use http::header::CONTENT_TYPE as CONTENT_TYPE_NAME;
use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    RequestTokenError, StandardErrorResponse, StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use serde_json::{Map, Value};

use crate::members::{self, Fields};

/// With those members beside the standard's.
#[derive(Debug)]
pub struct Call<F: Fields> {
    client: Ready<F>,
    reply: Reply,
    fields: PhantomData<F>,
}

type Ready<F> = Client<
    BasicErrorResponse,
    StandardTokenResponse<F, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

impl<F: Fields> Reader for Call<F> {
    type Read = Result<
        StandardTokenResponse<F, BasicTokenType>,
        RequestTokenError<Infallible, StandardErrorResponse<BasicErrorResponseType>>,
    >;

    fn ready(reply: Reply) -> Self {
        let client = Client::new(ClientId::new("s6BhdRkqt3".to_owned()))
            .set_client_secret(ClientSecret::new("gX1fBat3bV".to_owned()))
            .set_token_uri(
                TokenUrl::new("https://id.example.com/token".to_owned()).expect("it is an address"),
            );
        Self { client, reply, fields: PhantomData }
    }

    fn read(&self) -> Self::Read {
        let answers = |_: HttpRequest| Ok::<_, Infallible>(self.answer());
        self.client.exchange_client_credentials().request(&answers)
    }

    fn told(read: Self::Read) -> Map<String, Value> {
        match read {
            Ok(tokens) => members::of_tokens(&tokens),
            Err(RequestTokenError::ServerResponse(error)) => members::of_error(&error),
            Err(other) => panic!("{other}"),
        }
    }
}

impl<F: Fields> Call<F> {
    fn answer(&self) -> HttpResponse {
        http::Response::builder()
            .status(self.reply.status)
            .header(CONTENT_TYPE_NAME, CONTENT_TYPE)
            .body(self.reply.body.as_bytes().to_vec())
            .expect("it is an answer")
    }
}

//! What is said in the body of a request.

use bytes::Bytes;
use grantway_core::secret::Secret;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::provider::RequestFormat;

/// Parameters of a request body, in order.
pub(crate) type Parameters = Vec<(String, Secret)>;

/// A parameter that is no secret.
pub(crate) fn parameter(name: &str, value: impl Into<String>) -> (String, Secret) {
    (name.to_owned(), Secret::new(value))
}

/// The media type, and the body.
pub(crate) fn written(format: RequestFormat, parameters: &Parameters) -> (&'static str, Bytes) {
    match format {
        RequestFormat::Form => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(parameters.iter().map(|(name, value)| (name, value.expose())));
            ("application/x-www-form-urlencoded", form.finish().into())
        }
        RequestFormat::Json => {
            let mut members = Map::<String, Value>::new();
            for (name, value) in parameters {
                let value = Value::from(value.expose());
                match members.get_mut(name) {
                    None => drop(members.insert(name.clone(), value)),
                    Some(Value::Array(several)) => several.push(value),
                    Some(one) => *one = Value::Array(vec![one.take(), value]),
                }
            }
            ("application/json", Value::Object(members).to_string().into())
        }
    }
}

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::book::{Device, SUBJECT};
use super::client_authentication::authenticate;
use super::desk::Desk;
use super::received::Received;
use super::refusal::Refusal;
use super::reply::Reply;
use super::scope;

/// RFC 8628 section 3.1.
pub(super) fn answer(desk: &Desk, received: &Received) -> Reply {
    begun(desk, received).unwrap_or_else(Refusal::reply)
}

fn begun(desk: &Desk, received: &Received) -> Result<Reply, Refusal> {
    let client = authenticate(desk, received)?;
    let scopes = scope::granted(desk, scope::asked(desk, received.field("scope"))?);
    let device_code = desk.draw("device_");
    let mut book = desk.book();
    let device = Device {
        grant: book.grant(&client.client_id, SUBJECT, scopes),
        expires_at: desk.now().plus(LIFETIME),
        script: std::mem::take(&mut book.device_script),
    };
    book.devices.insert(device_code.clone(), device);
    let place = format!("{}/device", desk.issuer);
    Ok(Reply::json(
        StatusCode::OK,
        &json!({
            "device_code": device_code,
            "user_code": USER_CODE,
            "verification_uri": place,
            "verification_uri_complete": format!("{place}?user_code={USER_CODE}"),
            "expires_in": LIFETIME.as_secs(),
            "interval": 5,
        }),
    ))
}

const USER_CODE: &str = "WDJB-MJHT";
const LIFETIME: Duration = Duration::from_mins(10);

use super::Tokens;
use crate::provider::book::DeviceAnswer;
use crate::provider::client_authentication::authenticate;
use crate::provider::desk::Desk;
use crate::provider::received::Received;
use crate::provider::refusal::Refusal;

/// RFC 8628 section 3.4.
pub(super) fn grant(desk: &Desk, received: &Received) -> Result<Tokens, Refusal> {
    const EXPIRED: Refusal = Refusal::new("expired_token", "the person took too long");
    let client = authenticate(desk, received)?;
    let presented =
        received.field("device_code").ok_or(Refusal::invalid_request("device_code is missing"))?;
    let grant = {
        let (mut book, now) = (desk.book(), desk.now());
        let device =
            book.devices.get_mut(presented).filter(|device| device.grant.client_id == client.client_id);
        let device = device.ok_or(Refusal::invalid_grant("there is no such device code"))?;
        if device.expires_at <= now {
            return Err(EXPIRED);
        }
        match device.script.pop_front() {
            Some(DeviceAnswer::Pending) => {
                return Err(Refusal::new("authorization_pending", "the person has not decided yet"));
            }
            Some(DeviceAnswer::SlowDown) => {
                return Err(Refusal::new("slow_down", "five seconds more, each time"));
            }
            Some(DeviceAnswer::Denied) => return Err(Refusal::new("access_denied", "the person said no")),
            Some(DeviceAnswer::Expired) => return Err(EXPIRED),
            None => {
                let grant = device.grant.clone();
                book.devices.remove(presented);
                grant
            }
        }
    };
    Ok(Tokens::of(desk, &grant).with_refresh_token(desk, &grant))
}

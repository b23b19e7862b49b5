//! The pages of a product that trusts us with its people.

use super::{assert_played, scenario};
use crate::browser::httpd::{CLIENT_ID, CLIENT_SECRET, Httpd};
use crate::interop::served::Served;

#[test]
fn a_server_of_others_lets_at_its_pages_whom_we_signed_in_and_signs_her_out_with_us() {
    let place = Httpd::place();
    let own = format!("http://{}", place.local_addr().unwrap());
    let served = Served::configured(&format!(
        "[[application]]\nclient_id = \"{CLIENT_ID}\"\nclient_name = \"Members\"\n\
         client_secret = \"{CLIENT_SECRET}\"\nredirect_uris = [\"{own}/private/callback\"]\n\
         post_logout_redirect_uris = [\"{own}/bye\"]\n"
    ));
    let httpd = Httpd::start(place, served.issuer());

    let played = scenario("members_only").arg(&own).arg(served.bootstrap()).output();

    assert_played(&played.unwrap(), &format!("{}{}", served.said(), httpd.said()));
}

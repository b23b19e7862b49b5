//! Private keys as JWK (RFC 7518 sections 6.2.2 and 6.3.2, RFC 8037 section 2).

use std::fmt::Write;

use grantway_core::base64url;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::secret::Secret;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::ec_curve::{EcCurve, EcPair};
use crate::fault::KeyFault;
use crate::key_kind::KeyKind;
use crate::key_parts::PrivateParts;
use crate::public_key::PublicKey;
use crate::rsa_pair::{Given, RsaPair};

/// The key, if it is whole and meant to sign; and the one algorithm it says it is for, if it does.
pub(crate) fn read(document: &Value) -> Result<(PrivateParts, Option<JwsAlgorithm>), KeyFault> {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    if document.get("keys").is_some() {
        return Err(KeyFault::NotPrivate("a set of keys"));
    }
    let kty = text("kty").ok_or_else(|| KeyFault::malformed("kty is missing or no text"))?;
    let kind = KeyKind::named(kty, text("crv")).ok_or_else(|| KeyFault::unknown_kind(kty, text("crv")))?;
    if document.get("d").is_none() {
        return Err(KeyFault::NotPrivate("a public key"));
    }
    let parts = match kind {
        KeyKind::P256 => ec(EcCurve::P256, document)?,
        KeyKind::P384 => ec(EcCurve::P384, document)?,
        KeyKind::P521 => ec(EcCurve::P521, document)?,
        KeyKind::Ed25519 => ed25519(document)?,
        KeyKind::Rsa => rsa(document)?,
    };
    let meant_for = purpose(&parts, document)?;
    Ok((parts, meant_for))
}

/// The key as such a document: the public members in the order of their standard, then the private ones.
pub(crate) fn written(parts: &PrivateParts, public: &PublicKey) -> Secret {
    let public = public.to_jwk();
    let private: Vec<(&str, &[u8])> = match parts {
        PrivateParts::Ec(pair) => vec![("d", &pair.scalar)],
        PrivateParts::Ed25519 { seed, .. } => vec![("d", &seed[..])],
        PrivateParts::Rsa(pair) => vec![
            ("d", &pair.d),
            ("p", &pair.p),
            ("q", &pair.q),
            ("dp", &pair.dp),
            ("dq", &pair.dq),
            ("qi", &pair.qi),
        ],
    };
    // Put together as text, so that no value of the JSON library keeps a copy that is not wiped.
    let mut text = Zeroizing::new(format!("{{\"kty\":\"{}\"", public.kty));
    for (name, value) in &public.members {
        let _ = write!(text, ",\"{name}\":{value}");
    }
    for (name, value) in private {
        let value = Zeroizing::new(base64url::encode(value));
        let _ = write!(text, ",\"{name}\":\"{}\"", *value);
    }
    text.push('}');
    Secret::new(text.as_str())
}

fn ec(curve: EcCurve, document: &Value) -> Result<PrivateParts, KeyFault> {
    let coordinate = |name| {
        let bytes = member(document, name)?;
        if bytes.len() == curve.bytes() { Ok(bytes) } else { Err(curve.bad_length(name)) }
    };
    let (d, x, y) = (coordinate("d")?, coordinate("x")?, coordinate("y")?);
    let point = [&[4], &x[..], &y[..]].concat();
    EcPair::new(curve, d, Some(&point)).map(PrivateParts::Ec)
}

fn ed25519(document: &Value) -> Result<PrivateParts, KeyFault> {
    let member = |name| {
        let bytes = member(document, name)?;
        let bytes: Result<[u8; 32], _> = bytes.as_slice().try_into();
        let long = |_| KeyFault::malformed(format!("{name} is not 32 bytes long, as Ed25519 has it"));
        bytes.map(Zeroizing::new).map_err(long)
    };
    PrivateParts::of_seed(member("d")?, Some(member("x")?.as_slice()))
}

#[expect(clippy::many_single_char_names, reason = "the names that RFC 7518 section 6.3 gives them")]
fn rsa(document: &Value) -> Result<PrivateParts, KeyFault> {
    if document.get("oth").is_some() {
        return Err(KeyFault::unsupported("it is RSA of more than two primes"));
    }
    let optional = |name| document.get(name).map(|_| member(document, name)).transpose();
    let (n, e, d) = (member(document, "n")?, member(document, "e")?, member(document, "d")?);
    let (p, q) = (optional("p")?, optional("q")?);
    let (dp, dq, qi) = (optional("dp")?, optional("dq")?, optional("qi")?);
    let pair = RsaPair::complete(Given {
        n: &n,
        e: &e,
        d: &d,
        p: p.as_deref().map(Vec::as_slice),
        q: q.as_deref().map(Vec::as_slice),
        dp: dp.as_deref().map(Vec::as_slice),
        dq: dq.as_deref().map(Vec::as_slice),
        qi: qi.as_deref().map(Vec::as_slice),
    })?;
    Ok(PrivateParts::Rsa(pair))
}

/// What the key says it is for (RFC 7517 sections 4.2 to 4.4).
fn purpose(parts: &PrivateParts, document: &Value) -> Result<Option<JwsAlgorithm>, KeyFault> {
    if document.get("use").is_some_and(|key_use| key_use != "sig") {
        return Err(KeyFault::Reserved("its use is not sig".into()));
    }
    let signs = |operations: &Value| {
        operations.as_array().is_some_and(|operations| operations.iter().any(|operation| operation == "sign"))
    };
    if document.get("key_ops").is_some_and(|operations| !signs(operations)) {
        return Err(KeyFault::Reserved("sign is not among its key_ops".into()));
    }
    let Some(alg) = document.get("alg") else { return Ok(None) };
    let algorithm: Option<JwsAlgorithm> = alg.as_str().and_then(|name| name.parse().ok());
    let algorithm = algorithm.ok_or_else(|| KeyFault::Reserved(format!("its alg is {alg}").into()))?;
    parts.serves(algorithm)?;
    Ok(Some(algorithm))
}

fn member(document: &Value, name: &str) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let text = document.get(name).and_then(Value::as_str);
    let text = text.ok_or_else(|| KeyFault::malformed(format!("{name} is missing or no text")))?;
    let bytes = base64url::decode(text).map(Zeroizing::new);
    bytes.map_err(|_| KeyFault::malformed(format!("{name} is not base64url")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::private_key::PrivateKey;
    use crate::vectors::EXAMPLES;

    fn read(document: &Value) -> Result<PrivateKey, KeyFault> {
        PrivateKey::from_jwk(document)
    }

    fn document(source: &str) -> Value {
        EXAMPLES.iter().find(|example| example.source.ends_with(source)).unwrap().private()
    }

    fn refused(document: &Value) -> String {
        read(document).unwrap_err().to_string()
    }

    #[test]
    fn the_standards_keys_are_read_with_the_public_half_they_name() {
        for example in &EXAMPLES {
            let key = read(&example.private()).unwrap();
            for (name, value) in key.public().to_jwk().members {
                assert_eq!(example.private()[&name], value, "{} {name}", example.source);
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_key_is_said_in_words() {
        let other = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
        for (source, member, value, words) in [
            ("A.3", "d", Value::Null, "malformed: d is missing or no text"),
            ("A.3", "d", json!("!"), "malformed: d is not base64url"),
            ("A.3", "x", json!(base64url::encode([0; 33])), "malformed: x is not 32 bytes long"),
            ("A.3", "d", json!(base64url::encode([0; 32])), "malformed: d is no scalar of P-256"),
            ("A.3", "d", json!(other), "x and y are not the public half of d"),
            ("A.3", "y", json!(other), "x and y are not the public half of d"),
            ("A.3", "crv", json!("P-384"), "malformed: d is not 48 bytes long, as P-384 has it"),
            ("A.3", "kty", json!("oct"), "not supported: kty \"oct\""),
            ("A.3", "use", json!("enc"), "its use is not sig"),
            ("A.3", "key_ops", json!(["verify"]), "sign is not among its key_ops"),
            ("A.3", "alg", json!("ES384"), "the key is of curve P-256; ES384 needs P-384"),
            ("A.3", "alg", json!("ECDH-ES"), "its alg is \"ECDH-ES\""),
            ("A.3", "keys", json!([]), "this is a set of keys; a private key is needed"),
            ("A.4", "d", json!(base64url::encode([1; 67])), "malformed: d is not 66 bytes long"),
            ("8037 appendix A.4", "x", json!(other), "x is not the public half of d"),
            ("8037 appendix A.4", "d", json!("AAAA"), "malformed: d is not 32 bytes long"),
            ("A.2", "oth", json!([]), "more than two primes"),
        ] {
            let mut document = document(source);
            document[member] = value;
            let fault = refused(&document);
            assert!(fault.contains(words), "{source} {member}: {fault}");
        }
    }

    #[test]
    fn an_rsa_key_without_its_derived_members_is_completed() {
        let whole = read(&document("A.2")).unwrap().to_pkcs8();
        for gone in [&["dp", "dq", "qi"][..], &["qi"], &["p", "q", "dp", "dq", "qi"]] {
            let mut document = document("A.2");
            document.as_object_mut().unwrap().retain(|name, _| !gone.contains(&name.as_str()));

            let completed = read(&document).unwrap();

            if gone.contains(&"p") {
                assert_eq!(completed.public().to_jwk().text("n"), document["n"].as_str());
            } else {
                assert_eq!(completed.to_pkcs8(), whole, "without {gone:?}");
            }
        }
    }

    #[test]
    fn rsa_members_that_do_not_follow_from_the_others_are_found() {
        let elsewhere = document("7520 section 4.1");
        for member in ["d", "p", "q", "dp", "dq", "qi", "e"] {
            let mut document = document("A.2");
            document[member] = if member == "e" { json!("AQAD") } else { elsewhere[member].clone() };
            let fault = read(&document).unwrap_err();
            assert!(matches!(fault, KeyFault::Inconsistent(_)), "{member}: {fault}");
        }
        let mut swapped = document("A.2");
        (swapped["p"], swapped["q"]) = (swapped["q"].clone(), swapped["p"].clone());
        assert!(matches!(read(&swapped).unwrap_err(), KeyFault::Inconsistent(_)));
        (swapped["dp"], swapped["dq"]) = (swapped["dq"].clone(), swapped["dp"].clone());
        swapped.as_object_mut().unwrap().remove("qi");
        assert!(read(&swapped).is_ok(), "the smaller prime may be called p");
    }

    #[test]
    fn a_key_that_says_what_it_is_for_signs_by_nothing_else() {
        let mut document = document("A.2");
        document["alg"] = json!("PS256");
        document["use"] = json!("sig");
        document["key_ops"] = json!(["sign", "verify"]);
        let key = read(&document).unwrap();
        assert_eq!(key.serves(JwsAlgorithm::PS256), Ok(()));
        assert_eq!(
            key.serves(JwsAlgorithm::RS256).unwrap_err().to_string(),
            "the key is meant for something else: its alg is PS256, not RS256"
        );
    }

    #[test]
    fn a_public_key_is_no_private_one() {
        for example in &EXAMPLES {
            assert_eq!(refused(&example.public()), "this is a public key; a private key is needed");
        }
    }

    #[test]
    fn what_is_read_is_written_again() {
        for example in &EXAMPLES {
            let document = example.private();
            let own = read(&document).unwrap();

            let written: Value = serde_json::from_str(own.to_jwk().expose()).unwrap();

            for (name, value) in written.as_object().unwrap() {
                assert_eq!(document[name], *value, "{} {name}", example.source);
            }
            assert_eq!(read(&written).unwrap().to_pkcs8(), own.to_pkcs8(), "{}", example.source);
        }
    }
}

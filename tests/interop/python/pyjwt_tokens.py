"""PyJWT, unmodified, reads our tokens and keys and makes its own.

    python pyjwt_tokens.py < OURS

OURS is a JSON array with, for each algorithm, `alg`, a `token`, its key (`secret` in base64url, or
`public_jwk`, `public_pem` and `private_pem`). For each it prints one JSON line with the same of its
own, and its new private key in every form it can write; exits non-zero at the first it refuses.
"""

import json
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


def main():
    for ours in json.load(sys.stdin):
        theirs = symmetric(ours) if "secret" in ours else asymmetric(ours)
        print(json.dumps({"alg": ours["alg"], **theirs}), flush=True)


def symmetric(ours):
    alg, secret = ours["alg"], decoded(ours["secret"])
    accept(alg, ours["token"], secret)
    return {"token": sign(alg, secret)}


def asymmetric(ours):
    alg, token = ours["alg"], ours["token"]
    accept(alg, token, jwt.PyJWK(ours["public_jwk"], algorithm=alg).key)
    accept(alg, token, ours["public_pem"])
    refuse(alg, token, ours["public_pem"])

    private = generated(alg)
    algorithm = jwt.get_algorithm_by_name(alg)
    return {
        "token": sign(alg, private),
        "public_jwk": algorithm.to_jwk(private.public_key(), as_dict=True),
        "signed_with_ours": sign(alg, load_pem_private_key(ours["private_pem"].encode(), password=None)),
        "private_keys": written(private, algorithm),
    }


def generated(alg):
    if alg in CURVES:
        return ec.generate_private_key(CURVES[alg])
    if alg == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def written(private, algorithm):
    """The key in every form that PyJWT and cryptography write."""
    forms = {"jwk": algorithm.to_jwk(private)}
    kinds = {"pkcs8": PrivateFormat.PKCS8}
    if not isinstance(private, ed25519.Ed25519PrivateKey):
        kinds["traditional"] = PrivateFormat.TraditionalOpenSSL
    for name, kind in kinds.items():
        forms[name] = private.private_bytes(Encoding.PEM, kind, NoEncryption()).decode()
        der = private.private_bytes(Encoding.DER, kind, NoEncryption())
        forms[f"{name}_der"] = urlsafe_b64encode(der).rstrip(b"=").decode()
    return forms


def sign(alg, key):
    return jwt.encode({"sub": "ada"}, key, algorithm=alg)


def accept(alg, token, key):
    claims = jwt.decode(token, key, algorithms=[alg])
    if claims != {"sub": "ada"}:
        raise ValueError(f"{alg}: {claims} is not what was signed")


def refuse(alg, token, key):
    header, _, signature = token.split(".")
    payload = urlsafe_b64encode(b'{"sub":"eve"}').rstrip(b"=").decode()
    try:
        jwt.decode(f"{header}.{payload}.{signature}", key, algorithms=[alg])
    except jwt.InvalidSignatureError:
        return
    raise ValueError(f"{alg}: a changed token was accepted")


def decoded(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}


if __name__ == "__main__":
    main()

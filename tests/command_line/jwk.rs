//! Keys made, named and rewritten.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::Shell;

#[test]
fn a_key_is_the_same_key_in_every_form() {
    let shell = Shell::new();
    for alg in ["ES256", "ES512", "EdDSA", "RS256"] {
        let file = format!("{alg}.jwk");
        shell.says(&["jwk", "generate", "--alg", alg, "--out", &file]);
        let path = shell.home.path().join(&file);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let thumbprint = shell.says(&["jwk", "thumbprint", &file]);

        let pem = shell.says(&["jwk", "convert", &file, "--format", "pem"]);
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----"), "{pem}");
        let ended = shell.fed(&["jwk", "thumbprint", "-"], &pem);
        assert_eq!(ended.out.trim(), thumbprint, "{alg}");
        let public: Value = serde_json::from_str(&shell.says(&["jwk", "public", &file])).unwrap();
        assert_eq!((&public["kid"], &public["alg"]), (&thumbprint.as_str().into(), &alg.into()));
        assert!(public.get("d").is_none(), "{public}");
        let again = shell.fed(&["jwk", "thumbprint", "-"], &public.to_string());
        assert_eq!(again.out.trim(), thumbprint, "{alg}");
        assert!(
            shell
                .says(&["jwk", "public", &file, "--format", "pem"])
                .starts_with("-----BEGIN PUBLIC KEY-----")
        );
    }
    let ended = shell.run(&["jwk", "generate", "--out", "ES256.jwk"]);
    assert_eq!(ended.code, 4, "a key is not written over: {ended:?}");
    assert_eq!(shell.run(&["jwk", "generate", "--alg", "HS256"]).code, 2);
    assert_eq!(shell.fed(&["jwk", "thumbprint", "-"], "nonsense").code, 9);
}

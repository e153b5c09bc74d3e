//! JWS compact with EdDSA (RFC 7515, RFC 8037). Each kind of object has its own `typ`, so that one kind can never
//! pass for another.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::keys::{SignerKey, VerifyPublic};
use super::{JoseError, decode, encode, encode_onto, split};

/// Bytes of a signature in base64url.
const SIGNATURE_TEXT: usize = 86;

/// Protected header, ready in base64url: the same for every object of one key and kind.
#[derive(Debug, Clone)]
pub struct Protected(String);

impl Protected {
    /// `{"alg":"EdDSA","kid":…,"typ":…}`, and a certificate for the key if there is one.
    #[must_use]
    pub fn new(signer: &SignerKey, typ: &str, certificate: Option<&str>) -> Self {
        // Thumbprints, types and compact objects need no JSON escapes.
        let kid = signer.kid();
        let json = match certificate {
            Some(cert) => {
                format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{typ}","cert":"{cert}"}}"#)
            }
            None => format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{typ}"}}"#),
        };
        Self(encode(json))
    }

    /// Length of the compact object over a payload of so many bytes.
    pub(crate) const fn signed_len(&self, payload: usize) -> usize {
        self.0.len() + (payload * 4).div_ceil(3) + SIGNATURE_TEXT + 2
    }
}

/// Signs a payload.
#[must_use]
pub fn sign(signer: &SignerKey, protected: &Protected, payload: &[u8]) -> String {
    let mut out = String::with_capacity(protected.0.len() + payload.len().div_ceil(3) * 4 + SIGNATURE_TEXT + 2);
    out.push_str(&protected.0);
    out.push('.');
    encode_onto(payload, &mut out);
    let signature = signer.sign(out.as_bytes());
    out.push('.');
    encode_onto(signature, &mut out);
    out
}

/// A JWS taken apart, not yet verified: only its header may be looked at, to find the key.
pub struct Unverified<'a> {
    header: Header,
    signed: &'a str,
    payload: &'a str,
    signature: &'a str,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    cert: Option<String>,
    crit: Option<IgnoredAny>,
    b64: Option<IgnoredAny>,
    zip: Option<IgnoredAny>,
    jwk: Option<IgnoredAny>,
    jku: Option<IgnoredAny>,
    x5c: Option<IgnoredAny>,
    x5u: Option<IgnoredAny>,
}

impl<'a> Unverified<'a> {
    /// Reads the header and checks all that needs no key.
    ///
    /// # Errors
    /// [`JoseError`] by situation.
    pub fn parse(compact: &'a str, typ: &str) -> Result<Self, JoseError> {
        let [header, payload, signature] = split(compact)?;
        let signed = &compact[..header.len() + 1 + payload.len()];
        let header: Header = serde_json::from_slice(&decode(0, header)?).map_err(|_| JoseError::Header)?;
        if header.alg != "EdDSA" {
            return Err(JoseError::Algorithm);
        }
        let forbidden = [&header.crit, &header.b64, &header.zip, &header.jwk, &header.jku, &header.x5c, &header.x5u];
        if forbidden.into_iter().any(Option::is_some) {
            return Err(JoseError::Extension);
        }
        if header.typ.as_deref() != Some(typ) {
            return Err(JoseError::Type);
        }
        if header.kid.is_none() {
            return Err(JoseError::NoKeyId);
        }
        Ok(Self { header, signed, payload, signature })
    }

    /// Name of the key that is said to have signed.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.header.kid.as_deref().unwrap_or_default()
    }

    /// Certificate in the header, to be verified with the pinned key.
    #[must_use]
    pub fn certificate(&self) -> Option<&str> {
        self.header.cert.as_deref()
    }

    /// The payload, if this key signed it.
    ///
    /// # Errors
    /// [`JoseError::UnknownKey`] if the header names another key, [`JoseError::Signature`] if it did not sign.
    pub fn verify(&self, key: &VerifyPublic) -> Result<Vec<u8>, JoseError> {
        if self.kid() != key.kid() {
            return Err(JoseError::UnknownKey);
        }
        let signature = decode(2, self.signature)?;
        key.verify(self.signed.as_bytes(), &signature)?;
        decode(1, self.payload)
    }
}

#[cfg(test)]
mod tests {
    use super::super::jwk::Jwk;
    use super::*;

    fn rfc_key() -> SignerKey {
        let jwk: Jwk = serde_json::from_str(
            r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        )
        .unwrap();
        SignerKey::try_from(&jwk).unwrap()
    }

    #[test]
    fn rfc_8037_a4_signature() {
        let protected = Protected(encode(r#"{"alg":"EdDSA"}"#));
        let jws = sign(&rfc_key(), &protected, b"Example of Ed25519 signing");
        assert_eq!(
            jws,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
             hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }

    fn header_refused(header: &str) -> JoseError {
        let jws = sign(&rfc_key(), &Protected(encode(header)), b"{}");
        Unverified::parse(&jws, "t").and_then(|u| u.verify(rfc_key().public())).unwrap_err()
    }

    #[test]
    fn only_our_header_passes() {
        let kid = rfc_key().kid().to_owned();
        let good = sign(&rfc_key(), &Protected::new(&rfc_key(), "t", None), b"{}");
        assert_eq!(Unverified::parse(&good, "t").unwrap().verify(rfc_key().public()).unwrap(), b"{}");

        let table = [
            (format!(r#"{{"alg":"none","kid":"{kid}","typ":"t"}}"#), JoseError::Algorithm),
            (format!(r#"{{"alg":"HS256","kid":"{kid}","typ":"t"}}"#), JoseError::Algorithm),
            (format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"u"}}"#), JoseError::Type),
            (format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#), JoseError::Type),
            (r#"{"alg":"EdDSA","typ":"t"}"#.to_owned(), JoseError::NoKeyId),
            (r#"{"alg":"EdDSA","kid":"other","typ":"t"}"#.to_owned(), JoseError::UnknownKey),
            (format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"t","crit":["x"]}}"#), JoseError::Extension),
            (format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"t","jwk":{{}}}}"#), JoseError::Extension),
            (format!(r#"{{"alg":"EdDSA","alg":"none","kid":"{kid}","typ":"t"}}"#), JoseError::Header),
            ("[]".to_owned(), JoseError::Header),
        ];
        for (header, wanted) in table {
            assert_eq!(header_refused(&header), wanted, "{header}");
        }
    }

    #[test]
    fn another_key_under_our_name_is_refused() {
        let other = SignerKey::generate(&mut rand::rng());
        let jws = sign(&other, &Protected::new(&rfc_key(), "t", None), b"{}");
        assert_eq!(Unverified::parse(&jws, "t").unwrap().verify(rfc_key().public()), Err(JoseError::Signature));
    }
}

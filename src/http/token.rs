//! Access tokens: short-lived, signed, for this server and this purpose only; and how a request shows its secret.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use crate::secrets::{Keyring, Secrets, prefix, random};

const AUDIENCE: &str = "duiding";
const PURPOSE: &str = "access";

/// What an access token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// The person.
    pub sub: String,
    /// The session; it must still run.
    pub sid: String,
    /// For whom the token is.
    pub aud: String,
    /// What for.
    pub purpose: String,
    /// Issued, in seconds since 1970.
    pub iat: i64,
    /// Expires, in seconds since 1970.
    pub exp: i64,
    /// Random id of the token.
    pub jti: String,
}

/// Signs and verifies access tokens.
pub struct AccessTokens {
    keys: Arc<Keyring>,
    minutes: i64,
}

impl AccessTokens {
    /// With these keys; tokens work for `minutes`.
    pub fn new(secrets: &Secrets, minutes: i64) -> Self {
        Self::with(Arc::new(Keyring::fixed(secrets.clone())), minutes)
    }

    /// With the keys of a running server.
    pub fn with(keys: Arc<Keyring>, minutes: i64) -> Self {
        Self { keys, minutes }
    }

    /// Seconds that a new token works.
    pub fn lifetime(&self) -> i64 {
        self.minutes * 60
    }

    /// A new token for a session.
    pub fn issue(&self, user_id: &str, session_id: &str) -> anyhow::Result<String> {
        let (secrets, instant) = (self.keys.get(), Utc::now());
        let now = instant.timestamp();
        let key = secrets.signs(instant).ok_or_else(|| anyhow::anyhow!("no signing key"))?;
        let claims = Claims {
            sub: user_id.to_owned(),
            sid: session_id.to_owned(),
            aud: AUDIENCE.to_owned(),
            purpose: PURPOSE.to_owned(),
            iat: now,
            exp: now + self.lifetime(),
            jti: random(16),
        };
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(key.kid.clone());
        Ok(encode(&header, &claims, &EncodingKey::from_secret(key.secret.as_bytes()))?)
    }

    /// What a token says, when it is ours, for this purpose and not expired.
    pub fn verify(&self, token: &str) -> Option<Claims> {
        let kid = decode_header(token).ok()?.kid?;
        let secrets = self.keys.get();
        let key = secrets.verifies(&kid, Utc::now())?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        validation.leeway = 5;
        let claims = decode::<Claims>(token, &DecodingKey::from_secret(key.secret.as_bytes()), &validation).ok()?.claims;
        (claims.purpose == PURPOSE && !claims.jti.is_empty()).then_some(claims)
    }
}

/// The secret that an `Authorization` header shows: the Bearer token, or the password of Basic (for tools that know nothing
/// else).
pub fn secret_in(header: &str) -> Option<String> {
    let (scheme, rest) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (_, password) = text.split_once(':')?;
    // Only personal tokens: a password or a session in every request would be a bad habit.
    Some(password.to_owned()).filter(|p| p.starts_with(prefix::PERSONAL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn secrets() -> Secrets {
        Secrets::new()
    }

    fn forge(secrets: &Secrets, algorithm: Algorithm, kid: &str, changes: Value) -> String {
        let now = Utc::now().timestamp();
        let mut claims =
            json!({"sub": "u", "sid": "s", "aud": AUDIENCE, "purpose": PURPOSE, "iat": now, "exp": now + 60, "jti": "x"});
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let mut header = Header::new(algorithm);
        header.kid = Some(kid.to_owned());
        encode(&header, &claims, &EncodingKey::from_secret(secrets.signing_keys[0].secret.as_bytes())).unwrap()
    }

    #[test]
    fn a_token_of_ours_works() {
        let tokens = AccessTokens::new(&secrets(), 15);
        let token = tokens.issue("user", "session").unwrap();
        assert_eq!(tokens.verify(&token).unwrap().sid, "session");
    }

    #[test]
    fn no_other_token_works() {
        let secrets = secrets();
        let tokens = AccessTokens::new(&secrets, 15);
        let kid = &secrets.signing_keys[0].kid;
        assert!(tokens.verify(&forge(&secrets, Algorithm::HS256, kid, json!({}))).is_some(), "the forgery itself is right");
        for changes in [json!({"aud": "other"}), json!({"purpose": "device"}), json!({"exp": 1}), json!({"jti": ""})] {
            assert!(tokens.verify(&forge(&secrets, Algorithm::HS256, kid, changes.clone())).is_none(), "{changes}");
        }
        assert!(tokens.verify(&forge(&secrets, Algorithm::HS512, kid, json!({}))).is_none(), "wrong algorithm");
        assert!(tokens.verify(&forge(&secrets, Algorithm::HS256, "other", json!({}))).is_none(), "unknown key");
        assert!(tokens.verify(&forge(&Secrets::new(), Algorithm::HS256, kid, json!({}))).is_none(), "wrong signature");
        let valid = forge(&secrets, Algorithm::HS256, kid, json!({}));
        let payload = valid.split('.').nth(1).unwrap();
        let header = json!({"alg": "none", "typ": "JWT", "kid": kid}).to_string();
        let none = format!("{}.{payload}.", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header));
        assert!(tokens.verify(&none).is_none(), "algorithm none");
    }

    #[test]
    fn a_token_outlives_a_rotation_but_not_its_key() {
        let mut secrets = secrets();
        let kid = secrets.signing_keys[0].kid.clone();
        let before = AccessTokens::new(&secrets, 15).issue("user", "session").unwrap();
        let forged = forge(&secrets, Algorithm::HS256, &kid, json!({}));
        secrets.rotate(Utc::now(), false);
        let rotated = AccessTokens::new(&secrets, 15);
        assert!(rotated.verify(&before).is_some());
        assert!(rotated.verify(&rotated.issue("user", "session").unwrap()).is_some());
        // A key that was replaced long ago is worth nothing to whoever found it, even while it is in the file.
        secrets.signing_keys[0].made_at = Some(Utc::now() - chrono::Duration::hours(26));
        let later = AccessTokens::new(&secrets, 15);
        assert!(later.verify(&forged).is_none());
        assert!(later.verify(&later.issue("user", "session").unwrap()).is_some());
        secrets.rotate(Utc::now(), true);
        assert!(AccessTokens::new(&secrets, 15).verify(&before).is_none(), "its key was dropped");
    }
}

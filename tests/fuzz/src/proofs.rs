//! What somebody shows to prove who they are: our own tokens, and those of an identity provider.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use duiding::config::{OidcSettings, is_safe};
use duiding::http::token::{AccessTokens, secret_in};
use duiding::oidc::{Proven, usable, verified};
use openidconnect::Nonce;
use openidconnect::core::{CoreIdToken, CoreJsonWebKeySet, CoreProviderMetadata};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

use super::kept::known_secrets;

const ISSUER: &str = "https://id.example";
const CLIENT: &str = "duiding";
const NONCE: &str = "nonce";
/// The only word for a second factor that the settings believe.
const BELIEVED: &str = "otp";

/// A provider whose key everybody knows.
struct Provider {
    key: Ed25519KeyPair,
    metadata: CoreProviderMetadata,
    settings: OidcSettings,
}

static PROVIDER: LazyLock<Provider> = LazyLock::new(|| {
    let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a seed has 32 bytes");
    let point = URL_SAFE_NO_PAD.encode(key.public_key().as_ref());
    let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "one", "x": point}]});
    let keys: CoreJsonWebKeySet = serde_json::from_value(keys).expect("a set of one key");
    let metadata: CoreProviderMetadata = serde_json::from_value(discovered()).expect("a provider's document");
    let settings = OidcSettings {
        issuer: ISSUER.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret_file: PathBuf::new(),
        scopes: Vec::new(),
        name: "Provider".to_owned(),
        second_factor_values: vec![BELIEVED.to_owned()],
    };
    Provider { key, metadata: metadata.set_jwks(keys), settings }
});

/// What a provider says of itself.
pub fn discovered() -> Value {
    json!({
        "issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/authorize"), "token_endpoint": format!("{ISSUER}/token"),
        "jwks_uri": format!("{ISSUER}/keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"]
    })
}

/// Claims that are believed.
pub fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT, "azp": CLIENT, "sub": "somebody", "nonce": NONCE, "iat": 1_770_000_000, "exp": 4_102_444_800_u64,
        "email": "Someone@Example.org", "email_verified": true, "name": "Somebody", "amr": ["pwd", BELIEVED], "acr": "1"
    })
}

/// A token as this provider signs it.
fn signed(claims: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA","kid":"one"}"#);
    let content = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = PROVIDER.key.sign(content.as_bytes());
    format!("{content}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
}

fn read(token: &str) -> Option<Proven> {
    let token = CoreIdToken::from_str(token).ok()?;
    verified(&PROVIDER.settings, &PROVIDER.metadata, &token, &Nonce::new(NONCE.to_owned())).ok()
}

/// Claims that the provider signed, whatever they are.
pub fn identity_claims(input: &[u8]) {
    let Some(proven) = read(&signed(input)) else { return };
    let told: Value = serde_json::from_slice(input).expect("claims are JSON");
    assert_eq!((proven.issuer.as_str(), told["nonce"].as_str()), (ISSUER, Some(NONCE)));
    assert!((1..=255).contains(&proven.subject.len()), "a subject of {} bytes", proven.subject.len());
    assert!(proven.email.is_none() || told["email_verified"] != false, "an address that was not verified");
    assert!(proven.name.as_ref().is_none_or(|name| name.chars().count() <= 200), "a long name");
    assert!(!proven.second_factor || told.to_string().contains(BELIEVED), "a second factor out of nothing");
    let email = proven.email.unwrap_or_default();
    assert!(email.len() <= 320, "a long address");
    for text in [proven.subject, email, proven.name.unwrap_or_default()] {
        assert!(!text.contains('\0'), "no database can keep U+0000");
    }
}

/// Tokens that nobody signed.
pub fn identity_tokens(input: &[u8]) {
    let Ok(token) = std::str::from_utf8(input) else { return };
    assert!(read(token).is_none(), "a token that the provider did not sign");
}

/// What a provider says of itself: nothing is sent to an address where others can read it.
pub fn providers(input: &[u8]) {
    if let Ok(text) = std::str::from_utf8(input) {
        assert!(!is_safe(text) || leads_to_safety(text), "{text}");
    }
    let Ok(metadata) = serde_json::from_slice::<CoreProviderMetadata>(input) else { return };
    if usable(&metadata) {
        let token = metadata.token_endpoint().expect("without it there is no login");
        let addresses = [metadata.authorization_endpoint().as_str(), metadata.jwks_uri().as_str(), token.as_str()];
        addresses.into_iter().for_each(|address| assert!(leads_to_safety(address), "{address}"));
    }
}

/// As a browser or a client reads it. What no client can read leads nowhere.
fn leads_to_safety(address: &str) -> bool {
    let Ok(url) = url::Url::parse(address) else { return true };
    url.scheme() == "https" || ["localhost", "127.0.0.1", "[::1]"].contains(&url.host_str().unwrap_or_default())
}

/// Our own tokens, which nobody signed.
pub fn access_tokens(input: &[u8]) {
    static TOKENS: LazyLock<AccessTokens> = LazyLock::new(|| AccessTokens::new(&known_secrets(), 15));
    let Ok(token) = std::str::from_utf8(input) else { return };
    assert!(TOKENS.verify(token).is_none(), "a token that we did not sign");
}

pub fn authorization(input: &[u8]) {
    let Ok(header) = std::str::from_utf8(input) else { return };
    let Some(secret) = secret_in(header) else { return };
    let is_bearer = header.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "));
    assert!(is_bearer || secret.starts_with(duiding::secrets::prefix::PERSONAL), "Basic is for personal tokens");
    assert!(secret.len() <= header.len() && secret == secret.trim() || !is_bearer, "{header:?}");
}

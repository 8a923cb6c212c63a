//! What an ID token proves, and what makes it no proof.

use openidconnect::core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use openidconnect::{ClaimsVerificationError, ClientId, Nonce, SignatureVerificationError};
use serde::{Deserialize, Serialize};

use crate::config::OidcSettings;

/// Only signatures of the provider's own key: whoever knows a shared secret, or nothing, proves nothing.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Longest address that somebody can be invited by, in bytes.
const MAX_EMAIL: usize = 254;

/// Somebody at the provider, for the minutes of a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    /// The provider.
    pub issuer: String,
    /// The provider's own name of the account.
    pub subject: String,
    /// Address in lower case, if the provider says that it verified it.
    pub email: Option<String>,
    /// Name, if the provider tells it.
    pub name: Option<String>,
    /// Whether a second factor was used, in words that the settings believe.
    pub second_factor: bool,
}

/// Why a token is no proof.
pub enum Doubt {
    /// The key that signed it is not among those that are known: there may be newer ones.
    UnknownKey,
    /// It is not good.
    Refused(&'static str),
}

/// Who it is, if the token is the provider's, for us, for this login and in time.
pub fn verified(
    settings: &OidcSettings,
    metadata: &CoreProviderMetadata,
    token: &CoreIdToken,
    nonce: &Nonce,
) -> Result<Proven, Doubt> {
    let client_id = ClientId::new(settings.client_id.clone());
    let verifier = CoreIdTokenVerifier::new_public_client(client_id, metadata.issuer().clone(), metadata.jwks().clone())
        .set_allowed_algs(ALGORITHMS);
    let claims = token.claims(&verifier, nonce).map_err(|e| doubt(&e))?;
    if claims.authorized_party().is_some_and(|azp| azp.as_str() != settings.client_id) {
        return Err(Doubt::Refused("made for another client"));
    }
    if !is_subject(claims.subject()) {
        return Err(Doubt::Refused("no usable subject"));
    }
    Ok(proven(settings, claims))
}

/// As long as the standard allows, and without U+0000, which PostgreSQL cannot look for.
fn is_subject(subject: &str) -> bool {
    (1..=255).contains(&subject.len()) && !subject.contains('\0')
}

/// What an invitation could have been sent to.
fn is_address(email: &str) -> bool {
    (1..=MAX_EMAIL).contains(&email.len()) && !email.contains('\0')
}

fn proven(settings: &OidcSettings, claims: &CoreIdTokenClaims) -> Proven {
    let verified = claims.email_verified() == Some(true);
    let email = claims.email().filter(|_| verified).map(|e| e.trim().to_lowercase()).filter(|e| is_address(e));
    let name = claims.name().and_then(|names| names.get(None)).map(|n| n.trim().chars().take(200).collect::<String>());
    let acr = claims.auth_context_ref().map(|acr| acr.as_str());
    let amr = claims.auth_method_refs().into_iter().flatten().map(|amr| amr.as_str());
    let believed = |value: &str| settings.second_factor_values.iter().any(|v| v == value);
    Proven {
        issuer: claims.issuer().as_str().to_owned(),
        subject: claims.subject().as_str().to_owned(),
        email,
        name: name.filter(|n| !n.is_empty() && !n.contains('\0')),
        second_factor: amr.chain(acr).any(believed),
    }
}

/// The library's words may hold parts of the token: these do not.
fn doubt(error: &ClaimsVerificationError) -> Doubt {
    Doubt::Refused(match error {
        ClaimsVerificationError::Expired(_) => "too old",
        ClaimsVerificationError::InvalidAudience(_) => "made for another client",
        ClaimsVerificationError::InvalidIssuer(_) => "of another provider",
        ClaimsVerificationError::InvalidNonce(_) => "of another login",
        ClaimsVerificationError::SignatureVerification(e) => match e {
            SignatureVerificationError::NoMatchingKey => return Doubt::UnknownKey,
            SignatureVerificationError::CryptoError(_) => "wrong signature",
            SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::UnsupportedAlg(_)
            | SignatureVerificationError::NoSignature => "signed in a way that proves nothing",
            _ => "not signed by a usable key",
        },
        _ => "not a usable token",
    })
}

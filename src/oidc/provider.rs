//! One identity provider: what it says of itself, kept for a while, and the two steps of a login.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreProviderMetadata};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, TokenResponse,
};
use tokio::sync::Mutex;

use super::transport::{Transport, TransportError};
use super::verify::{Doubt, Proven, verified};
use super::{Failure, derived};
use crate::config::{OidcSettings, is_safe};

/// How long what the provider says of itself is believed without asking again.
const FRESH: Duration = Duration::from_secs(3600);

/// The identity provider of the settings.
pub struct Provider {
    settings: OidcSettings,
    issuer: IssuerUrl,
    secret: ClientSecret,
    redirect: RedirectUrl,
    transport: Transport,
    known: Mutex<Known>,
}

/// What is known of it.
#[derive(Default)]
struct Known {
    metadata: Option<(Arc<CoreProviderMetadata>, Instant)>,
    failed: Option<(Failure, Instant)>,
}

impl Provider {
    /// With the address to which it sends browsers back. Errors: the file of the secret cannot be read or is empty, an
    /// address is none, or this machine knows no certificate authorities.
    pub fn new(settings: &OidcSettings, public_url: &str) -> anyhow::Result<Self> {
        let file = &settings.client_secret_file;
        let secret = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        anyhow::ensure!(!secret.trim().is_empty(), "{} is empty", file.display());
        Ok(Self {
            issuer: IssuerUrl::new(settings.issuer.clone()).context("DUIDING_OIDC_ISSUER")?,
            secret: ClientSecret::new(secret.trim().to_owned()),
            redirect: RedirectUrl::new(format!("{public_url}/v1/sessions/oidc-callback")).context("DUIDING_PUBLIC_URL")?,
            transport: Transport::new().context("the client for the identity provider")?,
            known: Mutex::default(),
            settings: settings.clone(),
        })
    }

    /// The settings.
    pub fn settings(&self) -> &OidcSettings {
        &self.settings
    }

    /// Where to send the browser. The nonce and the verifier of PKCE follow from the client's handle. Errors: the provider
    /// is away.
    pub async fn authorization_url(&self, handle: &str, state: &str) -> Result<String, Failure> {
        let (metadata, _) = self.metadata(None).await?;
        let (state, nonce) = (CsrfToken::new(state.to_owned()), nonce(handle));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&pkce(handle));
        let client = CoreClient::from_provider_metadata(
            CoreProviderMetadata::clone(&metadata),
            ClientId::new(self.settings.client_id.clone()),
            None,
        )
        .set_redirect_uri(self.redirect.clone());
        let request = client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce);
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let (url, ..) = request.add_scopes(scopes).set_pkce_challenge(challenge).url();
        Ok(url.to_string())
    }

    /// Exchanges a code for who it is. Errors: the provider is away, or what it answers is no proof.
    pub async fn exchange(&self, handle: &str, code: String) -> Result<Proven, Failure> {
        let (metadata, read_at) = self.metadata(None).await?;
        let token = self.token(&metadata, handle, code).await?;
        match verified(&self.settings, &metadata, &token, &nonce(handle)) {
            Ok(proven) => return Ok(proven),
            Err(Doubt::Refused(why)) => return Err(Failure::Refused(why)),
            Err(Doubt::UnknownKey) => {}
        }
        // Providers change their keys. The token came from the provider itself, so nobody else can make us ask for them.
        let (metadata, _) = self.metadata(Some(read_at)).await?;
        verified(&self.settings, &metadata, &token, &nonce(handle)).map_err(|doubt| match doubt {
            Doubt::Refused(why) => Failure::Refused(why),
            Doubt::UnknownKey => Failure::Refused("signed by an unknown key"),
        })
    }

    async fn token(&self, metadata: &CoreProviderMetadata, handle: &str, code: String) -> Result<CoreIdToken, Failure> {
        let (id, secret) = (ClientId::new(self.settings.client_id.clone()), Some(self.secret.clone()));
        let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret)
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(auth_type(metadata));
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|e| Failure::Away(e.to_string()))?;
        let answer = request.set_pkce_verifier(pkce(handle)).request_async(&self.transport).await.map_err(refusal)?;
        answer.id_token().cloned().ok_or(Failure::Refused("no ID token"))
    }

    /// What the provider says of itself, with its keys; read anew when that was long ago, or at `older_than`. Who waited
    /// while another asked in vain does not ask again.
    async fn metadata(&self, older_than: Option<Instant>) -> Result<(Arc<CoreProviderMetadata>, Instant), Failure> {
        let came = Instant::now();
        let mut known = self.known.lock().await;
        if let Some((metadata, read_at)) = &known.metadata
            && read_at.elapsed() < FRESH
            && older_than.is_none_or(|at| *read_at > at)
        {
            return Ok((metadata.clone(), *read_at));
        }
        if let Some((failure, at)) = &known.failed
            && *at > came
        {
            return Err(failure.clone());
        }
        match self.discover().await {
            Ok(metadata) => {
                let found = (Arc::new(metadata), Instant::now());
                *known = Known { metadata: Some(found.clone()), failed: None };
                Ok(found)
            }
            Err(failure) => {
                known.failed = Some((failure.clone(), Instant::now()));
                Err(failure)
            }
        }
    }

    async fn discover(&self) -> Result<CoreProviderMetadata, Failure> {
        let asked = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.transport);
        let metadata = asked.await.map_err(|e| Failure::Away(with_sources(&e)))?;
        if !usable(&metadata) {
            return Err(Failure::Away("it names addresses without TLS, or no token endpoint".to_owned()));
        }
        Ok(metadata)
    }
}

/// Whether all addresses that a login needs are there and safe.
pub fn usable(metadata: &CoreProviderMetadata) -> bool {
    let token = metadata.token_endpoint().map(|url| url.as_str()).unwrap_or_default();
    let addresses = [metadata.authorization_endpoint().as_str(), metadata.jwks_uri().as_str(), token];
    addresses.into_iter().all(is_safe)
}

fn nonce(handle: &str) -> Nonce {
    Nonce::new(derived(handle, "nonce"))
}

fn pkce(handle: &str) -> PkceCodeVerifier {
    PkceCodeVerifier::new(derived(handle, "pkce"))
}

/// How we show our secret: as the standard does, unless the provider takes it in the body only.
fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let methods = metadata.token_endpoint_auth_methods_supported();
    let takes = |method: CoreClientAuthMethod| methods.is_some_and(|m| m.contains(&method));
    if takes(CoreClientAuthMethod::ClientSecretPost) && !takes(CoreClientAuthMethod::ClientSecretBasic) {
        return AuthType::RequestBody;
    }
    AuthType::BasicAuth
}

fn refusal<E: openidconnect::ErrorResponse + 'static>(error: RequestTokenError<TransportError, E>) -> Failure {
    match error {
        RequestTokenError::ServerResponse(_) => Failure::Refused("the provider refused the code"),
        RequestTokenError::Request(e) => Failure::Away(with_sources(&e)),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Failure::Refused("an answer that cannot be read"),
    }
}

/// An error with what caused it, for the log.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(e) = cause {
        text = format!("{text}: {e}");
        cause = e.source();
    }
    text
}

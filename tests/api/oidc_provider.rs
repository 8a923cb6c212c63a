//! An identity provider in the process of the test, which can be told to misbehave, and a browser that goes there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use duiding::config::OidcSettings;
use hmac::{Hmac, Mac};
use reqwest::{Client, Url};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::helpers::{Answer, TestApp, config, start_with};

const SECRET: &str = "a secret between the two of us";

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Signing {
    /// As it should be.
    Right,
    /// Not at all.
    None,
    /// With the public key as if it were a shared secret.
    PublicKeyAsSecret,
    /// With the client's secret.
    ClientSecret,
    /// By a key of somebody else, under the name of ours.
    OtherKey,
}

/// How the provider is today.
pub struct Mood {
    pub signing: Signing,
    /// Members of the token that are otherwise; null leaves one out.
    pub claims: Value,
    /// Answers 503 to everything.
    pub down: bool,
    /// Accepts a code again.
    pub forgetful: bool,
    /// Times that the keys were asked for.
    pub keys_read: usize,
    key: Arc<EcdsaKeyPair>,
    kid: String,
    codes: HashMap<String, HashMap<String, String>>,
}

/// The provider.
pub struct Provider {
    pub url: String,
    pub mood: Arc<Mutex<Mood>>,
}

fn new_key() -> Arc<EcdsaKeyPair> {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    Arc::new(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap())
}

fn random() -> String {
    duiding::secrets::random(16)
}

type Shared = web::Data<(String, Arc<Mutex<Mood>>)>;

async fn discovery(shared: Shared) -> HttpResponse {
    let url = &shared.0;
    if shared.1.lock().unwrap().down {
        return HttpResponse::ServiceUnavailable().finish();
    }
    HttpResponse::Ok().json(json!({
        "issuer": url, "authorization_endpoint": format!("{url}/authorize"), "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"]
    }))
}

async fn jwks(shared: Shared) -> HttpResponse {
    let mut mood = shared.1.lock().unwrap();
    mood.keys_read += 1;
    let point = mood.key.public_key().as_ref();
    let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
    let key = json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": mood.kid, "x": x, "y": y});
    HttpResponse::Ok().json(json!({"keys": [key]}))
}

/// Everybody who comes is let in at once.
async fn authorize(shared: Shared, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let code = random();
    for (name, value) in [("response_type", "code"), ("client_id", "duiding"), ("code_challenge_method", "S256")] {
        assert_eq!(query[name], value);
    }
    assert!(query["scope"].split(' ').any(|s| s == "openid"));
    let mut back = Url::parse(&query["redirect_uri"]).unwrap();
    back.query_pairs_mut().append_pair("code", &code).append_pair("state", &query["state"]).append_pair("session_state", "x");
    shared.1.lock().unwrap().codes.insert(code, query.into_inner());
    HttpResponse::Found().insert_header(("location", back.as_str())).finish()
}

async fn token(shared: Shared, req: HttpRequest, form: web::Form<HashMap<String, String>>) -> HttpResponse {
    let mut mood = shared.1.lock().unwrap();
    if mood.down {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let shown = req.headers().get("authorization").unwrap().to_str().unwrap().strip_prefix("Basic ").unwrap();
    let shown = String::from_utf8(STANDARD.decode(shown).unwrap()).unwrap();
    assert_eq!(shown.replace('+', " ").replace("%20", " "), format!("duiding:{SECRET}"));
    let known = if mood.forgetful { mood.codes.get(&form["code"]).cloned() } else { mood.codes.remove(&form["code"]) };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
    let asked = known.filter(|asked| asked["code_challenge"] == challenge && asked["redirect_uri"] == form["redirect_uri"]);
    let Some(asked) = asked else { return HttpResponse::BadRequest().json(json!({"error": "invalid_grant"})) };
    let id_token = mood.id_token(&shared.0, &asked["nonce"]);
    HttpResponse::Ok().json(json!({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}))
}

impl Mood {
    fn id_token(&self, issuer: &str, nonce: &str) -> String {
        let now = chrono::Utc::now().timestamp();
        let mut claims = json!({
            "iss": issuer, "aud": "duiding", "sub": "subject 1", "exp": now + 300, "iat": now, "nonce": nonce,
            "email": "Person@Example.org", "email_verified": true, "name": "Person"
        });
        for (name, value) in self.claims.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let alg = match self.signing {
            Signing::Right | Signing::OtherKey => "ES256",
            Signing::None => "none",
            Signing::PublicKeyAsSecret | Signing::ClientSecret => "HS256",
        };
        let header = json!({"alg": alg, "typ": "JWT", "kid": self.kid});
        let text = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let mac = |key: &[u8]| Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(&text).finalize().into_bytes().to_vec();
        let sign = |key: &EcdsaKeyPair| key.sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec();
        let signature = match self.signing {
            Signing::Right => sign(&self.key),
            Signing::OtherKey => sign(&new_key()),
            Signing::None => Vec::new(),
            Signing::PublicKeyAsSecret => mac(self.key.public_key().as_ref()),
            Signing::ClientSecret => mac(SECRET.as_bytes()),
        };
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl Provider {
    /// Starts it on a free port.
    pub fn start() -> Self {
        let mood = Mood {
            signing: Signing::Right,
            claims: json!({}),
            down: false,
            forgetful: false,
            keys_read: 0,
            key: new_key(),
            kid: random(),
            codes: HashMap::new(),
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mood = Arc::new(Mutex::new(mood));
        let shared: Shared = web::Data::new((url.clone(), mood.clone()));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/jwks", web::get().to(jwks))
                .route("/authorize", web::get().to(authorize))
                .route("/token", web::post().to(token))
        });
        actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        Self { url, mood }
    }

    pub fn change(&self, change: impl FnOnce(&mut Mood)) {
        change(&mut self.mood.lock().unwrap());
    }

    /// Signs with a new key from now on.
    pub fn rotate(&self) {
        self.change(|mood| (mood.key, mood.kid) = (new_key(), random()));
    }
}

/// A server with this provider, and other settings.
pub async fn start_at(provider: &Provider, change: impl FnOnce(&mut duiding::config::Config)) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = config(&folder);
    let client_secret_file = folder.path().join("client-secret");
    std::fs::write(&client_secret_file, format!("{SECRET}\n")).unwrap();
    settings.oidc = Some(OidcSettings {
        issuer: provider.url.clone(),
        client_id: "duiding".to_owned(),
        client_secret_file,
        scopes: vec!["email".to_owned(), "profile".to_owned()],
        name: "Log in with your organisation".to_owned(),
        second_factor_values: vec!["mfa".to_owned()],
    });
    change(&mut settings);
    start_with(settings, folder).await
}

/// A server and its provider.
pub async fn with_provider() -> (TestApp, Provider) {
    let provider = Provider::start();
    (start_at(&provider, |_| ()).await, provider)
}

/// A browser: it keeps a cookie and shows where it is sent.
pub struct Browser {
    client: Client,
    pub cookie: String,
}

impl Browser {
    pub fn new() -> Self {
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { client, cookie: String::new() }
    }

    /// Begins a login, or with a token the link of an identity.
    pub async fn begin(&mut self, app: &TestApp, token: &str) -> Value {
        let answer = if token.is_empty() {
            app.post("/v1/sessions/_oidc", "", &json!({})).await
        } else {
            let body = json!({"currentPassword": crate::helpers::PASSWORD});
            app.post("/v1/me/identities/_begin", token, &body).await
        };
        let set = answer.header("set-cookie");
        let begun = answer.expect(201);
        assert!(set.contains("; HttpOnly; SameSite=Lax") && !set.contains(begun["handle"].as_str().unwrap()), "{set}");
        self.cookie = set.split(';').next().unwrap().to_owned();
        begun
    }

    /// Goes to the provider; answers the path with which it sends the browser back.
    pub async fn visit(&self, begun: &Value) -> String {
        let url = begun["authorizationUrl"].as_str().unwrap();
        let sent = self.client.get(url).send().await.unwrap();
        let back = Url::parse(sent.headers()["location"].to_str().unwrap()).unwrap();
        assert_eq!((back.host_str(), back.path()), (Some("localhost"), "/v1/sessions/oidc-callback"));
        format!("{}?{}", back.path(), back.query().unwrap())
    }

    /// Opens a page of the server.
    pub async fn open(&self, app: &TestApp, path: &str) -> Answer {
        let request = self.client.get(format!("{}{path}", app.url)).header("cookie", format!("other=1; {}", self.cookie));
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn post(&self, app: &TestApp, path: &str, token: &str, body: &Value) -> Answer {
        let request = app.request(reqwest::Method::POST, path, token).header("cookie", &self.cookie).json(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Begins, goes and comes back; answers the handle.
    pub async fn come_back(&mut self, app: &TestApp, token: &str) -> String {
        let begun = self.begin(app, token).await;
        let answer = self.open(app, &self.visit(&begun).await).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (303, ""));
        assert_eq!(answer.header("location"), format!("{}/#login", app.state.config.public_url));
        begun["handle"].as_str().unwrap().to_owned()
    }

    pub async fn finish(&self, app: &TestApp, handle: &str) -> Answer {
        self.post(app, "/v1/sessions/_oidc-finish", "", &json!({"handle": handle})).await
    }

    /// A whole login.
    pub async fn login(&mut self, app: &TestApp) -> Answer {
        let handle = self.come_back(app, "").await;
        self.finish(app, &handle).await
    }

    /// Links whoever the provider says it is to the account of a token.
    pub async fn link(&mut self, app: &TestApp, token: &str) -> Answer {
        let handle = self.come_back(app, token).await;
        self.post(app, "/v1/me/identities", token, &json!({"handle": handle})).await
    }
}

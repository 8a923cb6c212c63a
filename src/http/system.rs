//! Health, the OpenAPI document, and the pages that come with the server.

use std::sync::Arc;

use actix_web::dev::HttpServiceFactory;
use actix_web::http::header;
use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::auth::Public;
use super::error::{ApiError, ApiResult};
use crate::app::AppState;

/// The document as text, written once.
pub struct OpenApiText(String);

impl OpenApiText {
    /// Writes a document.
    pub fn of(document: &Arc<OpenApi>) -> Self {
        Self(document.to_json().expect("the document is JSON"))
    }
}

/// State of the server.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Health {
    /// `ok` when it is well.
    #[schema(example = "ok")]
    status: &'static str,
    /// Version of the server.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// The OpenAPI document of this server.
#[utoipa::path(tag = "system", security(()), responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = serde_json::Value)))]
#[get("/v1/openapi.json")]
pub async fn get_openapi(_: Public, text: web::Data<OpenApiText>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header(("Cross-Origin-Resource-Policy", "cross-origin"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .content_type("application/json")
        .body(text.0.clone())
}

/// Whether the process is alive.
#[utoipa::path(tag = "system", security(()), responses((status = 200, description = "Alive", body = Health)))]
#[get("/healthz")]
pub async fn get_health(_: Public) -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// How long readiness waits for the database: who asks would rather send people elsewhere.
const READY_WAIT: std::time::Duration = std::time::Duration::from_secs(2);

/// Whether the server can answer: the database does, and the server is not about to stop.
#[utoipa::path(tag = "system", security(()), responses((status = 200, description = "Ready", body = Health)))]
#[get("/readyz")]
pub async fn get_readiness(_: Public, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let answers = tokio::time::timeout(READY_WAIT, state.db.is_ready()).await.unwrap_or(false);
    if state.draining.get() || !answers {
        return Err(ApiError::unavailable());
    }
    Ok(HttpResponse::Ok().json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}

/// What the page of Swagger UI may load: its own files, and whatever this server answers. Pictures in its style sheet are
/// `data:`. It has no script and no style in the page itself.
const SWAGGER_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                              connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Swagger UI, served from the binary.
pub fn swagger(document: &Arc<OpenApi>) -> impl HttpServiceFactory + use<> {
    let config = Config::new(["/v1/openapi.json"]).try_it_out_enabled(true).validator_url("none");
    // The document itself is served by `get_openapi`, with its own headers.
    let _ = document;
    let policy = DefaultHeaders::new().add((header::CONTENT_SECURITY_POLICY, SWAGGER_POLICY));
    web::scope("/docs").wrap(policy).service(SwaggerUi::new("/{_:.*}").config(config))
}

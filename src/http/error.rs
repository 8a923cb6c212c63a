//! Every refusal, as `application/problem+json` (RFC 9457) with a stable code.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpResponse, ResponseError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::{DbError, TransactionError};
use crate::domain::problem::{FieldError, Problems};

/// A problem document (RFC 9457).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "type": "about:blank", "title": "Bad Request", "status": 400, "code": "invalidInput",
    "detail": "the input has errors",
    "errors": [{"path": "$.placements.confidence.value.position", "code": "outOfRange", "message": "1.2 is greater than the maximum of 1"}]
}))]
pub struct Problem {
    /// Always `about:blank`: the code says what kind of problem it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name of the status.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable, machine-readable code.
    pub code: String,
    /// What went wrong, in English, without anything internal or personal.
    pub detail: String,
    /// Every wrong field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// A refusal.
#[derive(Clone)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, String)>,
}

/// The result of a handler.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A refusal with this status, code and explanation.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), errors: Vec::new(), headers: Vec::new() }
    }

    /// Adds a header.
    pub fn with_header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// 400 for one field.
    pub fn field(path: &str, code: &str, message: impl Into<String>) -> Self {
        Problems::one(path, code, message).into()
    }

    /// The same refusal with its fields below `parent`: a document that is a part of the body was checked on its own.
    pub fn below(mut self, parent: &str) -> Self {
        for error in &mut self.errors {
            if let Some(rest) = error.path.strip_prefix('$') {
                error.path = format!("{parent}{rest}");
            }
        }
        self
    }

    /// 400 for a file: the first errors, and how many there are.
    pub fn invalid_rows(problems: Problems, count: u64) -> Self {
        let mut error = Self::from(problems);
        error.detail = format!("the file has {count} errors, of which the first are listed; nothing was imported");
        error
    }

    /// 401: who is asking?
    pub fn unauthorised(detail: &str) -> Self {
        Self::unproven("unauthorised", detail)
    }

    /// 401: the password is right, and a code is needed too.
    pub fn code_needed() -> Self {
        Self::unproven("secondFactorNeeded", "this account has a second factor: send its code too")
    }

    /// 401: the code is wrong or was used.
    pub fn wrong_code() -> Self {
        Self::unproven("wrongCode", "this code is wrong, too old, or was used already")
    }

    fn unproven(code: &'static str, detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
            .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"duiding\", Basic realm=\"duiding\"")
    }

    /// 403: this server wants everybody to have a second factor.
    pub fn factor_required() -> Self {
        let detail = "this server needs a second factor; set one up with POST /v1/me/second-factor";
        Self::new(StatusCode::FORBIDDEN, "secondFactorNeeded", detail)
    }

    /// 403: known, but may not.
    pub fn forbidden(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 404, the same for what is not there and for what is somebody else's.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "notFound", "there is nothing here")
    }

    /// 409.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// Whether what was asked for is not there, or not any more.
    pub fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// 503: the same request may succeed later.
    pub fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "cannot answer right now; nothing was kept, please try again")
            .with_header(header::RETRY_AFTER, "2")
    }

    /// 500. The cause goes to the log, never to the client.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(cause = %cause, "internal error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong on our side")
    }

    /// The problem document.
    pub fn problem(&self) -> Problem {
        Problem {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.clone(),
            errors: self.errors.clone(),
        }
    }
}

/// What the log shows: status and code, never the fields, whose names and words come from the input.
impl std::fmt::Debug for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.code)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::REQUEST_TIMEOUT {
            response.force_close(); // the rest of the body is not waited for
        }
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        let body = serde_json::to_string(&self.problem()).expect("a problem is JSON");
        response.content_type("application/problem+json").body(body)
    }
}

impl From<Problems> for ApiError {
    fn from(problems: Problems) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, "invalidInput", "the input has errors");
        error.errors = problems.0;
        error
    }
}

impl From<DbError> for ApiError {
    fn from(e: DbError) -> Self {
        match e {
            DbError::NotFound => Self::not_found(),
            DbError::Conflict(rule) => {
                tracing::debug!(%rule, "conflict");
                Self::conflict("conflict", "this is there already")
            }
            DbError::Unavailable(cause) => {
                tracing::warn!(%cause, "database unavailable");
                Self::unavailable()
            }
            DbError::Internal(cause) => Self::internal(cause),
        }
    }
}

impl From<TransactionError> for ApiError {
    fn from(e: TransactionError) -> Self {
        DbError::from(e).into()
    }
}

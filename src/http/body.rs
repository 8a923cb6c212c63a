//! Reading requests: bodies in two steps (strict JSON, then every error at once), queries, and content types.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Datelike, NaiveDateTime, Utc};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, StreamExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::let_in;
use super::error::{ApiError, ApiResult};
use super::pace::was_too_slow;
use crate::domain::problem::Problems;
use crate::domain::{json, shape};

/// Largest JSON body, unless a route says otherwise: 2 MiB.
pub const MAX_BODY: usize = 2 * 1024 * 1024;

/// A JSON body that has the published shape of `T`.
pub struct Body<T>(pub T);

impl<T: ToSchema + DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        async move {
            let (value, _) = read_json(&req, &mut payload, MAX_BODY).await?;
            Ok(Self(shape::read::<T>(&value)?))
        }
        .boxed_local()
    }
}

/// Bytes of a file, as they are.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code)] // the shape for the document
pub struct FileBytes(Vec<u8>);

/// A member of a change that is there, with `null` for taking its value away; with `#[serde(default)]` an absent one is `None`.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(member: D) -> Result<Option<T>, D::Error> {
    T::deserialize(member).map(Some)
}

/// Any JSON body, for documents that have a check of their own; of at most `LIMIT` bytes. Beside it its size in bytes.
pub struct Document<const LIMIT: usize = MAX_BODY>(pub Value, pub usize);

impl<const LIMIT: usize> FromRequest for Document<LIMIT> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        async move { read_json(&req, &mut payload, LIMIT).await.map(|(value, size)| Self(value, size)) }.boxed_local()
    }
}

async fn read_json(req: &HttpRequest, payload: &mut Payload, limit: usize) -> ApiResult<(Value, usize)> {
    let_in(req).await;
    require_type(req, &["application/json"])?;
    let bytes = read_bytes(payload, limit).await?;
    Ok((json::parse(&bytes)?, bytes.len()))
}

/// Refuses a body of another media type. Errors: 415.
pub fn require_type(req: &HttpRequest, allowed: &[&str]) -> ApiResult<()> {
    let given = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let essence = given.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if allowed.contains(&essence.as_str()) {
        return Ok(());
    }
    let detail = format!("the body must be {}", allowed.join(" or "));
    Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupportedMediaType", detail))
}

/// A body that did not come to its end: 408 when it came too slowly, 400 otherwise.
pub fn broken(error: &PayloadError) -> ApiError {
    if was_too_slow(error) {
        let detail = "the body came too slowly; nothing of it was kept, please try again";
        return ApiError::new(StatusCode::REQUEST_TIMEOUT, "tooSlow", detail);
    }
    ApiError::field("$", "incomplete", "the body ended too early")
}

/// Reads a body of at most `limit` bytes. Errors: 413, 408 when it comes too slowly, or 400 when the connection breaks.
pub async fn read_bytes(payload: &mut Payload, limit: usize) -> ApiResult<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| broken(&e))?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// 413 for a body over the limit.
pub fn too_large(limit: usize) -> ApiError {
    let detail = format!("the body is larger than {limit} bytes");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "tooLarge", detail)
}

/// Query parameters; unknown ones are refused, so that a misspelt filter does not answer another question.
pub struct Query<T>(pub T, PhantomData<()>);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        async move {
            let_in(&req).await;
            read_query(req.query_string()).map(|query| Self(query, PhantomData))
        }
        .boxed_local()
    }
}

/// Whether a text is an instant in a year that no calendar shows and not every database can compare. `chrono` reads far more
/// years than the four digits of RFC 3339.
pub fn is_strange_time(text: &str) -> bool {
    let time = text.parse::<DateTime<Utc>>().map(|t| t.naive_utc()).or_else(|_| text.parse::<NaiveDateTime>());
    time.is_ok_and(|t| !(1..=9999).contains(&t.year()))
}

/// Reads a query. Errors: every parameter that is unknown or has a wrong value, then what is missing or given twice.
pub fn read_query<T: DeserializeOwned>(query: &str) -> ApiResult<T> {
    let mut problems = Problems::default();
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let decoded = actix_web::web::Query::<Vec<(String, String)>>::from_query(pair);
        let (name, value) = decoded.ok().and_then(|p| p.into_inner().pop()).unwrap_or_default();
        let mut wrong = |message: &str| problems.add(format!("query.{name}"), "invalidQuery", message);
        match actix_web::web::Query::<T>::from_query(pair) {
            _ if name.contains('\0') || value.contains('\0') => wrong("must not contain the character U+0000"),
            _ if is_strange_time(&value) => wrong("must be in the years 1 to 9999"),
            Ok(_) => {}
            Err(e) if e.to_string().contains("missing field") => {}
            Err(e) if e.to_string().contains("unknown field") => wrong("there is no such parameter here"),
            Err(_) => wrong("is not one of the values that this parameter may have"),
        }
    }
    problems.or_ok(())?;
    Ok(actix_web::web::Query::<T>::from_query(query).map_err(|e| query_error(&e.to_string()))?.into_inner())
}

/// A parameter that is missing or given twice; the library's words name it between back-ticks.
fn query_error(text: &str) -> ApiError {
    let name = text.split('`').nth(1).unwrap_or_default();
    let message = if text.contains("missing field") { "this parameter is required" } else { "this parameter is given twice" };
    Problems::one(format!("query.{name}"), "invalidQuery", message).into()
}

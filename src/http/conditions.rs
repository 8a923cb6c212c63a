//! `If-Match`, `If-None-Match` and `ETag` of what several people change at the same time.

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::IntoParams;

use super::error::ApiError;
use crate::domain::conditions::{Condition, Refusal, tag_of};
use crate::domain::tags::tags_in;

/// What a PUT says of what is there.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)] // describes the headers; `Known` reads them
pub struct PutHeaders {
    /// The `ETag` of what is to be changed.
    #[param(rename = "If-Match", example = "\"7\"")]
    if_match: Option<String>,
    /// `*` to make it: nothing with this id is there yet.
    #[param(rename = "If-None-Match", example = "*")]
    if_none_match: Option<String>,
}

/// What a request says of what is to be changed.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)] // describes the header; `Known` reads it
pub struct MatchHeader {
    /// The `ETag` of what is to be changed or removed.
    #[param(rename = "If-Match", example = "\"7\"")]
    if_match: Option<String>,
}

/// What the writer says of what is there.
pub struct Known(pub Condition);

impl FromRequest for Known {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let all = |name| -> Vec<String> {
            let given = req.headers().get_all(name).filter_map(|v| v.to_str().ok());
            given.flat_map(tags_in).filter(|tag| !tag.is_empty()).collect()
        };
        let (known, absent) = (all(header::IF_MATCH), all(header::IF_NONE_MATCH));
        ready(Ok(Self(if absent.iter().any(|tag| tag == "*") {
            Condition::Absent
        } else if known.is_empty() {
            Condition::Unsaid
        } else {
            Condition::Versions(known)
        })))
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::ConditionNeeded => {
                let detail =
                    "say what you know of it: If-Match with its ETag to change or remove it, If-None-Match: * to make it";
                Self::new(StatusCode::PRECONDITION_REQUIRED, "ifMatchNeeded", detail)
            }
            Refusal::ChangedMeanwhile => {
                let detail = "somebody changed this since you read it; nothing of yours was kept: read it again, then decide";
                Self::new(StatusCode::PRECONDITION_FAILED, "changedMeanwhile", detail)
            }
            Refusal::Gone => Self::not_found(),
        }
    }
}

/// What a PUT came to.
pub enum Put<T> {
    /// It was made.
    Made(T),
    /// It was changed.
    Changed(T),
    /// It was so already.
    Same(T),
}

impl<T: Serialize> Put<T> {
    /// The answer: the resource with its `ETag`.
    pub fn answer(self, location: &str, revision: impl Fn(&T) -> i64) -> HttpResponse {
        let (mut response, resource) = match self {
            Self::Made(resource) => {
                let mut response = HttpResponse::Created();
                response.insert_header((header::LOCATION, location));
                (response, resource)
            }
            Self::Changed(resource) => (HttpResponse::Ok(), resource),
            Self::Same(resource) => {
                let mut response = HttpResponse::Ok();
                response.insert_header(("Idempotent-Replay", "true"));
                (response, resource)
            }
        };
        response.insert_header((header::ETAG, tag_of(revision(&resource)))).json(resource)
    }
}

/// A resource with its `ETag`.
pub fn tagged<T: Serialize>(resource: &T, revision: i64) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, tag_of(revision))).json(resource)
}

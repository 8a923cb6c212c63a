//! Paging by opaque cursor, and times as they leave.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::body::is_strange_time;
use super::error::{ApiError, ApiResult};
use crate::domain::json;

/// Items on a page when the client does not say.
pub const DEFAULT_LIMIT: u32 = 50;
/// Most items on a page.
pub const MAX_LIMIT: u32 = 500;

/// One page of a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Cursor of the next page; null on the last one.
    pub next: Option<String>,
}

/// Where a page begins and how long it is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Most items to answer, 1 to 500.
    #[param(minimum = 1, maximum = 500, default = 50, example = 50)]
    pub limit: Option<u32>,
}

/// A limit within its range. Errors: 400.
pub fn limit_of(limit: Option<u32>) -> ApiResult<i64> {
    match limit.unwrap_or(DEFAULT_LIMIT) {
        n @ 1..=MAX_LIMIT => Ok(i64::from(n)),
        _ => Err(ApiError::field("query.limit", "outOfRange", format!("must be between 1 and {MAX_LIMIT}"))),
    }
}

/// The position that a cursor stands for. Errors: 400 for a cursor that we did not make.
pub fn position<P: DeserializeOwned>(cursor: Option<&str>) -> ApiResult<Option<P>> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let value = bytes.and_then(|b| json::parse(&b).ok()).filter(|value| !has_strange_time(value));
    let read = value.and_then(|value| serde_json::from_value(value).ok());
    read.map(Some).ok_or_else(|| ApiError::field("query.cursor", "wrongFormat", "not a cursor of this list"))
}

fn has_strange_time(value: &Value) -> bool {
    match value {
        Value::Array(parts) => parts.iter().any(has_strange_time),
        Value::String(text) => is_strange_time(text),
        _ => false,
    }
}

/// Makes a page of what was found with `limit + 1` rows asked: one row more says that there is a next page.
pub fn page<R, T, P: Serialize>(mut rows: Vec<R>, limit: i64, at: impl Fn(&R) -> P, item: impl FnMut(R) -> T) -> Page<T> {
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| more).map(&at);
    let next = last.map(|p| URL_SAFE_NO_PAD.encode(serde_json::to_vec(&p).expect("a position is JSON")));
    Page { items: rows.into_iter().map(item).collect(), next }
}

/// A database time as an instant.
pub fn utc(time: NaiveDateTime) -> DateTime<Utc> {
    time.and_utc()
}

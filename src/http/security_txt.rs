//! `/.well-known/security.txt` (RFC 9116): where to report weaknesses of the server.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Duration, SecondsFormat, Utc};

use super::auth::Public;
use super::error::{ApiError, ApiResult};
use crate::app::AppState;

/// How long what it says may be believed, in days; the standard wants less than a year.
const DAYS: i64 = 90;

/// Says where to report weaknesses. Errors: 404 when `DUIDING_SECURITY_CONTACT` is not set.
#[get("/.well-known/security.txt")]
pub async fn security_txt(_: Public, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let contact = state.config.security_contact.as_deref().ok_or_else(ApiError::not_found)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .content_type("text/plain; charset=utf-8")
        .body(text(contact, &state.config.public_url, Utc::now())))
}

fn text(contact: &str, public_url: &str, now: DateTime<Utc>) -> String {
    let expires = (now + Duration::days(DAYS)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let canonical = format!("{public_url}/.well-known/security.txt");
    let mut lines = format!("Contact: {contact}\nExpires: {expires}\n");
    if public_url.starts_with("https://") {
        lines.push_str(&format!("Canonical: {canonical}\n")); // the standard allows no other
    }
    lines
}

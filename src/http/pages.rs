//! The dashboard at `/` and the story form at `/collect`: files that are built from `web/` and embedded.

use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, get, web};
use rust_embed_for_web::{EmbedableFile, RustEmbed};

use super::auth::Public;
use super::common::known_tags;
use super::error::{ApiError, ApiResult};
use crate::domain::tags::is_among;

/// What `npm run build` made of `web/`.
#[derive(RustEmbed)]
#[folder = "web/dist/"]
struct Built;

/// One of the two apps.
struct App {
    /// Its folder among the built files.
    folder: &'static str,
    /// Where files lie whose names have a hash of their content.
    hashed: &'static str,
    /// What its page may load.
    policy: &'static str,
    /// What it needs of the device.
    permissions: &'static str,
}

/// It loads its own files, what this server answers, and recordings and pictures that it made itself. A story may be spoken, and a
/// code may be read from paper.
const FORM: App = App {
    folder: "collect",
    hashed: "assets/",
    policy: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
             connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
    permissions: "accelerometer=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
                  microphone=(self), midi=(), payment=(), publickey-credentials-get=(), usb=()",
};

/// It loads its own files, what this server answers, and pictures and recordings that came with that. It needs nothing of the device.
const DASHBOARD: App = App {
    folder: "dashboard",
    hashed: "app/",
    policy: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    permissions: super::PERMISSIONS,
};

/// The page of the dashboard; where it was not built, one that says what else is here.
#[get("/")]
pub async fn dashboard_page(_: Public, req: HttpRequest) -> ApiResult<HttpResponse> {
    match built(&DASHBOARD, "index.html") {
        Some(_) => answer(&req, &DASHBOARD, "index.html"),
        None => Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(include_str!("start_page.html"))),
    }
}

/// A file of the dashboard.
#[get("/app/{file:.+}")]
pub async fn dashboard_file(_: Public, req: HttpRequest, file: web::Path<String>) -> ApiResult<HttpResponse> {
    answer(&req, &DASHBOARD, &format!("app/{file}"))
}

/// The page of the form.
#[get("/collect")]
pub async fn form_page(_: Public, req: HttpRequest) -> ApiResult<HttpResponse> {
    answer(&req, &FORM, "index.html")
}

/// A file of the form.
#[get("/collect/{file:.+}")]
pub async fn form_file(_: Public, req: HttpRequest, file: web::Path<String>) -> ApiResult<HttpResponse> {
    answer(&req, &FORM, &file)
}

/// Answers a file, compressed as the client likes it. Errors: 404, also where the app was not built.
fn answer(req: &HttpRequest, app: &App, name: &str) -> ApiResult<HttpResponse> {
    let file = built(app, name).ok_or_else(ApiError::not_found)?;
    let tag = format!("\"{}\"", file.etag().as_ref().trim_matches('"'));
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::ETAG, tag.clone()))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::CACHE_CONTROL, lifetime(app, name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, app.policy))
        .insert_header((header::PERMISSIONS_POLICY, app.permissions));
    if app.folder == FORM.folder {
        response.insert_header(("Service-Worker-Allowed", "/collect"));
    }
    if is_among(&known_tags(req), &tag) {
        return Ok(response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish());
    }
    response.content_type(media_type(name));
    match compressed(&file, req.headers()) {
        Some((coding, bytes)) => Ok(response.insert_header((header::CONTENT_ENCODING, coding)).body(bytes)),
        None => Ok(response.body(file.data().as_ref().to_vec())),
    }
}

/// A file in the best coding that the client takes. Debug builds would compress at every request, and do not.
fn compressed(file: &impl EmbedableFile, headers: &HeaderMap) -> Option<(&'static str, Vec<u8>)> {
    if cfg!(debug_assertions) {
        return None;
    }
    let brotli = || file.data_br().filter(|_| accepts(headers, "br")).map(|d| ("br", d.as_ref().to_vec()));
    let gzip = || file.data_gzip().filter(|_| accepts(headers, "gzip")).map(|d| ("gzip", d.as_ref().to_vec()));
    brotli().or_else(gzip)
}

/// A built file. A debug build looks in the folder, from which no name may lead away.
fn built(app: &App, name: &str) -> Option<impl EmbedableFile + use<>> {
    let leads_away = name.split('/').any(|part| part.starts_with('.') || part.is_empty()) || name.contains('\\');
    if leads_away { None } else { Built::get(&format!("{}/{name}", app.folder)) }
}

/// Files with a hash of their content in their name stay as they are; all others may change with the next version.
fn lifetime(app: &App, name: &str) -> &'static str {
    if name.starts_with(app.hashed) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Whether the client takes this coding.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let given = headers.get_all(header::ACCEPT_ENCODING).filter_map(|v| v.to_str().ok());
    given.flat_map(|v| v.split(',')).any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some(coding) && words.next() != Some("q=0")
    })
}

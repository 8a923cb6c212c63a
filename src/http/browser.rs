//! Cookies, which only browsers bring: one binds a login through the identity provider to the browser that began it, and opens
//! nothing by itself; one keeps the refresh token of a session where no script can read it.

use std::future::{Ready, ready};

use actix_web::dev::{Payload, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};

use super::error::{ApiError, ApiResult};
use super::sessions::SessionTokens;
use crate::app::AppState;
use crate::config::Config;
use crate::secrets::token_hash;

/// The header that a page of ours sends. Pages of others cannot: their browser asks first whether they may, and nothing here allows it.
const FROM_PAGE: &str = "X-Duiding-Browser";

/// A kind of cookie.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    /// Its name behind TLS: the prefix makes browsers refuse one that another host of the domain sets.
    secure_name: &'static str,
    same_site: &'static str,
}

/// `Lax`: it comes back when the provider sends the browser here, and with nothing else that another site starts, except that it
/// opens a page.
const LOGIN: Kind = Kind { name: "duiding-login", secure_name: "__Host-duiding-login", same_site: "Lax" };
/// `Strict`: it never comes with what another site starts.
const SESSION: Kind = Kind { name: "duiding-session", secure_name: "__Host-duiding-session", same_site: "Strict" };

impl Kind {
    fn name(self, config: &Config) -> &'static str {
        if is_secure(config) { self.secure_name } else { self.name }
    }

    /// The header that sets it, for so many seconds; 0 removes it.
    fn set(self, config: &Config, value: &str, seconds: i64) -> String {
        let secure = if is_secure(config) { "; Secure" } else { "" };
        format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={}{secure}", self.name(config), self.same_site)
    }

    /// Its value, if the browser sends it.
    fn sent(self, config: &Config, req: &HttpRequest) -> Option<String> {
        let name = self.name(config);
        let headers = req.headers().get_all(header::COOKIE).filter_map(|v| v.to_str().ok());
        let mut pairs = headers.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
    }
}

fn is_secure(config: &Config) -> bool {
    config.public_url.starts_with("https://")
}

/// The header that sets the cookie of a login through the provider, for so many seconds; 0 removes it.
pub fn cookie(config: &Config, value: &str, seconds: i64) -> String {
    LOGIN.set(config, value, seconds)
}

/// The hash of the cookie of a login that the browser sends, if it does.
pub fn browser_hash(state: &web::Data<AppState>, req: &HttpRequest) -> Option<String> {
    LOGIN.sent(&state.config, req).map(|value| token_hash(&value))
}

/// Whether a page of ours asks. As an argument of a handler, so that it is known before anything is done. Errors: 403 when the
/// browser says that another site asks.
#[derive(Clone, Copy)]
pub struct FromPage(pub bool);

impl FromRequest for FromPage {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let of = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok());
        let is_page = of(FROM_PAGE).is_some();
        let is_ours = matches!(of("Sec-Fetch-Site"), None | Some("same-origin"));
        ready(match is_page && !is_ours {
            false => Ok(Self(is_page)),
            true => Err(ApiError::new(StatusCode::FORBIDDEN, "otherSite", "this is for pages of this server only")),
        })
    }
}

/// Answers the tokens of a session. A page of ours gets the refresh token as a cookie that no script can read.
pub fn created(config: &Config, FromPage(is_page): FromPage, mut tokens: SessionTokens) -> HttpResponse {
    let mut response = HttpResponse::Created();
    if is_page {
        let token = tokens.refresh_token.take().unwrap_or_default();
        response.append_header((header::SET_COOKIE, SESSION.set(config, &token, config.session_days * 24 * 3600)));
    }
    response.json(tokens)
}

/// The refresh token that the browser keeps, if it does.
pub fn kept_refresh_token(config: &Config, req: &HttpRequest) -> Option<String> {
    SESSION.sent(config, req)
}

/// The header that removes the refresh token from the browser.
pub fn forget_session(config: &Config) -> (header::HeaderName, String) {
    (header::SET_COOKIE, SESSION.set(config, "", 0))
}

/// Lets a page of ours ask for the password itself: of `Basic` a browser would make a dialog of its own, whose password it then keeps.
pub fn ask_in_the_page<B>(response: &mut ServiceResponse<B>) {
    let is_ours = response.request().headers().contains_key(FROM_PAGE);
    if is_ours && response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"duiding\""));
    }
}

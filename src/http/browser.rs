//! The cookie that binds a login through the identity provider to the browser that began it. It opens nothing by itself.

use actix_web::http::header;
use actix_web::{HttpRequest, web};

use crate::app::AppState;
use crate::config::Config;
use crate::secrets::token_hash;

/// Its name. Behind TLS the prefix makes browsers refuse one that another host of the domain sets.
fn name(config: &Config) -> &'static str {
    if is_secure(config) { "__Host-duiding-login" } else { "duiding-login" }
}

fn is_secure(config: &Config) -> bool {
    config.public_url.starts_with("https://")
}

/// The header that sets it, for so many seconds; 0 removes it. `Lax`: it comes back when the provider sends the browser
/// here, and with nothing else that another site starts, except that it opens a page.
pub fn cookie(config: &Config, value: &str, seconds: i64) -> String {
    let secure = if is_secure(config) { "; Secure" } else { "" };
    format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name(config))
}

/// The hash of the cookie that the browser sends, if it does.
pub fn browser_hash(state: &web::Data<AppState>, req: &HttpRequest) -> Option<String> {
    let name = name(&state.config);
    let headers = req.headers().get_all(header::COOKIE).filter_map(|v| v.to_str().ok());
    let mut pairs = headers.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(n, _)| *n == name).map(|(_, value)| token_hash(value))
}

//! From where a request comes: the address of the client, for limits that are forgotten again, and its network, for the
//! audit trail.

use std::net::IpAddr;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, web};

use crate::app::AppState;
use crate::config::Config;
use crate::origin;

/// Address of the client: what a trusted proxy says, when one stands before us. It is for limits in memory and hashes that
/// are soon forgotten, and is written nowhere.
pub fn client_address(config: &Config, req: &HttpRequest) -> Option<IpAddr> {
    let peer = req.peer_addr()?.ip();
    if !config.trusted_proxies.contains(&peer) {
        return Some(peer);
    }
    let lists = req.headers().get_all("X-Forwarded-For").filter_map(|v| v.to_str().ok());
    Some(lists.last().and_then(origin::last_of).unwrap_or(peer))
}

/// Lets the network of the client follow a request.
pub async fn follow(req: ServiceRequest, next: Next<impl MessageBody>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let state = req.app_data::<web::Data<AppState>>();
    let address = state.and_then(|state| client_address(&state.config, req.request()));
    origin::during(address.map(origin::coarse), next.call(req)).await
}

//! What happens around every request: it is counted, also what it was refused, its body gets a limit on its time, and a
//! server that is about to stop lets go of the connection with the answer.

use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};

use super::{browser, head, limit, pace};
use crate::app::AppState;
use crate::metrics::{MEDIA_TYPE, Reading};

/// Runs a request.
pub async fn around<B: MessageBody + 'static>(mut req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let began = Instant::now();
    let Some(state) = req.app_data::<web::Data<AppState>>().cloned() else { return next.call(req).await };
    pace::limit(&mut req, Duration::from_secs(state.config.body_seconds));
    let (method, route) = (req.method().clone(), req.match_pattern());
    head::as_get(&mut req);
    let mut answered = next.call(req).await;
    let status = match &answered {
        Ok(response) => response.status(),
        Err(e) => e.as_response_error().status_code(),
    };
    state.metrics.answered(method.as_str(), route, status.as_u16(), began.elapsed().as_secs_f64());
    if status == StatusCode::REQUEST_TIMEOUT {
        state.metrics.slow_bodies.inc();
    }
    if let Ok(response) = &answered {
        limit::answered(response.request(), status);
    }
    if let Ok(response) = &mut answered {
        browser::ask_in_the_page(response);
        if state.draining.get() {
            response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
        }
    }
    answered
}

/// What Prometheus reads, on an address of its own.
pub async fn metrics(state: web::Data<AppState>) -> HttpResponse {
    match state.metrics.text(&reading(&state)) {
        Ok(text) => HttpResponse::Ok().content_type(MEDIA_TYPE).body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

fn reading(state: &AppState) -> Reading {
    let pool = state.db.pool();
    let most = state.config.analysis_slots;
    Reading {
        db_used: pool.used,
        db_open: pool.open,
        db_most: pool.most,
        analysis_used: most.saturating_sub(state.analysis_slots.available_permits()),
        analysis_most: most,
        snapshots: state.snapshots.len(),
        draining: state.draining.get(),
    }
}

//! What the log says of a request: method, route and status; no address, no id, no words of anybody.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

/// One line for every answer.
pub struct WithoutPeople;

impl RootSpanBuilder for WithoutPeople {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let route = request.match_pattern().unwrap_or_default();
        tracing::info_span!("request", method = %request.method(), route)
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status().as_u16(),
            Err(e) => e.as_response_error().status_code().as_u16(),
        };
        span.in_scope(|| match status {
            500.. => tracing::error!(status, "answered"),
            _ => tracing::info!(status, "answered"),
        });
    }
}

//! HEAD: the head of what GET answers.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;

/// Lets HEAD find the handler of GET. The body is left out where the answer is written: the connection remembers what was
/// asked. What GET writes into the audit trail is written for HEAD too, as both are allowed to the same people.
pub fn as_get(req: &mut ServiceRequest) {
    if req.method() == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
}

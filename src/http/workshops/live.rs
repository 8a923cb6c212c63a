//! Events of a workshop, as a stream that lasts (`text/event-stream`).

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, web};
use bytes::Bytes;
use futures_util::Stream;
use uuid::Uuid;

use super::{Present, person};
use crate::app::AppState;
use crate::db::Conn;
use crate::http::auth::{self, Access, Principal};
use crate::http::error::{ApiError, ApiResult};
use crate::live::{Full, Listener, News, Place, Seat};

/// After so long without anything to say a comment is sent: what is between would end a silent connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What happens in a workshop, live: read it with `fetch`, which can send the `Authorization` header. `change` says that
/// something changed: read the board again. `present` says how many people are there. Both come at once, `change` unless
/// `Last-Event-ID` has the number already; then whenever they change, at most a second later. A comment comes every 15 seconds.
/// The stream ends with the session, the membership or the workshop, and when the server stops: ask again, with `Last-Event-ID`.
#[utoipa::path(tag = "workshops",
    params(("projectId" = Uuid, Path, description = "Project"), ("workshopId" = Uuid, Path, description = "Workshop"),
        ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that came", example = "17")),
    responses((status = 200, description = "The events", content_type = "text/event-stream", body = String,
        example = "event: present\ndata: {\"present\":3}\n\nevent: change\nid: 17\ndata: {\"change\":17}\n\n")))]
#[get("/v1/projects/{projectId}/workshops/{workshopId}/events")]
pub async fn get_workshop_events(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid)>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let Principal::User { session_id, .. } = &access.principal else { return Err(ApiError::not_found()) };
    let listener = Listener { user_id: person(&access)?, session_id: session_id.clone() };
    let place = Place { project_id: access.project_id.clone(), workshop_id: path.1.to_string() };
    state.db.run(move |conn: &mut Conn| Present::reader(conn, &access, path.1).map(drop)).await?;
    if state.draining.get() {
        return Err(full(Full::Server));
    }
    let seat = state.live.join(place, listener).map_err(full)?;
    let given = req.headers().get("last-event-id").and_then(|v| v.to_str().ok());
    let told = Told { change: given.and_then(|id| id.trim().parse().ok()), present: None };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header(("X-Accel-Buffering", "no")) // a proxy that gathers would make it late
        .streaming(events(seat, told)))
}

fn full(full: Full) -> ApiError {
    let (status, code, detail) = match full {
        Full::Person => (StatusCode::TOO_MANY_REQUESTS, "tooManyStreams", "you listen in as many places as one person may"),
        Full::Server => (StatusCode::SERVICE_UNAVAILABLE, "busy", "no more people can listen here right now; try again"),
    };
    ApiError::new(status, code, detail).with_header(header::RETRY_AFTER, "5")
}

/// What a client was told.
struct Told {
    change: Option<i64>,
    present: Option<u32>,
}

impl Told {
    /// The events that are news to this client.
    fn lines(&mut self, news: &News) -> String {
        let mut lines = String::new();
        if news.change == 0 {
            return lines; // not looked up yet
        }
        if self.present.replace(news.present) != Some(news.present) {
            lines += &format!("event: present\ndata: {{\"present\":{}}}\n\n", news.present);
        }
        let change = news.change;
        if self.change.replace(change) != Some(change) {
            lines += &format!("event: change\nid: {change}\ndata: {{\"change\":{change}}}\n\n");
        }
        lines
    }
}

fn events(seat: Seat, told: Told) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
    futures_util::stream::unfold((seat, told), |(mut seat, mut told)| async move {
        loop {
            let lines = told.lines(&seat.news()?);
            if !lines.is_empty() {
                return Some((Ok(Bytes::from(lines)), (seat, told)));
            }
            match tokio::time::timeout(HEARTBEAT, seat.wait()).await {
                Err(_) => return Some((Ok(Bytes::from_static(b": still here\n\n")), (seat, told))),
                Ok(true) => {}
                Ok(false) => return None,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_told() {
        let mut told = Told { change: None, present: None };
        assert_eq!(told.lines(&News::of(0, 0)), "", "nothing was looked up yet");
        let first = "event: present\ndata: {\"present\":2}\n\nevent: change\nid: 7\ndata: {\"change\":7}\n\n";
        assert_eq!(told.lines(&News::of(7, 2)), first);
        assert_eq!(told.lines(&News::of(7, 2)), "");
        assert_eq!(told.lines(&News::of(9, 2)), "event: change\nid: 9\ndata: {\"change\":9}\n\n");
        let mut back = Told { change: Some(9), present: None };
        assert_eq!(back.lines(&News::of(9, 1)), "event: present\ndata: {\"present\":1}\n\n");
    }
}

//! Everything in a workshop at once, as one person sees it.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::{Cluster, Exhibit, Idea, Interpretation, Observation, Workshop};
use super::views::{self, Around};
use super::{Names, Present};
use crate::app::AppState;
use crate::db::workshops::{clusters, exhibits, items};
use crate::db::{Conn, read_tx};
use crate::domain::canonical::sha256_hex;
use crate::domain::tags::is_among;
use crate::domain::workshop::ItemKind;
use crate::http::auth::{self, Access};
use crate::http::common::{known_tags, name_of, named};
use crate::http::error::{ApiError, ApiResult};

/// Everything in a workshop, as whoever asks may see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Board {
    /// Number of the last change to anything in the workshop.
    #[schema(minimum = 1, example = 17)]
    change: i64,
    /// The workshop.
    workshop: Workshop,
    /// Its exhibits, in their order.
    exhibits: Vec<Exhibit>,
    /// The observations, oldest first.
    observations: Vec<Observation>,
    /// The interpretations, oldest first.
    interpretations: Vec<Interpretation>,
    /// The ideas, oldest first.
    ideas: Vec<Idea>,
    /// The clusters, in their order.
    clusters: Vec<Cluster>,
}

/// Everything in a workshop at once: votes and what may be changed are those of whoever asks. `ETag` and `If-None-Match` make
/// it cheap to ask again.
#[utoipa::path(tag = "workshops",
    params(("projectId" = Uuid, Path, description = "Project"), ("workshopId" = Uuid, Path, description = "Workshop")),
    responses((status = 200, description = "The board", body = Board,
            headers(("ETag" = String, description = "Changes with anything in the workshop; for whoever asks only"))),
        (status = 304, description = "You have it")))]
#[get("/v1/projects/{projectId}/workshops/{workshopId}/board")]
pub async fn get_board(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid)>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let known = known_tags(&req);
    let read = move |conn: &mut Conn| {
        read_tx(conn, |conn| {
            let present = Present::reader(conn, &access, path.1)?;
            let tag = tag(&present);
            let board = if is_among(&known, &tag) { None } else { Some(collect(conn, &present)?) };
            Ok::<_, ApiError>((tag, board))
        })
    };
    let (tag, board) = state.db.run(read).await?;
    Ok(match board {
        None => HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish(),
        Some(board) => HttpResponse::Ok().insert_header((header::ETAG, tag)).json(board),
    })
}

/// Another one for every change, person and role, and for a workshop that was made again with the same id.
fn tag(present: &Present) -> String {
    let made_at = present.workshop.created_at.and_utc().timestamp_micros();
    let about = format!("{} {} {made_at}", present.me, name_of(&present.audience));
    format!("\"{}-{}\"", present.workshop.change, &sha256_hex(about)[..16])
}

fn collect(conn: &mut Conn, present: &Present) -> ApiResult<Board> {
    let (project_id, workshop_id) = present.at();
    let exhibits = exhibits::list(conn, project_id, workshop_id)?;
    let items = items::list(conn, project_id, workshop_id)?;
    let clusters = clusters::list(conn, project_id, workshop_id)?;
    let mut around = Around::read(conn, present, None)?;
    around.count(&items);
    let people = [present.workshop.created_by.as_str()].into_iter();
    let people = people.chain(exhibits.iter().map(|e| e.created_by.as_str()));
    let people = people.chain(items.iter().map(|i| i.created_by.as_str()));
    let names = Names::of(conn, people.chain(clusters.iter().map(|c| c.created_by.as_str())))?;
    let mut board = Board {
        change: present.workshop.change,
        workshop: views::workshop(present, &names)?,
        exhibits: exhibits.into_iter().map(|row| views::exhibit(row, present, &names)).collect::<ApiResult<_>>()?,
        observations: Vec::new(),
        interpretations: Vec::new(),
        ideas: Vec::new(),
        clusters: clusters.into_iter().map(|row| views::cluster(row, present, &names)).collect::<ApiResult<_>>()?,
    };
    for row in items {
        match named(&row.kind)? {
            ItemKind::Observation => board.observations.push(views::observation(row, present, &names, &around)?),
            ItemKind::Interpretation => board.interpretations.push(views::interpretation(row, present, &names, &around)?),
            ItemKind::Idea => board.ideas.push(views::idea(row, present, &names, &around)?),
        }
    }
    Ok(board)
}

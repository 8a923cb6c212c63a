//! Where people placed their stories, to draw.

use actix_web::{post, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::auth::{Access, Analyse};
use super::body::{Document, MAX_BODY, Query};
use super::error::ApiResult;
use super::questions::ask;
use crate::analysis::summary::{PlacesAnswer, places};
use crate::app::AppState;
use crate::domain::framework::Framework;
use crate::domain::lens::Lens;
use crate::domain::problem::Problems;

/// Dots of a figure, unless another number is asked for.
const DOTS: usize = 1000;
/// Most dots of a figure that may be asked for.
const MOST_DOTS: usize = 10_000;

/// Which figures, and how they are answered.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlacesQuery {
    /// Keys of signifiers with commas between; all triads, dyads and canvases when absent.
    #[param(max_length = 4000, example = "competence,confidence")]
    signifiers: Option<String>,
    /// Figures with more stories than this get bins in place of dots; 1,000 when absent.
    #[param(minimum = 0, maximum = 10000, example = 1000)]
    dots: Option<usize>,
}

/// Where the stories that a lens selects were placed on triads, dyads and canvases: a dot each, or counts in small parts of the
/// figure. What is withheld in the summaries of the same lens is withheld here. A workgroup gets the dots in an order that tells
/// nothing, with the story only where it may open it, and never while the lens selects by an attribute.
#[utoipa::path(tag = "analysis", request_body = Lens, params(("projectId" = Uuid, Path, description = "Project"), PlacesQuery),
    responses((status = 200, description = "The places", body = PlacesAnswer)))]
#[post("/v1/projects/{projectId}/placements/_search")]
pub async fn search_placements(
    access: Access<Analyse>,
    query: Query<PlacesQuery>,
    lens: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<PlacesAnswer>> {
    let PlacesQuery { signifiers, dots } = query.0;
    let answer = ask(access, lens.0, state, move |_, asked| {
        let only = keys(&asked.framework, signifiers.as_deref(), dots)?;
        Ok(places(&asked.snapshot, &asked.lens, asked.viewer, only.as_deref(), dots.unwrap_or(DOTS)))
    });
    Ok(web::Json(answer.await?))
}

/// The keys that were asked for. Errors: every one that is no signifier, and too many dots.
fn keys(framework: &Framework, named: Option<&str>, dots: Option<usize>) -> Result<Option<Vec<String>>, Problems> {
    let mut problems = Problems::default();
    if dots.is_some_and(|d| d > MOST_DOTS) {
        problems.add("query.dots", "outOfRange", format!("must be {MOST_DOTS} or less"));
    }
    let keys: Option<Vec<String>> = named.map(|named| named.split(',').map(|key| key.trim().to_owned()).collect());
    for (i, key) in keys.iter().flatten().enumerate() {
        if framework.signifier(key).is_none() {
            problems.add(format!("query.signifiers[{i}]"), "unknownReference", "not a signifier of this framework");
        }
    }
    problems.or_ok(keys)
}

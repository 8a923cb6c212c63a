//! What stands out, for whom, and what changed: the analysis in full, part by part. Every part is taken from a report on
//! the same stories, so that its q-values are those of its family; reports are kept until the stories change.

use std::collections::BTreeSet;
use std::sync::Arc;

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Access, Analyse};
use super::body::{Document, MAX_BODY, Query};
use super::error::{ApiError, ApiResult};
use super::questions::{Asked, ask};
use crate::analysis::report::findings::Finding;
use crate::analysis::report::layers::LayerSummary;
use crate::analysis::report::over_time::{Change, PerspectiveGap, Trend};
use crate::analysis::report::types::{Contrast, Pair};
use crate::analysis::report::{LayerSize, Report, Scan, Section, Settings, report};
use crate::app::AppState;
use crate::domain::lens::{Lens, lens_options};
use crate::domain::problem::Problems;

/// Findings in an answer, unless more are asked for.
const FINDINGS: usize = 20;

/// Which findings.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindingsQuery {
    /// Most findings; 20 when absent, at most 200.
    #[param(minimum = 1, maximum = 200, example = 20)]
    limit: Option<usize>,
}

/// One pair.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PairQuery {
    /// Key of one signifier.
    #[param(example = "home")]
    a: String,
    /// Key of the other.
    #[param(example = "tone")]
    b: String,
}

/// One contrast.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContrastQuery {
    /// Key of the signifier; all when absent.
    #[param(example = "confidence")]
    signifier: Option<String>,
    /// Key of the attribute or background question; all when absent.
    #[param(example = "trajectory")]
    attribute: Option<String>,
}

/// One signifier.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignifierQuery {
    /// Key of the signifier; all when absent.
    #[param(example = "confidence")]
    signifier: Option<String>,
}

/// What every answer has: what it is about.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct About {
    /// The lens, in canonical form.
    lens: Lens,
    /// Stories selected; null when the group is too small to be shown to this audience.
    #[schema(minimum = 0, example = 641)]
    stories: Option<u32>,
    /// People behind them; null when the group is too small.
    #[schema(minimum = 0, example = 126)]
    participants: Option<u32>,
    /// The layers that may be shown, with what so many stories can tell.
    layers: Vec<LayerSize>,
    /// How much was compared, and how many would look different by chance alone.
    scans: Vec<Scan>,
}

impl About {
    /// What the parts of the answer are about. The report may have others, made for another answer.
    fn of(report: &Report, sections: &[Section]) -> Self {
        Self {
            lens: report.settings.lens.clone(),
            stories: report.stories,
            participants: report.participants,
            layers: report.layers.clone(),
            scans: report.scans.iter().filter(|s| sections.contains(&s.section)).cloned().collect(),
        }
    }
}

/// What stands out, most telling first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FindingsAnswer {
    /// What it is about.
    about: About,
    /// How many findings there are.
    #[schema(minimum = 0, example = 34)]
    total: u32,
    /// The most telling ones.
    findings: Vec<Finding>,
}

/// Summaries of each layer, with hotspots, dip tests and second centres.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DensitiesAnswer {
    /// What it is about.
    about: About,
    /// One summary a signifier and layer.
    summaries: Vec<LayerSummary>,
}

/// Two signifiers in every layer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PairsAnswer {
    /// What it is about.
    about: About,
    /// One result a layer, and for stones and options of several one a part.
    pairs: Vec<Pair>,
}

/// Groups in every layer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ContrastsAnswer {
    /// What it is about.
    about: About,
    /// One result a layer, signifier and attribute.
    contrasts: Vec<Contrast>,
    /// Who said 'not about this' or 'I don't know', likewise.
    states: Vec<Contrast>,
}

/// Change over waves.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ChangesAnswer {
    /// What it is about.
    about: About,
    /// Between every two waves.
    changes: Vec<Change>,
    /// Over three waves or more.
    trends: Vec<Trend>,
    /// Who said 'not about this' or 'I don't know', between every two waves.
    states: Vec<Change>,
}

/// Perspectives on the same participants.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PerspectivesAnswer {
    /// What it is about.
    about: About,
    /// Every two perspectives in every wave.
    perspectives: Vec<PerspectiveGap>,
    /// Who said 'not about this' or 'I don't know', likewise.
    states: Vec<PerspectiveGap>,
}

/// What stands out for a lens: dominant patterns, links, differences between groups and perspectives, changes, stories
/// apart and small groups, most telling first, each with a sentence, its evidence and the stories for and against it. What
/// could be chance is left out. A workgroup gets what its protection permits.
#[utoipa::path(tag = "analysis", request_body = Lens,
    params(("projectId" = Uuid, Path, description = "Project"), FindingsQuery),
    responses((status = 200, description = "The findings", body = FindingsAnswer)))]
#[post("/v1/projects/{projectId}/findings/_search")]
pub async fn search_findings(
    access: Access<Analyse>,
    query: Query<FindingsQuery>,
    lens: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<FindingsAnswer>> {
    let limit = query.0.limit.unwrap_or(FINDINGS);
    if !(1..=200).contains(&limit) {
        return Err(ApiError::field("query.limit", "outOfRange", "1 to 200 findings"));
    }
    let report = ask(access, lens.0, state, |state, asked| Ok(part(state, &asked, &Section::ALL))).await?;
    let findings = report.findings.iter().take(limit).cloned().collect();
    Ok(web::Json(FindingsAnswer { about: About::of(&report, &Section::ALL), total: report.findings.len() as u32, findings }))
}

/// Summaries of each layer with what takes longer: places with more dots than chance puts there, the dip test for two
/// camps, the second centre of a triad.
#[utoipa::path(tag = "analysis", request_body = Lens,
    params(("projectId" = Uuid, Path, description = "Project"), SignifierQuery),
    responses((status = 200, description = "The summaries", body = DensitiesAnswer)))]
#[post("/v1/projects/{projectId}/densities/_search")]
pub async fn search_densities(
    access: Access<Analyse>,
    query: Query<SignifierQuery>,
    lens: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<DensitiesAnswer>> {
    let key = query.0.signifier;
    let wanted = key.clone();
    let report = ask(access, lens.0, state, move |state, asked| {
        check(&asked, &[("query.signifier", wanted.as_deref())], None)?;
        Ok(part(state, &asked, &[Section::Summaries, Section::Densities]))
    })
    .await?;
    let of_key = |s: &&LayerSummary| key.as_ref().is_none_or(|k| *k == s.summary.signifier);
    let summaries = report.summaries.iter().filter(of_key).cloned().collect();
    Ok(web::Json(DensitiesAnswer { about: About::of(&report, &[Section::Summaries, Section::Densities]), summaries }))
}

/// How two signifiers go together in each layer, among all pairs that were compared there.
#[utoipa::path(tag = "analysis", request_body = Lens,
    params(("projectId" = Uuid, Path, description = "Project"), PairQuery),
    responses((status = 200, description = "The pair", body = PairsAnswer)))]
#[post("/v1/projects/{projectId}/pairs/_search")]
pub async fn search_pairs(
    access: Access<Analyse>,
    query: Query<PairQuery>,
    lens: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<PairsAnswer>> {
    let (a, b) = (query.0.a, query.0.b);
    let (key_a, key_b) = (a.clone(), b.clone());
    let report = ask(access, lens.0, state, move |state, asked| {
        check(&asked, &[("query.a", Some(&key_a)), ("query.b", Some(&key_b))], None)?;
        Ok(part(state, &asked, &[Section::Pairs]))
    })
    .await?;
    let is_it = |p: &&Pair| (is_of(&p.a, &a) && is_of(&p.b, &b)) || (is_of(&p.a, &b) && is_of(&p.b, &a));
    let pairs = report.pairs.iter().filter(is_it).cloned().collect();
    Ok(web::Json(PairsAnswer { about: About::of(&report, &[Section::Pairs]), pairs }))
}

/// How groups of an attribute or background question differ on signifiers, in each layer.
#[utoipa::path(tag = "analysis", request_body = Lens,
    params(("projectId" = Uuid, Path, description = "Project"), ContrastQuery),
    responses((status = 200, description = "The contrasts", body = ContrastsAnswer)))]
#[post("/v1/projects/{projectId}/contrasts/_search")]
pub async fn search_contrasts(
    access: Access<Analyse>,
    query: Query<ContrastQuery>,
    lens: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<ContrastsAnswer>> {
    let ContrastQuery { signifier, attribute } = query.0;
    let (key, of) = (signifier.clone(), attribute.clone());
    let report = ask(access, lens.0, state, move |state, asked| {
        check(&asked, &[("query.signifier", key.as_deref())], of.as_deref())?;
        Ok(part(state, &asked, &[Section::Contrasts]))
    })
    .await?;
    let is_it = |c: &&Contrast| {
        signifier.as_ref().is_none_or(|k| is_of(&c.signifier, k)) && attribute.as_ref().is_none_or(|k| *k == c.attribute)
    };
    let contrasts = report.contrasts.iter().filter(is_it).cloned().collect();
    let states = report.states.contrasts.iter().filter(is_it).cloned().collect();
    Ok(web::Json(ContrastsAnswer { about: About::of(&report, &[Section::Contrasts]), contrasts, states }))
}

/// How the same people's answers changed between waves, beside all who answered.
#[utoipa::path(tag = "analysis", request_body = Lens,
    params(("projectId" = Uuid, Path, description = "Project"), SignifierQuery),
    responses((status = 200, description = "The changes", body = ChangesAnswer)))]
#[post("/v1/projects/{projectId}/changes/_search")]
pub async fn search_changes(
    access: Access<Analyse>,
    query: Query<SignifierQuery>,
    lens: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<ChangesAnswer>> {
    let key = query.0.signifier;
    let wanted = key.clone();
    let report = ask(access, lens.0, state, move |state, asked| {
        check(&asked, &[("query.signifier", wanted.as_deref())], None)?;
        Ok(part(state, &asked, &[Section::Changes, Section::Trends]))
    })
    .await?;
    let is_it = |name: &str| key.as_ref().is_none_or(|k| is_of(name, k));
    let changes = report.changes.iter().filter(|c| is_it(&c.signifier)).cloned().collect();
    let trends = report.trends.iter().filter(|t| is_it(&t.signifier)).cloned().collect();
    let states = report.states.changes.iter().filter(|c| is_it(&c.signifier)).cloned().collect();
    Ok(web::Json(ChangesAnswer { about: About::of(&report, &[Section::Changes, Section::Trends]), changes, trends, states }))
}

/// How perspectives place the same participants: level, gap and agreement.
#[utoipa::path(tag = "analysis", request_body = Lens,
    params(("projectId" = Uuid, Path, description = "Project"), SignifierQuery),
    responses((status = 200, description = "The gaps", body = PerspectivesAnswer)))]
#[post("/v1/projects/{projectId}/perspectives/_search")]
pub async fn search_perspectives(
    access: Access<Analyse>,
    query: Query<SignifierQuery>,
    lens: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<PerspectivesAnswer>> {
    let key = query.0.signifier;
    let wanted = key.clone();
    let report = ask(access, lens.0, state, move |state, asked| {
        check(&asked, &[("query.signifier", wanted.as_deref())], None)?;
        Ok(part(state, &asked, &[Section::Perspectives]))
    })
    .await?;
    let is_it = |g: &&PerspectiveGap| key.as_ref().is_none_or(|k| is_of(&g.signifier, k));
    let perspectives = report.perspectives.iter().filter(is_it).cloned().collect();
    let states = report.states.perspectives.iter().filter(is_it).cloned().collect();
    Ok(web::Json(PerspectivesAnswer { about: About::of(&report, &[Section::Perspectives]), perspectives, states }))
}

/// Whether a variable belongs to a signifier: it is it, or a part of it.
fn is_of(variable: &str, signifier: &str) -> bool {
    variable.split('/').next() == Some(signifier)
}

/// Checks the keys in a query. Errors: every one that does not exist.
fn check(asked: &Asked, signifiers: &[(&str, Option<&str>)], attribute: Option<&str>) -> ApiResult<()> {
    let mut problems = Problems::default();
    for (path, key) in signifiers.iter().filter_map(|(path, key)| Some((*path, (*key)?))) {
        if asked.framework.signifier(key).is_none() {
            problems.add(path, "unknownReference", "not a signifier of this framework");
        }
    }
    if attribute.is_some_and(|key| lens_options(&asked.framework, key).is_none()) {
        problems.add("query.attribute", "unknownReference", "not an attribute or background question of this framework");
    }
    Ok(problems.or_ok(())?)
}

/// The report with these sections, kept until the stories change.
pub fn part(state: &web::Data<AppState>, asked: &Asked, sections: &[Section]) -> Arc<Report> {
    let sections: BTreeSet<Section> = sections.iter().copied().collect();
    let settings = Settings { sections, lens: asked.lens.clone(), ..Settings::default() };
    state.reports.get(&asked.snapshot, &settings, asked.viewer, || report(&asked.snapshot, &settings, asked.viewer, None))
}

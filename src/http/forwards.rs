//! Stories that a phone could not deliver: it closed them into a file, and somebody else of the project brings the file.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, post, web};
use bytes::BytesMut;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Deliverer, Principal, actor_of, let_in};
use super::body::{FileBytes, read_bytes, require_type};
use super::deliveries::{Entry, MAX_BATCH, MAX_BATCH_BODY, batch_entry, check, heard_of, keep};
use super::error::{ApiError, ApiResult, Problem};
use super::forward_keys::private_half;
use super::forwarded_files::{ForwardedFile, bring};
use super::receipts::{Receipt, StoryResult};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::{devices, forward_keys};
use crate::domain::problem::{Problems, item};
use crate::domain::undelivered::{Contents, Enclosed, Header, MEDIA_TYPE};
use crate::secrets::{open_closed, token_hash};

/// What came of a file of undelivered stories.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Forwarded {
    /// One result a story, in the order of the file.
    results: Vec<ForwardedStory>,
}

/// What came of one story of a file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ForwardedStory {
    /// Status that a single delivery by the phone itself would have had: 201, 200, 400, 409 or 410.
    #[schema(example = 201)]
    status: u16,
    /// What the server has, for 200 and 201.
    receipt: Option<Receipt>,
    /// What is wrong, for the others.
    problem: Option<Problem>,
    /// The files that came with it; none of a story that was not kept.
    attachments: Vec<ForwardedFile>,
}

/// The file as it is sent.
pub struct ClosedFile(BytesMut);

impl FromRequest for ClosedFile {
    type Error = ApiError;
    type Future = futures_util::future::LocalBoxFuture<'static, ApiResult<Self>>;
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let_in(&req).await;
            require_type(&req, &[MEDIA_TYPE])?;
            Ok(Self(read_bytes(&mut payload, MAX_BATCH_BODY).await?.into()))
        })
    }
}

/// Brings stories, with their files, that another phone of this project could not deliver and closed into a file for this
/// server. They are taken in as if that phone had delivered them itself, which it still may: it is told 200 then. When the
/// phone is not known here, they are taken in as brought by whoever sends the file. It may be sent again. A wrong story, or
/// a file of a story that is not what was declared, keeps back no other. What is wrong with the file as a whole is 400:
/// `wrongFormat`, `unknownVersion`, `otherProject`, `unknownKey`, or `cannotDecrypt` when it is cut or was changed.
#[utoipa::path(tag = "stories", params(("projectId" = Uuid, Path, description = "Project")),
    request_body(content = FileBytes, content_type = "application/vnd.duiding.undelivered"),
    responses((status = 200, description = "A result for every story", body = Forwarded),
        (status = 409, description = "The key that the file needs is sealed with one that is not in the secrets file of this server (`keyMissing`)")))]
#[post("/v1/projects/{projectId}/stories/_forward")]
pub async fn forward_stories(
    forwarder: Deliverer,
    file: ClosedFile,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Forwarded>> {
    let contents = open(&state, &forwarder.project_id, file.0).await?;
    let collector = collector(&state, &forwarder, contents.token.as_deref()).await?;
    let (entries, enclosed) = entries(&contents);
    let checked = check(&state, &collector, entries, contents.bytes).await?;
    let answered = keep(&state, checked).await?;
    heard_of(&state, &forwarder.principal).await;
    let mut results = Vec::with_capacity(answered.len());
    for (answer, files) in answered.into_iter().zip(enclosed) {
        let attachments = match &answer {
            Ok((_, receipt)) => bring(&state, &collector, receipt.id, files).await,
            Err(_) => Vec::new(),
        };
        let StoryResult { status, receipt, problem } = StoryResult::of(answer);
        results.push(ForwardedStory { status, receipt, problem, attachments });
    }
    note(&state, &forwarder, &results).await?;
    Ok(web::Json(Forwarded { results }))
}

/// Opens the file. Errors: 400 for what is wrong with it, 409 when its key cannot be used any more.
async fn open(state: &web::Data<AppState>, project_id: &str, mut file: BytesMut) -> ApiResult<Contents> {
    let (header, length) = Header::of(&file)?;
    if header.project.to_string() != project_id {
        return Err(ApiError::field("$.header.project", "otherProject", "this file is for another project"));
    }
    let encapsulated = header.encapsulated()?;
    let (project_id, key) = (project_id.to_owned(), header.key.to_string());
    let row = state.db.run(move |conn| forward_keys::get(conn, &project_id, &key)).await?;
    let unknown = || ApiError::field("$.header.key", "unknownKey", "this file was not closed with a key of this project");
    let private = private_half(&state.keys.get(), &row.ok_or_else(unknown)?)?;
    let opened = tokio::task::spawn_blocking(move || {
        let line = file.split_to(length + 1);
        let text = open_closed(&private, &encapsulated, &line[..length], &mut file);
        let cut = |_| Problems::one("$", "cannotDecrypt", "this file is cut, was changed, or was closed with another key");
        file.truncate(text.map_err(cut)?);
        Contents::of(file.freeze(), MAX_BATCH)
    });
    Ok(opened.await.map_err(ApiError::internal)??)
}

/// As whom the stories are taken in: the device that collected, if it is one of this project, else whoever brings them.
async fn collector(state: &web::Data<AppState>, forwarder: &Deliverer, token: Option<&str>) -> ApiResult<Deliverer> {
    let project_id = forwarder.project_id.clone();
    let device = match token.map(token_hash) {
        Some(hash) => state.db.run(move |conn| devices::by_token(conn, &hash)).await?,
        None => None,
    };
    let principal = match device.filter(|d| d.project_id == project_id) {
        Some(device) => Principal::Device(Box::new(device)),
        None => forwarder.principal.clone(),
    };
    Ok(Deliverer { project_id, principal })
}

/// Stories to be checked, and the files that came with each.
fn entries(contents: &Contents) -> (Vec<Entry>, Vec<Vec<Enclosed>>) {
    let one = |(i, entry): (usize, &Result<_, Problems>)| {
        let at = item("$.contents.stories", i);
        match entry {
            Ok(value) => (batch_entry(&at, serde_json::Value::clone(value)), contents.enclosed(&at, value)),
            Err(problems) => (Err(problems.clone().into()), Vec::new()),
        }
    };
    contents.stories.iter().enumerate().map(one).unzip()
}

/// Notes how many came in this way. Errors: 503; then the file is sent again, and finds what is kept.
async fn note(state: &web::Data<AppState>, forwarder: &Deliverer, results: &[ForwardedStory]) -> ApiResult<()> {
    let with = |status: u16| results.iter().filter(|r| r.status == status).count();
    let (kept, known) = (with(201), with(200));
    let files: Vec<&ForwardedFile> = results.iter().flat_map(|r| &r.attachments).collect();
    let whole = files.iter().filter(|f| f.is_whole()).count();
    let refused = results.len() - kept - known;
    let detail = format!("{kept} kept, {known} known, {refused} refused; {whole} of {} files whole", files.len());
    let (project_id, actor) = (forwarder.project_id.clone(), actor_of(&forwarder.principal));
    let written = move |conn: &mut _| record(conn, &Event::of_many(&project_id, &actor, "stories.forward", &detail));
    Ok(state.db.write(written).await?)
}

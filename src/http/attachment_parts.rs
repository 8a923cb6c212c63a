//! Parts of a file: a part is answered when it is durable, and the last one when the whole has the declared hash.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use bytes::Bytes;
use uuid::Uuid;

use super::auth::let_in;
use super::body::{read_bytes, require_type};
use super::error::{ApiError, ApiResult};
use crate::app::AppState;
use crate::db::attachment_parts::{self, PartRow};
use crate::db::attachments::{self, AttachmentRow};
use crate::db::{Conn, DbError, DbResult, stories, write_tx};
use crate::domain::media;
use crate::files::{Bucket, FileKey, Files, Folder, Joined, Sealed};

/// Largest part: 8 MiB.
pub const MAX_PART: usize = 8 * 1024 * 1024;
/// Media type of a part, as in the resumable-upload drafts.
const PART_TYPE: &str = "application/offset+octet-stream";
/// A piece in an object store that is smaller takes in the next part, so that a file of many small parts is few objects.
const SMALL_PIECE: i64 = 5 * 1024 * 1024;

/// A part as it is sent.
pub struct Part {
    /// Where it begins, in bytes.
    pub offset: u64,
    /// What is sent.
    pub bytes: bytes::Bytes,
}

impl FromRequest for Part {
    type Error = ApiError;
    type Future = futures_util::future::LocalBoxFuture<'static, ApiResult<Self>>;
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let_in(&req).await;
            require_type(&req, &[PART_TYPE])?;
            let given = req.headers().get("Upload-Offset").and_then(|v| v.to_str().ok());
            // Sizes are kept with a sign, so none of them is larger.
            let offset = given.and_then(|v| v.parse::<i64>().ok()).and_then(|v| u64::try_from(v).ok());
            let missing = || ApiError::field("header.Upload-Offset", "required", "must say where this part begins, in bytes");
            Ok(Self { offset: offset.ok_or_else(missing)?, bytes: read_bytes(&mut payload, MAX_PART).await? })
        })
    }
}

/// Keeps a part and answers the state after it. Errors: `wrongOffset`, `wrongHash`, or 503: then nothing of the part counts.
pub fn store_part(state: &web::Data<AppState>, row: AttachmentRow, part: &Part) -> ApiResult<AttachmentRow> {
    let key = FileKey { project_id: row.project_id.clone(), story_id: row.story_id.clone(), id: row.id.clone() };
    let row = match &state.files {
        Files::Folder(folder) => store_in_folder(state, folder, &key, &row, part)?,
        Files::Bucket(bucket) => store_in_bucket(state, bucket, &key, &row, part)?,
    };
    match row.completed_at {
        None if row.received_bytes == 0 && !part.bytes.is_empty() => {
            Err(ApiError::conflict("wrongHash", "the whole file has another hash than was declared; send it again"))
        }
        _ => Ok(row),
    }
}

fn wrong_offset(have: u64) -> ApiError {
    ApiError::conflict("wrongOffset", format!("the server has {have} bytes; go on from there"))
        .with_header(header::HeaderName::from_static("upload-offset"), have.to_string())
}

fn get(conn: &mut Conn, row: &AttachmentRow) -> DbResult<AttachmentRow> {
    attachments::get(conn, &row.project_id, &row.story_id, &row.id)
}

/// What the first bytes of a whole file say that it is. Errors: 503 when it cannot be read now.
fn found_type(files: &Files, key: &FileKey) -> ApiResult<&'static str> {
    Ok(media::found(&files.beginning(key).map_err(away)?))
}

/// The row as it is now, which nobody else writes until the transaction ends. Errors: not found, when the story was
/// withdrawn meanwhile.
fn locked(conn: &mut Conn, row: &AttachmentRow) -> DbResult<AttachmentRow> {
    attachments::lock(conn, row)?;
    match stories::by_id(conn, &row.project_id, &row.story_id)?.status.as_str() {
        stories::WITHDRAWN => Err(DbError::NotFound),
        _ => get(conn, row),
    }
}

/// How much of a part is known already, of `have` acknowledged bytes; `None` when all of it is. Errors: it begins later.
fn known_of(row: &AttachmentRow, part: &Part, have: u64) -> ApiResult<Option<usize>> {
    if part.offset > have {
        return Err(wrong_offset(have));
    }
    let known = (have - part.offset) as usize;
    // A part that is repeated, or that came late.
    Ok((row.completed_at.is_none() && part.bytes.len() > known).then_some(known))
}

/// Writes a part and notes it; holds the file's database row, so that two parts cannot mix.
fn store_in_folder(
    state: &web::Data<AppState>,
    folder: &Folder,
    key: &FileKey,
    row: &AttachmentRow,
    part: &Part,
) -> ApiResult<AttachmentRow> {
    let store = |conn: &mut Conn| {
        let row = locked(conn, row)?;
        // Of what is on the disk only what was acknowledged counts.
        let have = folder.received(key).min(row.received_bytes as u64);
        let Some(known) = known_of(&row, part, have)? else { return Ok(row) };
        let received = folder.append(key, have, &part.bytes[known..]).map_err(|_| ApiError::unavailable())?;
        if received < row.bytes as u64 {
            attachments::set_progress(conn, &row, received as i64, None)?;
            return Ok(get(conn, &row)?);
        }
        match folder.seal(key, &row.sha256).map_err(|_| ApiError::unavailable())? {
            Sealed::Whole => {
                let found = found_type(&state.files, key)?;
                attachments::set_progress(conn, &row, received as i64, Some(found))?;
            }
            Sealed::WrongHash => attachments::set_progress(conn, &row, 0, None)?,
        }
        Ok(get(conn, &row)?)
    };
    state.db.run_blocking(|conn| write_tx(conn, store))
}

/// Puts a part as an object and notes it afterwards. The database is not held while the store is asked, which may be slow:
/// whoever else brought the same bytes first is found in the second transaction, and then this part counts for nothing.
fn store_in_bucket(
    state: &web::Data<AppState>,
    bucket: &Bucket,
    key: &FileKey,
    row: &AttachmentRow,
    part: &Part,
) -> ApiResult<AttachmentRow> {
    let looked = state.db.run_blocking(|conn| Ok::<_, DbError>((get(conn, row)?, attachment_parts::of_file(conn, row)?)));
    let (row, pieces) = looked?;
    let Some(known) = known_of(&row, part, row.received_bytes as u64)? else { return Ok(row) };
    if covered(&pieces) != row.received_bytes {
        return start_again(state, &row, covered(&pieces)); // what came before is in a folder, or in another bucket
    }
    let Some((piece, bytes)) = next_piece(bucket, key, (&row, &pieces), part.bytes.slice(known..))? else {
        return start_again(state, &row, pieces.last().map_or(0, |last| last.first_byte));
    };
    bucket.put_part(key, &piece.object, bytes).map_err(away)?;
    let received = piece.first_byte + piece.bytes;
    let outcome = match received < row.bytes {
        true => Outcome::More,
        false => match join(bucket, key, &row, &pieces, &piece)? {
            Ok(Sealed::Whole) => Outcome::Whole(found_type(&state.files, key)?),
            Ok(Sealed::WrongHash) => Outcome::WrongHash,
            Err(lost_from) => return start_again(state, &row, lost_from),
        },
    };
    let noted: ApiResult<_> = state.db.run_blocking(|conn| write_tx(conn, |conn| Ok(note(conn, &row, &piece, outcome)?)));
    tidy(bucket, key, &pieces, &piece, &noted);
    noted.map(|(row, _)| row)
}

/// How many bytes from the beginning the pieces hold without a gap.
fn covered(pieces: &[PartRow]) -> i64 {
    pieces.iter().fold(0, |have, piece| if piece.first_byte == have { have + piece.bytes } else { have })
}

/// The store does not have any more what was acknowledged from here on: the device is asked for it again, unless somebody
/// else has brought it meanwhile.
fn start_again(state: &web::Data<AppState>, seen: &AttachmentRow, from: i64) -> ApiResult<AttachmentRow> {
    state.db.run_blocking(|conn| {
        let row = write_tx(conn, |conn| {
            let row = locked(conn, seen)?;
            if row.completed_at.is_none() && row.received_bytes == seen.received_bytes {
                attachment_parts::forget_from(conn, &row, from)?;
                attachments::set_progress(conn, &row, from, None)?;
            }
            get(conn, &row)
        })?;
        if row.completed_at.is_some() { Ok(row) } else { Err(wrong_offset(row.received_bytes as u64)) }
    })
}

fn away(cause: std::io::Error) -> ApiError {
    tracing::warn!(%cause, "attachments");
    ApiError::unavailable()
}

/// What is to be noted about a file.
#[derive(Clone, Copy)]
enum Outcome {
    /// Another piece is there.
    More,
    /// All of it is there, and its first bytes are of this type.
    Whole(&'static str),
    /// All of it is there, and is not what was declared.
    WrongHash,
}

/// The object that is to be made of new bytes: alone, or with those of the last piece, which it replaces, if that is small.
/// `None` when the store has lost that one.
fn next_piece(
    bucket: &Bucket,
    key: &FileKey,
    (row, pieces): (&AttachmentRow, &[PartRow]),
    bytes: Bytes,
) -> ApiResult<Option<(PartRow, Bytes)>> {
    let (first_byte, bytes) = match pieces.last().filter(|last| last.bytes < SMALL_PIECE) {
        None => (row.received_bytes, bytes),
        Some(last) => {
            let mut both = match bucket.get_part(key, &last.object) {
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                read => read.map_err(away)?.to_vec(),
            };
            both.extend_from_slice(&bytes);
            (last.first_byte, both.into())
        }
    };
    let piece = PartRow {
        project_id: row.project_id.clone(),
        story_id: row.story_id.clone(),
        attachment_id: row.id.clone(),
        first_byte,
        bytes: bytes.len() as i64,
        object: Uuid::new_v4().to_string(),
    };
    Ok(Some((piece, bytes)))
}

/// Makes the whole file of its pieces; answers in `Err` the first byte that the store has lost.
fn join(
    bucket: &Bucket,
    key: &FileKey,
    row: &AttachmentRow,
    pieces: &[PartRow],
    last: &PartRow,
) -> ApiResult<Result<Sealed, i64>> {
    let all: Vec<&PartRow> = pieces.iter().filter(|p| p.first_byte < last.first_byte).chain([last]).collect();
    let names: Vec<String> = all.iter().map(|p| p.object.clone()).collect();
    Ok(match bucket.join(key, &names, &row.sha256).map_err(away)? {
        Joined::Sealed(sealed) => Ok(sealed),
        Joined::Lost(i) => Err(all[i].first_byte),
    })
}

/// Notes what came of a part, unless somebody was faster. Answers the row, and whether this part counts.
fn note(conn: &mut Conn, seen: &AttachmentRow, piece: &PartRow, outcome: Outcome) -> DbResult<(AttachmentRow, bool)> {
    let row = locked(conn, seen)?;
    if row.completed_at.is_some() || row.received_bytes != seen.received_bytes {
        return Ok((row, false));
    }
    let (received, whole) = match outcome {
        Outcome::More => (piece.first_byte + piece.bytes, None),
        Outcome::Whole(found) => (row.bytes, Some(found)),
        Outcome::WrongHash => (0, None),
    };
    match outcome {
        Outcome::More => attachment_parts::put(conn, &row, piece)?,
        _ => attachment_parts::forget_from(conn, &row, 0)?,
    }
    attachments::set_progress(conn, &row, received, whole)?;
    Ok((get(conn, &row)?, true))
}

/// Removes the objects that count for nothing now. What cannot be removed goes with the file or its story.
fn tidy(bucket: &Bucket, key: &FileKey, pieces: &[PartRow], piece: &PartRow, noted: &ApiResult<(AttachmentRow, bool)>) {
    let gone = match noted {
        Ok((row, true)) if row.completed_at.is_some() || row.received_bytes == 0 => bucket.remove_parts(key),
        Ok((_, true)) => match pieces.last().filter(|last| last.first_byte == piece.first_byte) {
            Some(replaced) => bucket.remove_part(key, &replaced.object),
            None => Ok(()),
        },
        Ok((_, false)) => bucket.remove_part(key, &piece.object),
        Err(e) if e.is_not_found() => bucket.remove_story(&key.project_id, &key.story_id),
        Err(_) => Ok(()), // perhaps it was noted all the same: the commit may have come through
    };
    if let Err(cause) = gone {
        tracing::warn!(%cause, "objects that are not needed any more could not be removed");
    }
}

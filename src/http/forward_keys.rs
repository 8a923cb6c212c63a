//! The key under which phones of a project close what they cannot deliver themselves.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::common::unsealed;
use super::error::{ApiError, ApiResult};
use crate::db::audit::{Event, record};
use crate::db::forward_keys::{self, ForwardKeyRow};
use crate::db::{Conn, DbResult, now, projects, write_tx};
use crate::secrets::{Sealed, Secrets, new_key_pair, seal};

/// The key under which a phone closes stories that it cannot deliver itself, so that another may bring them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForwardKey {
    /// Id, for the header of the file.
    id: Uuid,
    /// P-256 public key for HPKE (RFC 9180): the uncompressed point of 65 bytes, base64url without padding.
    #[schema(example = "BP6MGc4JBRkevCmKkkV5JTHybwzs4kYGOei8Oct_cGqCanebTPlpuKDlOcf2L7PTCtaqj4DjDx0Siq_WiiznLqA")]
    public_key: String,
}

/// What the private half of a pair is sealed for: it opens nowhere else.
fn sealed_for(project_id: &str, id: &str) -> String {
    format!("forward-key/{project_id}/{id}")
}

/// The newest pair of the project whose private half this server can still open; the first time, and after the secrets
/// file was lost, one is made. `None` when the server has no key to seal with: a phone works without.
pub fn current(conn: &mut Conn, secrets: &Secrets, project_id: &str, actor: &str) -> ApiResult<Option<ForwardKey>> {
    if let Some(row) = newest(conn, secrets, project_id)? {
        return view(row).map(Some);
    }
    let made = write_tx(conn, |conn| {
        projects::lock(conn, project_id)?;
        // Another phone may have been faster.
        if let Some(row) = newest(conn, secrets, project_id)? {
            return Ok(Some(row));
        }
        let Some(row) = new_row(secrets, project_id) else { return Ok(None) };
        forward_keys::insert(conn, &row)?;
        record(conn, &Event::on(project_id, actor, "forwardKey.create", &row.id, ""))?;
        Ok::<_, ApiError>(Some(row))
    });
    made?.map(view).transpose()
}

/// The private half of a pair. Errors: 409 when the key that it was sealed with is not in the secrets file.
pub fn private_half(secrets: &Secrets, row: &ForwardKeyRow) -> ApiResult<Vec<u8>> {
    unsealed(secrets, &sealed_for(&row.project_id, &row.id), &row.sealed)
}

fn newest(conn: &mut Conn, secrets: &Secrets, project_id: &str) -> DbResult<Option<ForwardKeyRow>> {
    let opens = |row: &ForwardKeyRow| row.sealed.parse::<Sealed>().is_ok_and(|s| secrets.decrypts(&s.kid).is_some());
    Ok(forward_keys::all(conn, project_id)?.into_iter().find(opens))
}

fn new_row(secrets: &Secrets, project_id: &str) -> Option<ForwardKeyRow> {
    let (id, pair) = (Uuid::new_v4().to_string(), new_key_pair());
    let sealed = seal(secrets, &sealed_for(project_id, &id), &pair.private)
        .inspect_err(|cause| tracing::warn!(%cause, "phones get no key to close stories with"));
    Some(ForwardKeyRow {
        project_id: project_id.to_owned(),
        id,
        public_key: pair.public,
        sealed: sealed.ok()?.to_string(),
        created_at: now(),
    })
}

fn view(row: ForwardKeyRow) -> ApiResult<ForwardKey> {
    Ok(ForwardKey { id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?, public_key: row.public_key })
}

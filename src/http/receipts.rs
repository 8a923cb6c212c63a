//! What a device is told of the stories that it brought.

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::error::{ApiError, ApiResult, Problem};
use super::page::utc;
use crate::db::stories::Delivered;
use crate::domain::code;

/// What the server has: the device compares the hash with its own, so that no captive portal can pass for us.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// Id made by the device.
    pub id: Uuid,
    /// SHA-256 of the canonical body (RFC 8785) as received.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: String,
    /// When the server had it.
    received_at: DateTime<Utc>,
    /// Questions that administration has; the story is kept and a researcher decides, unless somebody in it wanted nothing
    /// more to be kept. Empty for most.
    held: Vec<HeldReason>,
    /// The code with which the teller may have this story withdrawn; made of the id alone, so that the phone shows it
    /// before this answer.
    #[schema(example = "BC73-RMKF-1WR")]
    withdrawal_code: String,
}

/// Why a story is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum HeldReason {
    /// The participant's code is not known.
    UnknownParticipant,
    /// The participant takes no part any more.
    WithdrawnParticipant,
    /// The participant asked that the data are only kept.
    RestrictedParticipant,
    /// The teller's code is not known.
    UnknownTeller,
    /// The teller takes no part any more.
    WithdrawnTeller,
    /// The teller asked that the data are only kept.
    RestrictedTeller,
    /// The project has no such wave.
    UnknownWave,
    /// The wave is planned or closed.
    WaveNotOpen,
    /// The wave is not the one of the device's assignment.
    OtherWave,
    /// The device was revoked.
    RevokedDevice,
    /// The device was not to collect this perspective.
    PerspectiveNotAssigned,
    /// The story came without a consent to take part.
    ConsentMissing,
}

/// Result of one story of a batch: what a single delivery would have answered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoryResult {
    /// Status that a single delivery would have had: 201, 200, 400, 409 or 410.
    #[schema(example = 201)]
    pub status: u16,
    /// What the server has, for 200 and 201.
    pub receipt: Option<Receipt>,
    /// What is wrong, for the others.
    pub problem: Option<Problem>,
}

/// What came of a story: status and receipt, or why it was not kept.
pub type Answered = ApiResult<(StatusCode, Receipt)>;

impl StoryResult {
    /// What a single delivery would have answered.
    pub fn of(answered: Answered) -> Self {
        match answered {
            Ok((status, receipt)) => Self { status: status.as_u16(), receipt: Some(receipt), problem: None },
            Err(e) => Self { status: e.problem().status, receipt: None, problem: Some(e.problem()) },
        }
    }
}

/// The answer for a story that was looked at by the database. Errors: 409, 410.
pub fn acknowledge(id: &str, sha256: String, delivered: Delivered) -> Answered {
    let (status, held, received_at) = match delivered {
        Delivered::New { held, received_at } => (StatusCode::CREATED, held, received_at),
        Delivered::Same { held, received_at } => (StatusCode::OK, held, received_at),
        Delivered::Different => {
            return Err(ApiError::conflict("differentContent", "another story has this id; nothing was changed"));
        }
        Delivered::Gone => return Err(ApiError::new(StatusCode::GONE, "gone", "this story was withdrawn")),
    };
    let id = Uuid::parse_str(id).map_err(ApiError::internal)?;
    let receipt =
        Receipt { id, withdrawal_code: code::of_story(id), sha256, received_at: utc(received_at), held: held_reasons(&held)? };
    Ok((status, receipt))
}

/// Reasons as stored, as the closed list.
pub fn held_reasons(held: &[String]) -> ApiResult<Vec<HeldReason>> {
    held.iter().map(|reason| super::common::named(reason)).collect()
}

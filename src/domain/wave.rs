//! Waves: measurement moments.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a wave stands. A story for a wave that is closed or still planned is kept as held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum WaveState {
    /// Not begun.
    Planned,
    /// Stories are told.
    Open,
    /// No new conversations; late deliveries from devices are accepted.
    Closing,
    /// Finished.
    Closed,
}

impl WaveState {
    /// Whether stories of this wave are taken in without a question.
    pub fn accepts(self) -> bool {
        matches!(self, Self::Open | Self::Closing)
    }
}

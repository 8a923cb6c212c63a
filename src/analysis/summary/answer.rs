//! What a summary says. A number is a number or null, never NaN: null where nobody answered, and where it is withheld.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::detail::{Dip, Hotspot, SliderDetail, TriadDetail};
use crate::analysis::stats;
use crate::analysis::stats::wilson;
use crate::domain::disclosure::Suppressed;
use crate::domain::framework::SignifierKind;
use crate::domain::lens::Lens;

/// How people placed the stories that a lens selects, question by question.
///
/// With `suppressed` every count and value is null: the group is too small to be shown to this audience.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryAnswer {
    /// Change number of the project that the answer was computed at; for the workgroup that of the publication it reads.
    #[schema(minimum = 0, example = 1042)]
    pub change: i64,
    /// The lens, in canonical form.
    pub lens: Lens,
    /// Stories selected.
    #[schema(minimum = 0, example = 45)]
    pub stories: Option<u32>,
    /// People behind them: participants, for a story about no participant its teller, without either the story itself.
    #[schema(minimum = 0, example = 45)]
    pub participants: Option<u32>,
    /// Why the answer is withheld; null if it is not.
    #[schema(example = json!(null))]
    pub suppressed: Option<Suppressed>,
    /// Caveat: somebody has more than one story in the selection, so shares count some people more often than others
    /// and their intervals are too narrow.
    #[schema(example = false)]
    pub repeated: Option<bool>,
    /// One summary per signifier, in the order of the framework.
    pub summaries: Vec<SignifierSummary>,
}

/// How people placed their stories on one signifier. Which of `triad`, `dyad`, `stones`, `scale` and `choice` it has
/// depends on its kind; a text has none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignifierSummary {
    /// Key of the signifier.
    #[schema(example = "confidence")]
    pub signifier: String,
    /// The kind of figure.
    pub kind: SignifierKind,
    /// Key of the indicator it expresses.
    #[schema(example = "self-confidence")]
    pub indicator: Option<String>,
    /// Stories with an answer.
    #[schema(minimum = 0, example = 41)]
    pub n: Option<u32>,
    /// People behind those.
    #[schema(minimum = 0, example = 41)]
    pub participants: Option<u32>,
    /// Stories with 'not about this'.
    #[schema(minimum = 0, example = 3)]
    pub not_applicable: Option<u32>,
    /// Stories with 'I don't know'.
    #[schema(minimum = 0, example = 0)]
    pub unknown: Option<u32>,
    /// Stories with 'rather not say'.
    #[schema(minimum = 0, example = 0)]
    pub declined: Option<u32>,
    /// Stories in which the question was passed over.
    #[schema(minimum = 0, example = 1)]
    pub skipped: Option<u32>,
    /// Stories in which it was not asked: another perspective, hidden, or not in that framework version. In no
    /// denominator.
    #[schema(minimum = 0, example = 0)]
    pub not_asked: Option<u32>,
    /// Why values are null. If the counts above are null too: too few people were asked. Else almost everybody gave the
    /// same answer, and only the values below are withheld.
    #[schema(example = json!(null))]
    pub suppressed: Option<Suppressed>,
    /// Triads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triad: Option<TriadSummary>,
    /// Dyads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dyad: Option<DyadSummary>,
    /// Canvases with stones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stones: Option<StonesSummary>,
    /// Scales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<ScaleSummary>,
    /// Choices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<ChoiceSummary>,
}

/// A share of the stories with an answer, with its Wilson 95 % interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CountedShare {
    /// Stories.
    #[schema(minimum = 0, example = 21)]
    pub count: Option<u32>,
    /// Their share, 0 to 1.
    #[schema(minimum = 0, maximum = 1, example = 0.525)]
    pub share: Option<f64>,
    /// Lower end of its 95 % interval (Wilson), 0 to 1.
    #[schema(minimum = 0, maximum = 1, example = 0.375)]
    pub low: Option<f64>,
    /// Upper end.
    #[schema(minimum = 0, maximum = 1, example = 0.671)]
    pub high: Option<f64>,
}

impl CountedShare {
    /// `count` of `n`; all null if the count is withheld.
    pub fn of(count: Option<u32>, n: u32) -> Self {
        let share = count.and_then(|c| wilson::share(c, n));
        Self { count, share: share.map(|s| s.share), low: share.map(|s| s.low), high: share.map(|s| s.high) }
    }
}

/// Where the dots of a triad lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TriadSummary {
    /// The seven zones, always all of them.
    pub zones: Vec<ZoneShare>,
    /// Mean shares of the top, left and right anchor: where the average dot lies on the screen.
    #[schema(min_items = 3, max_items = 3, example = json!([0.4, 0.35, 0.25]))]
    pub arithmetic_centre: Option<Vec<f64>>,
    /// Share of dots on an edge or corner: with some part exactly zero. 0 to 1.
    #[schema(minimum = 0, maximum = 1, example = 0.05)]
    pub zero_share: Option<f64>,
    /// What takes longer to compute; only in answers that say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(flatten)]
    pub detail: Option<TriadDetail>,
}

/// A zone of a triad: a corner (its part at least 0.6), the centre (no part under 0.2) or else an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ZoneName {
    /// At the top anchor.
    Top,
    /// At the left anchor.
    Left,
    /// At the right anchor.
    Right,
    /// Between top and left.
    TopLeft,
    /// Between top and right.
    TopRight,
    /// Between left and right.
    LeftRight,
    /// In the middle.
    Centre,
}

impl From<stats::zone::Zone> for ZoneName {
    fn from(zone: stats::zone::Zone) -> Self {
        use stats::zone::Zone;
        match zone {
            Zone::Top => Self::Top,
            Zone::Left => Self::Left,
            Zone::Right => Self::Right,
            Zone::TopLeft => Self::TopLeft,
            Zone::TopRight => Self::TopRight,
            Zone::LeftRight => Self::LeftRight,
            Zone::Centre => Self::Centre,
        }
    }
}

/// How many dots lie in one zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ZoneShare {
    /// The zone.
    pub zone: ZoneName,
    /// Its dots.
    #[serde(flatten)]
    pub counted: CountedShare,
    /// Share of the triangle's area: what `share` would be if dots were put anywhere.
    #[schema(minimum = 0, maximum = 1, example = 0.16)]
    pub area_share: f64,
}

/// Where a dyad's positions lie, 0 (left anchor) to 1 (right anchor).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DyadSummary {
    /// Median; quartiles interpolate linearly (R type 7).
    #[schema(minimum = 0, maximum = 1, example = 0.55)]
    pub median: Option<f64>,
    /// First quartile.
    #[schema(minimum = 0, maximum = 1, example = 0.32)]
    pub q1: Option<f64>,
    /// Third quartile.
    #[schema(minimum = 0, maximum = 1, example = 0.71)]
    pub q3: Option<f64>,
    /// Stories at the left end: position at most 0.005.
    #[schema(minimum = 0, example = 2)]
    pub at_start: Option<u32>,
    /// Stories at the right end: position at least 0.995.
    #[schema(minimum = 0, example = 1)]
    pub at_end: Option<u32>,
    /// Stories per bin, 20 bins of five hundredths from left to right. Positions are rounded to hundredths first; the
    /// last bin holds 95 to 100.
    #[schema(min_items = 20, max_items = 20, example = json!([0,1,0,2,3,1,0,4,5,2,6,3,2,1,4,2,1,0,1,0]))]
    pub histogram: Option<Vec<u32>>,
    /// What takes longer to compute; only in answers that say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(flatten)]
    pub detail: Option<SliderDetail>,
}

/// Where the stones of a canvas lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StonesSummary {
    /// The stones, in the order of the framework.
    pub stones: Vec<StoneSummary>,
}

/// Where one stone lies, as x (0 left to 1 right) and y (0 bottom to 1 top).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoneSummary {
    /// Key of the stone.
    #[schema(example = "body")]
    pub key: String,
    /// Stories in which it was placed; a stone may be left out.
    #[schema(minimum = 0, example = 39)]
    pub n: Option<u32>,
    /// Why the values below are null although the stone was placed: almost always in the same cell.
    #[schema(example = json!(null))]
    pub suppressed: Option<Suppressed>,
    /// Mean x and y.
    #[schema(min_items = 2, max_items = 2, example = json!([0.48, 0.61]))]
    pub centroid: Option<Vec<f64>>,
    /// Spatial median: the point with the smallest sum of distances to all, on a square canvas.
    #[schema(min_items = 2, max_items = 2, example = json!([0.5, 0.64]))]
    pub median: Option<Vec<f64>>,
    /// Stories per cell of three by three, row by row from the bottom left: the first three are the lowest row.
    #[schema(min_items = 9, max_items = 9, example = json!([1,4,2,3,9,5,4,8,3]))]
    pub grid: Option<Vec<u32>>,
    /// Places with more dots than chance puts there; only in answers that say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hotspots: Option<Vec<Hotspot>>,
}

/// How often each point of a scale was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScaleSummary {
    /// The points, low to high.
    pub options: Vec<OptionShare>,
    /// Median of the numbers of the points, 1 = lowest; halfway between two points it is a half.
    #[schema(minimum = 1, maximum = 100, example = 3.5)]
    pub median: Option<f64>,
    /// Consensus (Tastle and Wierman 2007): 1 when all gave the same point, 0 when half gave the lowest and half the
    /// highest; only in answers that say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.62)]
    pub consensus: Option<f64>,
    /// Hartigan's dip test with jitter: two camps or more? Only in answers that say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dip: Option<Dip>,
}

/// How often each option of a choice was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChoiceSummary {
    /// The options in the order of the framework. Where more than one may be taken, shares do not add up to 1.
    pub options: Vec<OptionShare>,
}

/// How often one point or option was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OptionShare {
    /// Key of the point or option.
    #[schema(example = "bike")]
    pub key: String,
    /// How often.
    #[serde(flatten)]
    pub counted: CountedShare,
}

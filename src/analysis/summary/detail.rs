//! What of a summary takes longer to compute: places with more dots than chance puts there, the second centre of a
//! triad, the dip test.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A place with more dots than if they were put anywhere, that stays when people are drawn again (analysis.md, 1.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hotspot {
    /// Triad: shares of top, left and right; dyad: one position; stone: x and y. All 0 to 1.
    #[schema(example = json!([0.7, 0.2, 0.1]))]
    pub at: Vec<f64>,
    /// Density there; dots put anywhere have 2 on a triad and 1 on a dyad or canvas.
    #[schema(minimum = 0, example = 7.4)]
    pub density: f64,
    /// Standard score of the density under dots put anywhere; null when all dots are in one place.
    #[schema(example = 6.1)]
    pub z: Option<f64>,
    /// People with a story that belongs to it.
    #[schema(minimum = 0, example = 31)]
    pub participants: u32,
    /// Share of 200 draws of people in which it comes back, 0.8 to 1.
    #[schema(minimum = 0, maximum = 1, example = 0.97)]
    pub stability: f64,
    /// The story in its middle.
    pub exemplar: Option<Uuid>,
    /// Stories that belong to it, nearest first; at most 20.
    pub stories: Vec<Uuid>,
}

/// A dip test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dip {
    /// Hartigan's dip: the median over 31 jitters.
    #[schema(minimum = 0, maximum = 0.25, example = 0.08)]
    pub statistic: f64,
    /// p-value: small when the answers have two humps or more.
    #[schema(minimum = 0, maximum = 1, example = 0.01)]
    pub p: f64,
}

/// The slower part of a triad.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TriadDetail {
    /// Geometric centre: geometric means of the shares (Aitchison 1986), zeros replaced by 0.0065. Practice in the field
    /// reports it; with more than 5 % zeros read it with its range.
    #[schema(min_items = 3, max_items = 3, example = json!([0.42, 0.36, 0.22]))]
    pub aitchison_centre: Option<Vec<f64>>,
    /// Smallest and largest value of each part of that centre when zeros are replaced by a tenth to three times as much.
    pub aitchison_range: Option<Vec<Vec<f64>>>,
    /// Whether a part of the two centres differs by more than 5 points: pulled by dots in the corners.
    pub is_pulled: Option<bool>,
    /// Ellipse of the mean dot at 95 %, in the plane of a triangle with side 1: x, y, long and short half axis, angle in
    /// radians.
    #[schema(min_items = 5, max_items = 5)]
    pub ellipse: Option<Vec<f64>>,
    /// p-value of the zones under dots put anywhere.
    #[schema(minimum = 0, maximum = 1, example = 0.0001)]
    pub zones_p: Option<f64>,
    /// Places with more dots than chance puts there; null below 20 people.
    pub hotspots: Option<Vec<Hotspot>>,
}

/// The slower part of a dyad.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SliderDetail {
    /// Share of positions that are multiples of 10 of 100; 11 of 101 if no number is liked more.
    #[schema(minimum = 0, maximum = 1, example = 0.12)]
    pub tens_share: Option<f64>,
    /// Share of positions that are multiples of 25 of 100; 5 of 101 if no number is liked more.
    #[schema(minimum = 0, maximum = 1, example = 0.06)]
    pub quarters_share: Option<f64>,
    /// Two camps or more?
    pub dip: Option<Dip>,
    /// Places with more dots than chance puts there; null below 20 people.
    pub hotspots: Option<Vec<Hotspot>>,
}

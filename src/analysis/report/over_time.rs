//! What a comparison of the same people says: change between waves, trends, perspectives on the same participant.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::noticeable::Noticeable;
use super::transitions::Transitions;
use super::types::{Caveat, Effect, EvidenceClass, Of, TestName, Wording};

/// One group's answers at two occasions, in one number each: median of ordered values, share of the chosen category.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BeforeAfter {
    /// People at the first occasion.
    #[schema(minimum = 0, example = 84)]
    pub n_from: u32,
    /// People at the second.
    #[schema(minimum = 0, example = 71)]
    pub n_to: u32,
    /// Ordered values: the median (0 to 1, or point number). Dots: the mean place, see the fields below.
    pub median_from: Option<f64>,
    /// The same at the second occasion.
    pub median_to: Option<f64>,
    /// Triads: mean shares (top, left, right); stones: mean x and y; choices: share of each option.
    pub mean_from: Option<Vec<f64>>,
    /// The same at the second occasion.
    pub mean_to: Option<Vec<f64>>,
}

/// How the answers of the same people changed between two waves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The signifier, with `/part` for a stone or for an option of several.
    #[schema(example = "confidence")]
    pub signifier: String,
    /// Key of the perspective.
    #[schema(example = "candidate")]
    pub perspective: String,
    /// Key of the first wave.
    #[schema(example = "1")]
    pub from: String,
    /// Key of the second wave.
    #[schema(example = "2")]
    pub to: String,
    /// What of the answers is compared: the answers, or who said 'not about this' or 'I don't know' (up: said so the
    /// second time only). The last two where at least 5 people said so in one wave.
    #[serde(default)]
    pub of: Of,
    /// The test; null when there were too few.
    pub test: Option<TestName>,
    /// Its statistic: r-plus, chi-squared, T-squared or F; of McNemar's exact test the smaller of up and down.
    pub statistic: Option<f64>,
    /// People who answered at both waves.
    #[schema(minimum = 0, example = 71)]
    pub n: u32,
    /// How many moved up (ordered values; of two categories: to the second).
    pub up: Option<u32>,
    /// How many gave the same answer; dots: moved less than a tenth of the figure.
    pub same: Option<u32>,
    /// How many moved down.
    pub down: Option<u32>,
    /// Triads: how many moved towards the top, left and right anchor.
    pub towards: Option<Vec<u32>>,
    /// The same as shares of all who answered twice; who moved less than a tenth of a side moved towards none.
    pub towards_shares: Option<Vec<f64>>,
    /// How many moved noticeably, by the thresholds in the settings; null for choices.
    pub noticeable: Option<Noticeable>,
    /// Choices, scales and zones of triads: where people went. With two tests of dots only beside the first. Left out of
    /// what a workgroup sees: its cells are small.
    pub transitions: Option<Transitions>,
    /// Dots: the mean arrow in the plane (x, y).
    pub arrow: Option<Vec<f64>>,
    /// p-value, two-sided.
    #[schema(minimum = 0, maximum = 1)]
    pub p: Option<f64>,
    /// p corrected for the number of tests in this section and perspective.
    #[schema(minimum = 0, maximum = 1)]
    pub q: Option<f64>,
    /// Draws behind the p-value; null when it was computed by formula.
    pub draws: Option<u32>,
    /// How strong it is.
    pub effect: Effect,
    /// How sure it is.
    pub evidence: EvidenceClass,
    /// The people who answered at both waves.
    pub same_people: BeforeAfter,
    /// All who answered at a wave.
    pub all_who_answered: BeforeAfter,
    /// People who answered at the first wave only.
    #[schema(minimum = 0, example = 13)]
    pub only_before: u32,
    /// What to know beside it.
    pub caveats: Vec<Caveat>,
    /// The finding in words.
    pub sentence: Wording,
}

/// Whether the answers of the same people differ over three waves or more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trend {
    /// The signifier.
    #[schema(example = "confidence")]
    pub signifier: String,
    /// Key of the perspective.
    #[schema(example = "candidate")]
    pub perspective: String,
    /// Keys of the waves, in order.
    pub waves: Vec<String>,
    /// Friedman and Page: of those who answered every wave; Skillings-Mack: of those who answered two or more.
    pub test: Option<TestName>,
    /// Friedman's chi-squared, Skillings and Mack's T, or Page's L.
    pub statistic: Option<f64>,
    /// People.
    #[schema(minimum = 0, example = 58)]
    pub n: u32,
    /// p-value; Page's is two-sided, for no direction was fixed before looking.
    #[schema(minimum = 0, maximum = 1)]
    pub p: Option<f64>,
    /// p corrected for the number of tests in this section and perspective.
    #[schema(minimum = 0, maximum = 1)]
    pub q: Option<f64>,
    /// Draws behind the p-value; null when it was computed by formula.
    pub draws: Option<u32>,
    /// Kendall's W, 0 to 1.
    pub effect: Effect,
    /// How sure it is.
    pub evidence: EvidenceClass,
    /// Median per wave.
    pub medians: Vec<Option<f64>>,
    /// What to know beside it.
    #[serde(default)]
    pub caveats: Vec<Caveat>,
    /// The finding in words.
    pub sentence: Wording,
}

/// How two perspectives place the same participants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PerspectiveGap {
    /// The signifier, with `/part` for a stone or for an option of several.
    #[schema(example = "confidence")]
    pub signifier: String,
    /// First perspective.
    #[schema(example = "candidate")]
    pub a: String,
    /// Second perspective.
    #[schema(example = "job-coach")]
    pub b: String,
    /// Key of the wave.
    #[schema(example = "1")]
    pub wave: String,
    /// What of the answers is compared: the answers, or of whom both perspectives were asked who said 'not about this' or
    /// 'I don't know' about the same person. The last two where at least 5 said so in one perspective.
    #[serde(default)]
    pub of: Of,
    /// Participants about whom both perspectives answered.
    #[schema(minimum = 0, example = 40)]
    pub n: u32,
    /// The test of level; null when there were too few.
    pub test: Option<TestName>,
    /// Its statistic.
    pub statistic: Option<f64>,
    /// p-value, corrected for the pairs of perspectives of this signifier and wave (Holm).
    #[schema(minimum = 0, maximum = 1)]
    pub p: Option<f64>,
    /// p corrected for the number of tests in this section and wave.
    #[schema(minimum = 0, maximum = 1)]
    pub q: Option<f64>,
    /// Draws behind the p-value; null when it was computed by formula.
    pub draws: Option<u32>,
    /// Second minus first: mean difference with 95 % limits of its mean (ordered values), mean distance (dots), or the
    /// share that chose otherwise (categories).
    pub gap: Effect,
    /// Rank-biserial correlation of the pairs, or how much closer than strangers.
    pub effect: Effect,
    /// Agreement: ICC(A,1) of positions, Krippendorff's alpha of points and categories, share closer than strangers of dots.
    pub agreement: Effect,
    /// How sure the difference in level is.
    pub evidence: EvidenceClass,
    /// Stories behind the biggest gaps, of both perspectives.
    pub biggest: Vec<Uuid>,
    /// The finding in words.
    pub sentence: Wording,
}

//! What is told beside a test that stands out: which groups differ, by how much, where, and what another test says.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::types::{Effect, EvidenceClass, TestName};

/// How distances between dots of a triad are taken (ground rule G8).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Geometry {
    /// In the plane of the drawn triangle.
    #[default]
    Plane,
    /// Between log-ratios of the shares, zeros replaced by 0.0065 (Aitchison 1986): a hair's breadth near an edge is far.
    Aitchison,
}

/// Two of more than two groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Between {
    /// Key of one group.
    #[schema(example = "temporary-job")]
    pub a: String,
    /// Key of the other.
    #[schema(example = "work-learning")]
    pub b: String,
    /// The test.
    pub test: TestName,
    /// How strong it is; with a sign it is above 0 when group `a` is higher.
    pub effect: Effect,
    /// p-value, two-sided.
    #[schema(minimum = 0, maximum = 1, example = 0.004)]
    pub p: f64,
    /// p corrected for the number of pairs of groups (Holm 1979).
    #[schema(minimum = 0, maximum = 1, example = 0.012)]
    pub holm: f64,
    /// Draws behind the p-value; null when it was computed by formula.
    #[schema(minimum = 0, example = 9999)]
    pub draws: Option<u32>,
    /// Of a contrast: by how much they differ, in units of the figure.
    pub difference: Option<Difference>,
}

/// Two categories that stories have together more or less often than if the two questions had nothing to do with each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Category of the first side; of a triad the zone.
    #[schema(example = "top")]
    pub a: String,
    /// Category of the second side.
    #[schema(example = "work-learning")]
    pub b: String,
    /// Stories with both.
    #[schema(minimum = 0, example = 21)]
    pub count: u32,
    /// Stories to be expected with both.
    #[schema(minimum = 0, example = 12.4)]
    pub expected: f64,
    /// Standard errors above (or below 0) what is expected (Haberman 1973).
    #[schema(example = 3.8)]
    pub residual: f64,
}

/// Which third of an ordered figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The low end.
    Low,
    /// In between.
    Middle,
    /// The high end.
    High,
}

/// Where dots lie on average, of those who answered in one third of an ordered figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Third {
    /// Which third.
    pub part: Part,
    /// Stories.
    #[schema(minimum = 0, example = 22)]
    pub n: u32,
    /// Triads: mean shares (top, left, right); stones: mean x and y. Null below 10 people.
    #[schema(example = json!([0.5, 0.2, 0.3]))]
    pub mean: Option<Vec<f64>>,
}

/// Another test of the same question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondTest {
    /// The test: `brunner-munzel` beside Mann-Whitney where the two groups are spread differently; `permdisp` (do the groups
    /// differ in spread?) beside energy; the test itself in the other geometry of a triad.
    pub test: TestName,
    /// Of a test on dots how distances were taken.
    pub geometry: Option<Geometry>,
    /// Its statistic: W (above 0 when the second group is higher), F, or the distance correlation.
    #[schema(example = 2.4)]
    pub statistic: Option<f64>,
    /// p-value, two-sided.
    #[schema(minimum = 0, maximum = 1, example = 0.02)]
    pub p: f64,
    /// Draws behind the p-value; null when it was computed by formula.
    #[schema(minimum = 0, example = 9999)]
    pub draws: Option<u32>,
    /// How sure the pattern would be by this test, in the same family; null of tests that ask something else.
    pub evidence: Option<EvidenceClass>,
}

/// How a difference is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Median of all differences between an answer of each group (Hodges and Lehmann 1963).
    HodgesLehmann,
    /// Difference of shares, interval of Newcombe (1998).
    Share,
    /// Distance between the mean dots.
    Centre,
}

/// By how much two groups differ: group `a` less group `b`, in units of the figure (0 to 1 is the whole of it).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Key of one group.
    #[schema(example = "temporary-job")]
    pub a: String,
    /// Key of the other.
    #[schema(example = "work-learning")]
    pub b: String,
    /// How it is measured.
    pub measure: Measure,
    /// The difference, -1 to 1; null of a choice with more than two options, which has one for each option.
    #[schema(minimum = -1, maximum = 1, example = 0.14)]
    pub value: Option<f64>,
    /// Lower end of its 95 % interval; null where people told several stories, and of dots.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Of a choice with more than two options the difference of each share.
    pub options: Vec<OptionDifference>,
    /// Dots: from the mean dot of `b` to that of `a` in the plane (x, y).
    #[schema(min_items = 2, max_items = 2)]
    pub arrow: Option<Vec<f64>>,
    /// Dots of what stands out: 95 % ellipse of the arrow's end, by drawing people again: x, y, long and short half axis,
    /// angle in radians.
    #[schema(min_items = 5, max_items = 5)]
    pub ellipse: Option<Vec<f64>>,
}

/// By how much the shares of one option differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OptionDifference {
    /// Key of the option.
    #[schema(example = "home")]
    pub key: String,
    /// Share in group `a` less share in group `b`.
    #[schema(minimum = -1, maximum = 1, example = 0.14)]
    pub value: f64,
    /// Lower end of its 95 % interval; null where people told several stories.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// How many of a group said 'not about this' or 'I don't know'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupCount {
    /// Key of the group.
    #[schema(example = "work-learning")]
    pub group: String,
    /// How many said so.
    #[schema(minimum = 0, example = 12)]
    pub count: u32,
    /// Stories in which the question was asked.
    #[schema(minimum = 0, example = 41)]
    pub n: u32,
}

//! What every finding has: its test, how strong it is, how sure, what goes against it, and the sentence.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::closer::{Between, Cell, Difference, GroupCount, SecondTest, Third};
use super::study::LayerName;

/// A measure of how strong a pattern is, with its 95 % interval.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// Name of the measure.
    #[schema(example = "cliff-delta")]
    pub name: String,
    /// Its value.
    #[schema(example = 0.42)]
    pub value: Option<f64>,
    /// Lower end of its 95 % interval.
    #[schema(example = 0.18)]
    pub low: Option<f64>,
    /// Upper end.
    #[schema(example = 0.61)]
    pub high: Option<f64>,
}

/// How sure a finding is (ground rule G6). The first that fits counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceClass {
    /// Too few people to say anything.
    TooFew,
    /// What chance alone often shows.
    CouldBeChance,
    /// A hint.
    WorthExploring,
    /// Hardly chance, and not small.
    Clear,
}

/// A sentence in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Wording {
    /// Dutch.
    #[schema(example = "Van de 31 mensen die twee keer antwoordden gingen er 14 omhoog.")]
    pub nl: String,
    /// English.
    #[schema(example = "Of 31 people who answered twice, 14 moved up.")]
    pub en: String,
}

/// What a reader must know beside a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Caveat {
    /// Somebody tells more than one of the stories; people were moved as a whole, and drawn again as a whole for intervals.
    RepeatedStories,
    /// Nobody is known behind some stories: they are treated as independent, so people who told several count several times.
    AnonymousStories,
    /// Inside the layers the pattern goes the other way.
    SignReversal,
    /// Those who stayed and all who answered do not agree: leaving may explain it.
    Dropout,
    /// More than 5 % of the dots lie on an edge, so that ratios of shares depend on how an edge is counted.
    Zeros,
    /// The lens was chosen after looking: nothing is called clear.
    ExploratoryLens,
    /// Computed on a random part of the stories.
    Sampled,
    /// The two ways of counting closeness to an edge do not agree: the class is another by log-ratios of the shares.
    DependsOnEdges,
    /// The groups are spread differently, so that not only their places differ: read the test beside it.
    SpreadsDiffer,
    /// People were selected or grouped by extreme answers, which move towards the middle by themselves.
    RegressionToMean,
}

/// What was found between two variables in a layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Relation {
    /// Wave and perspective.
    pub layer: LayerName,
    /// The test; null when there were too few or no variation.
    pub test: Option<TestName>,
    /// Its statistic: rho, tau, U of the first group, H, chi-squared, F, or the distance correlation.
    #[schema(example = 0.44)]
    pub statistic: Option<f64>,
    /// Stories with both answers.
    #[schema(minimum = 0, example = 63)]
    pub n: u32,
    /// People behind them.
    #[schema(minimum = 0, example = 63)]
    pub participants: u32,
    /// p-value, two-sided.
    #[schema(minimum = 0, maximum = 1, example = 0.003)]
    pub p: Option<f64>,
    /// p corrected for the number of tests in this section and layer (Benjamini and Hochberg).
    #[schema(minimum = 0, maximum = 1, example = 0.02)]
    pub q: Option<f64>,
    /// Draws behind the p-value; null when it was computed by formula.
    #[schema(minimum = 0, example = 9999)]
    pub draws: Option<u32>,
    /// How strong it is.
    pub effect: Effect,
    /// How sure it is.
    pub evidence: EvidenceClass,
    /// The smallest effect that so many people would have shown in 8 of 10 studies.
    #[schema(example = 0.35)]
    pub detectable: Option<f64>,
    /// Stories that go against it.
    #[schema(minimum = 0, example = 11)]
    pub contradicting: Option<u32>,
    /// Some that fit it, best first.
    pub typical_stories: Vec<Uuid>,
    /// Some that go against it, farthest first.
    pub contradicting_stories: Vec<Uuid>,
    /// Of more than two groups that stand out: every two of them, up to 12 groups.
    pub between: Vec<Between>,
    /// Of categories, and of zones of a triad with categories, that stand out: those that go together more or less often than
    /// expected. Empty where people told several stories, and for a workgroup.
    pub cells: Vec<Cell>,
    /// Of dots with an ordered figure that stand out: where the dots lie on average from its low to its high end. Empty for a
    /// workgroup.
    pub thirds: Vec<Third>,
    /// Other tests of the same question: where spreads differ, and of triads in the other geometry.
    pub beside: Vec<SecondTest>,
    /// What to know beside it.
    pub caveats: Vec<Caveat>,
    /// The finding in words.
    pub sentence: Wording,
}

/// Two signifiers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// First signifier, with `/part` for a stone or for an option of several.
    #[schema(example = "confidence")]
    pub a: String,
    /// Second signifier.
    #[schema(example = "tone")]
    pub b: String,
    /// What was found.
    #[serde(flatten)]
    pub relation: Relation,
}

/// A signifier and the groups that an attribute makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contrast {
    /// The signifier, with `/part` for a stone or for an option of several.
    #[schema(example = "confidence")]
    pub signifier: String,
    /// The attribute or background question.
    #[schema(example = "trajectory")]
    pub attribute: String,
    /// The groups that were large enough, in the order of the framework.
    pub groups: Vec<String>,
    /// What is compared: what was answered, or how many said 'not about this' or 'I don't know'.
    pub of: Of,
    /// How many of each group said so; empty where answers are compared.
    pub counts: Vec<GroupCount>,
    /// By how much two groups differ; null of more groups, see `between`. Shares are left out for a workgroup.
    pub difference: Option<Difference>,
    /// What was found.
    #[serde(flatten)]
    pub relation: Relation,
}

/// What of the answers to a signifier is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// What people answered.
    #[default]
    Answer,
    /// How many said 'not about this', of all who were asked.
    NotApplicable,
    /// How many said 'I don't know', of all who were asked.
    Unknown,
}

impl Of {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::NotApplicable => "not-applicable",
            Self::Unknown => "unknown",
        }
    }

    /// Whether answers themselves are compared.
    pub fn is_answer(&self) -> bool {
        *self == Self::Answer
    }
}

/// The test behind a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TestName {
    /// Rank correlation of positions.
    Spearman,
    /// Rank correlation with many ties.
    KendallTauB,
    /// Two groups on an ordered variable.
    MannWhitney,
    /// The same where spreads differ.
    BrunnerMunzel,
    /// More groups on an ordered variable.
    KruskalWallis,
    /// Categories by categories, all expected counts at least 5.
    ChiSquared,
    /// Categories by categories, with small counts.
    Fisher,
    /// Groups of dots (DISCO, Rizzo and Székely 2010).
    Energy,
    /// Whether groups of dots differ in spread (Anderson 2006).
    Permdisp,
    /// Dots with anything (Székely and Rizzo 2013).
    DistanceCorrelation,
    /// The same people twice, ordered.
    WilcoxonPratt,
    /// The same people twice, two categories.
    Mcnemar,
    /// The same people twice, more categories.
    StuartMaxwell,
    /// The same people twice, dots: has the middle moved?
    SignFlip,
    /// The same people in three waves or more.
    Friedman,
    /// The same with missing waves.
    SkillingsMack,
    /// A trend over waves.
    Page,
}

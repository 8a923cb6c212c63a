//! Where people placed their stories: a dot each, or counted in small bins where there are many.
//!
//! The same population, the same questions and the same answers are withheld as in [`super::summarise`]. For a workgroup
//! dots come in the order of their places, which says nothing about who told them, and have the id of their story only
//! where nobody learns more by it than the dot shows ([`Opening`]).

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bins::{COLUMNS, SIDES, columns, hexagons, squares};
use super::{Answers, Selected, Viewed, kinds};
use crate::analysis::cells::Columns;
use crate::analysis::layout::{RELEASED, STORY, SignifierColumns};
use crate::analysis::protect::{self, Viewer};
use crate::analysis::snapshot::Snapshot;
use crate::domain::disclosure::Suppressed;
use crate::domain::framework::SignifierKind;
use crate::domain::lens::Lens;

/// The places of the stories that a lens selects.
///
/// With `suppressed` every count and place is null: the group is too small to be shown to this audience.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacesAnswer {
    /// Change number of the project that the answer was computed at; for the workgroup that of the publication it reads.
    #[schema(minimum = 0, example = 1042)]
    pub change: i64,
    /// The lens, in canonical form.
    pub lens: Lens,
    /// Stories selected.
    #[schema(minimum = 0, example = 45)]
    pub stories: Option<u32>,
    /// People behind them.
    #[schema(minimum = 0, example = 45)]
    pub participants: Option<u32>,
    /// Why the answer is withheld; null if it is not.
    #[schema(example = json!(null))]
    pub suppressed: Option<Suppressed>,
    /// One for each triad and dyad and for each stone of a canvas, in the order of the framework.
    pub plots: Vec<Places>,
}

/// The places on one figure: `dots` with their `ids`, or `bins` where there are more than were asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// Key of the signifier.
    #[schema(example = "competence")]
    pub signifier: String,
    /// The kind of figure.
    pub kind: SignifierKind,
    /// Key of the stone; null on other figures.
    #[schema(example = json!(null))]
    pub stone: Option<String>,
    /// Stories placed.
    #[schema(minimum = 0, example = 2)]
    pub n: Option<u32>,
    /// Why the places are withheld; null if they are not.
    #[schema(example = json!(null))]
    pub suppressed: Option<Suppressed>,
    /// Triad: shares of top, left and right; dyad: the position; stone: x and y. All 0 to 1, rounded to thousandths: to draw, not
    /// to compute with.
    #[schema(example = json!([[0.61, 0.22, 0.17], [0.1, 0.1, 0.8]]))]
    pub dots: Option<Vec<Vec<f64>>>,
    /// The story of each dot; null where it may not be opened from here.
    #[schema(example = json!(["5b0e3c52-6f0f-4f6e-9a55-3d1c2b8f7a10", null]))]
    pub ids: Option<Vec<Option<Uuid>>>,
    /// How many stories lie in each part of the figure that has any.
    #[schema(example = json!(null))]
    pub bins: Option<Vec<Bin>>,
    /// Width of a bin as a share of the side of the figure. Triad: hexagons around the points of a triangular grid; stone:
    /// squares; dyad: columns.
    #[schema(example = json!(null))]
    pub bin_size: Option<f64>,
}

/// A part of a figure with stories in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bin {
    /// Its middle, in the units of a dot.
    #[schema(example = json!([0.625, 0.25, 0.125]))]
    pub at: Vec<f64>,
    /// Stories in it.
    #[schema(minimum = 1, example = 12)]
    pub count: u32,
}

/// The places of the stories that `lens` selects, as `viewer` may see them, on the signifiers `only` if given, else on all.
/// `most`: figures with more stories get bins.
pub fn places(snapshot: &Snapshot, lens: &Lens, viewer: Viewer, only: Option<&[String]>, most: usize) -> PlacesAnswer {
    let viewed = Viewed::of(snapshot, lens, viewer, only, &[STORY, RELEASED]);
    let opening = Opening { viewer, by_attribute: !viewed.lens.attributes.is_empty() };
    let figure = |s: &&&SignifierColumns| matches!(s.kind(), SignifierKind::Triad | SignifierKind::Dyad | SignifierKind::Stones);
    let figures: Vec<&SignifierColumns> = viewed.signifiers.iter().filter(figure).copied().collect();
    let plots: Vec<Vec<Places>> = figures
        .par_iter()
        .map(|s| of_signifier(&Drawn { snapshot, columns: s, selected: viewed.selected(s), opening, most }))
        .collect();
    PlacesAnswer {
        change: snapshot.change,
        stories: viewed.stories(),
        participants: viewed.participants(),
        suppressed: viewed.selection.is_none().then_some(Suppressed::SmallCell),
        plots: plots.into_iter().flatten().collect(),
        lens: viewed.lens,
    }
}

/// Which dots have the id of their story. Researchers may open all. A workgroup opens released ones that their tellers let it
/// read, from questions that are not about the person and that everybody is asked, and never where the lens selects by an
/// attribute: whoever asked for one value after the other would learn all attributes of a story.
#[derive(Clone, Copy)]
struct Opening {
    viewer: Viewer,
    by_attribute: bool,
}

impl Opening {
    fn is_open(self, snapshot: &Snapshot, columns: &SignifierColumns) -> bool {
        let frameworks = &mut snapshot.shape.frameworks.values();
        let is_closed =
            frameworks.any(|f| f.signifier(&columns.key).is_some_and(|s| s.sensitive || s.background || s.asked_of.is_some()));
        !self.viewer.is_protected() || !self.by_attribute && !is_closed
    }
}

/// A figure that is to be drawn, with the answers if they may be seen.
struct Drawn<'a> {
    snapshot: &'a Snapshot,
    columns: &'a SignifierColumns,
    selected: Option<&'a Selected>,
    opening: Opening,
    most: usize,
}

fn of_signifier(drawn: &Drawn<'_>) -> Vec<Places> {
    let answers = drawn.selected.map(|s| Answers { columns: drawn.columns, selected: s, n: 0, median: false });
    let answers = answers.as_ref();
    let too_alike = answers.is_some_and(|a| a.is_protected() && kinds::is_too_alike(a));
    match drawn.columns.kind() {
        SignifierKind::Triad => vec![drawn.plot(None, answers, too_alike, &[0, 1, 2])],
        SignifierKind::Stones => {
            let stones = drawn.columns.definition().stones.iter().enumerate();
            let alike = |a: &Answers<'_>, i: usize| a.is_protected() && protect::is_too_alike(a.units(), a.bytes(3 * i + 2));
            let stone = |(i, stone): (usize, &crate::domain::framework::Anchor)| {
                let too_alike = answers.is_some_and(|a| alike(a, i));
                drawn.plot(Some(stone.key.clone()), answers, too_alike, &[3 * i, 3 * i + 1])
            };
            stones.map(stone).collect()
        }
        _ => vec![drawn.plot(None, answers, too_alike, &[0])],
    }
}

impl Drawn<'_> {
    /// The places whose coordinates are in these value columns.
    fn plot(&self, stone: Option<String>, answers: Option<&Answers<'_>>, too_alike: bool, values: &[usize]) -> Places {
        let mut plot = Places {
            signifier: self.columns.key.clone(),
            kind: self.columns.kind(),
            stone,
            n: None,
            suppressed: (too_alike || answers.is_none()).then_some(Suppressed::SmallCell),
            dots: None,
            ids: None,
            bins: None,
            bin_size: None,
        };
        let Some(answers) = answers else { return plot };
        let mut placed = self.placed(answers, values);
        plot.n = Some(placed.len() as u32);
        if too_alike {
            return plot;
        }
        if placed.len() > self.most {
            let (bins, size) = bins(self.columns.kind(), &placed);
            (plot.bins, plot.bin_size) = (Some(bins), Some(size));
            return plot;
        }
        if self.opening.viewer.is_protected() {
            // The order of the rows is that of the ids on every figure: it would tell which dots belong together.
            placed.sort_by(|a, b| {
                let at = a.at.iter().zip(&b.at).map(|(a, b)| a.total_cmp(b));
                at.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then).then(a.story.cmp(&b.story))
            });
        }
        plot.ids = Some(placed.iter().map(|p| p.story).collect());
        plot.dots = Some(placed.iter().map(|p| p.at[..values.len()].to_vec()).collect());
        plot
    }

    /// The answered places, in the order of story ids.
    fn placed(&self, answers: &Answers<'_>, values: &[usize]) -> Vec<Placed> {
        let data = &answers.selected.data;
        let (rows, released) = (data.counts(STORY), data.bytes(RELEASED));
        let may_open = self.opening.is_open(self.snapshot, self.columns);
        let all = !self.opening.viewer.is_protected();
        let mut numbers: Vec<_> = values.iter().map(|v| answers.numbers(*v).iter()).collect();
        let place = |row: usize| -> Option<Placed> {
            let mut at = Some([0.0; 3]);
            for (i, numbers) in numbers.iter_mut().enumerate() {
                // Each is asked, also when one before had nothing: they go on row by row together.
                let value = numbers.next().flatten();
                at = at.zip(value).map(|(mut at, value)| {
                    at[i] = thousandths(value);
                    at
                });
            }
            let story = (may_open && (all || released[row] == 1)).then(|| self.snapshot.story(rows[row])).flatten();
            Some(Placed { at: at?, story })
        };
        (0..rows.len()).filter_map(place).collect()
    }
}

/// A story on a figure.
struct Placed {
    /// As many coordinates as the figure has; the others are 0.
    at: [f64; 3],
    story: Option<Uuid>,
}

fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn bins(kind: SignifierKind, placed: &[Placed]) -> (Vec<Bin>, f64) {
    let at = placed.iter().map(|p| p.at.as_slice());
    match kind {
        SignifierKind::Triad => (hexagons(at), 1.0 / f64::from(SIDES)),
        SignifierKind::Stones => (squares(at), 1.0 / f64::from(SIDES)),
        _ => (columns(at), 1.0 / f64::from(COLUMNS)),
    }
}

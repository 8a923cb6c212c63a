//! Placements: the latent state of the person, seen by somebody, becomes an answer to a signifier.

use std::f64::consts::FRAC_1_SQRT_2;

use serde_json::{Value, json};

use super::frame::{Kind, Signifier, View};
use super::people::{Corner, Leanings, Person};
use super::planted::*;

/// A point in the plane of the triad moves along these two directions, which keep the sum of the shares.
const ALONG: [[f64; 3]; 2] = [[0.0, -FRAC_1_SQRT_2, FRAC_1_SQRT_2], [0.816_496_58, -0.408_248_29, -0.408_248_29]];
const MIDDLE: [f64; 3] = [0.334, 0.333, 0.333];

/// Everything that decides on the answers of one story.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub(super) view: View,
    /// Whom the story is about; none for a professional's own work.
    pub(super) person: Option<&'a Person>,
    pub(super) wave: usize,
    /// Standard normal state per signifier for this story.
    pub(super) state: Leanings,
    pub(super) outlier: Option<&'a Outlier>,
}

impl Scene<'_> {
    fn z(&self, key: &str) -> [f64; 6] {
        self.state.get(key).copied().unwrap_or_default()
    }

    /// The fixed answer that an outlier story gives to this signifier.
    pub(super) fn spot(&self, key: &str) -> Option<Spot> {
        self.outlier?.spots.iter().find(|(name, _)| *name == key).map(|(_, spot)| *spot)
    }

    fn temporary(&self) -> bool {
        self.person.is_some_and(|person| person.temporary)
    }

    /// The index of the way to get there.
    fn journey(&self) -> Option<usize> {
        self.person.and_then(|person| person.transport[self.wave])
    }
}

/// The value of an answered signifier.
pub(super) fn value(signifier: &Signifier, scene: &Scene, journeys: &[String]) -> Value {
    let key = signifier.key.as_str();
    let spot = scene.spot(key);
    match (&signifier.kind, spot) {
        (Kind::Triad, Some(Spot::Shares(shares))) => triad(shares),
        (Kind::Triad, _) => triad(shares(key, scene)),
        (Kind::Dyad, Some(Spot::At(at))) => dyad(at),
        (Kind::Dyad, _) => dyad(position(key, scene)),
        (Kind::Scale(points), Some(Spot::At(at))) => scale(points, at),
        (Kind::Scale(points), _) => scale(points, height(key, scene, journeys)),
        (Kind::Stones(keys), _) => stones(key, keys, scene, spot),
        (Kind::Choice { options, .. }, Some(Spot::Option(word))) => {
            one_option(options, options.iter().position(|o| o.contains(word)))
        }
        (Kind::Choice { options, multiple }, _) => choice(key, options, *multiple, scene),
        (Kind::Text, _) => json!({"text": "(verzonnen antwoord)"}),
    }
}

/// The middle of the dots and how far they spread.
fn shares(key: &str, scene: &Scene) -> [f64; 3] {
    let z = scene.z(key);
    let (middle, spread) = match key {
        "competence" => (competence_middle(scene), 0.09),
        "meaningful-days" => (days_middle(scene), 0.15),
        _ => (MIDDLE, 0.21),
    };
    std::array::from_fn(|part| middle[part] + spread * (ALONG[0][part] * z[0] + ALONG[1][part] * z[1]))
}

/// One story in ten is about something else than the person's usual corner.
fn competence_middle(scene: &Scene) -> [f64; 3] {
    let elsewhere = scene.z("competence")[2] > 1.28;
    match scene.person.map(|person| person.corner).filter(|_| !elsewhere) {
        Some(Corner::Work) => [0.76, 0.13, 0.11],
        Some(Corner::Time) => [0.11, 0.13, 0.76],
        _ => [0.30, 0.44, 0.26],
    }
}

fn days_middle(scene: &Scene) -> [f64; 3] {
    let moved = if scene.temporary() { DAYS_BY_TRAJECTORY.size } else { 0.0 };
    [0.25 + moved, 0.49 - moved, 0.26]
}

fn position(key: &str, scene: &Scene) -> f64 {
    let z = scene.z(key)[0];
    match key {
        "confidence" => confidence(scene) + 0.13 * z,
        "culture" => culture(scene) + 0.085 * z,
        "language-around" => language(scene) + 0.13 * z,
        _ => 0.5 + 0.2 * z,
    }
}

fn confidence(scene: &Scene) -> f64 {
    let waves = scene.person.map_or(0, |person| scene.wave - person.entry);
    let risen = if scene.temporary() { CONFIDENCE_RISE.size * waves as f64 } else { 0.0 };
    let seen = if scene.view == View::Coach { COACH_GAP.size } else { 0.0 };
    0.43 + risen - seen
}

fn culture(scene: &Scene) -> f64 {
    let alone = scene.person.map_or(scene.z("culture")[1] < 0.25, |person| person.adapts_alone);
    if alone { 0.17 } else { 0.17 + CULTURE_CAMPS.size }
}

fn language(scene: &Scene) -> f64 {
    let newcomer = scene.person.is_some_and(Person::newcomer);
    if newcomer { 0.52 - NEWCOMER_LANGUAGE.size } else { 0.52 }
}

/// Height on a scale, from its first point (0) to its last (1).
fn height(key: &str, scene: &Scene, journeys: &[String]) -> f64 {
    let z = scene.z(key)[0];
    match key {
        "tone" => 0.55 + 0.27 * tone(scene),
        "transport-effort" => effort(scene, journeys) + 0.2 * z,
        _ => 0.5 + 0.27 * z,
    }
}

/// The tone of a candidate's story partly is how home is; that of a professional's story is its own.
fn tone(scene: &Scene) -> f64 {
    let own = scene.z("tone")[0];
    if scene.view != View::Candidate {
        return own;
    }
    let shared = HARD_HOME.size;
    shared * scene.z("home")[0] + (1.0 - shared * shared).sqrt() * own
}

fn effort(scene: &Scene, journeys: &[String]) -> f64 {
    let public = scene.journey().and_then(|index| journeys.get(index)).is_some_and(|key| key.contains("public"));
    // The scale has five points, so a point is a quarter of the way.
    if public { 0.66 - PUBLIC_TRANSPORT.size / 4.0 } else { 0.66 }
}

fn stones(key: &str, stones: &[String], scene: &Scene, spot: Option<Spot>) -> Value {
    let z = scene.z(key);
    let left_out = if spot.is_some() { None } else { left_out(&z, stones.len()) };
    let placed = stones.iter().enumerate().filter(|(index, _)| Some(*index) != left_out);
    let place = |(index, stone): (usize, &String)| {
        let (x, y) = match spot {
            Some(Spot::Stones(x, y)) => (x, y),
            _ => stone_place(stone, &z, index, scene),
        };
        json!({"key": stone, "x": round(x), "y": round(y)})
    };
    json!({"stones": placed.map(place).collect::<Vec<Value>>()})
}

/// Now and then one stone stays in the tray.
fn left_out(z: &[f64; 6], stones: usize) -> Option<usize> {
    let tail = (z.iter().sum::<f64>() * 1000.0).abs() as usize;
    Some(tail % 40).filter(|index| *index < stones)
}

fn stone_place(stone: &str, z: &[f64; 6], index: usize, scene: &Scene) -> (f64, f64) {
    let worse = stone.contains("contact") && scene.person.is_some_and(Person::stopped);
    let middle = if worse { 0.58 - STOPPED_CONTACT.size } else { 0.58 };
    (middle + 0.16 * z[index % 3], 0.5 + 0.21 * z[3 + index % 3])
}

fn choice(key: &str, options: &[String], multiple: bool, scene: &Scene) -> Value {
    let z = scene.z(key);
    match key {
        "transport" if scene.person.is_some() => one_option(options, scene.journey()),
        "whose" => one_option(options, Some(whose(scene, &z, options.len()))),
        _ if multiple => several_options(options, &z),
        _ => one_option(options, Some(along(z[0], options.len()))),
    }
}

/// Own work is one's own story; about a candidate one was mostly there.
fn whose(scene: &Scene, z: &[f64; 6], options: usize) -> usize {
    let drawn = match z[0] {
        _ if scene.person.is_none() => 0,
        low if low < -1.1 => 0,
        high if high > 1.3 => 2,
        _ => 1,
    };
    drawn.min(options.saturating_sub(1))
}

fn one_option(options: &[String], index: Option<usize>) -> Value {
    let chosen = index.and_then(|index| options.get(index)).or(options.first());
    json!({"options": chosen.into_iter().collect::<Vec<&String>>()})
}

/// Those options of which the own draw is high; the first one named by the state when none is. The last option
/// (nobody) excludes the others.
fn several_options(options: &[String], z: &[f64; 6]) -> Value {
    let Some(last) = options.len().checked_sub(1) else { return json!({"options": []}) };
    let high = |index: &usize| z[index % 6] + 0.3 * z[(index + 1) % 6] > 0.75;
    let mut chosen: Vec<&String> = (0..last).filter(high).map(|index| &options[index]).collect();
    if chosen.is_empty() {
        chosen.push(&options[along(z[5], options.len())]);
    }
    json!({"options": chosen})
}

/// An index that a standard normal draw falls on, the middle ones most often.
fn along(z: f64, many: usize) -> usize {
    ((0.5 + 0.22 * z).clamp(0.0, 0.999_9) * many as f64) as usize
}

fn scale(points: &[String], height: f64) -> Value {
    let last = points.len().saturating_sub(1) as f64;
    let index = (height.clamp(0.0, 1.0) * last + 0.5) as usize;
    json!({"point": points.get(index).or(points.last())})
}

fn dyad(position: f64) -> Value {
    json!({"position": round(position)})
}

fn round(position: f64) -> f64 {
    (position.clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0
}

/// Shares that are not negative and, in ten-thousandths, add up to one.
fn triad(raw: [f64; 3]) -> Value {
    let inside = closest_inside(raw);
    let top = (inside[0] * 10_000.0).round() as i64;
    let left = ((inside[1] * 10_000.0).round() as i64).min(10_000 - top);
    let parts = [top, left, 10_000 - top - left];
    json!({"shares": parts.map(|part| part as f64 / 10_000.0)})
}

/// The point of the triangle nearest to a point in its plane.
fn closest_inside(raw: [f64; 3]) -> [f64; 3] {
    let mut sorted = raw;
    sorted.sort_by(f64::total_cmp);
    let [low, mid, high] = sorted;
    let of_three = (low + mid + high - 1.0) / 3.0;
    let of_two = (mid + high - 1.0) / 2.0;
    let off = if low > of_three {
        of_three
    } else if mid > of_two {
        of_two
    } else {
        high - 1.0
    };
    raw.map(|part| (part - off).max(0.0))
}

//! The same answers by plain loops over the records: slow, short and written without looking at the frame.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::analysis::record::{StoryRecord, StudyShape};
use crate::domain::disclosure::Population;
use crate::domain::framework::{AttributeOf, Framework, Signifier, SignifierKind};
use crate::domain::lens::{Lens, lens_options};
use crate::domain::placement::{AnswerState, PlacementValue};
use crate::domain::story::Facts;

pub struct Naive<'a> {
    shape: &'a StudyShape,
    stories: Vec<(&'a StoryRecord, Facts)>,
}

/// What a story says to a signifier: a state, and if answered a value that fits the newest definition.
type Said = (&'static str, Option<PlacementValue>);

impl<'a> Naive<'a> {
    pub fn of(shape: &'a StudyShape, records: &'a [StoryRecord]) -> Self {
        let mut stories: Vec<_> = records.iter().map(|r| (r, serde_json::from_str(&r.facts).unwrap())).collect();
        stories.sort_by_key(|(r, _): &(&StoryRecord, Facts)| r.id);
        Self { shape, stories }
    }

    fn newest(&self, key: &str) -> Option<(&Framework, &Signifier)> {
        self.shape.frameworks.values().rev().find_map(|f| f.signifier(key).map(|s| (&**f, s)))
    }

    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for signifier in self.shape.frameworks.values().rev().flat_map(|f| &f.signifiers) {
            if !keys.contains(&signifier.key) {
                keys.push(signifier.key.clone());
            }
        }
        keys
    }

    fn unit(story: &StoryRecord) -> String {
        match (&story.participant, &story.teller) {
            (Some(p), _) => format!("participant {p}"),
            (None, Some(t)) => format!("teller {t}"),
            _ => format!("story {}", story.id),
        }
    }

    /// Whether the story's own version asked it.
    fn is_asked(framework: &Framework, signifier: &Signifier, story: &StoryRecord, facts: &Facts) -> bool {
        let holds = |c: &crate::domain::framework::ShowIf| {
            let perspective = c.perspectives.is_empty() || c.perspectives.contains(&story.perspective);
            let choice = c.signifier.as_ref().is_none_or(|key| {
                let earlier = framework.signifier(key).unwrap();
                let taken = facts.placements.get(key).and_then(|p| p.value.as_ref()).and_then(|v| v.options.clone());
                Self::is_asked(framework, earlier, story, facts) && taken.is_some_and(|t| t.iter().any(|o| c.options.contains(o)))
            });
            perspective && choice
        };
        signifier.is_asked_of(&story.perspective) && signifier.show_if.iter().all(holds)
    }

    fn said(&self, key: &str, story: &StoryRecord, facts: &Facts) -> Option<Said> {
        let framework = &self.shape.frameworks[&story.framework_version];
        let not_asked = Some(("notAsked", None));
        let Some(own) = framework.signifier(key) else { return not_asked };
        let newest = self.newest(key).unwrap().1;
        let names = |s: &Signifier| s.anchors.iter().map(|a| a.key.clone()).collect::<Vec<_>>();
        if own.kind != newest.kind
            || names(own).iter().collect::<BTreeSet<_>>() != names(newest).iter().collect::<BTreeSet<_>>()
            || !Self::is_asked(framework, own, story, facts)
        {
            return not_asked;
        }
        let placement = facts.placements.get(key)?;
        if placement.state != AnswerState::Answered {
            return Some((placement.state.name(), None));
        }
        let value = placement.value.clone().unwrap();
        let known = |list: &[crate::domain::framework::Anchor], k: &String| list.iter().any(|a| a.key == *k);
        let fits = match newest.kind {
            SignifierKind::Triad | SignifierKind::Dyad | SignifierKind::Text => true,
            SignifierKind::Stones => value.stones.iter().flatten().any(|s| known(&newest.stones, &s.key)),
            SignifierKind::Scale => known(&newest.points, value.point.as_ref().unwrap()),
            SignifierKind::Choice => {
                let options = value.options.as_ref().unwrap();
                options.iter().all(|o| known(&newest.options, o)) && (newest.multiple || options.len() == 1)
            }
        };
        let mut value = value;
        if let Some(shares) = &mut value.shares {
            let by_key: BTreeMap<String, f64> = names(own).into_iter().zip(shares.iter().copied()).collect();
            *shares = names(newest).iter().map(|k| by_key[k]).collect();
        }
        if let Some(position) = value.position.as_mut().filter(|_| names(own) != names(newest)) {
            *position = 1.0 - *position;
        }
        if fits { Some(("answered", Some(value))) } else { not_asked }
    }

    /// As [`Self::said`], where nothing said becomes skipped, or notAsked if the unit was asked in another story.
    fn answer(&self, key: &str, story: &StoryRecord, facts: &Facts) -> Said {
        self.said(key, story, facts).unwrap_or_else(|| {
            let of_unit = |(other, f): &&(&StoryRecord, Facts)| {
                Self::unit(other) == Self::unit(story) && self.said(key, other, f).is_some_and(|(s, _)| s != "notAsked")
            };
            let is_background = self.newest(key).unwrap().1.background;
            (if is_background && self.stories.iter().any(|s| of_unit(&s)) { "notAsked" } else { "skipped" }, None)
        })
    }

    /// The value that a lens sees.
    fn category(&self, key: &str, story: &StoryRecord, facts: &Facts) -> Option<String> {
        let attribute = self.shape.frameworks.values().rev().find_map(|f| f.attribute(key));
        if let Some(attribute) = attribute {
            return match attribute.of {
                AttributeOf::Story => facts.attributes.get(key).cloned(),
                _ => story.attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()),
            };
        }
        let (framework, _) = self.newest(key)?;
        lens_options(framework, key)?;
        let own = |story, facts| self.said(key, story, facts)?.1?.options?.pop();
        own(story, facts).or_else(|| {
            let same = self.stories.iter().filter(|(s, _)| Self::unit(s) == Self::unit(story));
            let wave = |s: &StoryRecord| self.shape.waves.iter().position(|w| *w == s.wave);
            same.filter_map(|(s, f)| Some((wave(s), s.id, own(s, f)?))).min().map(|(_, _, option)| option)
        })
    }

    fn selected(&self, lens: &Lens) -> Vec<&(&'a StoryRecord, Facts)> {
        let any = |list: &Vec<String>, value: Option<&String>| list.is_empty() || value.is_some_and(|v| list.contains(v));
        let meets = |(story, facts): &&(&StoryRecord, Facts)| {
            any(&lens.waves, Some(&story.wave))
                && any(&lens.perspectives, Some(&story.perspective))
                && lens.attributes.iter().all(|(k, list)| any(list, self.category(k, story, facts).as_ref()))
        };
        self.stories.iter().filter(meets).collect()
    }

    fn units(&self, stories: &[&(&StoryRecord, Facts)]) -> BTreeSet<String> {
        stories.iter().map(|(s, _)| Self::unit(s)).collect()
    }

    pub fn population(&self, lens: &Lens) -> Population {
        let inside = self.selected(lens);
        let n = self.units(&inside).len() as u32;
        let mut neighbours = Vec::new();
        for other in neighbour_lenses(lens) {
            let rows = self.selected(&other);
            let is_in = |list: &[&(&StoryRecord, Facts)], s: &StoryRecord| list.iter().any(|(o, _)| o.id == s.id);
            let (large, small) = if rows.len() > inside.len() { (&rows, &inside) } else { (&inside, &rows) };
            let between: Vec<_> = large.iter().copied().filter(|(s, _)| !is_in(small, s)).collect();
            let sign = if rows.len() > inside.len() { 1 } else { -1 };
            neighbours.push(self.units(&rows).len() as u32);
            neighbours.push(n.wrapping_add_signed(sign * self.units(&between).len() as i32));
        }
        neighbours.sort_unstable();
        let mut tellers: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (story, _) in &inside {
            let teller = story.teller.clone().unwrap_or_else(|| Self::unit(story));
            tellers.entry(&story.perspective).or_default().insert(teller);
        }
        Population {
            participants: n,
            all: self.units(&self.stories.iter().collect::<Vec<_>>()).len() as u32,
            attributes: lens.attributes.len(),
            fewest_tellers: tellers.values().map(|t| t.len() as u32).min().unwrap_or(0),
            neighbours,
        }
    }

    /// The answer for researchers (`released`: external ones). Spatial medians are left null.
    pub fn summarise(&self, lens: &Lens, released: bool) -> Value {
        let mut stories = self.selected(lens);
        stories.retain(|(s, _)| s.released || !released);
        let participants = self.units(&stories).len();
        let summaries: Vec<Value> = self.keys().iter().map(|k| self.signifier(k, &stories)).collect();
        json!({"change": 1, "lens": lens, "stories": stories.len(), "participants": participants, "suppressed": null,
               "repeated": participants < stories.len(), "summaries": summaries})
    }

    fn signifier(&self, key: &str, stories: &[&(&StoryRecord, Facts)]) -> Value {
        let definition = self.newest(key).unwrap().1;
        let said: Vec<(String, Said)> = stories.iter().map(|(s, f)| (Self::unit(s), self.answer(key, s, f))).collect();
        let count = |state: &str| said.iter().filter(|(_, (s, _))| *s == state).count();
        let values: Vec<&PlacementValue> = said.iter().filter_map(|(_, (_, v))| v.as_ref()).collect();
        let people: BTreeSet<&String> = said.iter().filter(|(_, (s, _))| *s == "answered").map(|(u, _)| u).collect();
        let mut summary = json!({"signifier": key, "kind": definition.kind, "indicator": definition.indicator,
            "n": count("answered"), "participants": people.len(), "notApplicable": count("notApplicable"),
            "unknown": count("unknown"), "declined": count("declined"), "skipped": count("skipped"),
            "notAsked": count("notAsked"), "suppressed": null});
        let n = values.len();
        let keys = |list: &[crate::domain::framework::Anchor]| list.iter().map(|a| a.key.clone()).collect::<Vec<_>>();
        match definition.kind {
            SignifierKind::Triad => summary["triad"] = triad(&values),
            SignifierKind::Dyad => summary["dyad"] = dyad(&values),
            SignifierKind::Scale => {
                let points = keys(&definition.points);
                let number = |v: &&PlacementValue| points.iter().position(|p| Some(p) == v.point.as_ref()).unwrap() as f64 + 1.0;
                let given = |p: &String| values.iter().filter(|v| v.point.as_ref() == Some(p)).count();
                summary["scale"] = json!({"options": options(&points, n, given),
                    "median": quantile(values.iter().map(number).collect(), 0.5)});
            }
            SignifierKind::Choice => {
                let taken = |o: &String| values.iter().filter(|v| v.options.as_ref().unwrap().contains(o)).count();
                summary["choice"] = json!({"options": options(&keys(&definition.options), n, taken)});
            }
            SignifierKind::Stones => {
                let stone = |key: &String| {
                    let points: Vec<[f64; 2]> = points(&values, key);
                    let mean = |d: usize| points.iter().map(|p| p[d]).sum::<f64>() / points.len() as f64;
                    let mut grid = [0; 9];
                    points.iter().for_each(|p| grid[((p[1] * 3.0) as usize).min(2) * 3 + ((p[0] * 3.0) as usize).min(2)] += 1);
                    json!({"key": key, "n": points.len(), "suppressed": null, "median": null, "grid": grid,
                           "centroid": (!points.is_empty()).then(|| [mean(0), mean(1)])})
                };
                summary["stones"] = json!({"stones": keys(&definition.stones).iter().map(stone).collect::<Vec<_>>()});
            }
            SignifierKind::Text => {}
        }
        summary
    }

    /// Where a stone lies in the selected stories.
    pub fn stone(&self, key: &str, stone: &str, lens: &Lens) -> Vec<[f64; 2]> {
        let said: Vec<Said> = self.selected(lens).iter().map(|(s, f)| self.answer(key, s, f)).collect();
        points(&said.iter().filter_map(|(_, v)| v.as_ref()).collect::<Vec<_>>(), stone)
    }
}

fn points(values: &[&PlacementValue], key: &str) -> Vec<[f64; 2]> {
    values.iter().flat_map(|v| v.stones.iter().flatten()).filter(|s| s.key == key).map(|s| [s.x, s.y]).collect()
}

fn neighbour_lenses(lens: &Lens) -> Vec<Lens> {
    let mut lenses = Vec::new();
    let mut add = |list: &Vec<String>, with: &dyn Fn(Vec<String>) -> Lens| {
        if !list.is_empty() {
            lenses.push(with(Vec::new()));
        }
        if list.len() > 1 {
            lenses.extend(list.iter().map(|out| with(list.iter().filter(|v| *v != out).cloned().collect())));
        }
    };
    add(&lens.waves, &|waves| Lens { waves, ..lens.clone() });
    add(&lens.perspectives, &|perspectives| Lens { perspectives, ..lens.clone() });
    for (key, list) in &lens.attributes {
        add(list, &|options| {
            let mut other = lens.clone();
            other.attributes.insert(key.clone(), options);
            other
        });
    }
    lenses
}

fn triad(values: &[&PlacementValue]) -> Value {
    let shares: Vec<&Vec<f64>> = values.iter().map(|v| v.shares.as_ref().unwrap()).collect();
    let n = shares.len();
    let zone_of = |s: &[f64]| {
        let names = ["top", "left", "right"];
        let opposite = ["left-right", "top-right", "top-left"];
        let at_least = |v: f64, limit: f64| v >= limit || (v - limit).abs() < 1e-9;
        match (0..3).find(|i| at_least(s[*i], 0.6)) {
            Some(i) => names[i],
            None => (0..3).find(|i| !at_least(s[*i], 0.2)).map_or("centre", |i| opposite[i]),
        }
    };
    let zones = [("top", 0.16), ("left", 0.16), ("right", 0.16), ("top-left", 0.12), ("top-right", 0.12), ("left-right", 0.12)];
    let zones = zones.into_iter().chain([("centre", 0.16)]).map(|(zone, area)| {
        let mut counted = share(shares.iter().filter(|s| zone_of(s) == zone).count(), n);
        counted["zone"] = json!(zone);
        counted["areaShare"] = json!(area);
        counted
    });
    let zones: Vec<Value> = zones.collect();
    let mean = |i: usize| shares.iter().map(|s| s[i]).sum::<f64>() / n as f64;
    let zero = shares.iter().filter(|s| s.contains(&0.0)).count() as f64 / n as f64;
    json!({"zones": zones, "arithmeticCentre": (n > 0).then(|| [mean(0), mean(1), mean(2)]), "zeroShare": (n > 0).then_some(zero)})
}

fn dyad(values: &[&PlacementValue]) -> Value {
    let positions: Vec<f64> = values.iter().map(|v| v.position.unwrap()).collect();
    let at = |end: f64| positions.iter().filter(|p| (**p - end).abs() < 0.0051).count();
    let mut histogram = [0; 20];
    positions.iter().for_each(|p| histogram[((100.0 * p).round() as usize / 5).min(19)] += 1);
    json!({"median": quantile(positions.clone(), 0.5), "q1": quantile(positions.clone(), 0.25),
           "q3": quantile(positions.clone(), 0.75), "atStart": at(0.0), "atEnd": at(1.0), "histogram": histogram})
}

fn options(keys: &[String], n: usize, count: impl Fn(&String) -> usize) -> Vec<Value> {
    let one = |key: &String| {
        let mut counted = share(count(key), n);
        counted["key"] = json!(key);
        counted
    };
    keys.iter().map(one).collect()
}

/// The Wilson interval as the roots of (p - share)² = z² p (1 - p) / n.
fn share(count: usize, n: usize) -> Value {
    if n == 0 {
        return json!({"count": count, "share": null, "low": null, "high": null});
    }
    let (share, z2) = (count as f64 / n as f64, 1.959963984540054f64.powi(2) / n as f64);
    let (a, b, c) = (1.0 + z2, -(2.0 * share + z2), share * share);
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    json!({"count": count, "share": share, "low": (-b - root) / (2.0 * a), "high": (-b + root) / (2.0 * a)})
}

fn quantile(mut values: Vec<f64>, q: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let at = q * values.len().checked_sub(1)? as f64;
    let (low, high) = (values[at.floor() as usize], values[at.ceil() as usize]);
    Some(low + (high - low) * (at - at.floor()))
}

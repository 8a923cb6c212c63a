//! The lens: which stories an answer is about.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::framework::{Framework, SignifierKind};
use super::problem::{Problems, item, member};
use super::region::Region;
use super::shape;

/// A filter on stories. An empty list means all; several values in one list mean any of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"waves": ["1"], "perspectives": ["candidate"], "attributes": {"trajectory": ["temporary-job"]}}))]
pub struct Lens {
    /// Wave keys.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub waves: Vec<String>,
    /// Perspective keys.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub perspectives: Vec<String>,
    /// Options per attribute or background question (single choice).
    #[serde(default)]
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Parts of figures; a story is selected if it lies in all of them.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub regions: Vec<Region>,
    /// Whether this lens was chosen after looking at the data.
    #[serde(default)]
    pub exploratory: bool,
}

const MEMBERS: [&str; 5] = ["waves", "perspectives", "attributes", "regions", "exploratory"];

impl Lens {
    /// Reads a lens. Errors: everything that is wrong with its shape, and everything in it that does not exist.
    pub fn read(value: &Value, framework: &Framework, waves: &[String]) -> Result<Self, Problems> {
        let mut problems = shape::check::<Self>(value);
        // What is known of the lens is checked even when something else in it is wrong.
        let known: serde_json::Map<String, Value> = value
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(k, _)| MEMBERS.contains(&k.as_str()))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        let mut lens = Self::deserialize(&Value::Object(known.clone()));
        if lens.is_err() {
            let others = known.into_iter().filter(|(k, _)| k != "regions").collect();
            lens = Self::deserialize(&Value::Object(others));
        }
        let lens = lens.unwrap_or_default();
        if let Err(unknown) = lens.check(framework, waves) {
            problems.extend(unknown);
        }
        problems.or_ok(lens)
    }

    /// Sorted and without repetition, so that equal questions are equal lenses.
    pub fn canonical(mut self) -> Self {
        let tidy = |list: &mut Vec<String>| {
            list.sort();
            list.dedup();
        };
        tidy(&mut self.waves);
        tidy(&mut self.perspectives);
        self.attributes.values_mut().for_each(tidy);
        self.attributes.retain(|_, options| !options.is_empty());
        self.regions.sort_by_cached_key(Region::sort_key);
        self.regions.dedup();
        self
    }

    /// Checks the lens. Errors: every wave, perspective, attribute and option that does not exist.
    pub fn check(&self, framework: &Framework, waves: &[String]) -> Result<(), Problems> {
        let mut problems = Problems::default();
        for (i, wave) in self.waves.iter().enumerate() {
            if !waves.contains(wave) {
                problems.add(item("$.waves", i), "unknownOption", "not a wave of this project");
            }
        }
        for (i, perspective) in self.perspectives.iter().enumerate() {
            if !framework.has_perspective(perspective) {
                problems.add(item("$.perspectives", i), "unknownOption", "not a perspective of this framework");
            }
        }
        for (key, wanted) in &self.attributes {
            let at = member("$.attributes", key);
            let Some(options) = lens_options(framework, key) else {
                problems.add(at, "unknownAttribute", "not an attribute or background question of this framework");
                continue;
            };
            for (i, option) in wanted.iter().enumerate() {
                if !options.contains(&option.as_str()) {
                    problems.add(item(&at, i), "unknownOption", "not an option of this attribute");
                }
            }
        }
        for (i, region) in self.regions.iter().enumerate() {
            region.check(framework, &item("$.regions", i), &mut problems);
        }
        problems.or_ok(())
    }
}

/// Options of what a lens may select by: attributes and single-choice background questions that are not sensitive.
pub fn lens_options<'a>(framework: &'a Framework, key: &str) -> Option<Vec<&'a str>> {
    if let Some(attribute) = framework.attribute(key) {
        return Some(attribute.options.iter().map(|o| o.key.as_str()).collect());
    }
    let usable =
        |s: &&crate::domain::framework::Signifier| s.background && s.kind == SignifierKind::Choice && !s.multiple && !s.sensitive;
    let signifier = framework.signifier(key).filter(usable)?;
    Some(signifier.options.iter().map(|o| o.key.as_str()).collect())
}

/// Whether a view can be split by this: `wave`, `waveSamePeople` (those only who told in each of them), `perspective`, or
/// `attribute:` and the key of something that a lens may select by.
pub fn is_comparison(framework: &Framework, by: &str) -> bool {
    match by.strip_prefix("attribute:") {
        Some(key) => lens_options(framework, key).is_some(),
        None => matches!(by, "wave" | "waveSamePeople" | "perspective"),
    }
}

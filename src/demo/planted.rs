//! What is planted in the demo study and what is known to be noise. The generator takes its sizes from this
//! table, so the table cannot say something else than what is generated.

use uuid::Uuid;

use super::DemoStudy;
use super::texts::Library;

/// One pattern that an analysis of the demo study should find.
#[derive(Debug)]
pub struct Pattern {
    /// Stable name.
    pub key: &'static str,
    /// The pattern in plain English.
    pub sentence: &'static str,
    /// What the generator does to make it so.
    pub planted: &'static str,
    /// How large it is, before the noise of people, waves and stories.
    pub size: f64,
    /// What `size` counts.
    pub unit: &'static str,
    /// What shows as a consequence and is therefore no error of the analysis either.
    pub follows: &'static str,
}

pub(super) const CONFIDENCE_RISE: Pattern = Pattern {
    key: "confidence-rises-in-temporary-job",
    sentence: "People in the temporary-job trajectory dare more at every next wave; people in work-learning do not change.",
    planted: "confidence moves right per wave since the participant's own first wave, in temporary-job only, in every perspective",
    size: 0.12,
    unit: "of the slider per wave",
    follows: "In waves 2 and 3 the trajectories differ in confidence; inside temporary-job it goes with months-in-track; late joiners start low, so all tellers together rise less than the same people do.",
};

pub(super) const COACH_GAP: Pattern = Pattern {
    key: "candidates-more-confident-than-coaches-see",
    sentence: "Candidates place themselves as daring more than their job coaches do; case managers see it as the candidates do.",
    planted: "job coaches place confidence to the left of the participant's own state",
    size: 0.13,
    unit: "of the slider",
    follows: "Case managers and coaches differ by the same amount.",
};

pub(super) const HARD_HOME: Pattern = Pattern {
    key: "hard-home-unpleasant-story",
    sentence: "When the situation at home made it harder, the story is less pleasant.",
    planted: "the tone of a candidate's story shares this part of its state with home",
    size: 0.72,
    unit: "correlation of the underlying states",
    follows: "On five-point scales this is a Kendall tau-b of about 0.4 to 0.55; two of the outlier stories run against it. Professionals are not asked about home and their tone is noise.",
};

pub(super) const COMPETENCE_WORK: Pattern = Pattern {
    key: "competence-work-itself",
    sentence: "Most stories about competence lie in the corner 'the work itself'.",
    planted: "this share of the people has its dots in the top corner of competence",
    size: 0.60,
    unit: "share of the people",
    follows: "The same people stay in their corner over waves and perspectives.",
};

pub(super) const COMPETENCE_TIME: Pattern = Pattern {
    key: "competence-dividing-my-time",
    sentence: "A minority of stories lies together in the corner 'dividing my time'.",
    planted: "this share of the people has its dots in the right corner of competence",
    size: 0.20,
    unit: "share of the people",
    follows: "",
};

pub(super) const PUBLIC_TRANSPORT: Pattern = Pattern {
    key: "public-transport-costs-effort",
    sentence: "Getting there costs more effort for who comes by public transport.",
    planted: "transport-effort lies this much lower (more effort) with public transport than with any other way",
    size: 1.5,
    unit: "points of five",
    follows: "Transport-effort depends on nothing else.",
};

pub(super) const NEWCOMER_LANGUAGE: Pattern = Pattern {
    key: "language-too-hard-for-newcomers",
    sentence: "For people fewer than five years in the country the language around them is too hard.",
    planted: "language-around lies this much further to the left for them, in every perspective",
    size: 0.28,
    unit: "of the slider",
    follows: "It goes with the language spoken at home and with the language of the story too, because newcomers speak another one.",
};

pub(super) const STOPPED_CONTACT: Pattern = Pattern {
    key: "stopped-had-less-contact",
    sentence: "People who later stopped had worse contact with people at wave 1 than the others.",
    planted: "the contact stone lies this much further to the left for who exits with reason stopped",
    size: 0.34,
    unit: "of the width of the canvas",
    follows: "Because they leave, contact of all tellers rises a little at later waves without anybody changing.",
};

pub(super) const CULTURE_CAMPS: Pattern = Pattern {
    key: "culture-two-camps",
    sentence: "On who adapted there are two camps: only me, and rather the others; few stories lie between.",
    planted: "two groups of people whose middles lie this far apart on culture, three in five on the left",
    size: 0.55,
    unit: "of the slider",
    follows: "",
};

pub(super) const DAYS_BY_TRAJECTORY: Pattern = Pattern {
    key: "days-differ-by-trajectory",
    sentence: "In temporary-job rhythm counts most in the days, in work-learning other people do.",
    planted: "the middle of meaningful-days moves by this share from other people to rhythm in temporary-job",
    size: 0.28,
    unit: "share of the triad",
    follows: "",
};

pub(super) const FITTING_NOT_ABOUT: Pattern = Pattern {
    key: "fitting-work-not-about-this",
    sentence: "In work-learning, fitting work gets 'not about this' more often than in temporary-job.",
    planted: "extra chance of notApplicable on fitting-work in work-learning, in every perspective",
    size: 0.20,
    unit: "probability",
    follows: "",
};

pub(super) const MANAGER_UNKNOWN: Pattern = Pattern {
    key: "case-managers-do-not-know-the-journey",
    sentence: "Case managers often do not know how much effort the journey takes; job coaches mostly do.",
    planted: "extra chance of unknown on transport-effort for case managers",
    size: 0.25,
    unit: "probability",
    follows: "",
};

pub(super) const OUTLIER_STORIES: Pattern = Pattern {
    key: "three-outlier-stories",
    sentence: "Three stories are unlike all others in several answers at once.",
    planted: "two candidates' stories (waves 1 and 2) and one coach's story (wave 2) with fixed extreme answers",
    size: OUTLIERS.len() as f64,
    unit: "stories",
    follows: "Find them with `outlier_ids`.",
};

/// Everything that is planted.
pub const PATTERNS: &[&Pattern] = &[
    &CONFIDENCE_RISE,
    &COACH_GAP,
    &HARD_HOME,
    &COMPETENCE_WORK,
    &COMPETENCE_TIME,
    &PUBLIC_TRANSPORT,
    &NEWCOMER_LANGUAGE,
    &STOPPED_CONTACT,
    &CULTURE_CAMPS,
    &DAYS_BY_TRAJECTORY,
    &FITTING_NOT_ABOUT,
    &MANAGER_UNKNOWN,
    &OUTLIER_STORIES,
];

/// Signifiers and background questions that are related to nothing, with what they do have. A person's answers
/// resemble each other over waves and perspectives everywhere, also here: that is agreement, not a pattern.
pub const NOISE: &[(&str, &str)] = &[
    ("money", "spread around the middle of the scale"),
    ("health", "the stones body and mind, and the influence (y) of every stone; contact (x) is planted"),
    ("fitting-work", "the dots spread around the middle; how often it is 'not about this' is planted"),
    ("influence", "the dots spread around the middle"),
    ("transport", "uneven shares of ways to get there, unrelated to all but the effort"),
    ("whose", "mostly 'I was there'"),
    ("how-common", "uneven shares"),
    ("who-should-hear", "one to three options at random"),
    ("age-band", "uneven shares"),
    ("gender", "uneven shares"),
    ("highest-school", "uneven shares"),
    ("time-without-work", "uneven shares"),
];

/// A fixed answer of an outlier story.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spot {
    /// Position on a dyad, or along a scale from its first (0) to its last point (1).
    At(f64),
    Shares([f64; 3]),
    /// All stones at this place.
    Stones(f64, f64),
    /// The option whose key contains this word.
    Option(&'static str),
}

/// One outlier story: its text is in `texts/outliers.json` under the same key.
#[derive(Debug)]
pub(super) struct Outlier {
    pub(super) key: &'static str,
    pub(super) wave: usize,
    pub(super) by_coach: bool,
    pub(super) spots: &'static [(&'static str, Spot)],
}

pub(super) const OUTLIERS: &[Outlier] = &[
    Outlier {
        key: "taught-like-a-child",
        wave: 0,
        by_coach: false,
        spots: &[
            ("competence", Spot::Shares([0.02, 0.96, 0.02])),
            ("culture", Spot::At(0.98)),
            ("money", Spot::At(1.0)),
            ("health", Spot::Stones(0.96, 0.04)),
            ("home", Spot::At(1.0)),
            ("language-around", Spot::At(0.97)),
            ("confidence", Spot::At(0.98)),
            ("meaningful-days", Spot::Shares([0.02, 0.02, 0.96])),
            ("influence", Spot::Shares([0.02, 0.02, 0.96])),
            ("tone", Spot::At(0.0)),
        ],
    },
    Outlier {
        key: "after-the-fire",
        wave: 1,
        by_coach: false,
        spots: &[
            ("competence", Spot::Shares([0.01, 0.97, 0.02])),
            ("culture", Spot::At(0.99)),
            ("money", Spot::At(0.0)),
            ("health", Spot::Stones(0.04, 0.97)),
            ("home", Spot::At(0.0)),
            ("fitting-work", Spot::Shares([0.01, 0.01, 0.98])),
            ("transport", Spot::Option("walk")),
            ("transport-effort", Spot::At(0.0)),
            ("confidence", Spot::At(0.01)),
            ("influence", Spot::Shares([0.01, 0.98, 0.01])),
            ("tone", Spot::At(1.0)),
        ],
    },
    Outlier {
        key: "walked-out-with-the-group",
        wave: 1,
        by_coach: true,
        spots: &[
            ("competence", Spot::Shares([0.02, 0.97, 0.01])),
            ("culture", Spot::At(0.99)),
            ("fitting-work", Spot::Shares([0.01, 0.98, 0.01])),
            ("language-around", Spot::At(0.96)),
            ("confidence", Spot::At(0.99)),
            ("meaningful-days", Spot::Shares([0.02, 0.02, 0.96])),
            ("influence", Spot::Shares([0.01, 0.01, 0.98])),
            ("tone", Spot::At(0.0)),
        ],
    },
];

/// The stories that were planted as outliers, in the order of the study.
pub fn outlier_ids(study: &DemoStudy) -> Vec<Uuid> {
    let library = Library::load();
    let titles: Vec<&str> = OUTLIERS.iter().map(|outlier| library.outlier(outlier.key).0).collect();
    let planted = study.stories.iter().filter(|s| s.body["title"].as_str().is_some_and(|t| titles.contains(&t)));
    planted.map(|story| story.id).collect()
}

//! Sentences about the same people: over waves, and as two perspectives see them.

use super::super::types::{EvidenceClass, Of, Wording};
use super::super::words::say;

/// Adds how many answered only the first time, if any.
fn with_leavers(mut said: Wording, only_before: u32) -> Wording {
    if only_before > 0 {
        said.nl += &format!(" {only_before} mensen antwoordden alleen de eerste keer.");
        said.en += &format!(" {only_before} people answered only the first time.");
    }
    said
}

/// How the same people moved between two waves.
pub fn moved(n: u32, up: u32, same: u32, down: u32, only_before: u32) -> Wording {
    let said = say(
        format!(
            "Van de {n} mensen die twee keer antwoordden gingen er {up} omhoog, bleven er {same} gelijk en gingen er {down} omlaag."
        ),
        format!("Of {n} people who answered twice: {up} moved up, {same} stayed, {down} moved down."),
    );
    with_leavers(said, only_before)
}

/// How dots or categories of the same people changed.
pub fn shifted(n: u32, changed: u32, only_before: u32) -> Wording {
    let said = say(
        format!("Van de {n} mensen die twee keer antwoordden gaven er {changed} de tweede keer een ander antwoord."),
        format!("Of {n} people who answered twice, {changed} gave another answer the second time."),
    );
    with_leavers(said, only_before)
}

/// Towards which corner of a triad most people went, after how many changed.
pub fn towards(corner: &Wording, people: u32) -> Wording {
    say(
        format!(" Het vaakst richting '{}': {people} mensen.", corner.nl),
        format!(" Most often towards '{}': {people} people.", corner.en),
    )
}

/// Nearly everybody moved alike: how many did is not told.
pub fn alike() -> Wording {
    say(
        "Bijna iedereen bewoog hier hetzelfde; om de enkele anderen te beschermen staan er geen aantallen bij.".to_owned(),
        "Nearly everybody moved alike here; to protect the few others no numbers are given.".to_owned(),
    )
}

/// What is said instead of an answer, in quotation marks.
fn instead(of: Of) -> Wording {
    match of {
        Of::NotApplicable => say("'dit gaat er niet over'".to_owned(), "'not about this'".to_owned()),
        Of::Unknown => say("'weet ik niet'".to_owned(), "'I don't know'".to_owned()),
        Of::Answer => say("een antwoord".to_owned(), "an answer".to_owned()),
    }
}

/// How many of the same people said so in one of two waves only.
pub fn said_so(of: Of, n: u32, later: u32, before: u32) -> Wording {
    let what = instead(of);
    say(
        format!(
            "Van de {n} mensen aan wie dit twee keer is gevraagd, zeiden er {later} alleen de tweede keer {} en {before} alleen de eerste keer.",
            what.nl
        ),
        format!(
            "Of {n} people who were asked this twice, {later} said {} only the second time and {before} only the first time.",
            what.en
        ),
    )
}

/// How many two perspectives said so about the same people, each where the other did not.
pub fn said_so_of(of: Of, (a, b): (&Wording, &Wording), n: u32, (only_a, only_b): (u32, u32)) -> Wording {
    let what = instead(of);
    say(
        format!(
            "Over {n} dezelfde mensen zei '{}' {only_a} keer {} waar '{}' dat niet zei, en andersom {only_b} keer.",
            a.nl, what.nl, b.nl
        ),
        format!(
            "About the same {n} people, '{}' said {} {only_a} times where '{}' did not, and the other way round {only_b} times.",
            a.en, what.en, b.en
        ),
    )
}

/// What chance has to do with a change or gap, after the counts.
pub fn how_sure(evidence: EvidenceClass, n: u32) -> Wording {
    match evidence {
        EvidenceClass::Clear => {
            say(" Dat is meer dan toeval meestal laat zien.".to_owned(), " That is more than chance usually shows.".to_owned())
        }
        EvidenceClass::WorthExploring => say(
            " Dat kan ook toeval zijn: goed om te bespreken, niet om te besluiten.".to_owned(),
            " This can also be chance: good to discuss, not to conclude.".to_owned(),
        ),
        EvidenceClass::CouldBeChance => say(
            format!(" Met {n} mensen kan dat toeval zijn; een klein verschil zouden we niet merken."),
            format!(" With {n} people that can be chance; a small difference we would not notice."),
        ),
        EvidenceClass::TooFew => say(
            format!(" Met {n} mensen valt daar nog niets uit op te maken."),
            format!(" With {n} people nothing can be made of it yet."),
        ),
    }
}

/// How far two perspectives place the same people apart, in points of 100.
pub fn gap(a: &Wording, b: &Wording, points: f64) -> Wording {
    let size = points.abs().round();
    let (nl, en) = if points >= 0.0 { ("hoger", "higher") } else { ("lager", "lower") };
    say(
        format!(
            "Voor '{}' ligt de stip gemiddeld {size} punten {nl} dan voor '{}', over dezelfde mensen. In onderzoek zijn verschillende kijkers het \
             meestal maar een beetje eens.",
            a.nl, b.nl
        ),
        format!(
            "For '{}' the dot lies on average {size} points {en} than for '{}', about the same people. In studies, different observers usually \
             agree only a little.",
            a.en, b.en
        ),
    )
}

/// How often two perspectives chose the same about the same people.
pub fn agreed(a: &Wording, b: &Wording, same: u32, n: u32) -> Wording {
    say(
        format!("'{}' en '{}' kozen over {same} van de {n} mensen hetzelfde.", a.nl, b.nl),
        format!("'{}' and '{}' chose the same about {same} of {n} people.", a.en, b.en),
    )
}

/// How far two perspectives put their dots apart about the same people; distance in sides of the figure.
pub fn near_each_other(a: &Wording, b: &Wording, near: u32, n: u32, distance: f64) -> Wording {
    let points = (100.0 * distance).round();
    say(
        format!(
            "'{}' en '{}' zetten hun stip gemiddeld {points} punten uit elkaar; over {near} van de {n} mensen minder.",
            a.nl, b.nl
        ),
        format!("'{}' and '{}' put their dots on average {points} points apart; about {near} of {n} people less.", a.en, b.en),
    )
}

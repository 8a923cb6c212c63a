//! Plain sentences in Dutch and English (analysis.md, section 13): what the numbers say in natural frequencies, with n,
//! and without the words that promise more than they can keep: 'significant', 'correlation', 'effect', 'proves', 'because'.

mod same_people;

pub use self::same_people::*;
use super::types::{EvidenceClass, Of, Wording};
use super::words::say;

/// Above a list of comparisons: how many would look different by chance alone.
pub fn scan(compared: usize) -> Wording {
    let by_chance = (compared as f64 * 0.05).round();
    say(
        format!(
            "De computer vergeleek {compared} keer twee vragen of groepen. Door toeval alleen zouden er ongeveer {by_chance} anders lijken; \
             we tonen wat overblijft als we daarmee rekening houden."
        ),
        format!(
            "The computer compared {compared} pairs of questions or groups. By chance alone about {by_chance} would look different; \
             we show those that remain after correcting for that."
        ),
    )
}

/// A place where more stories lie than if people put their dot anywhere.
pub fn near(label: &Wording, count: u32, n: u32, low: f64, high: f64) -> Wording {
    let (low, high) = (percent(low), percent(high));
    let (nl, en) = if 2 * count > n {
        ("De meeste verhalen liggen", "Most stories lie")
    } else {
        ("Veel verhalen liggen", "Many stories lie")
    };
    say(
        format!(
            "{nl} dicht bij '{}': {count} van de {n} (tussen ongeveer {low} % en {high} % als we het aan veel meer mensen zouden vragen).",
            label.nl
        ),
        format!(
            "{en} near '{}': {count} of {n} (between about {low} % and {high} % if we had asked many more people).",
            label.en
        ),
    )
}

/// The answer that was given most.
pub fn chosen(label: &Wording, count: u32, n: u32, low: f64, high: f64) -> Wording {
    let (low, high) = (percent(low), percent(high));
    say(
        format!(
            "Het vaakst gekozen: '{}', {count} van de {n} (tussen ongeveer {low} % en {high} % als we het aan veel meer mensen zouden vragen).",
            label.nl
        ),
        format!(
            "Chosen most: '{}', {count} of {n} (between about {low} % and {high} % if we had asked many more people).",
            label.en
        ),
    )
}

/// No place stands out.
pub fn spread_out() -> Wording {
    say(
        "De stippen liggen verspreid; geen plek valt meer op dan wanneer mensen hun stip zomaar ergens zetten.".to_owned(),
        "The dots are spread out; no place stands out more than when people put their dot anywhere.".to_owned(),
    )
}

/// Two groups of answers with few in between.
pub fn two_camps(low: u32, high: u32) -> Wording {
    say(
        format!("Twee groepen antwoorden: laag ({low} verhalen) en hoog ({high}), weinig ertussen."),
        format!("Two groups of answers: low ({low} stories) and high ({high}), few in between."),
    )
}

/// What a relation is about.
pub struct Related<'a> {
    /// What people say on the one side.
    pub x: &'a Wording,
    /// What they then say more often on the other; absent for dots, which have no direction.
    pub y: Option<&'a Wording>,
    /// The two questions or groups.
    pub names: (&'a Wording, &'a Wording),
    /// Of 100 pairs of stories, one of each group, in how many the first is higher.
    pub picks: Option<u32>,
    /// Stories that do not fit.
    pub contradicting: Option<u32>,
    /// Stories.
    pub n: u32,
}

/// Two questions, or a question and groups.
pub fn relation(evidence: EvidenceClass, r: &Related<'_>) -> Wording {
    let (a, b) = r.names;
    match evidence {
        EvidenceClass::TooFew => too_few(r.n),
        EvidenceClass::CouldBeChance => unseen(r.n),
        EvidenceClass::WorthExploring => say(
            format!(
                "Misschien hangen '{}' en '{}' samen. Met {} verhalen kan dat ook toeval zijn. Goed om te bespreken, niet om te besluiten.",
                a.nl, b.nl, r.n
            ),
            format!(
                "There may be a link between '{}' and '{}'. With {} stories this can also be chance. Good to discuss, not to conclude.",
                a.en, b.en, r.n
            ),
        ),
        EvidenceClass::Clear => clear(r),
    }
}

fn clear(r: &Related<'_>) -> Wording {
    let (a, b) = r.names;
    let mut said = match r.y {
        Some(y) => say(
            format!("Wie bij '{}' '{}' zegt, zegt bij '{}' vaker '{}'.", a.nl, r.x.nl, b.nl, y.nl),
            format!("When people say '{}' at '{}', they more often say '{}' at '{}'.", r.x.en, a.en, y.en, b.en),
        ),
        None => say(
            format!("Bij '{}' liggen de stippen anders, afhankelijk van '{}'.", a.nl, b.nl),
            format!("At '{}' the dots lie differently, depending on '{}'.", a.en, b.en),
        ),
    };
    if let Some(picks) = r.picks {
        said.nl += &format!(" Neem uit elke groep een verhaal: in {picks} van de 100 keer ligt dat uit de eerste groep hoger.");
        said.en +=
            &format!(" If you pick one story from each group, the one from the first group is higher in {picks} of 100 picks.");
    }
    if let Some(against) = r.contradicting {
        said.nl += &format!(" {against} van de {} verhalen passen hier niet bij: lees die ook.", r.n);
        said.en += &format!(" {against} of {} stories do not fit: read these too.", r.n);
    }
    said
}

/// Which anchor dots lie nearer to, from the low to the high end of an ordered figure; follows what was said of the link.
pub fn leans(anchor: &Wording, low: &Wording, high: &Wording) -> Wording {
    say(
        format!(" Bij '{}' liggen de stippen gemiddeld dichter bij '{}' dan bij '{}'.", high.nl, anchor.nl, low.nl),
        format!(" With '{}' the dots lie on average closer to '{}' than with '{}'.", high.en, anchor.en, low.en),
    )
}

/// How many of each group said 'not about this' or 'I don't know'. `groups`: name, how many said so, of how many.
pub fn groups_said_so(of: Of, evidence: EvidenceClass, question: &Wording, groups: &[(Wording, u32, u32)], n: u32) -> Wording {
    let list = |pick: fn(&Wording) -> &str, of: &str, and: &str| {
        let parts: Vec<String> = groups.iter().map(|(g, count, n)| format!("{count} {of} {n} in '{}'", pick(g))).collect();
        match parts.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [rest @ .., last] => format!("{} {and} {last}", rest.join(", ")),
        }
    };
    let (nl, en) = match of {
        Of::Unknown => ("Weet ik niet", "I don't know"),
        _ => ("Niet hierover", "Not about this"),
    };
    let mut said = say(
        format!("'{nl}' werd bij '{}' gekozen door {}.", question.nl, list(|w| &w.nl, "van de", "en door")),
        format!("'{en}' was chosen at '{}' by {}.", question.en, list(|w| &w.en, "of", "and by")),
    );
    let sure = match evidence {
        EvidenceClass::CouldBeChance | EvidenceClass::TooFew => {
            say(format!(" Met {n} verhalen kan dat toeval zijn."), format!(" With {n} stories that can be chance."))
        }
        _ => how_sure(evidence, n),
    };
    said.nl += &sure.nl;
    said.en += &sure.en;
    said
}

/// Nothing to say with so few.
pub fn too_few(n: u32) -> Wording {
    say(
        format!("Met {n} verhalen valt hier nog niets over te zeggen. Lees de verhalen zelf."),
        format!("With {n} stories nothing can be said about this yet. Read the stories themselves."),
    )
}

/// No link was seen, which is not the same as no link.
pub fn unseen(n: u32) -> Wording {
    let (nl, en) = match n {
        0..60 => ("een heel sterk verband", "a very strong one"),
        60..200 => ("een sterk verband", "a strong one"),
        _ => ("een duidelijk verband", "a plain one"),
    };
    say(
        format!("We zagen geen verband. Met {n} verhalen zouden we alleen {nl} merken."),
        format!("We did not see a link. With {n} stories we would only notice {en}."),
    )
}

/// A story that stands apart, and on what.
pub fn apart(questions: &[Wording]) -> Wording {
    let join = |pick: fn(&Wording) -> &str, and: &str| {
        let quoted: Vec<String> = questions.iter().map(|q| format!("'{}'", pick(q))).collect();
        match quoted.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [rest @ .., last] => format!("{} {and} {last}", rest.join(", ")),
        }
    };
    say(
        format!("Dit verhaal staat apart, vooral op {}. Apart is niet fout.", join(|w| &w.nl, "en")),
        format!("This story stands apart mainly on {}. Apart is not wrong.", join(|w| &w.en, "and")),
    )
}

/// A small group of stories that are alike.
pub fn small_group(stories: u32, n: u32, loose: bool) -> Wording {
    let (nl, en) = if loose { (" losse", " loose") } else { ("", "") };
    say(
        format!("{stories} van de {n} verhalen vormen een{nl} groep die op elkaar lijkt en anders is dan de rest."),
        format!("{stories} of {n} stories form a{en} group that are like each other and unlike the rest."),
    )
}

/// What so many people can show (ground rule G7).
pub fn detectable(n: u32) -> Wording {
    let (nl, en) = match n {
        0..60 => ("heel sterke verschillen", "very strong differences"),
        60..200 => ("sterke verschillen", "strong differences"),
        200..500 => ("middelgrote verschillen", "medium differences"),
        _ => ("ook kleine verschillen", "small differences too"),
    };
    say(
        format!("Met {n} verhalen kunnen we alleen {nl} zien. 'Niet gevonden' is niet 'geen verschil'.")
            .replace("alleen ook", "ook"),
        format!("With {n} stories we can only detect {en}. 'Not found' is not 'no difference'.")
            .replace("only detect small", "detect small"),
    )
}

fn percent(share: f64) -> i64 {
    (share * 100.0).round() as i64
}

#[cfg(test)]
mod tests;

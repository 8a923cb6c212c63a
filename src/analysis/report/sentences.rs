//! Plain sentences in Dutch and English (analysis.md, section 13): what the numbers say in natural frequencies, with n,
//! and without the words that promise more than they can keep: 'significant', 'correlation', 'effect', 'proves', 'because'.

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

/// How the same people moved between two waves.
pub fn moved(n: u32, up: u32, same: u32, down: u32, only_before: u32) -> Wording {
    let mut said = say(
        format!(
            "Van de {n} mensen die twee keer antwoordden gingen er {up} omhoog, bleven er {same} gelijk en gingen er {down} omlaag."
        ),
        format!("Of {n} people who answered twice: {up} moved up, {same} stayed, {down} moved down."),
    );
    if only_before > 0 {
        said.nl += &format!(" {only_before} mensen antwoordden alleen de eerste keer.");
        said.en += &format!(" {only_before} people answered only the first time.");
    }
    said
}

/// How dots or categories of the same people changed.
pub fn shifted(n: u32, changed: u32, only_before: u32) -> Wording {
    let mut said = say(
        format!("Van de {n} mensen die twee keer antwoordden gaven er {changed} de tweede keer een ander antwoord."),
        format!("Of {n} people who answered twice, {changed} gave another answer the second time."),
    );
    if only_before > 0 {
        said.nl += &format!(" {only_before} mensen antwoordden alleen de eerste keer.");
        said.en += &format!(" {only_before} people answered only the first time.");
    }
    said
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
mod tests {
    use super::*;

    #[test]
    fn no_sentence_promises_more_than_it_can_keep() {
        let (x, y) = (say("laag".into(), "low".into()), say("hoog".into(), "high".into()));
        let r = Related { x: &x, y: Some(&y), names: (&x, &y), picks: Some(72), contradicting: Some(11), n: 40 };
        let classes = [EvidenceClass::TooFew, EvidenceClass::CouldBeChance, EvidenceClass::WorthExploring, EvidenceClass::Clear];
        let mut said = vec![scan(253), near(&x, 21, 40, 0.38, 0.67), spread_out(), two_camps(14, 19), moved(31, 14, 11, 6, 9)];
        said.extend([
            shifted(31, 9, 0),
            towards(&x, 12),
            alike(),
            said_so(Of::NotApplicable, 40, 9, 2),
            said_so_of(Of::Unknown, (&x, &y), 40, (2, 9)),
            gap(&x, &y, 18.0),
            agreed(&x, &y, 5, 20),
            apart(&[x.clone(), y.clone()]),
            detectable(40),
        ]);
        said.extend([small_group(8, 60, true), detectable(800)]);
        said.push(leans(&x, &x, &y));
        let groups = [(x.clone(), 3, 40), (y.clone(), 12, 38)];
        for of in [Of::NotApplicable, Of::Unknown] {
            said.extend(classes.iter().map(|c| groups_said_so(of, *c, &x, &groups, 78)));
        }
        said.extend(classes.iter().flat_map(|c| [relation(*c, &r), how_sure(*c, 40)]));
        for word in ["significant", "correlat", "effect", "prove", "because", "bewij", "omdat", "verklaar"] {
            for s in &said {
                assert!(!s.nl.to_lowercase().contains(word) && !s.en.to_lowercase().contains(word), "{word}: {s:?}");
            }
        }
        assert!(said.iter().all(|s| !s.nl.is_empty() && !s.en.is_empty() && !s.en.contains("  ") && !s.nl.contains("  ")));
    }

    #[test]
    fn numbers_are_natural_frequencies() {
        let label = say("zelfvertrouwen".into(), "self-confidence".into());
        assert_eq!(
            near(&label, 21, 40, 0.375, 0.671).en,
            "Most stories lie near 'self-confidence': 21 of 40 (between about 38 % and 67 % if we had asked many more people)."
        );
        let groups = [(label.clone(), 3, 40), (say("rust".into(), "calm".into()), 12, 38)];
        assert_eq!(
            groups_said_so(Of::NotApplicable, EvidenceClass::Clear, &label, &groups, 78).en,
            "'Not about this' was chosen at 'self-confidence' by 3 of 40 in 'self-confidence' and by 12 of 38 in 'calm'. \
             That is more than chance usually shows."
        );
        assert!(scan(253).en.contains("about 13"));
        assert_eq!(moved(31, 14, 11, 6, 0).en, "Of 31 people who answered twice: 14 moved up, 11 stayed, 6 moved down.");
    }
}

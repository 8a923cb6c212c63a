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

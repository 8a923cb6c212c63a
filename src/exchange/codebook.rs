//! The code book: what every column of the stories table means, one row per column.

use std::io::{self, Write};

use super::digest::FileDigest;
use super::guard::guard;
use super::table::{Column, Content, WriterOptions, columns, csv_writer, finish};
use crate::domain::framework::{Anchor, Framework, Labelled, Signifier, SignifierKind};
use crate::domain::placement::AnswerState;
use crate::domain::texts::Texts;

/// The columns of the code book.
pub(super) const HEADER: [&str; 9] =
    ["name", "kind", "part", "holds", "question", "anchors", "options", "states", "framework_versions"];

/// Writes the code book of these framework versions, with the words of one language.
///
/// Where versions differ in their words, those of the newest come first and the others follow with their version.
/// Formulas are defused as in the table.
pub fn write_codebook<W: Write>(
    out: W,
    frameworks: &[(i32, Framework)],
    language: &str,
    options: WriterOptions,
) -> io::Result<(W, FileDigest)> {
    let mut csv = csv_writer(out);
    csv.write_record(HEADER)?;
    let columns = columns(frameworks);
    for column in &columns {
        for field in row(column, frameworks, language) {
            csv.write_field(guard(&field, options.defuse).as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    finish(csv, columns.len() as u64)
}

fn row(column: &Column, frameworks: &[(i32, Framework)], language: &str) -> [String; 9] {
    let told = Told { column, frameworks, language };
    let versions: Vec<String> = column.versions.iter().map(i32::to_string).collect();
    [
        column.name.clone(),
        kind(column, frameworks).to_owned(),
        told.part(),
        holds(column.content, language).to_owned(),
        told.question(),
        told.anchors(),
        told.options(),
        states(column, frameworks).join(" | "),
        versions.join(" "),
    ]
}

/// What kind of thing the column is about: the kind of signifier, or what it is instead.
fn kind(column: &Column, frameworks: &[(i32, Framework)]) -> &'static str {
    match column.content {
        Content::Permission => "permission",
        Content::Attribute | Content::AttributeState => "attribute",
        _ => signifiers(column, frameworks).next().map_or("story", |(_, s)| s.kind.name()),
    }
}

/// The signifier of a column in every version that has it, the newest first.
pub(super) fn signifiers<'f>(column: &Column, frameworks: &'f [(i32, Framework)]) -> impl Iterator<Item = (i32, &'f Signifier)> {
    let key = column.key.clone().filter(|_| column.content != Content::Permission);
    newest_first(frameworks).filter_map(move |(v, f)| Some((v, f.signifier(key.as_deref()?)?)))
}

pub(super) fn newest_first(frameworks: &[(i32, Framework)]) -> impl Iterator<Item = (i32, &Framework)> {
    let mut versions: Vec<_> = frameworks.iter().map(|(v, f)| (*v, f)).collect();
    versions.sort_by_key(|(v, _)| std::cmp::Reverse(*v));
    versions.into_iter()
}

/// The states that a question offers in any version, in our order.
pub(super) fn states(column: &Column, frameworks: &[(i32, Framework)]) -> Vec<&'static str> {
    let attribute = matches!(column.content, Content::Attribute | Content::AttributeState);
    let offered = |state: &AnswerState| match state {
        _ if attribute => matches!(state, AnswerState::Answered | AnswerState::Skipped),
        state => signifiers(column, frameworks).any(|(_, s)| s.allows(*state)),
    };
    AnswerState::ALL.iter().filter(|s| offered(s)).map(|s| s.name()).collect()
}

/// The words of the frameworks about one column.
pub(super) struct Told<'a> {
    pub column: &'a Column,
    pub frameworks: &'a [(i32, Framework)],
    pub language: &'a str,
}

impl Told<'_> {
    /// The words of the newest version, then those of older versions where they differ.
    fn by_version(&self, words: impl Fn(&Framework) -> Option<String>) -> String {
        let mut told: Vec<String> = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for (version, framework) in newest_first(self.frameworks) {
            let Some(words) = words(framework).filter(|w| !w.is_empty() && !seen.contains(w)) else { continue };
            told.push(if seen.is_empty() { words.clone() } else { format!("version {version}: {words}") });
            seen.push(words);
        }
        told.join(" || ")
    }

    fn signifier(&self, words: impl Fn(&Signifier) -> String) -> String {
        let key = self.column.key.as_deref().unwrap_or_default();
        let is_signifier = self.column.content != Content::Permission;
        self.by_version(|f| f.signifier(key).filter(|_| is_signifier).map(&words))
    }

    fn text(&self, texts: &Texts) -> String {
        texts.get(self.language).to_owned()
    }

    fn anchor(&self, anchor: &Anchor) -> String {
        format!("{} = {}", anchor.key, self.text(&anchor.label))
    }

    fn labelled(&self, labelled: &[Labelled]) -> String {
        let told = labelled.iter().map(|l| format!("{} = {}", l.key, self.text(&l.label)));
        told.collect::<Vec<_>>().join(" | ")
    }

    /// The question, the consent or the name of the attribute.
    pub fn question(&self) -> String {
        let key = self.column.key.as_deref().unwrap_or_default();
        match self.column.content {
            Content::Permission => self.by_version(|f| f.consents.iter().find(|c| c.key == key).map(|c| self.text(&c.text))),
            Content::Attribute | Content::AttributeState => self.by_version(|f| f.attribute(key).map(|a| self.text(&a.label))),
            _ => self.signifier(|s| self.text(&s.question)),
        }
    }

    /// The anchor, stone or option that the column is about.
    pub fn part(&self) -> String {
        let Some(part) = self.column.part.as_deref() else { return String::new() };
        let all = |s: &Signifier| [&s.anchors[..], &s.stones, &s.options].concat();
        self.signifier(|s| all(s).iter().find(|a| a.key == part).map_or(String::new(), |a| self.anchor(a)))
    }

    /// The ends of a figure: corners from the top to the left to the right, ends from left to right, axes.
    fn anchors(&self) -> String {
        self.signifier(|s| match &s.axes {
            Some(axes) => {
                let axis = |name: &str, axis: &crate::domain::framework::Axis| {
                    format!("{name}: {} → {}", self.text(&axis.start), self.text(&axis.end))
                };
                format!("{} | {}", axis("x", &axes.x), axis("y", &axes.y))
            }
            None => s.anchors.iter().map(|a| self.anchor(a)).collect::<Vec<_>>().join(" | "),
        })
    }

    /// What the cells may hold: keys with their labels, numbers of scale points with theirs.
    fn options(&self) -> String {
        let key = self.column.key.as_deref().unwrap_or_default();
        match self.column.content {
            Content::Attribute | Content::AttributeState => {
                self.by_version(|f| f.attribute(key).map(|a| self.labelled(&a.options)))
            }
            Content::Perspective => self.by_version(|f| Some(self.labelled(&f.perspectives))),
            Content::Prompt => self.by_version(|f| {
                let told = f.prompts.iter().map(|p| format!("{} = {}", p.key, self.text(&p.text)));
                Some(told.collect::<Vec<_>>().join(" | "))
            }),
            _ => self.signifier(|s| {
                let points = s.points.iter().enumerate().map(|(i, p)| format!("{} = {}", i + 1, self.text(&p.label)));
                let told: Vec<String> = match s.kind {
                    SignifierKind::Scale => points.collect(),
                    SignifierKind::Stones => s.stones.iter().map(|a| self.anchor(a)).collect(),
                    _ => s.options.iter().map(|a| self.anchor(a)).collect(),
                };
                told.join(" | ")
            }),
        }
    }
}

/// What the cells hold, in Dutch or else in English.
pub(super) fn holds(content: Content, language: &str) -> &'static str {
    let (dutch, english) = match content {
        Content::StoryId => ("id van het verhaal (UUID)", "id of the story (UUID)"),
        Content::FrameworkVersion => ("versie van het duidingskader", "version of the signification framework"),
        Content::Wave => ("meetmoment", "wave"),
        Content::Participant => ("code van de deelnemer", "code of the participant"),
        Content::Teller => ("code van de verteller", "code of the teller"),
        Content::Perspective => ("perspectief", "perspective"),
        Content::Language => ("taal van het verhaal (BCP 47)", "language of the story (BCP 47)"),
        Content::ToldOn => ("dag waarop het verhaal is verteld", "day on which the story was told"),
        Content::ReceivedAt => ("tijdstip van ontvangst (UTC)", "when the story was received (UTC)"),
        Content::Prompt => ("openingsvraag", "prompting question"),
        Content::Title => ("titel van het verhaal", "title of the story"),
        Content::Text => ("tekst van het verhaal", "text of the story"),
        Content::Permission => ("1 = toestemming, 0 = geen toestemming", "1 = permitted, 0 = not permitted"),
        Content::Attribute => ("categorie van het kenmerk", "category of the attribute"),
        Content::AttributeState => ("leeg: bekend als er een categorie staat", "empty: known when there is a category"),
        Content::Share => ("aandeel van deze hoek, 0 tot 1", "share of this corner, 0 to 1"),
        Content::Position => ("plaats van links (0) naar rechts (1)", "position from left (0) to right (1)"),
        Content::StoneX => ("plaats van links (0) naar rechts (1)", "position from left (0) to right (1)"),
        Content::StoneY => ("plaats van onder (0) naar boven (1)", "position from bottom (0) to top (1)"),
        Content::Point => ("nummer van het schaalpunt, 1 = laagste", "number of the scale point, 1 = lowest"),
        Content::Choice => ("gekozen antwoord", "option that was chosen"),
        Content::Chosen => ("1 = gekozen, 0 = niet gekozen", "1 = chosen, 0 = not chosen"),
        Content::Answer => ("geschreven antwoord", "written answer"),
        Content::State => {
            ("leeg: beantwoord als er een waarde is, anders overgeslagen", "empty: answered when there is a value, else skipped")
        }
        Content::Mixed => ("verschilt per versie van het duidingskader", "differs between framework versions"),
    };
    if language.split('-').next() == Some("nl") { dutch } else { english }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::framework;

    fn reference() -> Vec<(i32, Framework)> {
        let document = serde_json::from_str(framework::REFERENCE).unwrap();
        let first = framework::parse(&document).unwrap();
        let mut second = first.clone();
        second.signifiers[0].question = Texts::one("nl", "=NIEUW");
        vec![(1, first), (2, second)]
    }

    #[test]
    fn every_column_is_explained_once_in_the_language_of_the_reader() {
        let frameworks = reference();
        for (language, words) in [("nl", "aandeel van deze hoek, 0 tot 1"), ("en-GB", "share of this corner, 0 to 1")] {
            let (bytes, digest) = write_codebook(Vec::new(), &frameworks, language, WriterOptions::default()).unwrap();
            let mut reader = csv::Reader::from_reader(&bytes[..]);
            assert_eq!(reader.headers().unwrap(), &HEADER[..]);
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            let names: Vec<&str> = rows.iter().map(|r| &r[0]).collect();
            let columns = columns(&frameworks);
            assert_eq!(names, columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>());
            assert_eq!(digest, FileDigest::of(&bytes, columns.len() as u64));
            let share = rows.iter().find(|r| &r[1] == "triad").unwrap();
            assert_eq!((&share[3], &share[8]), (words, "1 2"));
            let unexplained: Vec<_> = rows.iter().filter(|r| r[3].is_empty() || r[1] != *"story" && r[4].is_empty()).collect();
            assert!(unexplained.is_empty(), "{unexplained:?}");
        }
    }

    #[test]
    fn words_that_changed_between_versions_are_both_given() {
        let frameworks = reference();
        let old = frameworks[0].1.signifiers[0].question.get("nl").to_owned();
        let key = frameworks[0].1.signifiers[0].key.clone();
        let (bytes, _) = write_codebook(Vec::new(), &frameworks, "nl", WriterOptions::default()).unwrap();
        let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(&bytes[..]).records().map(Result::unwrap).collect();
        let row = rows.iter().find(|r| r[0].starts_with(&format!("{key}."))).unwrap();
        assert_eq!(row[4], format!("'=NIEUW || version 1: {old}"));
    }
}

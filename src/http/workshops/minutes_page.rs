//! The minutes of a workshop as a page to read and print: text only, nothing is loaded and nothing runs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, html};
use sha2::{Digest, Sha256};

use crate::domain::workshop::{ClusterKind, Direction, Strength};
use crate::transfer::workshops::{ExhibitTold, IdeaTold, InterpretationTold, Minutes, ObservationTold};

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}\
h2{margin-top:2.5rem}.said{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}.by{color:#444;margin:0 0 .6rem}\
blockquote{margin:.5rem 0;padding-left:1rem;border-left:4px solid #777}section{margin:1.2rem 0}\
@page{size:A4;margin:18mm}@media print{body{margin:0;max-width:none;font-size:11pt}article,section{break-inside:avoid-page}\
h2,h3,h4{break-after:avoid-page}}";

/// What the page may load: its own style, by hash, and nothing else.
pub fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
}

/// Says something in the language of the page.
#[derive(Clone, Copy)]
struct Say(bool);

impl Say {
    fn it(self, nl: &'static str, en: &'static str) -> &'static str {
        if self.0 { nl } else { en }
    }
}

/// The page.
pub fn page(minutes: &Minutes) -> String {
    let say = Say(minutes.language == "nl");
    let title = say.it("Verslag van de werksessie", "Minutes of the workshop");
    let markup = html! {
        (DOCTYPE)
        html lang=(minutes.language) {
            head { meta charset="utf-8"; title { (title) ": " (minutes.title) } style { (maud::PreEscaped(STYLE)) } }
            body {
                h1 { (minutes.title) }
                p { (title) ". " (say.it("Project", "Project")) ": " (minutes.project) ". " (minutes.created_at.format("%Y-%m-%d")) }
                @if !minutes.people.is_empty() { p { (say.it("Deelnemers", "People")) ": " (minutes.people.join(", ")) } }
                @for exhibit in &minutes.exhibits { (of_exhibit(exhibit, say)) }
                @if !minutes.clusters.is_empty() {
                    h2 { (say.it("Wat bij elkaar hoort", "What belongs together")) }
                    @for cluster in &minutes.clusters {
                        section {
                            h3 { (cluster.name) }
                            p class="by" { (of_kind(cluster.kind, say)) }
                            ul { @for text in &cluster.interpretations { li { p class="said" { (text) } } } }
                        }
                    }
                }
                p class="by" { (say.it("Gemaakt op", "Made at")) " " (minutes.made_at.format("%Y-%m-%d %H:%M")) " UTC" }
            }
        }
    };
    markup.into_string()
}

fn of_exhibit(exhibit: &ExhibitTold, say: Say) -> Markup {
    html! {
        h2 { (exhibit.title) }
        @if let Some(sentence) = &exhibit.sentence { p { (sentence) } }
        @if let Some(asked) = exhibit.question.as_ref().or(exhibit.signifier.as_ref()) {
            p { (say.it("Vraag", "Question")) ": " (asked) }
        }
        @if let Some(by) = &exhibit.compared_by { p { (say.it("Vergeleken per", "Compared by")) ": " (by) } }
        @if exhibit.withheld {
            p { (say.it("Deze uitkomst is voor onderzoekers en staat hier niet.", "This finding is for researchers and is not shown here.")) }
        }
        @if !exhibit.note.is_empty() { p class="said" { (exhibit.note) } }
        @if exhibit.observations.is_empty() { p { (say.it("Geen waarnemingen.", "No observations.")) } }
        @for observation in &exhibit.observations { (of_observation(observation, say)) }
    }
}

fn of_observation(observation: &ObservationTold, say: Say) -> Markup {
    html! {
        article {
            h3 { (say.it("Waarneming", "Observation")) }
            blockquote { p class="said" { (observation.text) } }
            p class="by" {
                (of_strength(observation.strength, say)) " · " (by(observation.author.as_deref(), observation.votes, say))
            }
            @if !observation.interpretations.is_empty() {
                h4 { (say.it("Duidingen", "Interpretations")) }
                ul { @for one in &observation.interpretations { li { (of_interpretation(one, say)) } } }
            }
            @if !observation.ideas.is_empty() {
                h4 { (say.it("Ideeën", "Ideas")) }
                ul { @for one in &observation.ideas { li { (of_idea(one, say)) } } }
            }
        }
    }
}

fn of_interpretation(one: &InterpretationTold, say: Say) -> Markup {
    html! {
        p class="said" { (one.text) }
        p class="by" {
            (by(one.author.as_deref(), one.votes, say))
            @if !one.clusters.is_empty() { " · " (one.clusters.join(", ")) }
        }
    }
}

fn of_idea(one: &IdeaTold, say: Say) -> Markup {
    html! {
        p class="said" { (one.text) }
        @if let (Some(region), Some(direction)) = (&one.region, one.direction) {
            p {
                @match direction {
                    Direction::More => (say.it("Meer verhalen zoals in het gemarkeerde gebied bij", "More stories like those in the marked area of")),
                    Direction::Fewer => (say.it("Minder verhalen zoals in het gemarkeerde gebied bij", "Fewer stories like those in the marked area of")),
                }
                " ‘" (one.question.as_ref().unwrap_or(&region.signifier)) "’"
            }
        }
        p class="by" { (by(one.author.as_deref(), one.votes, say)) }
    }
}

fn by(author: Option<&str>, votes: u32, say: Say) -> String {
    let count = match votes {
        1 => format!("1 {}", say.it("stem", "vote")),
        n => format!("{n} {}", say.it("stemmen", "votes")),
    };
    author.map_or(count.clone(), |name| format!("{name} · {count}"))
}

fn of_strength(strength: Strength, say: Say) -> &'static str {
    match strength {
        Strength::Strong => say.it("sterk", "strong"),
        Strength::Medium => say.it("middelmatig", "medium"),
        Strength::Weak => say.it("zwak", "weak"),
    }
}

fn of_kind(kind: ClusterKind, say: Say) -> &'static str {
    match kind {
        ClusterKind::Perspective => say.it("perspectief", "perspective"),
        ClusterKind::Theme => say.it("thema", "theme"),
    }
}

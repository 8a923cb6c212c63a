//! What is kept about one person as a page to read and print: text only, nothing is loaded and nothing runs.

use maud::{DOCTYPE, Markup, html};

use super::contacts::Contact;
use super::subject_data::{PersonKept, SubjectData};
use super::subject_stories::{AnswerKept, StoryKept, ToldBy};
use crate::exchange::readable::is_dutch;

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}\
h2{margin-top:2.5rem}dt{font-weight:bold;margin-top:.6rem}dd{margin:0 0 0 1rem}\
.text{white-space:pre-wrap;border-left:4px solid #999;padding-left:1rem}article{break-inside:avoid-page}";

/// The page.
pub fn page(data: &SubjectData) -> String {
    let say = |nl: &'static str, en: &'static str| if is_dutch(&data.language) { nl } else { en };
    let title = say("Wat over u wordt bewaard", "What is kept about you");
    let markup = html! {
        (DOCTYPE)
        html lang=(say("nl", "en")) {
            head { meta charset="utf-8"; title { (title) } style { (STYLE) } }
            body {
                h1 { (title) }
                p { (data.project) ", " (data.made_at.format("%Y-%m-%d %H:%M")) " UTC" }
                @if let Some(since) = data.restricted_at {
                    p { strong { (say("Alleen bewaard en niet gebruikt sinds", "Only kept, and not used, since")) " " (since.format("%Y-%m-%d")) } }
                }
                @if let Some(person) = &data.person { (of_person(person, &say)) }
                @if !data.attributes.is_empty() {
                    h2 { (say("Kenmerken", "Properties")) }
                    dl { @for (name, value) in &data.attributes { dt { (name) } dd { (value) } } }
                }
                @for story in data.stories.iter().flatten() { (of_story(story, &say)) }
                @if data.stories.as_ref().is_some_and(Vec::is_empty) {
                    p { (say("Er worden geen verhalen bewaard.", "No stories are kept.")) }
                }
            }
        }
    };
    markup.into_string()
}

type Say<'a> = dyn Fn(&'static str, &'static str) -> &'static str + 'a;

fn of_person(person: &PersonKept, say: &Say<'_>) -> Markup {
    html! {
        h2 { (say("Persoon", "Person")) }
        dl {
            dt { (say("Code", "Code")) } dd { (person.code) }
            dt { (say("Stand", "Status")) } dd { (word(&person.status, say)) }
            @if let Some(reason) = &person.exit_reason {
                dt { (say("Reden van vertrek", "Reason of leaving")) }
                dd { (word(reason, say)) " " (person.exit_month.as_deref().unwrap_or_default()) }
            }
            dt { (say("Bekend sinds", "Known since")) } dd { (person.created_at.format("%Y-%m-%d")) }
            @for p in &person.participations { dt { (say("Meetmoment", "Wave")) " " (p.wave) } dd { (word(&p.state, say)) ", " (p.on) } }
            @if let Some(contact) = &person.contact {
                @for (name, value) in reached(contact, say) { dt { (name) } dd { (value) } }
            }
            @for c in &person.consents {
                dt { (say("Toestemming", "Consent")) ", " (c.decided_at.format("%Y-%m-%d")) }
                dd {
                    (word(&c.decision, say)) " " (word(c.scope.as_deref().unwrap_or_default(), say)) " " (c.text.as_deref().unwrap_or_default()) " "
                    (word(c.way.as_deref().unwrap_or_default(), say))
                }
            }
            @if !person.linked.is_empty() {
                dt { (say("Verbonden met", "Linked to")) } dd { (person.linked.join(", ")) }
            }
        }
    }
}

fn reached<'a>(contact: &'a Contact, say: &Say<'_>) -> impl Iterator<Item = (&'static str, &'a String)> + use<'a> {
    let all = [
        (say("Naam", "Name"), &contact.name),
        (say("Adres", "Address"), &contact.address),
        (say("Telefoon", "Telephone"), &contact.telephone),
        (say("E-mail", "E-mail"), &contact.email),
        (say("Taal", "Language"), &contact.language),
        (say("Aantekening", "Note"), &contact.note),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)))
}

fn of_story(story: &StoryKept, say: &Say<'_>) -> Markup {
    let told_by = match story.told_by {
        ToldBy::Themselves => say("verteld door u", "told by you"),
        ToldBy::Another => say("verteld door een ander, over u", "told by somebody else, about you"),
    };
    html! {
        article {
            h2 { (say("Verhaal", "Story")) ", " (say("meetmoment", "wave")) " " (story.wave) ", " (told_by) }
            p {
                (story.perspective) "; " (say("ontvangen", "received")) " " (story.received_at.format("%Y-%m-%d")) "; "
                @if story.released_version.is_some() { (say("vrijgegeven voor anderen", "released to others")) }
                @else { (say("niet vrijgegeven voor anderen", "not released to others")) }
            }
            @for text in story.versions.iter().flatten() {
                h3 { (text.title) " (" (word(&text.kind, say)) ", " (text.language) ", " (text.made_at.format("%Y-%m-%d")) ")" }
                @match text.removed_at {
                    Some(at) => p { (say("De woorden zijn verwijderd op", "The words were removed on")) " " (at.format("%Y-%m-%d")) },
                    None => p.text { (text.text) },
                }
            }
            (list(story.answers.iter().flatten()))
            (list(story.permissions.iter()))
            @for file in &story.recordings {
                p {
                    (say("Opname", "Recording")) ": " (file.media_type) ", " (file.bytes) " bytes"
                    @if let Some(at) = file.removed_at { ", " (say("verwijderd op", "removed on")) " " (at.format("%Y-%m-%d")) }
                }
            }
        }
    }
}

/// A name of ours in the language of the page; what has no words here is left as it is.
fn word<'a>(name: &'a str, say: &Say<'_>) -> &'a str {
    let (nl, en): (&'static str, &'static str) = match name {
        "active" => ("doet mee", "takes part"),
        "exited" => ("heeft het traject verlaten", "left the trajectory"),
        "withdrawn" => ("doet niet meer mee", "takes no part any more"),
        "work" => ("werk", "work"),
        "education" => ("opleiding", "education"),
        "otherTrack" => ("ander traject", "another track"),
        "stopped" => ("gestopt", "stopped"),
        "unknown" => ("onbekend", "unknown"),
        "notApplicable" => ("niet van toepassing", "does not apply"),
        "expected" => ("verwacht", "expected"),
        "started" => ("begonnen", "begun"),
        "completed" => ("verteld", "told"),
        "missed" => ("gemist", "missed"),
        "declined" => ("wilde niet", "did not want to"),
        "given" => ("gegeven", "given"),
        "refused" => ("geweigerd", "refused"),
        "stop" => ("stoppen", "stop"),
        "stopAndRemoveFuture" => ("stoppen en niets meer bewaren", "stop, and keep nothing more"),
        "eraseAll" => ("alles wissen", "erase everything"),
        "onScreen" => ("op het scherm", "on a screen"),
        "onPaper" => ("op papier", "on paper"),
        "oralRecorded" => ("mondeling, opgenomen", "spoken and recorded"),
        "oralNoted" => ("mondeling, genoteerd", "spoken and noted"),
        "received" => ("zoals verteld", "as told"),
        "correction" => ("verbeterd", "corrected"),
        "redaction" => ("onherkenbaar gemaakt", "made unrecognisable"),
        "translation" => ("vertaald", "translated"),
        other => return other,
    };
    say(nl, en)
}

fn list<'a>(answers: impl Iterator<Item = &'a AnswerKept>) -> Markup {
    html! { dl { @for a in answers { dt { (a.question) } dd { (a.answer) } } } }
}

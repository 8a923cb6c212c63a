//! Sheets to hand out to facilitators: a page for each with the link to the story form, as a picture for the camera of a phone and
//! as text. They are made together with the assignments, because a code is shown only once.

use actix_web::http::header;
use actix_web::{HttpResponse, post, web};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::{Access, ManageDevices};
use super::body::Body;
use super::common::stored_json;
use super::enrolments::{NewEnrolment, a_month, check, insert, link, prepared};
use super::error::{ApiError, ApiResult};
use crate::app::AppState;
use crate::db::devices::EnrolmentRow;
use crate::db::{Conn, projects, waves};
use crate::domain::problem::{Problems, item};
use crate::domain::texts::Texts;
use crate::exchange::readable::is_dutch;

/// Assignments to make, with a sheet for each.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSheets {
    /// Names under which the project knows the facilitators, of 1 to 100 characters; each once.
    #[schema(min_items = 1, max_items = 100, example = json!(["facilitator 3", "facilitator 4"]))]
    facilitators: Vec<String>,
    /// Key of the wave.
    #[schema(max_length = 64, example = "1")]
    wave: String,
    /// Keys of the perspectives to collect.
    #[schema(min_items = 1, max_items = 50, example = json!(["candidate"]))]
    perspectives: Vec<String>,
    /// Days that the codes work.
    #[serde(default = "a_month")]
    #[schema(minimum = 1, maximum = 365, default = 30, example = 30)]
    days: i64,
    /// Language of the sheets: Dutch, or else English.
    #[serde(default)]
    #[schema(max_length = 35, example = "nl")]
    language: String,
}

/// What all sheets of a project say.
struct Subject {
    project: String,
    wave: String,
    perspectives: Vec<String>,
}

/// A sheet.
struct Sheet {
    row: EnrolmentRow,
    link: String,
}

/// Makes assignments, and answers a page to print with a sheet for each. The codes are shown this once.
#[utoipa::path(tag = "devices", params(("projectId" = Uuid, Path, description = "Project")), request_body = NewSheets,
    responses((status = 201, description = "Made; one sheet a page", content_type = "text/html", body = String)))]
#[post("/v1/projects/{projectId}/enrolments/_sheets")]
pub async fn create_enrolment_sheets(
    access: Access<ManageDevices>,
    body: Body<NewSheets>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let NewSheets { facilitators, wave, perspectives, days, language } = body.0;
    check_names(&facilitators)?;
    let mut sheets = Vec::new();
    for facilitator in facilitators {
        let new = NewEnrolment { facilitator, wave: wave.clone(), perspectives: perspectives.clone(), days };
        let (code, row) = prepared(&access, &new)?;
        sheets.push(Sheet { row, link: link(&state.config, &code) });
    }
    let rows: Vec<EnrolmentRow> = sheets.iter().map(|s| s.row.clone()).collect();
    let said = language.clone();
    let write = move |conn: &mut Conn| {
        let subject = subject(conn, &access.project_id, &wave, &perspectives, &said)?;
        rows.iter().try_for_each(|row| insert(conn, row))?;
        Ok::<_, ApiError>(subject)
    };
    let subject = state.db.write(write).await?;
    Ok(HttpResponse::Created()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"enrolment-sheets.html\""))
        .body(page(&subject, &sheets, &language)?))
}

fn check_names(names: &[String]) -> ApiResult<()> {
    let mut problems = Problems::default();
    for (i, name) in names.iter().enumerate() {
        match name.chars().count() {
            0 => problems.add(item("$.facilitators", i), "tooShort", "must not be empty"),
            101.. => problems.add(item("$.facilitators", i), "tooLong", "must have 100 characters at most"),
            _ => {}
        }
        if names[..i].contains(name) {
            problems.add(item("$.facilitators", i), "duplicate", "this name is in the list already");
        }
    }
    Ok(problems.or_ok(())?)
}

/// Names of what is collected, in a language. Errors: every wave and perspective that does not exist.
fn subject(conn: &mut Conn, project_id: &str, wave: &str, perspectives: &[String], language: &str) -> ApiResult<Subject> {
    let mut problems = Problems::default();
    let framework = check(conn, project_id, wave, perspectives, &mut problems)?;
    problems.or_ok(())?;
    let project = projects::by_id(conn, project_id)?.ok_or_else(ApiError::not_found)?;
    let wave = waves::get(conn, project_id, wave)?.ok_or_else(ApiError::not_found)?;
    let label: Texts = serde_json::from_value(stored_json(&wave.label)?).map_err(ApiError::internal)?;
    let known = framework.iter().flat_map(|f| &f.perspectives).filter(|p| perspectives.contains(&p.key));
    Ok(Subject {
        project: project.title,
        wave: label.get(language).to_owned(),
        perspectives: known.map(|p| p.label.get(language).to_owned()).collect(),
    })
}

const STYLE: &str = "@page{size:A4;margin:20mm}body{font:13pt/1.5 sans-serif;color:#000;max-width:170mm;margin:0 auto}\
section{break-after:page;break-inside:avoid}section:last-child{break-after:auto}svg{display:block;width:80mm;height:80mm;margin:6mm 0}\
.link{font:11pt/1.4 monospace;overflow-wrap:anywhere;border:1px solid #000;padding:3mm}dt{font-weight:bold}dd{margin:0 0 2mm}";

fn page(subject: &Subject, sheets: &[Sheet], language: &str) -> ApiResult<String> {
    let say = |nl: &'static str, en: &'static str| if is_dutch(language) { nl } else { en };
    let pictures: ApiResult<Vec<Markup>> =
        sheets.iter().map(|s| picture(&s.link, say("Code voor de camera", "Code for the camera"))).collect();
    let title = say("Verhalen verzamelen", "Collecting stories");
    let markup = html! {
        (DOCTYPE)
        html lang=(say("nl", "en")) {
            head { meta charset="utf-8"; title { (title) } style { (STYLE) } }
            body {
                @for (sheet, picture) in sheets.iter().zip(pictures?) { (of_one(subject, sheet, &picture, &say)) }
            }
        }
    };
    Ok(markup.into_string())
}

fn of_one(
    subject: &Subject,
    sheet: &Sheet,
    picture: &Markup,
    say: &impl Fn(&'static str, &'static str) -> &'static str,
) -> Markup {
    html! {
        section {
            h1 { (say("Verhalen verzamelen", "Collecting stories")) }
            dl {
                dt { (say("Voor", "For")) } dd { (sheet.row.facilitator) }
                dt { (say("Project", "Project")) } dd { (subject.project) }
                dt { (say("Meetmoment", "Wave")) } dd { (subject.wave) }
                dt { (say("Verhalen van", "Stories of")) } dd { (subject.perspectives.join(", ")) }
                dt { (say("Te gebruiken tot en met", "To be used up to")) } dd { (sheet.row.expires_at.format("%Y-%m-%d")) }
            }
            ol {
                li { (say("Zorg dat je telefoon verbinding heeft.", "Make sure that your phone is connected.")) }
                li { (say("Open de camera en richt hem op dit plaatje. Of typ het adres hieronder over.",
                    "Open the camera and point it at this picture. Or type the address below.")) }
                li { (say("Zet de app op je beginscherm. Daarna werkt alles ook zonder verbinding.",
                    "Put the app on your home screen. From then on all of it works without a connection.")) }
            }
            (picture)
            p.link { (sheet.link) }
            p { (say("Dit blad werkt op één toestel, één keer. Geef het aan niemand anders. Kwijt? Zeg het meteen: dan wordt het ongeldig gemaakt.",
                "This sheet works on one device, once. Give it to nobody else. Lost? Say so at once: then it is made void.")) }
        }
    }
}

/// The link as a picture. Medium correction: a sheet gets folded.
fn picture(link: &str, label: &str) -> ApiResult<Markup> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).map_err(ApiError::internal)?;
    let drawn = code.render::<svg::Color<'_>>().quiet_zone(true).build();
    // What is drawn has no text in it but numbers: its declaration is left out, so that it may stand in a page.
    let shape = drawn.find("<svg").map_or("", |from| &drawn[from..]);
    Ok(html! { figure aria-label=(label) { (PreEscaped(shape)) } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_a_shape_without_anything_that_runs() {
        let drawn = picture("https://duiding.example.org/collect#enrol=due_x", "code").unwrap().into_string();
        assert!(drawn.starts_with("<figure aria-label=\"code\"><svg ") && drawn.ends_with("</svg></figure>"), "{drawn}");
        assert!(!drawn.contains("<script") && !drawn.contains("href") && !drawn.contains("due_x"));
    }
}

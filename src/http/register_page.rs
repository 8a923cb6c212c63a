//! The register of processing as a page: text only, every word from the project escaped, nothing to load and no script.

use std::fmt::Write as _;

use super::common::name_of;
use super::register::{AudienceRule, Register};
use crate::domain::processing::{Processing, Purpose};

/// The page.
pub fn html(register: &Register) -> String {
    let mut out = String::new();
    let title = escaped(&register.title);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Register of processing: {title}</title>\n\
         </head>\n<body>\n<h1>Register of processing</h1>\n"
    );
    let version = match register.version {
        0 => "The owner wrote nothing yet.".to_owned(),
        n => format!("Version {n} of what the owner wrote."),
    };
    paragraph(&mut out, &format!("Project: {}. Made at {}. {version}", register.title, time(register.made_at)));
    controller(&mut out, &register.processing);
    for purpose in &register.processing.purposes {
        of_purpose(&mut out, purpose);
    }
    list(&mut out, "Security: what the owner wrote", &register.processing.security);
    list(&mut out, "Security: what the server does", &register.safeguards);
    let members = register.members.iter().map(|m| format!("{}: {}", name_of(&m.role), m.members));
    list(&mut out, "Members in each role", &members.collect::<Vec<_>>());
    list(&mut out, "Who sees what", &register.audiences.iter().map(audience).collect::<Vec<_>>());
    let steps = register.threshold_history.iter().map(|e| format!("{} {}: {}", time(e.at), name_of(&e.step), e.reason));
    list(&mut out, "Changes of the thresholds of small groups", &steps.collect::<Vec<_>>());
    out.push_str("</body>\n</html>\n");
    out
}

fn controller(out: &mut String, processing: &Processing) {
    heading(out, "Controller");
    let Some(controller) = &processing.controller else { return paragraph(out, "Not written yet.") };
    let officer = controller.data_protection_officer.as_deref().unwrap_or("none");
    let rows = [("Name", controller.name.as_str()), ("Contact", &controller.contact), ("Data protection officer", officer)];
    table(out, &rows);
}

fn of_purpose(out: &mut String, purpose: &Purpose) {
    heading(out, &format!("Purpose: {}", purpose.key));
    let joined = |words: &[String]| if words.is_empty() { "none".to_owned() } else { words.join("; ") };
    let (people, data, recipients) = (joined(&purpose.people), joined(&purpose.data), joined(&purpose.recipients));
    let rows = [
        ("What for", purpose.description.as_str()),
        ("Legal basis (article 6)", purpose.legal_basis.words()),
        ("Ground for special categories (article 9)", purpose.special_ground.words()),
        ("People", &people),
        ("Data", &data),
        ("Recipients", &recipients),
        ("Kept for", &purpose.retention),
        ("Transfers outside the European Union", purpose.transfers.as_deref().unwrap_or("none")),
    ];
    table(out, &rows);
}

fn audience(rule: &AudienceRule) -> String {
    let name = name_of(&rule.audience);
    match &rule.thresholds {
        Some(t) => format!("{name}: {} (groups of {} or more, differences of {} or more)", rule.sees, t.population, t.cell),
        None => format!("{name}: {}", rule.sees),
    }
}

fn time(at: chrono::DateTime<chrono::Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn heading(out: &mut String, text: &str) {
    let _ = writeln!(out, "<h2>{}</h2>", escaped(text));
}

fn paragraph(out: &mut String, text: &str) {
    let _ = writeln!(out, "<p>{}</p>", escaped(text));
}

fn list(out: &mut String, title: &str, items: &[impl AsRef<str>]) {
    heading(out, title);
    if items.is_empty() {
        return paragraph(out, "None.");
    }
    out.push_str("<ul>\n");
    for item in items {
        let _ = writeln!(out, "<li>{}</li>", escaped(item.as_ref()));
    }
    out.push_str("</ul>\n");
}

fn table(out: &mut String, rows: &[(&str, &str)]) {
    out.push_str("<table>\n");
    for (name, value) in rows {
        let _ = writeln!(out, "<tr><th align=\"left\" scope=\"row\">{}</th><td>{}</td></tr>", escaped(name), escaped(value));
    }
    out.push_str("</table>\n");
}

/// A text that a browser shows as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(escaped("<b onclick='x'>\"A & B\"</b>"), "&lt;b onclick=&#39;x&#39;&gt;&quot;A &amp; B&quot;&lt;/b&gt;");
    }
}

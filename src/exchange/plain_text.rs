//! Texts without their HTML: other tools keep titles and labels as fragments of a web page.

/// The words of an HTML fragment on one line.
///
/// Tags that were themselves escaped (`&lt;font&gt;`) go too: they are what an editor left behind. A lone `<` stays.
pub fn plain_text(html: &str) -> String {
    let once = decode(&without_tags(html));
    let twice = without_tags(&once);
    twice.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Inline tags do not part words; all others do.
const INLINE: [&str; 10] = ["a", "b", "em", "font", "i", "s", "span", "strong", "sub", "u"];

fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    // The end of a tag is looked for only where one begins, and never again once there is none: so nothing is read twice.
    let mut are_closed = true;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let end = if is_tag && are_closed { rest.find('>') } else { None };
        are_closed &= end.is_some() || !is_tag;
        match end {
            Some(end) => {
                let name = rest[1..end].trim_start_matches('/');
                let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
                if !INLINE.contains(&name.to_ascii_lowercase().as_str()) {
                    text.push(' ');
                }
                rest = &rest[end + 1..];
            }
            None => {
                text.push('<');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// Longest name or number of a character, in bytes.
const LONGEST_ENTITY: usize = 10;

fn decode(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.bytes().take(LONGEST_ENTITY + 1).position(|b| b == b';');
        let entity = end.and_then(|end| Some((entity(&rest[..end])?, &rest[end + 1..])));
        match entity {
            Some((found, after)) => {
                text.push(found);
                rest = after;
            }
            None => text.push('&'),
        }
    }
    text.push_str(rest);
    text
}

fn entity(name: &str) -> Option<char> {
    let named = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" => '\'',
        "nbsp" => ' ',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            return char::from_u32(code).filter(|c| *c != '\0');
        }
    };
    Some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_their_html_and_keep_their_words() {
        let cases = [
            ("<div>strongly<br> guided</div>", "strongly guided"),
            ("<p>What <b>hap</b>pened&nbsp;&amp; why?</p>", "What happened & why?"),
            ("&lt;font color='blue'&gt;Blue&lt;/font&gt;", "Blue"),
            ("fewer < 5 & more > 3", "fewer < 5 & more > 3"),
            ("caf&#233; &#x2013; &unknown; &", "café – &unknown; &"),
            ("never closed <b", "never closed <b"),
            ("&#0;", "&#0;"),
            ("<a <b <i>x", "x"),
            ("< <a < b", "< <a < b"),
            ("&&amp;&#000000038;&#0000000038;", "&&&&#0000000038;"),
        ];
        for (html, expected) in cases {
            assert_eq!(plain_text(html), expected, "{html}");
        }
    }

    #[test]
    fn what_is_never_closed_is_read_once_and_not_once_for_every_beginning() {
        for begun in ["<a", "< ", "&", "&lt"] {
            let text = begun.repeat((2 << 20) / begun.len());
            let started = std::time::Instant::now();
            plain_text(&text);
            assert!(started.elapsed() < std::time::Duration::from_secs(10), "{begun}: {:?}", started.elapsed());
        }
    }
}

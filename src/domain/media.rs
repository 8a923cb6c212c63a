//! What a file is, whatever it was declared to be: told by its first bytes.

/// What a browser does nothing with but keep it.
pub const UNKNOWN: &str = "application/octet-stream";

/// Kinds of files that recordings and pictures are made of, with the names under which they are declared or found. Sound
/// and film have the same containers: a phone that records sound calls it audio, its first bytes say video.
const FAMILIES: [&[&str]; 11] = [
    &["audio/webm", "video/webm", "audio/x-matroska", "video/x-matroska"],
    &["audio/ogg", "audio/opus", "video/ogg", "application/ogg"],
    &["audio/mp4", "audio/m4a", "audio/x-m4a", "video/mp4", "video/x-m4v", "video/quicktime", "audio/3gpp", "video/3gpp"],
    &["audio/mpeg", "audio/mp3"],
    &["audio/aac", "audio/aacp", "audio/x-aac"],
    &["audio/wav", "audio/wave", "audio/x-wav", "audio/vnd.wave"],
    &["audio/flac", "audio/x-flac"],
    &["image/jpeg", "image/jpg"],
    &["image/png"],
    &["image/gif"],
    &["image/webp"],
];

/// The media type that the first bytes show; empty when they show none that is known.
pub fn found(bytes: &[u8]) -> &'static str {
    infer::get(bytes).map_or("", |kind| kind.mime_type())
}

/// Whether a declared media type, which may have parameters, fits what was found. Only types of recordings and pictures
/// can: a drawing that is a program (SVG), a page or a document never does.
pub fn fits(declared: &str, found: &str) -> bool {
    let declared = essence(declared);
    FAMILIES.iter().any(|names| names.contains(&declared.as_str()) && names.contains(&found))
}

/// The media type under which a file is handed out.
pub fn served<'a>(declared: &'a str, found: Option<&str>) -> &'a str {
    if found.is_some_and(|found| fits(declared, found)) { declared } else { UNKNOWN }
}

/// Names under which sound is declared.
pub fn sound_types() -> Vec<&'static str> {
    FAMILIES.iter().flat_map(|names| names.iter()).filter(|name| name.starts_with("audio/")).copied().collect()
}

/// A media type without its parameters, in small letters.
pub fn essence(declared: &str) -> String {
    declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files as devices make them: what is declared, and how they begin.
    fn recordings() -> Vec<(&'static str, Vec<u8>)> {
        let ogg = [b"OggS\0\x02".as_slice(), &[0; 20], b"\x01\x13OpusHead\x01"].concat();
        let wav = [b"RIFF\x24\x08\0\0WAVEfmt ".as_slice(), &[0; 16]].concat();
        let webp = [b"RIFF\x24\x08\0\0WEBPVP8 ".as_slice(), &[0; 16]].concat();
        let mp4 = |brand: &[u8]| [b"\0\0\0\x20ftyp".as_slice(), brand, &[0, 0, 0, 0], b"isomiso5mp41"].concat();
        let matroska = |kind: &[u8]| {
            [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84".as_slice(), kind, &[0; 300]].concat()
        };
        vec![
            ("audio/webm;codecs=opus", matroska(b"webm")),
            ("audio/ogg; codecs=opus", ogg),
            ("audio/mp4", mp4(b"iso5")),
            ("audio/mp4", mp4(b"mp42")),
            ("audio/mp4", mp4(b"M4A ")),
            ("audio/mpeg", b"ID3\x04\0\0\0\0\0\x23TSSE".to_vec()),
            ("audio/mpeg", b"\xff\xfb\x90\x64\0\x0f\xf0\0".to_vec()),
            ("audio/aac", b"\xff\xf1\x50\x80\x02\x1f\xfc".to_vec()),
            ("audio/wav", wav),
            ("Audio/FLAC", b"fLaC\0\0\0\x22".to_vec()),
            ("image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec()),
            ("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec()),
            ("image/gif", b"GIF89a\x01\0\x01\0".to_vec()),
            ("image/webp", webp),
        ]
    }

    #[test]
    fn what_devices_record_fits_what_they_declare() {
        for (declared, bytes) in recordings() {
            assert!(fits(declared, found(&bytes)), "{declared} is {:?}", found(&bytes));
            assert_eq!(served(declared, Some(found(&bytes))), declared);
        }
    }

    #[test]
    fn no_recording_fits_another_type_and_no_cut_one_fits_any() {
        let all = recordings();
        for (i, (declared, bytes)) in all.iter().enumerate() {
            for (j, (other, _)) in all.iter().enumerate() {
                let same = FAMILIES.iter().any(|f| [declared, other].iter().all(|d| f.contains(&essence(d).as_str())));
                assert_eq!(fits(other, found(bytes)), same, "{i} {j}: {declared} as {other}");
            }
            assert_eq!(served(declared, Some(found(&bytes[..1]))), UNKNOWN);
        }
    }

    #[test]
    fn what_a_browser_would_run_or_open_is_never_served_as_itself() {
        for (declared, bytes) in [
            ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
            ("text/html", "<!DOCTYPE html><html><script>alert(1)</script></html>"),
            ("image/png", "<!DOCTYPE html><html><script>alert(1)</script></html>"),
            ("audio/webm", "<html>"),
            ("application/pdf", "%PDF-1.7"),
            ("text/xml", "<?xml version='1.0'?><a/>"),
            ("application/javascript", "alert(1)"),
        ] {
            assert_eq!(served(declared, Some(found(bytes.as_bytes()))), UNKNOWN, "{declared}");
        }
        assert_eq!(served("audio/webm", None), UNKNOWN, "a file that came in before types were looked at");
    }
}

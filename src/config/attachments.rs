//! Where attachments are kept, from the environment.

use crate::domain::problem::Problems;

/// What keeps the attachments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attachments {
    /// A folder in the data folder.
    Folder,
    /// A bucket of an object store.
    Bucket(BucketSettings),
}

/// A bucket that speaks S3, and how to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketSettings {
    /// Its name.
    pub bucket: String,
    /// What all names begin with, without slashes around it; may be empty.
    pub prefix: String,
    /// Address of the store, when it is not that of AWS.
    pub endpoint: Option<String>,
    /// Region; without one that of `AWS_REGION`, or the library's.
    pub region: Option<String>,
    /// Keys; without them those of the `AWS_*` variables, or of the role of the machine.
    pub keys: Option<BucketKeys>,
    /// Whether the store may be reached without TLS.
    pub allow_http: bool,
}

/// An access key.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketKeys {
    /// Its id.
    pub id: String,
    /// The secret.
    pub secret: String,
}

/// Without the secret: settings are printed.
impl std::fmt::Debug for BucketKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BucketKeys").field("id", &self.id).finish_non_exhaustive()
    }
}

const URL: &str = "DUIDING_ATTACHMENTS";
const ENDPOINT: &str = "DUIDING_S3_ENDPOINT";
const REGION: &str = "DUIDING_S3_REGION";
const KEY_ID: &str = "DUIDING_S3_KEY_ID";
const SECRET: &str = "DUIDING_S3_SECRET";
const ALLOW_HTTP: &str = "DUIDING_S3_ALLOW_HTTP";

/// Reads the settings. Adds every wrong one to the problems, among them those that mean nothing without a bucket.
pub(super) fn read(get: impl Fn(&str) -> Option<String>, problems: &mut Problems) -> Attachments {
    let get = |name: &str| get(name).map(|v| v.trim().to_owned());
    let Some(url) = get(URL) else {
        for name in [ENDPOINT, REGION, KEY_ID, SECRET, ALLOW_HTTP].into_iter().filter(|name| get(name).is_some()) {
            problems.add(name, "withoutBucket", format!("means nothing without {URL}=s3://..."));
        }
        return Attachments::Folder;
    };
    let Some((bucket, prefix)) = bucket_of(&url) else {
        problems.add(URL, "wrongFormat", "must be s3://bucket or s3://bucket/prefix of letters, digits, '.', '_', '-'");
        return Attachments::Folder;
    };
    let allow_http = allow_http(get, problems);
    let endpoint = get(ENDPOINT);
    if let Some(endpoint) = &endpoint {
        check_endpoint(endpoint, allow_http, problems);
    }
    let (region, keys) = (get(REGION), keys(get, problems));
    Attachments::Bucket(BucketSettings { bucket, prefix, endpoint, region, keys, allow_http })
}

fn bucket_of(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("s3://")?.trim_end_matches('/');
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let named = |word: &str| !word.is_empty() && word.chars().all(plain) && !matches!(word, "." | "..");
    let fits = named(bucket) && (prefix.is_empty() || prefix.split('/').all(named));
    fits.then(|| (bucket.to_owned(), prefix.to_owned()))
}

fn allow_http(get: impl Fn(&str) -> Option<String>, problems: &mut Problems) -> bool {
    match get(ALLOW_HTTP).as_deref() {
        None | Some("no") => false,
        Some("yes") => true,
        Some(other) => {
            problems.add(ALLOW_HTTP, "unknownOption", format!("must be yes or no, not {other:?}"));
            false
        }
    }
}

fn check_endpoint(endpoint: &str, allow_http: bool, problems: &mut Problems) {
    if endpoint.starts_with("http://") && !allow_http {
        let message = format!("recordings would travel readable for all; {ALLOW_HTTP}=yes allows it on a network of your own");
        problems.add(ENDPOINT, "withoutTls", message);
    } else if !endpoint.starts_with("http://") && !endpoint.starts_with("https://") {
        problems.add(ENDPOINT, "wrongFormat", format!("must begin with https:// or http://, not {endpoint:?}"));
    }
}

fn keys(get: impl Fn(&str) -> Option<String>, problems: &mut Problems) -> Option<BucketKeys> {
    match (get(KEY_ID), get(SECRET)) {
        (Some(id), Some(secret)) => Some(BucketKeys { id, secret }),
        (None, None) => None,
        (id, _) => {
            problems.add(if id.is_some() { SECRET } else { KEY_ID }, "required", "a key has an id and a secret");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(settings: &[(&str, &str)]) -> Result<Attachments, Vec<String>> {
        let mut problems = Problems::default();
        let get = |name: &str| settings.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        let read = read(get, &mut problems);
        problems.or_ok(read).map_err(|p| p.0.into_iter().map(|e| format!("{} {}", e.path, e.code)).collect())
    }

    #[test]
    fn a_bucket_is_named_with_its_prefix() {
        assert_eq!(read_from(&[]), Ok(Attachments::Folder));
        let Ok(Attachments::Bucket(read)) = read_from(&[(URL, "s3://study/recordings/live/")]) else { panic!("no bucket") };
        assert_eq!((read.bucket.as_str(), read.prefix.as_str(), read.allow_http), ("study", "recordings/live", false));
        for wrong in ["study", "s3://", "s3:///x", "https://study", "s3://study//x", "s3://study/..", "s3://stu dy"] {
            assert_eq!(read_from(&[(URL, wrong)]), Err(vec![format!("{URL} wrongFormat")]), "{wrong}");
        }
    }

    #[test]
    fn a_store_without_tls_must_be_allowed() {
        let settings = [(URL, "s3://study"), (ENDPOINT, "http://10.0.0.2:9000")];
        assert_eq!(read_from(&settings), Err(vec![format!("{ENDPOINT} withoutTls")]));
        assert!(read_from(&[settings[0], settings[1], (ALLOW_HTTP, "yes")]).is_ok());
        assert_eq!(read_from(&[settings[0], (ALLOW_HTTP, "true")]), Err(vec![format!("{ALLOW_HTTP} unknownOption")]));
    }

    #[test]
    fn half_settings_are_named_and_secrets_are_not_printed() {
        assert_eq!(read_from(&[(URL, "s3://study"), (KEY_ID, "me")]), Err(vec![format!("{SECRET} required")]));
        assert_eq!(read_from(&[(KEY_ID, "me")]), Err(vec![format!("{KEY_ID} withoutBucket")]));
        let keys = BucketKeys { id: "me".to_owned(), secret: "hidden".to_owned() };
        assert!(!format!("{keys:?}").contains("hidden"));
    }
}

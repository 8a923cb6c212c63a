//! What every answer tells browsers, the pages for people, HEAD, and where to report weaknesses.

use chrono::{DateTime, Utc};
use duiding::domain::role::Role;
use reqwest::Method;

use crate::helpers::{Answer, config, start, start_with};

/// Addresses of all kinds: pages, documents, refusals, what is not there.
const PATHS: [&str; 9] = [
    "/",
    "/docs/",
    "/docs/swagger-ui.css",
    "/v1/openapi.json",
    "/healthz",
    "/v1/me",
    "/v1/sessions",
    "/nowhere",
    "/.well-known/security.txt",
];

#[actix_web::test]
async fn every_answer_has_every_header_of_protection() {
    let app = start().await;
    for path in PATHS {
        let answer = app.get(path, "").await;
        let is = |name: &str, value: &str| assert_eq!(answer.header(name), value, "{path}");
        is("strict-transport-security", "max-age=31536000");
        is("x-content-type-options", "nosniff");
        is("referrer-policy", "no-referrer");
        is("cross-origin-opener-policy", "same-origin");
        is("api-version", duiding::http::API_VERSION);
        let anywhere = path == "/v1/openapi.json";
        is("cross-origin-resource-policy", if anywhere { "cross-origin" } else { "same-origin" });
        is("access-control-allow-origin", if anywhere { "*" } else { "" });
        assert!(answer.header("permissions-policy").contains("microphone=()"), "{path}");
        assert!(answer.header("permissions-policy").contains("geolocation=()"), "{path}");
    }
}

#[actix_web::test]
async fn no_page_allows_inline_script_or_style_or_anything_from_elsewhere() {
    let app = start().await;
    for path in PATHS {
        let policy = app.get(path, "").await.header("content-security-policy");
        for part in ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"] {
            assert!(policy.split("; ").any(|p| p == part), "{path}: {policy}");
        }
        for word in ["unsafe-inline", "unsafe-eval", "http:", "https:", "*"] {
            assert!(!policy.contains(word), "{path}: {policy}");
        }
    }
    for path in ["/", "/docs/"] {
        let page = app.get(path, "").await.text;
        assert!(page.contains("<html"), "{path}");
        assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="), "{path}: {page}");
        for script in page.split("<script").skip(1) {
            let (attributes, rest) = script.split_once('>').unwrap();
            assert!(attributes.contains(" src=\"") && rest.trim_start().starts_with("</script>"), "{path}: {script}");
        }
    }
}

#[actix_web::test]
async fn personal_data_is_kept_by_no_cache() {
    let app = start().await;
    let study = app.study().await;
    for path in ["/stories", "/participants", "/frameworks", "/nowhere"] {
        let answer = app.get(&study.path(path), study.token(Role::Researcher)).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[actix_web::test]
async fn head_answers_as_get_without_a_body() {
    let app = start().await;
    let study = app.study().await;
    for (path, token) in [
        ("/", ""),
        ("/docs/", ""),
        ("/v1/openapi.json", ""),
        ("/healthz", ""),
        ("/v1/me", ""),
        ("/nowhere", ""),
        (study.base.as_str(), study.token(Role::Owner)),
        (study.path("/stories").as_str(), study.token(Role::Owner)),
    ] {
        let get = app.get(path, token).await;
        let head = Answer::of(app.request(Method::HEAD, path, token).send().await.unwrap()).await;
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        for name in ["content-type", "content-length", "content-security-policy", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
    let head = Answer::of(app.request(Method::HEAD, "/v1/sessions", "").send().await.unwrap()).await;
    assert_eq!((head.status.as_u16(), head.header("allow").as_str()), (405, "POST"));
    // The connection is in order afterwards.
    assert_eq!(app.get("/healthz", "").await.status, 200);
}

#[actix_web::test]
async fn weaknesses_are_reported_where_the_settings_say() {
    let app = start().await;
    app.get("/.well-known/security.txt", "").await.problem(404, "notFound");
    let folder = tempfile::tempdir().unwrap();
    let mut settings = config(&folder);
    settings.security_contact = Some("mailto:security@example.org".to_owned());
    settings.public_url = "https://stories.example.org".to_owned();
    let app = start_with(settings, folder).await;
    let answer = app.get("/.well-known/security.txt", "").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type").as_str()), (200, "text/plain; charset=utf-8"));
    let lines: Vec<&str> = answer.text.lines().collect();
    assert_eq!(lines[0], "Contact: mailto:security@example.org");
    let expires: DateTime<Utc> = lines[1].strip_prefix("Expires: ").unwrap().parse().unwrap();
    let days = (expires - Utc::now()).num_days();
    assert!((30..365).contains(&days), "{days}");
    assert_eq!(lines[2..], ["Canonical: https://stories.example.org/.well-known/security.txt"]);
}

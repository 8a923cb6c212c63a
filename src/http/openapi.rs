//! What all operations have in common, added to the document that the handlers make.

use utoipa::openapi::content::{Content, ContentBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, ServerBuilder};
use utoipa::{PartialSchema, ToSchema};

use super::error::Problem;
use crate::domain::problem::FieldError;

const DESCRIPTION: &str = "\
Collect stories with their signification over several waves and perspectives, and ask what stands out.

**Authentication.** Send `Authorization: Bearer <token>`: the access token of a session, a personal access token, or a \
device token. Personal access tokens also work as the password of Basic authentication.

**Errors** are `application/problem+json` (RFC 9457) with a stable `code`; invalid input is 400 with all errors at once in \
`errors`. What is not there and what is somebody else's look the same: 404.

**Paging** is by opaque cursor: pass `next` of one page as `cursor` for the following one. Lists of stories can be read \
incrementally by `changedSince`.

**Versions.** Members may be added to answers; nothing is renamed or removed within `/v1`.";

const TAGS: [(&str, &str); 17] = [
    ("sessions", "Log in and out"),
    ("projects", "Studies, their members, invitations and tokens"),
    ("webhooks", "Addresses outside that are told that something happened, and never what"),
    ("frameworks", "Signification frameworks: drafts, checks, published versions"),
    ("waves", "Measurement moments"),
    ("participants", "Whom the study follows, and how they take part"),
    ("tellers", "Who tells, and the protected link to participants"),
    ("subjects", "The rights of those whom data are about"),
    ("consents", "Who agreed to take part, and what a project does with personal data"),
    ("devices", "Facilitators' phones and tablets"),
    ("stories", "Delivery, reading, release, redaction, correction and withdrawal"),
    ("attachments", "Audio that belongs to a story, uploaded in resumable parts"),
    (
        "analysis",
        "Summaries and findings for a lens, what a workgroup reads of the study, and the findings and regions that a project keeps",
    ),
    ("workshops", "Saved lenses, and sessions in which a workgroup gives meaning to exhibits, live for all present"),
    ("exchange", "Files in and out"),
    ("audit", "Who did what, and the check that nothing in that was changed"),
    ("system", "Health and this document"),
];

/// Media type of every refusal.
const PROBLEM: &str = "application/problem+json";

/// Completes the document: information, security, and the problems that any operation may answer.
pub fn complete(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("duiding")
        .version(super::API_VERSION)
        .description(Some(DESCRIPTION))
        .contact(Some(ContactBuilder::new().name(Some("duiding contributors")).build()))
        .license(Some(LicenseBuilder::new().name("EUPL-1.2").identifier(Some("EUPL-1.2")).build()))
        .build();
    api.servers = Some(vec![ServerBuilder::new().url("/").description(Some("This server")).build()]);
    let tag = |(name, text): (&str, &str)| TagBuilder::new().name(name).description(Some(text)).build();
    api.tags = Some(TAGS.into_iter().map(tag).collect());
    for (path, item) in &mut api.paths.paths {
        let operations = [&mut item.get, &mut item.head, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            complete_operation(path, operation);
        }
    }
    let components = api.components.take().unwrap_or_default();
    api.components = Some(with_components(components));
    api
}

/// Whether an operation is open to everybody: it says `security(())`.
pub fn is_public(operation: &Operation) -> bool {
    operation.security.as_ref().is_some_and(|s| s.iter().all(|r| *r == SecurityRequirement::default()))
}

fn complete_operation(path: &str, operation: &mut Operation) {
    let mut problems = vec![
        ("429", "Asked too often, or refused too often; see `Retry-After`"),
        ("500", "Something went wrong on our side"),
        ("503", "Too busy right now; see `Retry-After`"),
    ];
    let has_parameters = operation.parameters.as_ref().is_some_and(|p| !p.is_empty());
    if operation.request_body.is_some() || has_parameters {
        problems.push(("400", "The input has errors; all are listed"));
    }
    if operation.request_body.is_some() {
        problems.push(("408", "The body came too slowly"));
        problems.push(("413", "The body is too large"));
        problems.push(("415", "The body has another media type than this operation takes"));
    }
    if !is_public(operation) {
        problems.push(("401", "No token, or one that does not work (any more)"));
        problems.push(("403", "Known, but may not do this"));
        let requirement = |name: &str| SecurityRequirement::new::<_, [String; 0], String>(name, []);
        operation.security = Some(vec![requirement("bearer"), requirement("basic")]);
    }
    if path.contains('{') {
        problems.push(("404", "Not there, or somebody else's"));
    }
    for (status, response) in &mut operation.responses.responses {
        // What a handler says of a refusal is when it happens; what it looks like is always the same.
        if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response)
            && response.content.is_empty()
        {
            response.content.insert(PROBLEM.to_owned(), RefOr::T(problem_content()));
        }
    }
    for (status, description) in problems {
        let known = operation.responses.responses.contains_key(status);
        if !known {
            operation.responses.responses.insert(status.to_owned(), problem(description));
        }
    }
}

fn problem(description: &str) -> RefOr<utoipa::openapi::Response> {
    RefOr::T(ResponseBuilder::new().description(description).content(PROBLEM, problem_content()).build())
}

fn problem_content() -> Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build()
}

fn with_components(components: utoipa::openapi::Components) -> utoipa::openapi::Components {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("Access token of a session, personal access token, or device token"))
        .build();
    let basic = Http::builder()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("Any user name, with a personal access token as password"))
        .build();
    ComponentsBuilder::from(components)
        .schema(Problem::name(), Problem::schema())
        .schema(FieldError::name(), FieldError::schema())
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .security_scheme("basic", SecurityScheme::Http(basic))
        .build()
}

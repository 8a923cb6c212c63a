//! What to say where there is no handler: 404, or 405 with the methods that there are.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use utoipa::openapi::{HttpMethod, OpenApi, PathItem};

use super::error::ApiError;

/// Paths with their methods, as the OpenAPI document has them.
pub struct RouteTable(Vec<(Vec<String>, Vec<&'static str>)>);

impl RouteTable {
    /// The table of a document.
    pub fn of(document: &OpenApi) -> Self {
        let split = |path: &str| path.split('/').map(str::to_owned).collect();
        Self(document.paths.paths.iter().map(|(path, item)| (split(path), methods(item))).collect())
    }

    /// Methods of the path, empty when there is no such path. Where GET is HEAD is too.
    pub fn allowed(&self, path: &str) -> Vec<&'static str> {
        let given: Vec<&str> = path.split('/').collect();
        let fits = |pattern: &[String]| {
            // A verb such as `_begin` is never an id.
            let part = |(p, g): (&String, &&str)| (p.starts_with('{') && !g.is_empty() && !g.starts_with('_')) || p == g;
            pattern.len() == given.len() && pattern.iter().zip(&given).all(part)
        };
        let methods = self.0.iter().filter(|(pattern, _)| fits(pattern)).flat_map(|(_, methods)| methods);
        methods.flat_map(|method| if *method == "GET" { vec!["GET", "HEAD"] } else { vec![*method] }).collect()
    }
}

/// Methods of a path, with their names.
pub fn methods(item: &PathItem) -> Vec<&'static str> {
    let all = [
        (HttpMethod::Get, item.get.is_some(), "GET"),
        (HttpMethod::Head, item.head.is_some(), "HEAD"),
        (HttpMethod::Post, item.post.is_some(), "POST"),
        (HttpMethod::Put, item.put.is_some(), "PUT"),
        (HttpMethod::Patch, item.patch.is_some(), "PATCH"),
        (HttpMethod::Delete, item.delete.is_some(), "DELETE"),
    ];
    all.into_iter().filter(|(_, there, _)| *there).map(|(_, _, name)| name).collect()
}

/// Answers what no handler answers.
pub async fn nothing_here(req: HttpRequest, table: web::Data<RouteTable>) -> HttpResponse {
    let allowed = table.allowed(req.path());
    if allowed.is_empty() {
        return ApiError::not_found().error_response();
    }
    let detail = format!("this address answers {}", allowed.join(", "));
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "methodNotAllowed", detail)
        .with_header(header::ALLOW, allowed.join(", "))
        .error_response()
}

//! Checks a JSON value against the schema that the OpenAPI document publishes for a type, so that what is
//! documented is what is enforced, and every error is found at once.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::problem::{Problems, item, member};

static VALIDATORS: LazyLock<RwLock<HashMap<TypeId, Arc<Validator>>>> = LazyLock::new(RwLock::default);

/// All ways in which `value` differs from the published schema of `T`.
pub fn check<T: ToSchema + 'static>(value: &Value) -> Problems {
    let validator = validator::<T>();
    let mut problems = Problems::default();
    if !validator.is_valid(value) {
        for error in validator.iter_errors(value) {
            if problems.is_full() {
                break;
            }
            report(&error, value, &mut problems);
        }
    }
    // What has the wrong type is none of the options either: say it once.
    let wrong_types: Vec<String> = problems.0.iter().filter(|e| e.code == "wrongType").map(|e| e.path.clone()).collect();
    problems.0.retain(|e| e.code != "unknownOption" || !wrong_types.contains(&e.path));
    problems
}

/// Checks and reads a value. Errors: all differences from the schema of `T`.
pub fn read<T: ToSchema + DeserializeOwned + 'static>(value: &Value) -> Result<T, Problems> {
    let problems = check::<T>(value);
    if !problems.is_empty() {
        return Err(problems);
    }
    T::deserialize(value).map_err(|e| Problems::one("$", "invalidValue", e.to_string()))
}

fn validator<T: ToSchema + 'static>() -> Arc<Validator> {
    let id = TypeId::of::<T>();
    if let Some(found) = VALIDATORS.read().expect("no panic while held").get(&id) {
        return found.clone();
    }
    let built = Arc::new(build::<T>());
    VALIDATORS.write().expect("no panic while held").insert(id, built.clone());
    built
}

fn build<T: ToSchema>() -> Validator {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    let named: HashMap<_, _> = schemas.into_iter().collect();
    let mut document = serde_json::to_value(T::schema()).expect("a schema is JSON");
    document["components"] = json!({ "schemas": named });
    bound_numbers(&mut document);
    jsonschema::draft202012::options().should_validate_formats(true).build(&document).expect("our own schemas are valid")
}

/// Gives integers the range of their format where they have none of their own: a validator only knows formats of texts.
fn bound_numbers(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let range = match members.get("format").and_then(Value::as_str) {
                Some("int32") => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
                Some("int64") => Some((i64::MIN, i64::MAX)),
                _ => None,
            };
            if let Some((least, most)) = range {
                members.entry("minimum").or_insert(least.into());
                members.entry("maximum").or_insert(most.into());
            }
            members.values_mut().for_each(bound_numbers);
        }
        Value::Array(items) => items.iter_mut().for_each(bound_numbers),
        _ => {}
    }
}

fn report(error: &ValidationError<'_>, root: &Value, problems: &mut Problems) {
    let path = json_path(error.instance_path().as_str(), root);
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            problems.add(member(&path, name), "required", "this member is required");
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                problems.add(member(&path, name), "unknownMember", "this member is not known here");
            }
        }
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => nested(context, &path, root, problems),
        kind => problems.add(path, code_of(kind), message_of(error)),
    }
}

/// An optional object is 'null or X': what is wrong with X is worth more than 'neither fits'.
fn nested(context: &[Vec<ValidationError<'static>>], path: &str, root: &Value, problems: &mut Problems) {
    let only_wrong_type = |branch: &Vec<ValidationError<'static>>| {
        branch.iter().all(|e| matches!(e.kind(), Kind::Type { .. }) && json_path(e.instance_path().as_str(), root) == path)
    };
    match context.iter().find(|branch| !only_wrong_type(branch)) {
        Some(branch) => branch.iter().for_each(|e| report(e, root, problems)),
        None => problems.add(path, "wrongType", "has the wrong type"),
    }
}

fn code_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Type { .. } => "wrongType",
        Kind::Enum { .. } | Kind::Constant { .. } => "unknownOption",
        Kind::Pattern { .. } | Kind::Format { .. } => "wrongFormat",
        Kind::MinLength { .. } | Kind::MinItems { .. } | Kind::MinProperties { .. } => "tooShort",
        Kind::MaxLength { .. } | Kind::MaxItems { .. } | Kind::MaxProperties { .. } => "tooLong",
        Kind::Minimum { .. } | Kind::Maximum { .. } | Kind::ExclusiveMinimum { .. } | Kind::ExclusiveMaximum { .. } => {
            "outOfRange"
        }
        Kind::UniqueItems => "notUnique",
        _ => "invalidValue",
    }
}

/// The library's words without the value itself: an error text must not repeat personal data.
fn message_of(error: &ValidationError<'_>) -> String {
    error.masked_with("the value").to_string()
}

/// A JSON pointer as a JSON path; `root` tells list positions from members named by digits.
fn json_path(pointer: &str, root: &Value) -> String {
    let mut path = "$".to_owned();
    let mut here = Some(root);
    for raw in pointer.split('/').skip(1) {
        let name = raw.replace("~1", "/").replace("~0", "~");
        let index = here.filter(|v| v.is_array()).and_then(|_| name.parse::<usize>().ok());
        path = match index {
            Some(i) => item(&path, i),
            None => member(&path, &name),
        };
        here = here.and_then(|v| index.map_or_else(|| v.get(&name), |i| v.get(i)));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[allow(dead_code)]
    struct Outer {
        #[schema(min_length = 2)]
        name: String,
        inner: Option<Inner>,
        list: Vec<Inner>,
    }

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        #[schema(minimum = 0, maximum = 1)]
        x: f64,
    }

    #[test]
    fn every_wrong_member_is_named_at_once() {
        let value = json!({"name":"a","inner":{"x":2},"list":[{"x":0},{"y":1}],"extra":1});
        let mut found: Vec<_> = check::<Outer>(&value).0.into_iter().map(|e| format!("{} {}", e.path, e.code)).collect();
        found.sort();
        let expected = [
            "$.extra unknownMember",
            "$.inner.x outOfRange",
            "$.list[1].x required",
            "$.list[1].y unknownMember",
            "$.name tooShort",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn messages_do_not_repeat_the_value() {
        let found = check::<Outer>(&json!({"name": {"secret": "Jan"}, "list": []}));
        assert!(!found.to_string().contains("Jan"), "{found}");
    }
}

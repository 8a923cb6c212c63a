//! The OpenAPI document is complete: whoever reads it needs to ask nobody.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::operations::document;

/// Calls `look` on every operation with its id.
fn each_operation(document: &Value, mut look: impl FnMut(&str, &Value)) {
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            look(operation["operationId"].as_str().unwrap_or(&format!("{method} {path}")), operation);
        }
    }
}

/// Calls `look` on every schema below a value, with a path that leads there.
fn each_schema(path: &str, schema: &Value, look: &mut impl FnMut(&str, &Value)) {
    look(path, schema);
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        each_schema(&format!("{path}.{name}"), inner, look);
    }
    for name in ["items", "additionalProperties"] {
        if schema[name].is_object() {
            each_schema(&format!("{path}/{name}"), &schema[name], look);
        }
    }
    for name in ["oneOf", "anyOf", "allOf"] {
        for (i, inner) in schema[name].as_array().into_iter().flatten().enumerate() {
            each_schema(&format!("{path}/{name}[{i}]"), inner, look);
        }
    }
}

fn has_words(value: &Value) -> bool {
    value.as_str().is_some_and(|t| t.trim().len() > 2)
}

/// The description of a property, which for an optional one stands beside the reference.
fn described(schema: &Value) -> bool {
    let branches = ["oneOf", "anyOf", "allOf"].into_iter().flat_map(|n| schema[n].as_array().into_iter().flatten());
    has_words(&schema["description"]) || branches.into_iter().any(|b| has_words(&b["description"]))
}

#[test]
fn every_operation_is_named_tagged_and_described() {
    let document = document();
    let tags: BTreeSet<&str> = document["tags"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    let mut seen = BTreeSet::new();
    let (mut used, mut wrong) = (BTreeSet::new(), Vec::new());
    each_operation(&document, |id, operation| {
        let words: Vec<&str> = id.split('_').collect();
        let named = words.len() >= 2 && words.iter().all(|w| !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase()));
        if !named || !seen.insert(id.to_owned()) {
            wrong.push(format!("{id}: the operationId is verb_resource, and no other has it"));
        }
        if !has_words(&operation["summary"]) && !has_words(&operation["description"]) {
            wrong.push(format!("{id}: no summary and no description"));
        }
        match operation["tags"].as_array().map(Vec::as_slice) {
            Some([tag]) if tags.contains(tag.as_str().unwrap()) => used.insert(tag.as_str().unwrap().to_owned()),
            other => {
                wrong.push(format!("{id}: not one known tag: {other:?}"));
                false
            }
        };
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if !has_words(&parameter["description"]) {
                wrong.push(format!("{id}: no description of {}", parameter["name"]));
            }
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            if !has_words(&response["description"]) {
                wrong.push(format!("{id}: no description of {status}"));
            }
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(used.len() > 9, "{used:?}");
}

#[test]
fn every_refusal_is_documented_as_a_problem() {
    let document = document();
    let mut wrong = Vec::new();
    each_operation(&document, |id, operation| {
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|s| s.starts_with(['2', '3'])), "{id}");
        for (status, response) in responses.iter().filter(|(s, _)| s.starts_with(['4', '5'])) {
            let content = response["content"].as_object();
            let kinds: Vec<&String> = content.into_iter().flat_map(|c| c.keys()).collect();
            let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
            if kinds != ["application/problem+json"] || schema != "#/components/schemas/Problem" {
                wrong.push(format!("{id} {status}: {kinds:?}"));
            }
        }
        let has = |status: &str| responses.contains_key(status);
        let public = operation["security"] == serde_json::json!([{}]);
        for (needed, status) in [(true, "500"), (true, "503"), (!public, "401"), (!public, "403")] {
            if needed && !has(status) {
                wrong.push(format!("{id}: no {status}"));
            }
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_field_says_what_it_is() {
    let document = document();
    let mut wrong = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        if !name.starts_with("Page_") && !has_words(&schema["description"]) {
            wrong.push(format!("{name}: no description"));
        }
        each_schema(name, schema, &mut |path, schema| {
            for (member, property) in schema["properties"].as_object().into_iter().flatten() {
                if !described(property) {
                    wrong.push(format!("{path}.{member}: no description"));
                }
            }
        });
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_reference_leads_somewhere_and_every_name_is_camel_case() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let camel =
        |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric());
    let mut wrong = Vec::new();
    for (name, schema) in schemas {
        each_schema(name, schema, &mut |path, schema| {
            if let Some(reference) = schema["$ref"].as_str() {
                let target = reference.strip_prefix("#/components/schemas/").unwrap_or_default();
                if !schemas.contains_key(target) {
                    wrong.push(format!("{path}: {reference}"));
                }
            }
            for member in schema["properties"].as_object().into_iter().flat_map(|p| p.keys()) {
                if !camel(member) {
                    wrong.push(format!("{path}.{member} is not camelCase"));
                }
            }
        });
    }
    each_operation(&document, |id, operation| {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            if parameter["in"] != "header" && !camel(name) {
                wrong.push(format!("{id}: {name} is not camelCase"));
            }
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn closed_lists_are_closed_and_bodies_refuse_what_they_do_not_know() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut enums = 0;
    for (name, schema) in schemas {
        each_schema(name, schema, &mut |path, schema| {
            let Some(list) = schema["enum"].as_array() else { return };
            enums += 1;
            assert_eq!(schema["type"], "string", "{path}");
            let distinct: BTreeSet<&str> = list.iter().map(|v| v.as_str().unwrap()).collect();
            assert_eq!(distinct.len(), list.len(), "{path}");
        });
    }
    assert!(enums > 15, "{enums}");
    for place in ["AuditEvent.actorKind", "AuditEvent.result", "Member.role", "Wave.state", "Participant.status"] {
        let (schema, member) = place.split_once('.').unwrap();
        let property = &schemas[schema]["properties"][member];
        let target = property["$ref"].as_str().unwrap_or_default().replace("#/components/schemas/", "");
        assert!(schemas.get(&target).is_some_and(|s| s["enum"].is_array()), "{place} is a closed list: {property}");
    }
    each_operation(&document, |id, operation| {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let Some(target) = schema["$ref"].as_str() else { return };
        let body = &schemas[&target.replace("#/components/schemas/", "")];
        assert_eq!(body["additionalProperties"], false, "{id}: {target}");
    });
}

/// The names of all schemas that a part of the document refers to, directly or through others.
fn referred(value: &Value, schemas: &serde_json::Map<String, Value>, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str).unwrap_or_default();
            let name = reference.replace("#/components/schemas/", "");
            if schemas.contains_key(&name) && found.insert(name.clone()) {
                referred(&schemas[&name], schemas, found);
            }
            members.values().for_each(|inner| referred(inner, schemas, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| referred(inner, schemas, found)),
        _ => {}
    }
}

#[test]
fn answers_may_gain_members_and_a_schema_that_is_part_of_another_lets_the_others_be() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let (mut asked, mut answered) = (BTreeSet::new(), BTreeSet::new());
    each_operation(&document, |_, operation| {
        referred(&operation["requestBody"], schemas, &mut asked);
        for (_, response) in operation["responses"].as_object().unwrap().iter().filter(|(s, _)| s.starts_with('2')) {
            referred(&response["content"]["application/json"], schemas, &mut answered);
        }
    });
    let closed = |name: &str| schemas[name]["additionalProperties"] == false;
    let answers: Vec<&String> = answered.difference(&asked).filter(|n| closed(n)).collect();
    assert!(answers.is_empty(), "{answers:?}");
    let mut parts = Vec::new();
    for (name, schema) in schemas {
        each_schema(name, schema, &mut |path, schema| {
            for part in schema["allOf"].as_array().into_iter().flatten() {
                let target = part["$ref"].as_str().unwrap_or_default().replace("#/components/schemas/", "");
                if part["additionalProperties"] == false || schemas.contains_key(&target) && closed(&target) {
                    parts.push(format!("{path}: {part}"));
                }
            }
        });
    }
    assert!(parts.is_empty(), "no value fits: {parts:#?}");
}

#[test]
fn files_are_bytes_and_not_lists_of_numbers() {
    let document = document();
    let bytes = &document["components"]["schemas"]["FileBytes"];
    assert_eq!((&bytes["type"], &bytes["format"]), (&"string".into(), &"binary".into()));
    each_operation(&document, |id, operation| {
        let bodies = std::iter::once(&operation["requestBody"]).chain(operation["responses"].as_object().unwrap().values());
        for (kind, content) in bodies.filter_map(|b| b["content"].as_object()).flatten() {
            let file = kind.ends_with("octet-stream") || kind.ends_with("/*");
            assert!(!file || content["schema"]["$ref"] == "#/components/schemas/FileBytes", "{id}: {content}");
        }
    });
}

#[test]
fn paths_are_kebab_case_below_v1_without_file_extensions() {
    for path in document()["paths"].as_object().unwrap().keys() {
        if ["/healthz", "/readyz", "/v1/openapi.json"].contains(&path.as_str()) {
            continue;
        }
        let parts = path.strip_prefix("/v1/").unwrap().split('/');
        for part in parts.filter(|p| !p.starts_with('{')) {
            let plain = part.strip_prefix('_').unwrap_or(part);
            assert!(plain.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{path}");
        }
    }
}

//! The committed document is the code's document.

#[test]
fn the_committed_document_equals_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");
    let made = duiding::http::document_text();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == made, "openapi/openapi.json is out of date: run `make openapi`");
}

#[test]
fn what_is_no_json_is_text_or_bytes_and_no_list_of_numbers() {
    let document: serde_json::Value = serde_json::from_str(&duiding::http::document_text()).unwrap();
    let mut files = 0;
    let operations = document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    for operation in operations {
        let answers = operation["responses"].as_object().into_iter().flat_map(|r| r.values());
        for (kind, body) in answers.chain([&operation["requestBody"]]).filter_map(|b| b["content"].as_object()).flatten() {
            if !kind.contains("json") {
                let by_name = body["schema"]["$ref"].as_str().and_then(|r| document.pointer(&r[1..]));
                let schema = by_name.unwrap_or(&body["schema"]);
                assert_ne!(schema["type"], "array", "{kind} of {}", operation["operationId"]);
                files += 1;
            }
        }
    }
    assert!(files > 5, "{files}");
}

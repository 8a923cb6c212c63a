//! The description of an export as a Frictionless Data Package: `datapackage.json` beside the files it names.
//!
//! The package is written last. It holds size, row count and hash of every file, so that an export that was cut off
//! has none. (Its profile is `data-package`: the framework documents beside the tables are not tabular.)

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::codebook::{Told, holds, newest_first, signifiers, states};
use super::digest::FileDigest;
use super::keys::slug;
use super::table::{Column, Content, WriterOptions, columns};
use crate::domain::framework::Framework;

/// Name of the file that describes a package.
pub const FILE_NAME: &str = "datapackage.json";

/// A Frictionless Data Package.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DataPackage {
    /// What kind of package it is.
    #[schema(example = "data-package")]
    pub profile: &'static str,
    /// Name, as a key.
    #[schema(example = "development-on-the-way-to-work")]
    pub name: String,
    /// Title of the study.
    pub title: String,
    /// When the export was made.
    pub created: DateTime<Utc>,
    /// The files.
    pub resources: Vec<Resource>,
}

/// One file of a package.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Resource {
    /// Name, as a key.
    #[schema(example = "stories")]
    pub name: String,
    /// File name.
    #[schema(example = "stories.csv")]
    pub path: String,
    /// What kind of resource it is.
    #[schema(example = "tabular-data-resource")]
    pub profile: &'static str,
    /// File type.
    #[schema(example = "csv")]
    pub format: &'static str,
    /// Media type.
    #[schema(example = "text/csv")]
    pub mediatype: &'static str,
    /// Encoding of the text.
    #[schema(example = "utf-8")]
    pub encoding: &'static str,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes.
    #[schema(example = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub hash: String,
    /// Number of rows or lines, without a header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Whether texts that look like a formula have an apostrophe before them.
    #[serde(rename = "formulasDefused", skip_serializing_if = "Option::is_none")]
    pub formulas_defused: Option<bool>,
    /// How the cells are parted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub dialect: Option<Value>,
    /// What the columns hold (Frictionless Table Schema).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub schema: Option<Value>,
}

impl DataPackage {
    /// A package without files.
    pub fn new(title: &str, created: DateTime<Utc>) -> Self {
        let name = Some(slug(title)).filter(|n| !n.is_empty()).unwrap_or_else(|| "study".to_owned());
        Self { profile: "data-package", name, title: title.to_owned(), created, resources: Vec::new() }
    }

    /// Adds the stories table (`stories.csv`) with the schema of its columns.
    pub fn stories(&mut self, digest: &FileDigest, frameworks: &[(i32, Framework)], language: &str, options: WriterOptions) {
        let fields: Vec<Value> = columns(frameworks).iter().map(|c| field(c, frameworks, language)).collect();
        let schema = json!({"fields": fields, "missingValues": [""], "primaryKey": "story_id"});
        self.table("stories", digest, schema, options);
    }

    /// Adds the code book (`codebook.csv`).
    pub fn codebook(&mut self, digest: &FileDigest, options: WriterOptions) {
        let fields: Vec<Value> = super::codebook::HEADER.iter().map(|name| json!({"name": name, "type": "string"})).collect();
        self.table("codebook", digest, json!({"fields": fields, "missingValues": [""], "primaryKey": "name"}), options);
    }

    /// Adds the document of a framework version (`framework-v1.json`).
    pub fn framework(&mut self, version: i32, digest: &FileDigest) {
        let file = File { name: format!("framework-v{version}"), extension: "json", mediatype: "application/json" };
        self.resources.push(file.resource("data-resource", digest));
    }

    /// Adds the stories as JSON lines (`stories.jsonl`).
    pub fn story_lines(&mut self, digest: &FileDigest) {
        let file = File { name: "story-lines".into(), extension: "jsonl", mediatype: "application/jsonl" };
        let path = "stories.jsonl".to_owned();
        self.resources.push(Resource { path, rows: Some(digest.rows), ..file.resource("data-resource", digest) });
    }

    /// The text of `datapackage.json`.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a package is JSON") + "\n"
    }

    fn table(&mut self, name: &str, digest: &FileDigest, schema: Value, options: WriterOptions) {
        let file = File { name: name.to_owned(), extension: "csv", mediatype: "text/csv" };
        let dialect = json!({
            "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true, "header": true,
            "skipInitialSpace": false
        });
        self.resources.push(Resource {
            rows: Some(digest.rows),
            formulas_defused: Some(options.defuse),
            dialect: Some(dialect),
            schema: Some(schema),
            ..file.resource("tabular-data-resource", digest)
        });
    }
}

struct File {
    name: String,
    extension: &'static str,
    mediatype: &'static str,
}

impl File {
    fn resource(self, profile: &'static str, digest: &FileDigest) -> Resource {
        Resource {
            path: format!("{}.{}", self.name, self.extension),
            name: self.name,
            profile,
            format: self.extension,
            mediatype: self.mediatype,
            encoding: "utf-8",
            bytes: digest.bytes,
            hash: format!("sha256:{}", digest.sha256),
            rows: None,
            formulas_defused: None,
            dialect: None,
            schema: None,
        }
    }
}

/// A column as a field of a Table Schema.
fn field(column: &Column, frameworks: &[(i32, Framework)], language: &str) -> Value {
    let told = Told { column, frameworks, language };
    let (question, part, words) = (told.question(), told.part(), holds(column.content, language));
    let title = if question.is_empty() { words } else { &question };
    let description = if part.is_empty() { words.to_owned() } else { format!("{words}: {part}") };
    let mut field = json!({"name": column.name, "type": "string", "title": title, "description": description});
    let mut set = |members: Value| {
        for (name, value) in members.as_object().into_iter().flatten() {
            field[name] = value.clone();
        }
    };
    let unit = json!({"type": "number", "constraints": {"minimum": 0, "maximum": 1}});
    let keys = |keys: Vec<String>| json!({"constraints": {"enum": keys}});
    match column.content {
        Content::StoryId => set(json!({"format": "uuid", "constraints": {"required": true, "unique": true}})),
        Content::FrameworkVersion => {
            set(json!({"type": "integer", "constraints": {"required": true, "enum": versions(frameworks)}}))
        }
        Content::Wave | Content::Language => set(json!({"constraints": {"required": true}})),
        Content::Perspective => {
            let all = distinct(frameworks, |f| f.perspectives.iter().map(|p| p.key.clone()).collect());
            set(json!({"constraints": {"required": true, "enum": all}}));
        }
        Content::Prompt => set(keys(distinct(frameworks, |f| f.prompts.iter().map(|p| p.key.clone()).collect()))),
        Content::ToldOn => set(json!({"type": "date"})),
        Content::ReceivedAt => set(json!({"type": "datetime", "format": "any"})),
        Content::Permission | Content::Chosen => {
            set(json!({"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]}));
        }
        Content::Share | Content::Position | Content::StoneX | Content::StoneY => set(unit),
        Content::Point => {
            let most = signifiers(column, frameworks).map(|(_, s)| s.points.len()).max().unwrap_or(1);
            set(json!({"type": "integer", "constraints": {"minimum": 1, "maximum": most}}));
        }
        Content::Attribute => {
            let key = column.key.as_deref().unwrap_or_default();
            let options = |f: &Framework| f.attribute(key).iter().flat_map(|a| &a.options).map(|o| o.key.clone()).collect();
            set(keys(distinct(frameworks, options)));
        }
        Content::Choice => {
            let key = column.key.as_deref().unwrap_or_default();
            let options = |f: &Framework| f.signifier(key).iter().flat_map(|s| &s.options).map(|o| o.key.clone()).collect();
            set(keys(distinct(frameworks, options)));
        }
        Content::State | Content::AttributeState => {
            set(json!({"constraints": {"enum": states(column, frameworks)}}));
        }
        Content::Mixed => set(json!({"type": "any"})),
        Content::Participant | Content::Teller | Content::Title | Content::Text | Content::Answer => {}
    }
    field
}

fn versions(frameworks: &[(i32, Framework)]) -> Vec<i32> {
    newest_first(frameworks).map(|(v, _)| v).collect()
}

/// Keys of all versions, each once; those of the newest first.
fn distinct(frameworks: &[(i32, Framework)], list: impl Fn(&Framework) -> Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for key in newest_first(frameworks).flat_map(|(_, f)| list(f)) {
        if !all.contains(&key) {
            all.push(key);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::framework;

    fn package() -> DataPackage {
        let reference = framework::parse(&serde_json::from_str(framework::REFERENCE).unwrap()).unwrap();
        let frameworks = [(1, reference)];
        let mut package = DataPackage::new("Één studie", "2026-03-02T10:00:00Z".parse().unwrap());
        package.stories(&FileDigest::of(b"table", 12), &frameworks, "nl", WriterOptions::default());
        package.codebook(&FileDigest::of(b"book", 3), WriterOptions::default());
        package.framework(1, &FileDigest::of(b"{}", 0));
        package.story_lines(&FileDigest::of(b"{}\n", 1));
        package
    }

    #[test]
    fn a_package_names_every_file_with_its_size_rows_and_hash() {
        let document: Value = serde_json::from_str(&package().to_json()).unwrap();
        assert_eq!([&document["profile"], &document["name"]], ["data-package", "een-studie"]);
        let files: Vec<_> = document["resources"].as_array().unwrap().iter().collect();
        let paths: Vec<_> = files.iter().map(|f| f["path"].as_str().unwrap()).collect();
        assert_eq!(paths, ["stories.csv", "codebook.csv", "framework-v1.json", "stories.jsonl"]);
        assert_eq!((&files[0]["bytes"], &files[0]["rows"], &files[2]["rows"]), (&json!(5), &json!(12), &Value::Null));
        assert_eq!(files[0]["hash"], format!("sha256:{}", crate::domain::canonical::sha256_hex("table")));
    }

    #[test]
    fn the_schema_says_what_every_column_may_hold() {
        let package = package();
        let schema = package.resources[0].schema.as_ref().unwrap();
        let named = |name: &str| schema["fields"].as_array().unwrap().iter().find(|f| f["name"] == name).unwrap();
        assert_eq!(named("perspective")["constraints"]["enum"], json!(["candidate", "case-manager", "job-coach"]));
        assert_eq!(named("confidence")["constraints"], json!({"minimum": 0, "maximum": 1}));
        assert_eq!(named("confidence.state")["constraints"]["enum"], json!(["answered", "notApplicable", "unknown", "skipped"]));
        assert_eq!(named("trajectory")["constraints"]["enum"], json!(["temporary-job", "work-learning"]));
        assert_eq!(named("received_at")["type"], "datetime");
        assert_eq!(schema["primaryKey"], "story_id");
    }
}

//! A project into files, streamed with bounded memory, on one state of the database.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::Value;
use uuid::Uuid;

use super::{TransferError, published};
use crate::db::stories::{self, StoryRow as DbStory, VersionRow};
use crate::db::{Conn, DbError, frameworks, participants, projects};
use crate::domain::framework::Framework;
use crate::domain::story::{self, StoryBody};
use crate::exchange::FileDigest;
use crate::exchange::codebook::write_codebook;
use crate::exchange::jsonl::{LineWriter, StoryLine, TranslationLine, VersionLine};
use crate::exchange::package::DataPackage;
use crate::exchange::table::{StoryRow, Writer, WriterOptions};

/// Stories read at a time.
const PAGE: i64 = 500;

/// Which stories go out, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// All active stories in their newest version, with codes.
    All,
    /// Released versions only, with a pseudonym in place of the participant's code and without the teller's.
    ReleasedPseudonymised,
}

/// Writes the stories table. Errors: the output fails or the database does; then the file is not complete.
pub fn write_table<W: Write>(
    conn: &mut Conn,
    project_id: &str,
    selection: Selection,
    options: WriterOptions,
    out: W,
) -> Result<(W, FileDigest), TransferError> {
    let frameworks = published(conn, project_id)?;
    let people = People::load(conn, project_id)?;
    let mut writer = Writer::new(out, &frameworks, options)?;
    let by_version: BTreeMap<i32, &Framework> = frameworks.iter().map(|(v, f)| (*v, f)).collect();
    let mut after = String::new();
    loop {
        let released = selection == Selection::ReleasedPseudonymised;
        let page = stories::export_page(conn, project_id, released, &after, PAGE)?;
        let Some((last, _)) = page.last() else { break };
        after.clone_from(&last.id);
        for (row, version) in &page {
            let framework = by_version.get(&row.framework_version).ok_or_else(|| broken("a story without its framework"))?;
            let mut body = read_body(version, framework)?;
            let participant_attributes = people.attributes(row);
            if selection == Selection::ReleasedPseudonymised {
                body.participant.clone_from(&row.participant_id);
                body.teller = None;
            }
            let id = Uuid::parse_str(&row.id).map_err(|e| broken(&e.to_string()))?;
            let received_at = (selection == Selection::All).then(|| row.received_at.and_utc());
            writer.write(&StoryRow { id, body, participant_attributes, received_at })?;
        }
    }
    Ok(writer.finish()?)
}

/// Writes all stories as JSON lines, with their versions and translations; withdrawn ones have nothing left to write.
pub fn write_story_lines<W: Write>(conn: &mut Conn, project_id: &str, out: W) -> Result<(W, FileDigest), TransferError> {
    let mut writer = LineWriter::new(out);
    let mut after = String::new();
    loop {
        let page = stories::page_by_id(conn, project_id, &after, PAGE)?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        let ids: Vec<String> = page.iter().map(|s| s.id.clone()).collect();
        let mut versions: HashMap<String, Vec<VersionLine>> = HashMap::new();
        for row in stories::bodies(conn, project_id, &ids)? {
            versions.entry(row.story_id.clone()).or_default().push(version_line(row)?);
        }
        let mut translations: HashMap<String, Vec<TranslationLine>> = HashMap::new();
        for row in stories::translations_of(conn, project_id, &ids)? {
            let line = TranslationLine {
                version: row.version,
                language: row.language,
                title: row.title,
                text: row.text,
                created_at: row.created_at.and_utc(),
            };
            translations.entry(row.story_id).or_default().push(line);
        }
        for row in page.iter().filter(|s| s.status != stories::WITHDRAWN) {
            writer.write(&StoryLine {
                id: Uuid::parse_str(&row.id).map_err(|e| broken(&e.to_string()))?,
                received_at: row.received_at.and_utc(),
                status: row.status.clone(),
                versions: versions.remove(&row.id).unwrap_or_default(),
                translations: translations.remove(&row.id).unwrap_or_default(),
            })?;
        }
    }
    Ok(writer.finish()?)
}

/// Writes the code book of the published frameworks.
pub fn write_codebook_csv<W: Write>(
    conn: &mut Conn,
    project_id: &str,
    language: &str,
    options: WriterOptions,
    out: W,
) -> Result<(W, FileDigest), TransferError> {
    let frameworks = published(conn, project_id)?;
    Ok(write_codebook(out, &frameworks, language, options)?)
}

/// The manifest of what the other functions write with the same options, without keeping what they write.
pub fn describe_package(
    conn: &mut Conn,
    project_id: &str,
    selection: Selection,
    language: &str,
    options: WriterOptions,
) -> Result<DataPackage, TransferError> {
    let project = projects::by_id(conn, project_id)?.ok_or(DbError::NotFound)?;
    let frameworks = published(conn, project_id)?;
    let mut package = DataPackage::new(&project.title, project.created_at.and_utc());
    let (_, digest) = write_table(conn, project_id, selection, options, io::sink())?;
    package.stories(&digest, &frameworks, language, options);
    let (_, digest) = write_codebook(io::sink(), &frameworks, language, options)?;
    package.codebook(&digest, options);
    if selection == Selection::All {
        let (_, digest) = write_story_lines(conn, project_id, io::sink())?;
        package.story_lines(&digest);
    }
    Ok(package)
}

/// Writes a Frictionless Data Package into a folder: stories, code book, frameworks, JSON lines and, last of all, the
/// manifest, so that a package that was cut off never looks whole. Errors: the folder has a manifest already.
pub fn write_package(
    conn: &mut Conn,
    project_id: &str,
    folder: &Path,
    language: &str,
    options: WriterOptions,
) -> Result<u64, TransferError> {
    let project = projects::by_id(conn, project_id)?.ok_or(DbError::NotFound)?;
    std::fs::create_dir_all(folder)?;
    let manifest = folder.join("datapackage.json");
    if manifest.exists() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is there already", manifest.display())).into());
    }
    let create = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let frameworks = published(conn, project_id)?;
    let mut package = DataPackage::new(&project.title, project.created_at.and_utc());
    let (out, digest) = write_table(conn, project_id, Selection::All, options, create("stories.csv")?)?;
    sync(out)?;
    package.stories(&digest, &frameworks, language, options);
    let rows = digest.rows;
    let (out, digest) = write_codebook(create("codebook.csv")?, &frameworks, language, options)?;
    sync(out)?;
    package.codebook(&digest, options);
    for row in frameworks::list(conn, project_id)?.into_iter().filter(|f| f.state == frameworks::PUBLISHED) {
        std::fs::write(folder.join(format!("framework-v{}.json", row.version)), &row.document)?;
        package.framework(row.version, &FileDigest::of(row.document.as_bytes(), 1));
    }
    let (out, digest) = write_story_lines(conn, project_id, create("stories.jsonl")?)?;
    sync(out)?;
    package.story_lines(&digest);
    std::fs::write(manifest, package.to_json())?;
    Ok(rows)
}

fn sync(out: BufWriter<File>) -> io::Result<()> {
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

fn broken(what: &str) -> TransferError {
    TransferError::Db(DbError::Internal(what.to_owned()))
}

fn read_body(version: &VersionRow, framework: &Framework) -> Result<StoryBody, TransferError> {
    let value: Value = serde_json::from_str(&version.body).map_err(|e| broken(&e.to_string()))?;
    story::parse(&value, framework).map_err(|p| broken(&format!("a stored story is invalid: {p}")))
}

fn version_line(row: VersionRow) -> Result<VersionLine, TransferError> {
    Ok(VersionLine {
        version: row.version,
        kind: row.kind,
        body: serde_json::from_str(&row.body).map_err(|e| broken(&e.to_string()))?,
        created_at: row.created_at.and_utc(),
        reason: row.reason,
    })
}

/// Attributes of participants and participations.
struct People {
    own: HashMap<String, BTreeMap<String, String>>,
    of_wave: HashMap<(String, String), BTreeMap<String, String>>,
}

impl People {
    fn load(conn: &mut Conn, project_id: &str) -> Result<Self, TransferError> {
        let read = |json: &str| serde_json::from_str(json).map_err(|e| broken(&e.to_string()));
        let mut own = HashMap::new();
        for (id, json) in participants::attributes(conn, project_id)? {
            own.insert(id, read(&json)?);
        }
        let mut of_wave = HashMap::new();
        for row in participants::participations(conn, project_id, None)? {
            of_wave.insert((row.participant_id, row.wave), read(&row.attributes)?);
        }
        Ok(Self { own, of_wave })
    }

    fn attributes(&self, row: &DbStory) -> BTreeMap<String, String> {
        let Some(id) = &row.participant_id else { return BTreeMap::new() };
        let of_wave = self.of_wave.get(&(id.clone(), row.wave.clone()));
        let all = self.own.get(id).into_iter().chain(of_wave).flatten();
        all.map(|(k, v)| (k.clone(), v.clone())).collect()
    }
}

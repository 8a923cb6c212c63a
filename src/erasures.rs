//! The erasure log: who and what was withdrawn, in a file beside the database, so that a restore can do it again.
//!
//! One JSON object a line, ids and times only. It is no part of the database and no restore overwrites it. A line is on
//! disk before its withdrawal is committed: if that commit then fails, a restore still erases what somebody asked to be
//! erased, and never the other way round.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::consent::WithdrawalScope;
use crate::secrets::make_private_folder;

/// Who or what was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Erased {
    /// A participant, unless the scope says less with all that anybody told about this person.
    Participant,
    /// A teller; what was told stays unless the scope says more.
    Teller,
    /// One story.
    Story,
}

/// One withdrawal: a line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Erasure {
    /// Id of the event in the audit trail, by which a database knows that it has done this.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Id of the project.
    pub project: String,
    /// Who or what.
    pub erased: Erased,
    /// How far the withdrawal of a person goes. Lines without it erase all of a participant, and stop a teller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<WithdrawalScope>,
    /// Id of the participant, teller or story.
    pub subject: String,
    /// Ids of all stories that went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stories: Vec<String>,
    /// Ids of the tellers who stopped with a participant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tellers: Vec<String>,
}

/// The file.
#[derive(Debug, Clone)]
pub struct ErasureLog {
    path: PathBuf,
}

impl ErasureLog {
    /// Makes the file when it is not there, for its owner only. Errors: it cannot be made or written to.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let failed = || format!("cannot open the erasure log {}", path.display());
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        make_private_folder(folder).with_context(failed)?;
        appending(path).and_then(|file| file.sync_all()).with_context(failed)?;
        File::open(folder).and_then(|f| f.sync_all()).with_context(failed)?;
        Ok(Self { path: path.to_owned() })
    }

    /// Adds a line and waits for the disk. Errors: the line is not safe; whoever withdraws must be told so.
    pub fn append(&self, erasure: &Erasure) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(erasure)?;
        line.push(b'\n');
        let mut file = appending(&self.path)?;
        file.lock()?; // several servers may share the file
        cut_torn_line(&mut file)?;
        file.write_all(&line)?;
        file.sync_all()
    }
}

fn appending(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)
}

/// Removes a last line that was not written to its end: nobody was told that it is done.
fn cut_torn_line(file: &mut File) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    if whole < bytes.len() { file.set_len(whole as u64) } else { Ok(()) }
}

/// All lines of a log, oldest first; a torn last one does not count. Errors: the file cannot be read, or a line of it is
/// not understood, by number.
pub fn read(path: &Path) -> anyhow::Result<Vec<Erasure>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read the erasure log {}", path.display()))?;
    let mut lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
    lines.pop(); // what follows the last end of a line
    let one = |(i, line): (usize, &&[u8])| {
        serde_json::from_slice(line).with_context(|| format!("{}: line {} is not understood", path.display(), i + 1))
    };
    lines.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn erasure(subject: &str) -> Erasure {
        Erasure {
            id: format!("event of {subject}"),
            at: DateTime::from_timestamp(1_770_000_000, 0).unwrap(),
            project: "p".to_owned(),
            erased: Erased::Story,
            scope: None,
            subject: subject.to_owned(),
            stories: vec![subject.to_owned()],
            tellers: Vec::new(),
        }
    }

    #[test]
    fn what_is_written_is_read_and_only_by_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/erasures.jsonl");
        let log = ErasureLog::open(&path).unwrap();
        assert!(read(&path).unwrap().is_empty());
        for subject in ["a", "b"] {
            log.append(&erasure(subject)).unwrap();
        }
        ErasureLog::open(&path).unwrap();
        assert_eq!(read(&path).unwrap(), [erasure("a"), erasure("b")], "opening it again takes nothing away");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_line_that_was_cut_by_a_power_failure_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("erasures.jsonl");
        let log = ErasureLog::open(&path).unwrap();
        log.append(&erasure("a")).unwrap();
        let mut torn = fs::read(&path).unwrap();
        torn.extend_from_slice(b"{\"id\":\"ev");
        fs::write(&path, torn).unwrap();
        assert_eq!(read(&path).unwrap(), [erasure("a")]);
        log.append(&erasure("b")).unwrap();
        assert_eq!(read(&path).unwrap(), [erasure("a"), erasure("b")]);
    }

    #[test]
    fn a_damaged_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("erasures.jsonl");
        ErasureLog::open(&path).unwrap().append(&erasure("a")).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{text}{}", text.replace("story", "tory"))).unwrap();
        let told = format!("{:#}", read(&path).unwrap_err());
        assert!(told.contains("line 2"), "{told}");
    }
}

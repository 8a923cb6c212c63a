//! The audit trail of a project, or of the server, as a file.

use std::io::Write;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TransferError;
use crate::db::Conn;
use crate::db::audit::AuditRow;
use crate::db::audit_chain;
use crate::domain::chain::linked;
use crate::exchange::guard::guard;

/// Form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum TrailFormat {
    /// One JSON object a line, with all that the hashes are made of.
    Jsonl,
    /// The same as a table (RFC 4180), in which what begins like a formula has an apostrophe before it.
    Csv,
}

const COLUMNS: [&str; 13] = [
    "sequence",
    "id",
    "project",
    "at",
    "actorKind",
    "actorId",
    "action",
    "subject",
    "result",
    "detail",
    "origin",
    "previous",
    "hash",
];

/// Writes all sealed events of a chain, oldest first; answers how many. Call it inside a read transaction.
pub fn write_trail(conn: &mut Conn, chain: &str, format: TrailFormat, out: &mut dyn Write) -> Result<u64, TransferError> {
    match format {
        TrailFormat::Jsonl => write_lines(conn, chain, out),
        TrailFormat::Csv => write_rows(conn, chain, out),
    }
}

fn write_lines(conn: &mut Conn, chain: &str, out: &mut dyn Write) -> Result<u64, TransferError> {
    let mut count = 0;
    audit_chain::walk::<TransferError>(conn, chain, |row| {
        serde_json::to_writer(&mut *out, &line(&row)).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        count += 1;
        Ok(())
    })?;
    Ok(count)
}

fn write_rows(conn: &mut Conn, chain: &str, out: &mut dyn Write) -> Result<u64, TransferError> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(COLUMNS).map_err(std::io::Error::from)?;
    let mut count = 0;
    audit_chain::walk::<TransferError>(conn, chain, |row| {
        let line = line(&row);
        let cell = |name: &&str| match &line[*name] {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => guard(text, true).into_owned(),
            other => other.to_string(),
        };
        table.write_record(COLUMNS.iter().map(cell)).map_err(std::io::Error::from)?;
        count += 1;
        Ok(())
    })?;
    table.flush()?;
    Ok(count)
}

fn line(row: &AuditRow) -> serde_json::Value {
    let previous = row.previous.as_deref().unwrap_or_default();
    let mut line = linked(&row.event.chained(), row.sequence.unwrap_or_default(), previous);
    line["hash"] = row.hash.clone().into();
    line
}

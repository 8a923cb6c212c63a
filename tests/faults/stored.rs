//! What the database holds, read past the server.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use duiding::db::{Conn, Db, DbError, read_tx};
use duiding::on_each;

/// A version of a story; a story without any has one row without a body.
#[derive(QueryableByName)]
pub struct StoryRow {
    #[diesel(sql_type = Text)]
    pub id: String,
    #[diesel(sql_type = Text)]
    pub hash: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Text)]
    pub facts: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub participant: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub body: Option<String>,
}

const STORIES: &str = "SELECT s.id, s.hash, s.status, s.facts, p.code AS participant, v.body
    FROM stories s LEFT JOIN story_versions v ON v.project_id = s.project_id AND v.story_id = s.id
    LEFT JOIN participants p ON p.project_id = s.project_id AND p.id = s.participant_id";

/// A declared file.
#[derive(QueryableByName)]
pub struct FileRow {
    #[diesel(sql_type = Text)]
    pub story_id: String,
    #[diesel(sql_type = Text)]
    pub id: String,
    #[diesel(sql_type = Text)]
    pub sha256: String,
    #[diesel(sql_type = BigInt)]
    pub bytes: i64,
    #[diesel(sql_type = BigInt)]
    pub received_bytes: i64,
    #[diesel(sql_type = Bool)]
    pub complete: bool,
}

const FILES: &str = "SELECT story_id, id, sha256, bytes, received_bytes, completed_at IS NOT NULL AS complete FROM attachments";

/// How a participant takes part.
#[derive(QueryableByName)]
pub struct StateRow {
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub state: String,
}

const STATES: &str = "SELECT p.code, x.state FROM participants p
    JOIN participations x ON x.project_id = p.project_id AND x.participant_id = p.id";

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// All of a project, at one moment.
pub struct Stored {
    pub stories: Vec<StoryRow>,
    /// Number of rows in the table of versions.
    pub versions: i64,
    pub files: Vec<FileRow>,
    pub states: Vec<StateRow>,
}

/// Reads everything of a project, for there may be others beside it. Errors: the database cannot be read.
pub fn read(url: &str, project: &str) -> anyhow::Result<Stored> {
    let of = |query: &str, table: &str| format!("{query} WHERE {table}.project_id = '{project}'");
    let all = |conn: &mut Conn| {
        Ok::<_, DbError>(Stored {
            stories: on_each!(conn, c => diesel::sql_query(of(STORIES, "s")).load(c))?,
            versions: number(conn, &of("SELECT COUNT(*) AS n FROM story_versions", "story_versions"))?,
            files: on_each!(conn, c => diesel::sql_query(of(FILES, "attachments")).load(c))?,
            states: on_each!(conn, c => diesel::sql_query(of(STATES, "p")).load(c))?,
        })
    };
    Ok(Db::open(url, 1)?.run_blocking(|conn| read_tx(conn, all))?)
}

fn number(conn: &mut Conn, query: &str) -> Result<i64, DbError> {
    let row: Number = on_each!(conn, c => diesel::sql_query(query).get_result(c))?;
    Ok(row.n)
}

/// What SQLite finds wrong with its file, and rows that point at nothing.
pub fn damage(url: &str) -> anyhow::Result<Vec<String>> {
    let look = |conn: &mut Conn| {
        let found: Vec<Finding> = on_each!(conn, c => diesel::sql_query("PRAGMA integrity_check").load(c))?;
        let loose = number(conn, "SELECT COUNT(*) AS n FROM pragma_foreign_key_check")?;
        Ok::<_, DbError>((found, loose))
    };
    let (found, loose) = Db::open(url, 1)?.run_blocking(look)?;
    let mut damage: Vec<String> = found.into_iter().map(|f| f.integrity_check).filter(|f| f != "ok").collect();
    if loose > 0 {
        damage.push(format!("{loose} rows point at nothing"));
    }
    Ok(damage)
}

/// Processes of the database server of one kind, as it calls them, without the one that answers this.
pub fn processes(url: &str, kind: &str) -> anyhow::Result<Vec<i64>> {
    let query = "SELECT pid::bigint AS n FROM pg_stat_activity WHERE backend_type = $1 AND pid <> pg_backend_pid() ORDER BY pid";
    let list = |conn: &mut Conn| {
        let rows: Vec<Number> = on_each!(conn, c => diesel::sql_query(query).bind::<Text, _>(kind).load(c))?;
        Ok::<_, DbError>(rows.into_iter().map(|r| r.n).collect())
    };
    Ok(Db::open(url, 1)?.run_blocking(list)?)
}

//! Finding stories and their bodies.

use diesel::prelude::*;

use super::{ACTIVE, StoryRow, TranslationRow, VersionRow};
use crate::db::schema::{stories, story_versions, translations};
use crate::db::{Conn, DbError, DbResult};

/// Which stories to list. `None` means any.
#[derive(Debug, Clone, Default)]
pub struct StoryFilter {
    /// Key of the wave.
    pub wave: Option<String>,
    /// Key of the perspective.
    pub perspective: Option<String>,
    /// Language tag.
    pub language: Option<String>,
    /// active, held or withdrawn.
    pub status: Option<String>,
    /// Whether a version is released.
    pub released: Option<bool>,
    /// Only what the workgroup may read: active, published, released and permitted by the teller.
    pub for_workgroup: bool,
    /// Only what changed after this change number.
    pub changed_since: i64,
    /// Last (change, id) of the page before.
    pub after: Option<(i64, String)>,
    /// Last id of the page before, for the workgroup.
    pub after_id: Option<String>,
}

/// Ids of the stories of a project from one to another, both included; at most two, enough to know whether there is one.
/// All ids are written alike, so that their order is that of their bits in whatever language a database sorts.
pub fn ids_between(conn: &mut Conn, project_id: &str, first: &str, last: &str) -> DbResult<Vec<String>> {
    let query = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::id.between(first, last))
        .order(stories::id)
        .limit(2)
        .select(stories::id);
    Ok(query.load(conn)?)
}

/// A page of stories, ordered by change number and id; for the workgroup by the random id, which tells nothing.
pub fn page(conn: &mut Conn, project_id: &str, filter: &StoryFilter, limit: i64) -> DbResult<Vec<StoryRow>> {
    let mut query = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::change.gt(filter.changed_since))
        .order((stories::change, stories::id))
        .limit(limit)
        .select(StoryRow::as_select())
        .into_boxed();
    if let Some(wave) = &filter.wave {
        query = query.filter(stories::wave.eq(wave));
    }
    if let Some(perspective) = &filter.perspective {
        query = query.filter(stories::perspective.eq(perspective));
    }
    if let Some(language) = &filter.language {
        query = query.filter(stories::language.eq(language));
    }
    if let Some(status) = &filter.status {
        query = query.filter(stories::status.eq(status));
    }
    match filter.released {
        Some(true) => query = query.filter(stories::released_version.is_not_null()),
        Some(false) => query = query.filter(stories::released_version.is_null()),
        None => {}
    }
    if filter.for_workgroup {
        query = query
            .filter(stories::status.eq(ACTIVE))
            .filter(stories::published.eq(true))
            .filter(stories::released_version.is_not_null())
            .filter(stories::workgroup_permitted.eq(true))
            .order(stories::id);
    }
    if let Some(id) = &filter.after_id {
        query = query.filter(stories::id.gt(id));
    }
    if let Some((change, id)) = &filter.after {
        query = query.filter(stories::change.gt(*change).or(stories::change.eq(*change).and(stories::id.gt(id))));
    }
    Ok(query.load(conn)?)
}

/// A page of active stories with their newest version, or with their released one; ordered by id.
pub fn export_page(
    conn: &mut Conn,
    project_id: &str,
    released: bool,
    after: &str,
    limit: i64,
) -> DbResult<Vec<(StoryRow, VersionRow)>> {
    let same_story = story_versions::project_id.eq(stories::project_id).and(story_versions::story_id.eq(stories::id));
    let mut query = stories::table
        .inner_join(story_versions::table.on(same_story))
        .filter(stories::project_id.eq(project_id))
        .filter(stories::status.eq(ACTIVE))
        .filter(stories::id.gt(after))
        .order(stories::id)
        .limit(limit)
        .select((StoryRow::as_select(), VersionRow::as_select()))
        .into_boxed();
    query = if released {
        query.filter(stories::released_version.eq(story_versions::version.nullable()))
    } else {
        query.filter(stories::version.eq(story_versions::version))
    };
    Ok(query.load(conn)?)
}

/// A page of all stories, ordered by id.
pub fn page_by_id(conn: &mut Conn, project_id: &str, after: &str, limit: i64) -> DbResult<Vec<StoryRow>> {
    let query = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::id.gt(after))
        .order(stories::id)
        .limit(limit)
        .select(StoryRow::as_select());
    Ok(query.load(conn)?)
}

/// One story. Errors: not found.
pub fn by_id(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<StoryRow> {
    let query =
        stories::table.filter(stories::project_id.eq(project_id)).filter(stories::id.eq(id)).select(StoryRow::as_select());
    query.first(conn).map_err(DbError::from)
}

/// All versions of a story, oldest first.
pub fn versions(conn: &mut Conn, project_id: &str, story_id: &str) -> DbResult<Vec<VersionRow>> {
    let query = story_versions::table
        .filter(story_versions::project_id.eq(project_id))
        .filter(story_versions::story_id.eq(story_id))
        .order(story_versions::version)
        .select(VersionRow::as_select());
    Ok(query.load(conn)?)
}

/// All versions of some stories, ordered by story and version.
pub fn bodies(conn: &mut Conn, project_id: &str, story_ids: &[String]) -> DbResult<Vec<VersionRow>> {
    let query = story_versions::table
        .filter(story_versions::project_id.eq(project_id))
        .filter(story_versions::story_id.eq_any(story_ids))
        .order((story_versions::story_id, story_versions::version))
        .select(VersionRow::as_select());
    Ok(query.load(conn)?)
}

/// Bodies, as they were received, of what a participant told in the own perspective; the first that came in first.
pub fn bodies_told_by_participant(conn: &mut Conn, project_id: &str, id: &str, perspective: &str) -> DbResult<Vec<String>> {
    let same_story = story_versions::project_id.eq(stories::project_id).and(story_versions::story_id.eq(stories::id));
    let query = stories::table
        .inner_join(story_versions::table.on(same_story))
        .filter(stories::project_id.eq(project_id))
        .filter(stories::participant_id.eq(id))
        .filter(stories::perspective.eq(perspective))
        .filter(story_versions::version.eq(1))
        .order((stories::received_at, stories::id))
        .select(story_versions::body);
    Ok(query.load(conn)?)
}

/// The same of what a teller told.
pub fn bodies_told_by_teller(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<Vec<String>> {
    let same_story = story_versions::project_id.eq(stories::project_id).and(story_versions::story_id.eq(stories::id));
    let query = stories::table
        .inner_join(story_versions::table.on(same_story))
        .filter(stories::project_id.eq(project_id))
        .filter(stories::teller_id.eq(id))
        .filter(story_versions::version.eq(1))
        .order((stories::received_at, stories::id))
        .select(story_versions::body);
    Ok(query.load(conn)?)
}

/// All translations of a story, ordered by version and language.
pub fn translations(conn: &mut Conn, project_id: &str, story_id: &str) -> DbResult<Vec<TranslationRow>> {
    translations_of(conn, project_id, &[story_id.to_owned()])
}

/// All translations of some stories, ordered by story, version and language.
pub fn translations_of(conn: &mut Conn, project_id: &str, story_ids: &[String]) -> DbResult<Vec<TranslationRow>> {
    let query = translations::table
        .filter(translations::project_id.eq(project_id))
        .filter(translations::story_id.eq_any(story_ids))
        .order((translations::story_id, translations::version, translations::language))
        .select(TranslationRow::as_select());
    Ok(query.load(conn)?)
}

/// Whether the study has a story of this perspective about a participant in a wave.
pub fn has_told(conn: &mut Conn, project_id: &str, participant_id: &str, wave: &str, perspective: &str) -> DbResult<bool> {
    let query = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::participant_id.eq(participant_id))
        .filter(stories::wave.eq(wave))
        .filter(stories::perspective.eq(perspective))
        .filter(stories::status.eq(ACTIVE))
        .count();
    Ok(query.get_result::<i64>(conn)? > 0)
}

/// How many stories there are per wave, perspective and status.
pub fn response(conn: &mut Conn, project_id: &str) -> DbResult<Vec<(String, String, String, i64)>> {
    let query = stories::table
        .filter(stories::project_id.eq(project_id))
        .group_by((stories::wave, stories::perspective, stories::status))
        .select((stories::wave, stories::perspective, stories::status, diesel::dsl::count_star()));
    let mut rows: Vec<(String, String, String, i64)> = query.load(conn)?;
    rows.sort();
    Ok(rows)
}

/// Number of stories in all projects, withdrawn ones included.
pub fn count(conn: &mut Conn) -> DbResult<i64> {
    Ok(stories::table.count().get_result(conn)?)
}

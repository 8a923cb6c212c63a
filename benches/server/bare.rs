//! The same inserts without anything around them.

use std::time::Instant;

use duiding::db::stories::{self, Deliverer, Delivery, StoryRow, VersionRow};
use duiding::db::{Conn, DbError, now, projects, write_tx};
use duiding::domain::story::parse;
use uuid::Uuid;

use crate::setup::{Bench, story};

/// Rows of a story, prepared before the clock starts.
fn rows(bench: &Bench) -> (StoryRow, VersionRow) {
    let body = story();
    let parsed = parse(&body, &bench.framework).unwrap();
    let by = Deliverer::User("user:bench".to_owned());
    let d = Delivery::of(&bench.project, Uuid::new_v4(), &body, &parsed, &bench.framework, by);
    let version = VersionRow {
        project_id: d.project_id.clone(),
        story_id: d.id.clone(),
        version: 1,
        kind: "received".to_owned(),
        body: d.body,
        reason: None,
        created_by: "user:bench".to_owned(),
        created_at: now(),
        text_removed_at: None,
    };
    let row = StoryRow {
        project_id: d.project_id,
        id: d.id,
        change: 0,
        hash: d.hash,
        status: stories::ACTIVE.to_owned(),
        held: "[]".to_owned(),
        version: 1,
        released_version: None,
        workgroup_permitted: true,
        framework_version: 1,
        wave: d.wave,
        perspective: d.perspective,
        participant_id: None,
        teller_id: None,
        language: d.language,
        title: d.title,
        facts: d.facts,
        received_at: now(),
        device_id: None,
        published: true,
    };
    (row, version)
}

fn insert(conn: &mut Conn, project: &str, group: &mut [(StoryRow, VersionRow)]) -> Result<(), DbError> {
    write_tx(conn, |conn| {
        let change = projects::next_change(conn, project)?;
        for (story, version) in group {
            story.change = change;
            stories::insert_story(conn, story)?;
            stories::insert_version(conn, version)?;
        }
        Ok(())
    })
}

/// Stories a second of a loop that commits `group` stories at a time.
pub fn loop_rate(bench: &Bench, count: usize, group: usize) -> f64 {
    let mut prepared: Vec<_> = (0..count).map(|_| rows(bench)).collect();
    let start = Instant::now();
    bench.state.db.run_blocking(|conn| prepared.chunks_mut(group).try_for_each(|g| insert(conn, &bench.project, g))).unwrap();
    count as f64 / start.elapsed().as_secs_f64()
}

/// Fills the study up to `wanted` stories.
pub fn fill(bench: &Bench, wanted: usize) {
    let have = bench.state.db.run_blocking(stories::count).unwrap();
    let missing = wanted.saturating_sub(usize::try_from(have).unwrap_or(0));
    for done in (0..missing).step_by(5000) {
        let mut prepared: Vec<_> = (0..5000.min(missing - done)).map(|_| rows(bench)).collect();
        bench.state.db.run_blocking(|conn| insert(conn, &bench.project, &mut prepared)).unwrap();
    }
}

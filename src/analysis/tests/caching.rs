//! One snapshot per project.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use super::study::{record, shape};
use crate::analysis::cache::{Loaded, Snapshots, Version};
use crate::analysis::record::{FrameError, StoryRecord};

fn version(change: i64, rebuild: i64) -> Version {
    Version { change, rebuild }
}

fn stories(people: std::ops::Range<u32>) -> Vec<StoryRecord> {
    people.map(|p| record(p, json!({}))).collect()
}

fn loaded(version: Version, records: Vec<StoryRecord>) -> Result<Loaded, FrameError> {
    Ok(Loaded { version, shape: shape(), records })
}

#[test]
fn what_is_kept_is_extended_by_what_changed_since() {
    let kept = Snapshots::default();
    let first = kept.get("p", version(3, 1), |since| {
        assert_eq!(since, None);
        loaded(version(3, 1), stories(0..3))
    });
    let same = kept.get("p", version(3, 1), |_| -> Result<_, FrameError> { panic!("nothing to load") });
    assert!(std::sync::Arc::ptr_eq(&first.unwrap(), &same.unwrap()));
    let extended = kept.get("p", version(5, 1), |since| {
        assert_eq!(since, Some(3));
        loaded(version(6, 1), stories(3..5)) // somebody wrote in between
    });
    let extended = extended.unwrap();
    assert_eq!((extended.stories(), extended.change), (5, 6));
    let late = kept.get("p", version(5, 1), |_| -> Result<_, FrameError> { panic!("kept is newer") });
    assert_eq!(late.unwrap().change, 6);
}

#[test]
fn what_was_taken_away_does_not_stay() {
    let kept = Snapshots::default();
    kept.get("p", version(3, 1), |_| loaded(version(3, 1), stories(0..3))).unwrap();
    let rebuilt = kept.get("p", version(4, 4), |since| {
        assert_eq!(since, None);
        loaded(version(4, 4), stories(0..2))
    });
    assert_eq!(rebuilt.unwrap().stories(), 2);
}

#[test]
fn a_story_taken_away_while_loading_does_not_stay() {
    let kept = Snapshots::default();
    kept.get("p", version(3, 1), |_| loaded(version(3, 1), stories(0..3))).unwrap();
    let mut calls = Vec::new();
    let rebuilt = kept.get("p", version(4, 1), |since| {
        calls.push(since);
        // Change 5, an erasure, came between the reading of the version and this transaction.
        loaded(version(5, 5), if since.is_some() { stories(9..10) } else { stories(1..3) })
    });
    assert_eq!(rebuilt.unwrap().stories(), 2);
    assert_eq!(calls, [Some(3), None]);
}

#[test]
fn another_shape_is_built_anew() {
    let kept = Snapshots::default();
    kept.get("p", version(3, 1), |_| loaded(version(3, 1), stories(0..3))).unwrap();
    let rebuilt = kept.get("p", version(4, 1), |_| {
        let mut loaded = loaded(version(4, 1), stories(0..3)).unwrap();
        loaded.shape.waves.push("4".into());
        Ok::<_, FrameError>(loaded)
    });
    assert_eq!(rebuilt.unwrap().shape.waves.len(), 4);
}

#[test]
fn an_error_leaves_what_was_kept() {
    let kept = Snapshots::default();
    kept.get("p", version(3, 1), |_| loaded(version(3, 1), stories(0..3))).unwrap();
    let mut broken = stories(3..4);
    broken[0].facts = "{".into();
    assert!(kept.get("p", version(4, 1), |_| loaded(version(4, 1), broken.clone())).is_err());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        kept.get("p", version(4, 1), |_| -> Result<Loaded, FrameError> { panic!("the database went away") })
    }));
    assert!(panicked.is_err());
    let fine = kept.get("p", version(4, 1), |since| {
        assert_eq!(since, Some(3));
        loaded(version(4, 1), stories(3..4))
    });
    assert_eq!(fine.unwrap().stories(), 4);
}

#[test]
fn many_requests_load_once() {
    let (kept, loads) = (Snapshots::default(), AtomicUsize::new(0));
    let ask = || {
        let load = |_| {
            loads.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(20));
            loaded(version(3, 1), stories(0..3))
        };
        kept.get("p", version(3, 1), load).unwrap().stories()
    };
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        asking.into_iter().for_each(|a| assert_eq!(a.join().unwrap(), 3));
    });
    assert_eq!(loads.load(Ordering::SeqCst), 1);
}

#[test]
fn the_least_recently_asked_project_leaves_first() {
    let kept = Snapshots::new(2);
    let loads = AtomicUsize::new(0);
    let ask = |project: &str| {
        let before = loads.load(Ordering::SeqCst);
        let load = |_| {
            loads.fetch_add(1, Ordering::SeqCst);
            loaded(version(1, 1), Vec::new())
        };
        kept.get(project, version(1, 1), load).unwrap();
        loads.load(Ordering::SeqCst) > before
    };
    assert!(ask("a") && ask("b"));
    assert!(!ask("a"));
    assert!(ask("c"), "b leaves");
    assert!(!ask("a") && ask("b"));
    assert_eq!(kept.len(), 2);
    kept.forget("b");
    assert!(ask("b"));
}

#[test]
fn a_project_that_is_being_loaded_does_not_leave() {
    let kept = Snapshots::new(1);
    kept.get("a", version(1, 1), |_| {
        kept.get("b", version(1, 1), |_| loaded(version(1, 1), Vec::new()))?;
        loaded(version(1, 1), Vec::new())
    })
    .unwrap();
    kept.get("a", version(1, 1), |_| -> Result<_, FrameError> { panic!("it is kept") }).unwrap();
    assert_eq!(kept.len(), 1, "b left when a was asked again");
}

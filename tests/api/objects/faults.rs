//! The store is away or refuses: the device is told to come back, nothing half counts, and all else goes on.

use duiding::config::Attachments;
use uuid::Uuid;

use super::gate::{Gate, Way};
use super::*;
use crate::helpers::{Answer, story};

const FAULTS: [Way; 3] = [Way::Closed, Way::Answers(500), Way::Answers(503)];

/// A server that reaches the store through a gate; `None` where these tests have no store.
async fn start_behind_gate() -> Option<(TestApp, Gate)> {
    let app = start().await;
    let settings = settings(&app)?;
    let gate = Gate::to(settings.endpoint.as_deref().unwrap()).await;
    let through = BucketSettings { endpoint: Some(gate.url()), ..settings };
    let app = app.restart_with(|config| config.attachments = Attachments::Bucket(through)).await;
    Some((app, gate))
}

#[track_caller]
fn told_to_come_back(answer: &Answer) {
    answer.problem(503, "unavailable");
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[actix_web::test]
async fn a_part_is_acknowledged_only_by_a_store_that_has_it() {
    let Some((app, gate)) = start_behind_gate().await else { return };
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(40, 300);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    for (i, fault) in FAULTS.into_iter().enumerate() {
        let (from, to) = (i * 100, i * 100 + 100);
        gate.set(fault);
        told_to_come_back(&send(&app, &paths[0], &device, from as u64, &file[from..to]).await);
        assert_eq!(received(&app, &paths[0], &device).await, from as u64, "{fault:?}");
        app.put(&study.story(Uuid::new_v4()), &device, &story(None)).await.expect(201);
        gate.set(Way::Open);
        let sent = send(&app, &paths[0], &device, from as u64, &file[from..to]).await.expect(200);
        assert_eq!(sent["receivedBytes"], to);
    }
    assert_eq!(download(&app, &study, &paths[0]).await, file);
}

#[actix_web::test]
async fn a_recording_cannot_be_read_from_a_store_that_is_away() {
    let Some((app, gate)) = start_behind_gate().await else { return };
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(41, 300);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    send(&app, &paths[0], &device, 0, &file).await.expect(200);
    gate.set(Way::Closed);
    told_to_come_back(&app.get(&format!("{}/content", paths[0]), study.token(Role::Researcher)).await);
    gate.set(Way::Open);
    assert_eq!(download(&app, &study, &paths[0]).await, file);
}

#[actix_web::test]
async fn a_withdrawal_counts_while_the_store_is_away_and_is_finished_later() {
    let Some((app, gate)) = start_behind_gate().await else { return };
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(42, 300);
    let (path, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    send(&app, &paths[0], &device, 0, &file).await.expect(200);
    gate.set(Way::Closed);
    let researcher = study.token(Role::Researcher);
    let answer = app.post(&format!("{path}/_withdraw"), researcher, &json!({"reason": "asked for"})).await;
    answer.problem(503, "filesRemain");
    app.get(&format!("{}/content", paths[0]), researcher).await.problem(404, "notFound");
    gate.set(Way::Open);
    let run = duiding::upkeep::retention::run_project(&app.state.db, &app.state.files, &study.id, "server");
    run.await.unwrap();
    let bucket = bucket(&app).unwrap(); // waits beside the gate, which is on this thread
    assert!(actix_web::rt::task::spawn_blocking(move || bucket.is_empty()).await.unwrap().unwrap());
}

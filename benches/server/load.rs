//! Requests to the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use futures_util::StreamExt;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::setup::{Bench, resident_mib, story};

/// Delivers stories one by one over so many connections; the latencies in seconds.
pub async fn put_all(bench: &Bench, stories: usize, connections: usize) -> Vec<f64> {
    let bodies: Arc<Vec<String>> = Arc::new((0..stories).map(|_| story().to_string()).collect());
    let next = Arc::new(AtomicUsize::new(0));
    let workers = (0..connections).map(|_| {
        let (bodies, next) = (bodies.clone(), next.clone());
        let (client, token) = (bench.client.clone(), bench.token.clone());
        let base = format!("{}/v1/projects/{}/stories", bench.url, bench.project);
        tokio::task::spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some(body) = bodies.get(i) else { return latencies };
                let start = Instant::now();
                let request = client.put(format!("{base}/{}", Uuid::new_v4())).bearer_auth(&token);
                let request = request.header("content-type", "application/json").body(body.clone());
                let answer = request.send().await.unwrap();
                assert_eq!(answer.status(), 201);
                answer.bytes().await.unwrap();
                latencies.push(start.elapsed().as_secs_f64());
            }
        })
    });
    let done = futures_util::future::join_all(workers).await;
    done.into_iter().flat_map(Result::unwrap).collect()
}

/// Delivers a batch.
pub async fn batch(bench: &Bench, size: usize) {
    let stories: Vec<Value> = (0..size).map(|_| json!({"id": Uuid::new_v4(), "body": story()})).collect();
    let url = format!("{}/v1/projects/{}/stories/_batch", bench.url, bench.project);
    let request = bench.client.post(url).bearer_auth(&bench.token).json(&json!({"stories": stories}));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let kept = answer["results"].as_array().unwrap().iter().filter(|r| r["status"] == 201).count();
    assert_eq!(kept, size);
}

/// Asks for all summaries.
pub async fn summaries(bench: &Bench, lens: &Value) {
    let url = format!("{}/v1/projects/{}/summaries/_search", bench.url, bench.project);
    let answer = bench.client.post(url).bearer_auth(&bench.token).json(lens).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap();
}

/// Takes the stories table out; its size and the highest resident memory on the way.
pub async fn export(bench: &Bench) -> (usize, f64) {
    let url = format!("{}/v1/projects/{}/exports/stories?format=csv", bench.url, bench.project);
    let answer = bench.client.get(url).bearer_auth(&bench.token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut stream = answer.bytes_stream();
    let (mut bytes, mut peak) = (0, resident_mib());
    while let Some(chunk) = stream.next().await {
        let before = bytes >> 20;
        bytes += chunk.unwrap().len();
        if bytes >> 20 != before {
            peak = peak.max(resident_mib());
        }
    }
    (bytes, peak)
}

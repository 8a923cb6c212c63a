//! What a server on this machine can do, as ratios against baselines of the same run: durable deliveries against a bare
//! loop of inserts, batches against single deliveries, the memory of an export, a snapshot and its summaries.
//!
//! `cargo bench --bench server`; on PostgreSQL by `scripts/with-postgres cargo bench --bench server`.
//! `BENCH_STORIES` sets the size of the large study (100,000 when absent).

mod bare;
mod load;
mod setup;

use std::time::Instant;

use setup::Bench;

const SINGLES: usize = 4000;
const CONNECTIONS: usize = 16;

fn main() {
    duiding::app::run(async {
        let bench = Bench::start().await;
        println!("database: {:?}, full durability, {CONNECTIONS} connections", bench.state.db.kind());
        let singles = deliveries(&bench).await;
        batches(&bench, singles).await;
        large_study(&bench).await;
    });
}

/// Single deliveries over HTTP beside the bare loop; answers the time per story in seconds.
async fn deliveries(bench: &Bench) -> f64 {
    let before = bench.change().await;
    let start = Instant::now();
    let mut latencies = load::put_all(bench, SINGLES, CONNECTIONS).await;
    let elapsed = start.elapsed().as_secs_f64();
    let commits = (bench.change().await - before).max(1);
    let group = SINGLES as f64 / commits as f64;
    latencies.sort_by(f64::total_cmp);
    let at = |p: f64| latencies[((latencies.len() - 1) as f64 * p) as usize] * 1000.0;
    let rate = SINGLES as f64 / elapsed;
    println!("single PUTs: {rate:.0} stories/s, p50 {:.1} ms, p99 {:.1} ms, {group:.1} stories a commit", at(0.5), at(0.99));
    let bare = bare::loop_rate(bench, SINGLES, (group.round() as usize).max(1));
    println!("bare loop of the same inserts, as many a commit: {bare:.0} stories/s; PUTs reach {:.0} %", 100.0 * rate / bare);
    elapsed / SINGLES as f64
}

/// Batches of 1000 beside single deliveries.
async fn batches(bench: &Bench, single: f64) {
    let start = Instant::now();
    for _ in 0..5 {
        load::batch(bench, 1000).await;
    }
    let each = start.elapsed().as_secs_f64() / 5000.0;
    println!(
        "batches of 1000: {:.0} stories/s, {:.1} times faster a story than single PUTs from 16 connections",
        1.0 / each,
        single / each
    );
    let start = Instant::now();
    let alone = 200;
    load::put_all(bench, alone, 1).await;
    let one = start.elapsed().as_secs_f64() / alone as f64;
    println!("   and {:.1} times faster than single PUTs from one connection", one / each);
}

/// Snapshot, summaries and export of a large study.
async fn large_study(bench: &Bench) {
    let wanted: usize = std::env::var("BENCH_STORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    bare::fill(bench, wanted);
    let body = serde_json::json!({});
    let start = Instant::now();
    load::summaries(bench, &body).await;
    println!("{wanted} stories: first answer with building the snapshot {:.2} s", start.elapsed().as_secs_f64());
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        load::summaries(bench, &body).await;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!("{wanted} stories: all summaries, warm, over HTTP: median {:.1} ms, slowest of 20 {:.1} ms", times[10], times[19]);
    let lens = serde_json::json!({"waves": ["1"], "perspectives": ["candidate"]});
    let start = Instant::now();
    load::summaries(bench, &lens).await;
    println!("{wanted} stories: another lens {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    load::put_all(bench, 1, 1).await;
    let start = Instant::now();
    load::summaries(bench, &body).await;
    println!("{wanted} stories: after one new story {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    let before = setup::resident_mib();
    let start = Instant::now();
    let (bytes, peak) = load::export(bench).await;
    println!(
        "export of {wanted} stories as CSV: {:.0} MiB in {:.1} s, resident memory grew by {:.0} MiB at most",
        bytes as f64 / 1_048_576.0,
        start.elapsed().as_secs_f64(),
        peak - before
    );
}

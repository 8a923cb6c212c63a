//! `duiding backup`, `verify`, `restore` and `replay-erasures`.

use std::path::PathBuf;

use crate::app;
use crate::backup::{self, Counts, Options};
use crate::config::Config;
use crate::db::{DbError, copies, write_tx};
use crate::erasures;
use crate::files::Files;

/// Where to put a backup.
#[derive(clap::Args)]
pub struct BackupArgs {
    /// A folder that is empty or not there yet.
    #[arg(long)]
    to: PathBuf,
}

/// Which backup to check.
#[derive(clap::Args)]
pub struct VerifyArgs {
    /// The folder of the backup.
    folder: PathBuf,
}

/// Which backup to restore, and how.
#[derive(clap::Args)]
pub struct RestoreArgs {
    /// The folder of the backup.
    folder: PathBuf,
    /// Move a database and attachments that are there aside, instead of refusing.
    #[arg(long)]
    replace: bool,
    /// Go on though the erasure log is lost: people who withdrew since the backup come back.
    #[arg(long)]
    without_erasure_log: bool,
}

/// Makes a backup. Errors: it could not be made, or attachments are lost; then the rest is in it.
pub fn backup(args: &BackupArgs, config: &Config) -> anyhow::Result<()> {
    let made = backup::make(config, &args.to)?;
    println!("backed up {} stories and {} attachments into {}", made.manifest.stories, made.attachments, args.to.display());
    println!("not in it: {}, on purpose (a new one is made when it is missing)", config.secrets_file.display());
    let lost = &made.manifest.lost;
    anyhow::ensure!(lost.is_empty(), "the backup is made, but these attachments are lost or damaged:\n  {}", lost.join("\n  "));
    Ok(())
}

/// Checks a backup and prints all that is wrong. Errors: something is.
pub fn verify(args: &VerifyArgs) -> anyhow::Result<()> {
    let verdict = backup::verify(&args.folder);
    for wrong in &verdict.wrong {
        println!("{wrong}");
    }
    let count = verdict.wrong.len();
    anyhow::ensure!(count == 0, "{} is not a whole backup: {count} faults", args.folder.display());
    if let Some(manifest) = verdict.manifest {
        println!("whole: {} stories in {} files, made at {}", manifest.stories, manifest.files.len(), manifest.made_at);
        for path in manifest.lost {
            println!("was lost before the backup: {path}");
        }
    }
    Ok(())
}

/// Restores a backup, with every withdrawal since.
pub fn restore(args: &RestoreArgs, config: &Config) -> anyhow::Result<()> {
    let options = Options { replace: args.replace, without_erasure_log: args.without_erasure_log };
    let restored = backup::restore(config, &args.folder, options)?;
    println!("restored {} stories as they were at {}", restored.manifest.stories, restored.manifest.made_at);
    print_counts(restored.replayed);
    for path in restored.aside {
        println!("moved aside, remove it when it is not needed: {}", path.display());
    }
    println!("also as they were then: members, devices, tokens, releases and redactions; look at what was revoked since");
    Ok(())
}

/// Does the withdrawals of the erasure log again on the database of these settings, after a restore by other means.
pub fn replay_erasures(config: &Config) -> anyhow::Result<()> {
    let log = erasures::read(&config.erasures_file)?;
    let _lock = app::lock_database(config)?;
    let db = app::open_database(config)?;
    db.run_blocking(|conn| write_tx::<_, DbError>(conn, copies::jump_changes))?;
    let counts = backup::replay_log(&db, &Files::of(config)?, &log)?;
    print_counts(counts);
    Ok(())
}

fn print_counts(counts: Counts) {
    let Counts { done, known, elsewhere } = counts;
    println!("erasure log: {done} withdrawals done again, {known} were done before, {elsewhere} of projects that are not here");
}

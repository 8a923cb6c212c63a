//! `duiding secrets`: the keys of the server.

use anyhow::Context;
use chrono::Utc;
use clap::Subcommand;

use crate::config::Config;
use crate::db::audit::{Event, record};
use crate::db::write_tx;
use crate::secrets::{SETTLE_SECONDS, Secrets};

/// What to do with the keys.
#[derive(Subcommand)]
pub enum SecretsCommand {
    /// Put new keys in front of the secrets file. Running servers take them up; nobody is logged out.
    Rotate {
        /// Somebody may have the old keys: drop all that sign, so that every access token is refused and renewed.
        #[arg(long)]
        leaked: bool,
    },
}

/// Runs a command about the keys. Errors: the file cannot be read or replaced; the audit trail cannot be written.
pub fn run(command: SecretsCommand, config: &Config) -> anyhow::Result<()> {
    let SecretsCommand::Rotate { leaked } = command;
    let db = crate::app::open_database(config)?;
    let mut dropped = 0;
    let path = &config.secrets_file;
    let secrets = Secrets::change(path, |secrets| dropped = secrets.rotate(Utc::now(), leaked))?;
    println!("{} has a new signing key and a new encryption key", path.display());
    println!("old signing keys: {dropped} dropped, {} kept until their last tokens are over", secrets.signing_keys.len() - 1);
    if leaked {
        println!("running servers use the new key within two seconds; tokens signed until then are renewed by their programs");
    } else {
        println!("running servers use the new keys in {SETTLE_SECONDS} seconds, when all have read them");
    }
    let detail = if leaked { "leaked" } else { "" };
    let event = Event::outside("command", "secrets.rotate", None, detail);
    let recorded = db.run_blocking(|conn| write_tx(conn, |conn| record(conn, &event)));
    recorded.context("the keys are new, but the audit trail could not be written")
}

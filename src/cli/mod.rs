//! The commands of `duiding`.

mod analyse;
mod audit;
mod backup;
mod demo;
mod secrets;
mod serve;
mod system;
pub(crate) mod tabled;
mod transfer;
mod users;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::telemetry;

/// Open backend for narrative sensemaking research.
#[derive(Parser)]
#[command(name = "duiding", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server (the default).
    Serve,
    /// Load a synthetic study with a login for every role.
    Demo(demo::DemoArgs),
    /// Bring the database to the newest form.
    Migrate,
    /// Make accounts and reset passwords.
    #[command(subcommand)]
    User(users::UserCommand),
    /// Renew the keys of the server.
    #[command(subcommand)]
    Secrets(secrets::SecretsCommand),
    /// Load files into a project: all of a file, or nothing of it.
    #[command(subcommand)]
    Import(transfer::ImportCommand),
    /// Take a project out as files.
    Export(transfer::ExportArgs),
    /// Analyse a stories table without a server.
    Analyse(analyse::AnalyseArgs),
    /// Take out the audit trail, and check that nothing in it was changed.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Copy an SQLite installation into a folder, while the server runs.
    Backup(backup::BackupArgs),
    /// Check that a backup is whole.
    Verify(backup::VerifyArgs),
    /// Bring a backup back, with every withdrawal since.
    Restore(backup::RestoreArgs),
    /// Do the withdrawals of the erasure log again, after a restore by other means.
    ReplayErasures,
    /// Write the OpenAPI document.
    Openapi(system::OpenapiArgs),
    /// Ask a running server on this machine whether it is well.
    Health,
}

/// Runs the command that was asked for; the exit code of the process.
pub fn run() -> i32 {
    let cli = Cli::parse();
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(problems) => {
            eprintln!("duiding: some settings are wrong:\n{problems}");
            return 2;
        }
    };
    telemetry::init(&config.log, config.log_format);
    match execute(cli.command.unwrap_or(Command::Serve), config) {
        Ok(()) => 0,
        Err(e) if reader_left(&e) => 0,
        Err(e) => {
            eprintln!("duiding: {e:#}");
            1
        }
    }
}

/// Whether nobody reads our output any more: `duiding export ... | head` is no fault.
fn reader_left(error: &anyhow::Error) -> bool {
    let kind = |e: &(dyn std::error::Error + 'static)| e.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    error.chain().any(|e| kind(e) == Some(std::io::ErrorKind::BrokenPipe))
}

fn execute(command: Command, config: Config) -> anyhow::Result<()> {
    match command {
        Command::Serve => serve::serve(config),
        Command::Demo(args) => demo::demo(&args, &config),
        Command::Migrate => system::migrate(&config),
        Command::User(command) => users::run(command, &config),
        Command::Secrets(command) => secrets::run(command, &config),
        Command::Import(command) => transfer::import(command, &config),
        Command::Export(args) => transfer::export(&args, &config),
        Command::Analyse(args) => analyse::analyse(&args),
        Command::Audit(command) => audit::run(command, &config),
        Command::Backup(args) => backup::backup(&args, &config),
        Command::Verify(args) => backup::verify(&args),
        Command::Restore(args) => backup::restore(&args, &config),
        Command::ReplayErasures => backup::replay_erasures(&config),
        Command::Openapi(args) => system::openapi(&args),
        Command::Health => system::health(&config),
    }
}

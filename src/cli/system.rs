//! Commands about the installation itself.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;

use crate::config::Config;
use crate::{app, http};

/// Where to write the OpenAPI document.
#[derive(clap::Args)]
pub struct OpenapiArgs {
    /// File to write; standard output when absent.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Brings the database to the newest form and says what was done.
pub fn migrate(config: &Config) -> anyhow::Result<()> {
    app::prepare_database(config)?;
    let done = crate::db::Db::open(&config.database_url, 1)?.migrate()?;
    match done.as_slice() {
        [] => println!("the database is up to date"),
        list => println!("migrated: {}", list.join(", ")),
    }
    Ok(())
}

/// Writes the OpenAPI document.
pub fn openapi(args: &OpenapiArgs) -> anyhow::Result<()> {
    let text = http::document_text();
    match &args.out {
        Some(path) => std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display())),
        None => {
            std::io::stdout().write_all(text.as_bytes())?;
            Ok(())
        }
    }
}

/// Asks `/healthz` of the server on this machine. Errors: it does not answer, or not well.
pub fn health(config: &Config) -> anyhow::Result<()> {
    let host = if config.host.is_unspecified() { IpAddr::from(Ipv4Addr::LOCALHOST) } else { config.host };
    let mut stream = TcpStream::connect_timeout(&(host, config.port).into(), Duration::from_secs(3))
        .with_context(|| format!("no server answers on {host}:{}", config.port))?;
    if config.tls.is_some() {
        return Ok(()); // it accepts connections; its certificate need not be for this address
    }
    stream.set_read_timeout(Some(Duration::from_secs(3)))?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    anyhow::ensure!(answer.starts_with("HTTP/1.1 200"), "the server is not well");
    Ok(())
}

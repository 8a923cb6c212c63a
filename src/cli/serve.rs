//! `duiding serve`.

use crate::app;
use crate::config::Config;

/// Runs the server until the process is asked to stop.
pub fn serve(config: Config) -> anyhow::Result<()> {
    app::run(async move {
        app::survive_full_files()?;
        let public_url = config.public_url.clone();
        let application = app::build(config).await?;
        println!("duiding is ready at {public_url} (port {}); try the API at {public_url}/docs/", application.port);
        if let Some(port) = application.metrics_port {
            println!("metrics are on port {port}");
        }
        application.run_until_stopped().await?;
        println!("duiding has stopped; every request under way was finished");
        Ok(())
    })
}

//! The `duiding` command.

fn main() {
    std::process::exit(duiding::cli::run());
}

//! A release embeds the pages of `web/dist`, so it is built again when they were; a debug build reads them when they are asked
//! for. Where nobody has built them, the program answers 404 at their address.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo:rerun-if-changed=web/dist");
    }
}

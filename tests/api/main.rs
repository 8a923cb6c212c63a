//! The story of the product, told against the running server, on SQLite and on PostgreSQL.

mod credentials;
mod deliveries;
mod helpers;
mod migrations;
mod openapi;
mod sessions;
mod walls;

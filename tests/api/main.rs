//! The story of the product, told against the running server, on SQLite and on PostgreSQL.

mod deliveries;
mod helpers;
mod openapi;

mod bad_input;
mod bad_requests;
mod broken_bodies;

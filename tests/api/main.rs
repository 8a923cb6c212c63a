//! The story of the product, told against the running server, on SQLite and on PostgreSQL.

mod deliveries;
mod exchange;
mod helpers;
mod openapi;
mod summaries;

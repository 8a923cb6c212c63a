//! The story of the product, told against the running server, on SQLite and on PostgreSQL.

mod audit;
mod bad_input;
mod bad_requests;
mod broken_bodies;
mod capabilities;
mod credentials;
mod deliveries;
mod document;
mod exchange;
mod frameworks;
mod helpers;
mod invitations;
mod members;
mod migrations;
mod openapi;
mod operations;
mod projects;
mod routes;
mod sessions;
mod summaries;
mod tokens;
mod walls;
mod waves;

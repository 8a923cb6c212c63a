//! The story of the product, told against the running server, on SQLite and on PostgreSQL.

mod attachments;
mod audit;
mod bad_input;
mod bad_requests;
mod broken_bodies;
mod capabilities;
mod corrections;
mod credentials;
mod deliveries;
mod delivery_faults;
mod document;
mod exchange;
mod helpers;
mod invitations;
mod members;
mod migrations;
mod openapi;
mod operations;
mod readers;
mod routes;
mod sessions;
mod stories;
mod summaries;
mod telling;
mod tokens;
mod walls;

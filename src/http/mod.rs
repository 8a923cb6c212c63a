//! The HTTP interface: the whole route table, and nothing but wiring. Only this module (and `app`) names actix.

pub mod audit;
pub mod auth;
pub mod body;
pub mod erase;
mod error;
pub mod log;
pub mod openapi;
pub mod page;
pub mod token;

mod acceptance;
mod access_review;
mod access_view;
mod admission;
mod attachment_parts;
mod attachments;
mod audit_log;
mod browser;
mod codes;
mod common;
mod conditions;
mod consent_texts;
mod consent_views;
mod consents;
mod contacts;
mod corrections;
mod credentials;
mod deliveries;
mod device_package;
mod device_status;
mod devices;
mod enrolment_sheets;
mod enrolments;
mod exports;
mod forward_keys;
mod forwarded_files;
mod forwards;
mod framework_assets;
mod frameworks;
mod identities;
mod guesses;
mod head;
mod imports;
mod informed;
mod invitations;
mod lenses;
mod limit;
mod me;
mod members;
mod oidc;
mod oidc_finish;
mod oidc_login;
mod origin;
mod own_sessions;
mod participants;
mod pace;
mod pages;
mod patterns;
mod pins;
mod placements;
mod processing;
mod projects;
mod published;
mod receipts;
mod questions;
mod regions;
mod register;
mod register_page;
mod response;
mod retention;
mod routes;
mod second_factor;
mod security_txt;
mod sessions;
mod snapshots;
mod stories;
mod stream;
mod subject_data;
mod subject_page;
mod subject_stories;
mod subjects;
mod summaries;
mod system;
mod tellers;
mod tokens;
mod watch;
mod waves;
mod webhook_deliveries;
mod webhooks;
mod withdrawals;
mod workshops;

use std::sync::Arc;

use actix_web::middleware::DefaultHeaders;
use actix_web::web;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

pub use error::Problem;
pub use origin::follow;
pub use projects::new_project;
pub use routes::RouteTable;
pub use watch::around;

/// Version of the API, in every answer.
pub const API_VERSION: &str = "1.0.0";

/// All operations, in the order of the document.
fn operations(cfg: &mut ServiceConfig<'_>) {
    cfg.service(sessions::create_session)
        .service(sessions::refresh_session)
        .service(sessions::delete_session)
        .service(oidc::get_oidc)
        .service(oidc::begin_oidc)
        .service(oidc::return_from_oidc)
        .service(oidc_finish::finish_oidc)
        .service(me::get_me)
        .service(me::update_password)
        .service(audit::list_my_audit_events)
        .service(second_factor::begin_factor)
        .service(second_factor::confirm_factor)
        .service(second_factor::create_recovery_codes)
        .service(second_factor::remove_factor)
        .service(identities::begin_link)
        .service(identities::link_identity)
        .service(identities::unlink_identity)
        .service(own_sessions::list_sessions)
        .service(own_sessions::end_sessions)
        .service(own_sessions::end_session)
        .service(invitations::accept_invitation)
        .service(projects::list_projects)
        .service(projects::create_project)
        .service(projects::get_project)
        .service(projects::update_project)
        .service(projects::update_thresholds)
        .service(projects::consent_thresholds)
        .service(retention::get_retention)
        .service(retention::update_retention)
        .service(retention::list_retention_runs)
        .service(retention::run_retention)
        .service(members::list_members)
        .service(members::update_member)
        .service(members::delete_member)
        .service(invitations::list_invitations)
        .service(invitations::create_invitation)
        .service(invitations::delete_invitation)
        .service(access_review::get_access_review)
        .service(access_review::complete_access_review)
        .service(tokens::list_tokens)
        .service(tokens::create_token)
        .service(tokens::delete_token)
        .service(webhooks::list_webhooks)
        .service(webhooks::create_webhook)
        .service(webhooks::get_webhook)
        .service(webhooks::update_webhook)
        .service(webhooks::delete_webhook)
        .service(webhooks::test_webhook)
        .service(webhook_deliveries::list_webhook_deliveries)
        .service(audit::list_audit_events)
        .service(audit_log::export_audit_events)
        .service(audit_log::get_audit_chain)
        .service(frameworks::list_framework_templates)
        .service(frameworks::get_framework_template)
        .service(frameworks::list_frameworks)
        .service(frameworks::create_framework)
        .service(frameworks::get_framework)
        .service(frameworks::update_framework)
        .service(frameworks::delete_framework)
        .service(frameworks::lint_framework)
        .service(frameworks::publish_framework)
        .service(framework_assets::list_framework_assets)
        .service(framework_assets::put_framework_asset)
        .service(framework_assets::get_framework_asset)
        .service(framework_assets::delete_framework_asset)
        .service(waves::list_waves)
        .service(waves::create_wave)
        .service(waves::update_wave)
        .service(participants::list_participants)
        .service(participants::create_participants)
        .service(participants::get_participant)
        .service(participants::update_participant)
        .service(participants::update_participation)
        .service(withdrawals::withdraw_participant)
        .service(informed::put_informed)
        .service(contacts::get_contact)
        .service(contacts::put_contact)
        .service(contacts::delete_contact)
        .service(tellers::list_tellers)
        .service(tellers::create_tellers)
        .service(tellers::get_teller)
        .service(tellers::create_teller_link)
        .service(tellers::delete_teller_link)
        .service(tellers::withdraw_teller)
        .service(subjects::search_subjects)
        .service(subject_data::get_participant_data)
        .service(subject_data::get_teller_data)
        .service(subjects::restrict_participant)
        .service(subjects::unrestrict_participant)
        .service(subjects::restrict_teller)
        .service(subjects::unrestrict_teller)
        .service(consent_texts::list_consent_texts)
        .service(consent_texts::create_consent_text)
        .service(consents::get_participant_consents)
        .service(consents::create_participant_consent)
        .service(consents::withdraw_participant_consent)
        .service(consents::get_teller_consents)
        .service(consents::create_teller_consent)
        .service(consents::withdraw_teller_consent)
        .service(consent_views::get_consent_counts)
        .service(processing::get_processing)
        .service(processing::put_processing)
        .service(register::get_processing_register)
        .service(register::get_processing_register_page)
        .service(response::get_response)
        .service(enrolments::list_enrolments)
        .service(enrolments::create_enrolment)
        .service(enrolment_sheets::create_enrolment_sheets)
        .service(enrolments::delete_enrolment)
        .service(devices::enrol_device)
        .service(devices::get_current_device)
        .service(device_package::get_device_package)
        .service(device_status::put_device_status)
        .service(devices::list_devices)
        .service(devices::delete_device)
        .service(deliveries::put_story)
        .service(deliveries::deliver_stories)
        .service(forwards::forward_stories)
        .service(stories::list_stories)
        .service(stories::get_story)
        .service(stories::list_story_versions)
        .service(corrections::correct_story)
        .service(corrections::redact_story)
        .service(corrections::release_story)
        .service(corrections::unrelease_story)
        .service(corrections::put_translation)
        .service(acceptance::accept_story)
        .service(acceptance::withdraw_story)
        .service(acceptance::withdraw_story_by_code)
        .service(attachments::list_attachments)
        .service(attachments::get_attachment)
        .service(attachments::upload_attachment_part)
        .service(attachments::get_attachment_content)
        .service(summaries::search_summaries)
        .service(summaries::search_signifier_summary)
        .service(placements::search_placements)
        .service(patterns::search_findings)
        .service(patterns::search_densities)
        .service(patterns::search_pairs)
        .service(patterns::search_contrasts)
        .service(patterns::search_changes)
        .service(patterns::search_perspectives)
        .service(pins::list_pins)
        .service(pins::create_pin)
        .service(pins::get_pin)
        .service(pins::delete_pin)
        .service(pins::recompute_pin)
        .service(published::get_published_snapshot)
        .service(published::publish_snapshot)
        .service(published::freeze_snapshot)
        .service(published::unfreeze_snapshot)
        .service(regions::list_regions)
        .service(regions::create_region)
        .service(regions::get_region)
        .service(regions::update_region)
        .service(regions::delete_region)
        .service(lenses::list_lenses)
        .service(lenses::create_lens)
        .service(lenses::get_lens)
        .service(lenses::update_lens)
        .service(lenses::delete_lens)
        .service(workshops::sessions::list_workshops)
        .service(workshops::sessions::get_workshop)
        .service(workshops::sessions::put_workshop)
        .service(workshops::sessions::delete_workshop)
        .service(workshops::board::get_board)
        .service(workshops::live::get_workshop_events)
        .service(workshops::minutes::get_minutes)
        .service(workshops::exhibits::get_exhibit)
        .service(workshops::exhibits::put_exhibit)
        .service(workshops::exhibits::delete_exhibit)
        .service(workshops::items::get_observation)
        .service(workshops::items::put_observation)
        .service(workshops::items::delete_observation)
        .service(workshops::items::get_interpretation)
        .service(workshops::items::put_interpretation)
        .service(workshops::items::delete_interpretation)
        .service(workshops::items::get_idea)
        .service(workshops::items::put_idea)
        .service(workshops::items::delete_idea)
        .service(workshops::votes::put_vote)
        .service(workshops::votes::delete_vote)
        .service(workshops::clusters::get_cluster)
        .service(workshops::clusters::put_cluster)
        .service(workshops::clusters::delete_cluster)
        .service(workshops::clusters::put_cluster_interpretation)
        .service(workshops::clusters::delete_cluster_interpretation)
        .service(imports::import_stories)
        .service(imports::import_sensemaker_export)
        .service(exports::export_stories)
        .service(exports::export_codebook)
        .service(exports::export_datapackage)
        .service(workshops::minutes::export_workshops)
        .service(system::get_openapi)
        .service(system::get_health)
        .service(system::get_readiness);
}

/// Registers everything on an application.
pub fn configure(cfg: &mut web::ServiceConfig, document: &Arc<OpenApi>) {
    let mut api = ServiceConfig::new(cfg);
    operations(&mut api);
    cfg.app_data(web::Data::from(Arc::new(system::OpenApiText::of(document))));
    cfg.app_data(web::PathConfig::default().error_handler(|_, _| error::ApiError::not_found().into()));
    cfg.service(system::swagger(document));
    cfg.service(pages::dashboard_page);
    cfg.service(pages::dashboard_file);
    cfg.service(pages::form_page);
    cfg.service(pages::form_file);
    cfg.service(security_txt::security_txt);
    cfg.default_service(web::to(routes::nothing_here));
}

/// Registers what Prometheus reads, on an application of its own.
pub fn configure_metrics(cfg: &mut web::ServiceConfig) {
    cfg.route("/metrics", web::get().to(watch::metrics));
}

/// The OpenAPI document, made from the code.
pub fn document() -> OpenApi {
    let (_, collected) = actix_web::App::new().into_utoipa_app().configure(operations).split_for_parts();
    openapi::complete(collected)
}

/// The document as it is committed and served: indented JSON with a line end.
pub fn document_text() -> String {
    let mut text = document().to_pretty_json().expect("the document is JSON");
    text.push('\n');
    text
}

/// What a page may load that is none: nothing, from nowhere.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// No page of this server needs any of what a browser could give it.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
                           microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=()";

/// Headers of every answer; a handler that sets one of them wins.
pub fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("API-Version", API_VERSION))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("Cache-Control", "no-store"))
        .add(("Strict-Transport-Security", "max-age=31536000"))
        .add(("Content-Security-Policy", NOTHING))
        .add(("Permissions-Policy", PERMISSIONS))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
}

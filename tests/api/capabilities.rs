//! Every operation against every role: allowed if and only if the role may.

use std::collections::BTreeMap;

use duiding::domain::role::{Capability, Role, Scope};
use serde_json::json;
use uuid::Uuid;

use crate::helpers::start;
use crate::operations::{Operation, furnished, operations};

/// Who may use an operation.
#[derive(Debug, Clone, Copy, PartialEq)]
enum For {
    /// Everybody.
    Public,
    /// A person who logged in.
    Person,
    /// A device, about itself.
    Device,
    /// Whoever may do this in the project.
    May(Capability),
    /// The same, and devices.
    MayAndDevices(Capability),
    /// The same, and devices, even revoked ones: what they bring is held.
    MayAndAllDevices(Capability),
    /// A person (no token, no device) who may do this in the project.
    PersonWhoMay(Capability),
}

/// The table: an operation that is not in it fails the tests.
fn rule(id: &str) -> Option<For> {
    use Capability::*;
    use For::*;
    Some(match id {
        "create_session" | "refresh_session" | "accept_invitation" | "enrol_device" => Public,
        "get_oidc" | "begin_oidc" | "return_from_oidc" | "finish_oidc" => Public,
        "get_openapi" | "get_health" | "get_readiness" => Public,
        "delete_session" | "get_me" | "list_my_audit_events" | "update_password" | "list_projects" | "create_project" => Person,
        "begin_factor" | "confirm_factor" | "create_recovery_codes" | "remove_factor" => Person,
        "list_sessions" | "end_session" | "end_sessions" => Person,
        "begin_link" | "link_identity" | "unlink_identity" => Person,
        "list_framework_templates" | "get_framework_template" => Person,
        "get_current_device" | "get_device_package" | "put_device_status" => Device,
        "get_project" | "list_frameworks" | "get_framework" | "list_waves" | "list_framework_assets" | "get_framework_asset" => {
            MayAndDevices(ReadProject)
        }
        "list_tokens" | "create_token" | "delete_token" => PersonWhoMay(ReadProject),
        "list_webhooks" | "create_webhook" | "get_webhook" | "update_webhook" | "delete_webhook" => May(EditProject),
        "test_webhook" | "list_webhook_deliveries" => May(EditProject),
        "update_project" | "update_thresholds" | "update_retention" | "run_retention" => May(EditProject),
        "consent_thresholds" => May(ConsentThreshold),
        "list_members" | "update_member" | "delete_member" => May(ManageMembers),
        "list_invitations" | "create_invitation" | "delete_invitation" => May(ManageMembers),
        "get_access_review" | "complete_access_review" => May(ManageMembers),
        "list_audit_events" | "export_audit_events" | "get_audit_chain" => May(ReadAudit),
        "create_framework" | "update_framework" | "delete_framework" | "lint_framework" | "publish_framework" => {
            May(EditFramework)
        }
        "put_framework_asset" | "delete_framework_asset" => May(EditFramework),
        "create_wave" | "update_wave" => May(EditWaves),
        "list_participants" | "get_participant" => May(ReadParticipants),
        "create_participants" | "update_participant" | "update_participation" | "withdraw_participant" => May(ManageParticipants),
        "list_tellers" | "create_tellers" | "get_teller" | "withdraw_teller" => May(ManageParticipants),
        "create_teller_link" | "delete_teller_link" => May(ManageParticipants),
        "search_subjects" | "restrict_participant" | "unrestrict_participant" => May(ManageParticipants),
        "restrict_teller" | "unrestrict_teller" => May(ManageParticipants),
        "get_participant_data" | "get_teller_data" => May(ReadParticipants),
        "put_informed" | "get_contact" | "put_contact" | "delete_contact" => May(ManageParticipants),
        "create_consent_text" | "get_participant_consents" | "create_participant_consent" => May(ManageParticipants),
        "withdraw_participant_consent" | "get_teller_consents" => May(ManageParticipants),
        "create_teller_consent" | "withdraw_teller_consent" => May(ManageParticipants),
        "list_consent_texts" | "get_processing" => MayAndDevices(ReadProject),
        "get_processing_register" | "get_processing_register_page" => MayAndDevices(ReadProject),
        "put_processing" => May(EditProject),
        "get_response" | "get_consent_counts" | "get_retention" | "list_retention_runs" => May(ReadResponse),
        "list_enrolments"
        | "create_enrolment"
        | "create_enrolment_sheets"
        | "delete_enrolment"
        | "list_devices"
        | "delete_device" => May(ManageDevices),
        "put_story" | "deliver_stories" | "forward_stories" | "get_attachment" | "upload_attachment_part" => {
            MayAndAllDevices(DeliverStories)
        }
        "list_stories" | "get_story" => May(ReadReleased),
        "list_story_versions" | "list_attachments" | "get_attachment_content" => May(ReadRaw),
        "correct_story" | "redact_story" | "release_story" | "unrelease_story" => May(EditStories),
        "put_translation" | "accept_story" | "withdraw_story" => May(EditStories),
        "withdraw_story_by_code" => May(WithdrawByCode),
        "import_stories" | "import_sensemaker_export" => May(ImportData),
        "export_stories" | "export_codebook" | "export_datapackage" | "export_workshops" => May(ExportData),
        "search_summaries" | "search_signifier_summary" | "search_placements" | "list_regions" | "get_region" => May(Analyse),
        "search_findings"
        | "search_densities"
        | "search_pairs"
        | "search_contrasts"
        | "search_changes"
        | "search_perspectives" => May(Analyse),
        "get_published_snapshot" => May(Analyse),
        "publish_snapshot" | "freeze_snapshot" | "unfreeze_snapshot" => May(EditStories),
        "create_region" | "update_region" | "delete_region" => May(EditRegions),
        "list_pins" | "get_pin" | "recompute_pin" => May(Analyse),
        "create_pin" | "delete_pin" => May(EditRegions),
        "list_lenses" | "get_lens" | "create_lens" => May(Analyse),
        "update_lens" | "delete_lens" => May(EditRegions),
        "list_workshops" | "get_workshop" | "put_workshop" | "delete_workshop" => May(Workshop),
        "get_board" | "get_workshop_events" | "get_minutes" => May(Workshop),
        "get_exhibit" | "put_exhibit" | "delete_exhibit" => May(Workshop),
        "get_observation" | "put_observation" | "delete_observation" => May(Workshop),
        "get_interpretation" | "put_interpretation" | "delete_interpretation" => May(Workshop),
        "get_idea" | "put_idea" | "delete_idea" => May(Workshop),
        "put_vote" | "delete_vote" => May(Workshop),
        "get_cluster" | "put_cluster" | "delete_cluster" => May(Workshop),
        "put_cluster_interpretation" | "delete_cluster_interpretation" => May(Workshop),
        _ => return None,
    })
}

impl For {
    fn role(self, role: Role) -> bool {
        match self {
            Self::Public | Self::Person => true,
            Self::Device => false,
            Self::May(c) | Self::MayAndDevices(c) | Self::MayAndAllDevices(c) | Self::PersonWhoMay(c) => role.may(c),
        }
    }

    fn token(self, role: Role, scopes: &[Scope]) -> bool {
        match self {
            Self::Public => true,
            Self::Person | Self::Device | Self::PersonWhoMay(_) => false,
            Self::May(c) | Self::MayAndDevices(c) | Self::MayAndAllDevices(c) => {
                role.may(c) && scopes.iter().any(|s| s.covers(c))
            }
        }
    }

    fn device(self, revoked: bool) -> bool {
        match self {
            Self::Public | Self::Device | Self::MayAndAllDevices(_) => true,
            Self::MayAndDevices(_) => !revoked,
            Self::Person | Self::May(_) | Self::PersonWhoMay(_) => false,
        }
    }
}

#[test]
fn the_table_knows_every_operation() {
    let all = operations();
    let missing: Vec<&str> = all.iter().map(|o| o.id.as_str()).filter(|id| rule(id).is_none()).collect();
    assert!(missing.is_empty(), "say in this file who may use {missing:?}");
    for operation in &all {
        assert_eq!(rule(&operation.id) == Some(For::Public), operation.public, "{}", operation.id);
        let in_project = !matches!(rule(&operation.id).unwrap(), For::Public | For::Person | For::Device);
        assert_eq!(in_project, operation.has_project(), "{}", operation.id);
    }
}

/// The project and nothing in it, so that whoever is allowed in changes little.
fn address(operation: &Operation, project_id: &str) -> String {
    operation.address(&BTreeMap::from([("projectId", project_id.to_owned())]))
}

/// Operations that somebody can be refused, without those that end the session of the test.
fn guarded() -> Vec<(Operation, For)> {
    let all = operations().into_iter().filter(|o| !o.public && o.id != "delete_session");
    all.map(|o| (o.clone(), rule(&o.id).unwrap())).collect()
}

#[actix_web::test]
async fn a_role_may_do_what_its_capabilities_say_and_nothing_else() {
    let app = start().await;
    let (study, _) = furnished(&app).await;
    for (operation, rule) in guarded() {
        for role in Role::ALL {
            let answer = operation.ask(&app, &address(&operation, &study.id), study.token(role), &operation.fitting_body()).await;
            let what = format!("{} as {role:?}: {}", operation.id, answer.text);
            assert_ne!(answer.status, 401, "{what}");
            assert_eq!(answer.status != 403, rule.role(role), "{what}");
            assert!(answer.status.as_u16() < 500, "{what}");
        }
    }
}

#[actix_web::test]
async fn a_token_may_do_what_its_person_may_and_its_scopes_cover() {
    let app = start().await;
    let (study, _) = furnished(&app).await;
    for role in [Role::Owner, Role::Researcher, Role::Workgroup] {
        let mut scopes: Vec<Vec<Scope>> = Scope::ALL.iter().map(|(s, _)| vec![*s]).collect();
        scopes.push(Scope::ALL.iter().map(|(s, _)| *s).collect());
        for scopes in scopes {
            let body = json!({"name": "tool", "scopes": scopes, "days": 1});
            let made = app.post(&study.path("/tokens"), study.token(role), &body).await.expect(201);
            let token = made["token"].as_str().unwrap();
            for (operation, rule) in guarded() {
                let answer = operation.ask(&app, &address(&operation, &study.id), token, &operation.fitting_body()).await;
                let what = format!("{} as {role:?} with {scopes:?}: {}", operation.id, answer.text);
                assert_eq!(answer.status != 403, rule.token(role, &scopes), "{what}");
                assert_ne!(answer.status, 401, "{what}");
            }
        }
    }
}

#[actix_web::test]
async fn a_device_may_collect_and_nothing_else() {
    let app = start().await;
    let (study, _) = furnished(&app).await;
    let device = app.device(&study).await;
    let coordinator = study.token(Role::Coordinator);
    for revoked in [false, true] {
        if revoked {
            let me = app.get("/v1/devices/current", &device).await.expect(200);
            let path = study.path(&format!("/devices/{}", me["deviceId"].as_str().unwrap()));
            app.delete(&path, coordinator).await.expect(204);
        }
        for (operation, rule) in guarded() {
            let answer = operation.ask(&app, &address(&operation, &study.id), &device, &operation.fitting_body()).await;
            let what = format!("{}, revoked {revoked}: {}", operation.id, answer.text);
            assert_eq!(answer.status != 403, rule.device(revoked), "{what}");
            assert_ne!(answer.status, 401, "{what}");
        }
    }
}

#[actix_web::test]
async fn a_device_reads_nothing_back_of_what_other_devices_brought() {
    let app = start().await;
    let (study, ids) = furnished(&app).await;
    let other = app.device(&study).await;
    let path = format!("{}/attachments/{}", study.story(&ids["storyId"]), ids["attachmentId"]);
    app.get(&path, &other).await.problem(404, "notFound");
    let part = operations().into_iter().find(|o| o.id == "upload_attachment_part").unwrap();
    part.ask(&app, &part.address(&ids), &other, "12345678").await.problem(404, "notFound");
    part.ask(&app, &part.address(&ids), study.token(Role::Researcher), "12345678").await.expect(200);
    let unknown = study.story(Uuid::new_v4());
    app.get(&unknown, &other).await.problem(403, "forbidden");
}

//! `duiding demo`: a synthetic study to look at, with a login for every role.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context;
use serde_json::{Value, json};
use uuid::Uuid;

use super::users::new_user;
use crate::config::Config;
use crate::db::audit::{Event, record};
use crate::db::frameworks::{self, FrameworkRow};
use crate::db::participants::{self, ParticipantRow, ParticipationRow};
use crate::db::stories::{self, Deliverer, Delivery, DeliveryContext};
use crate::db::tellers::{self, TellerRow};
use crate::db::waves::{self, WaveRow};
use crate::db::{Conn, DbError, members, now, projects, published, users, write_tx};
use crate::demo::{DemoParticipant, DemoStudy, DemoTeller, DemoWave};
use crate::domain::framework::{self, Framework, REFERENCE};
use crate::domain::role::Role;
use crate::domain::story;
use crate::http::new_project;
use crate::secrets::{hash_password, random, token_hash, write_private};

/// How to load the demo study.
#[derive(clap::Args)]
pub struct DemoArgs {
    /// Do nothing when the database has accounts already.
    #[arg(long)]
    if_empty: bool,
    /// Seed of the study: the same seed gives the same study.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

const TITLE: &str = "Demo (synthetic): development on the way to work";
const DESCRIPTION: &str = "A synthetic study: nobody in it exists and every story is made up.";

/// A login for one role.
struct Login {
    role: Role,
    email: String,
    password: String,
}

/// Loads the demo study and prints where to look and how to log in.
pub fn demo(args: &DemoArgs, config: &Config) -> anyhow::Result<()> {
    let db = crate::app::open_database(config)?;
    if args.if_empty && db.run_blocking(users::count)? > 0 {
        println!("the database has accounts already; the demo study was not loaded");
        return Ok(());
    }
    let document: Value = serde_json::from_str(REFERENCE).context("the reference framework")?;
    let framework = framework::parse(&document).map_err(|p| anyhow::anyhow!("the reference framework: {p}"))?;
    let study = crate::demo::study(&document, args.seed);
    let logins: Vec<Login> = Role::ALL.into_iter().map(login).collect();
    let accounts = accounts(&logins)?;
    let project_id =
        db.run_blocking(|conn| write_tx(conn, |conn| load(conn, &framework, &study, &accounts))).map_err(|e| {
            match e.downcast::<DbError>() {
                Ok(DbError::Conflict(_)) => anyhow::anyhow!("the demo study is in this database already"),
                Ok(other) => other.into(),
                Err(other) => other,
            }
        })?;
    let path = config.data_dir.join("demo-logins.txt");
    let _ = std::fs::remove_file(&path); // of a database that is gone
    write_private(&path, &login_sheet(&logins, &config.public_url, &project_id))?;
    print_summary(&study, &logins, config, &project_id);
    println!("The passwords are in {} (readable by you only).", path.display());
    Ok(())
}

fn login(role: Role) -> Login {
    Login { role, email: format!("{}@demo.example", role.name().to_lowercase()), password: random(15) }
}

fn accounts(logins: &[Login]) -> anyhow::Result<Vec<(users::User, Role)>> {
    let one = |login: &Login| {
        let hash = hash_password(&login.password)?;
        let name = format!("Demo {}", login.role.name());
        Ok((new_user(&login.email, &name, hash, login.role == Role::Owner), login.role))
    };
    logins.iter().map(one).collect()
}

fn login_sheet(logins: &[Login], url: &str, project_id: &str) -> String {
    let mut sheet = format!("duiding demo study\naddress: {url}\nproject: {project_id}\n\n");
    for login in logins {
        let _ = writeln!(sheet, "{:<20} {:<32} {}", login.role.name(), login.email, login.password);
    }
    sheet
}

fn print_summary(study: &DemoStudy, logins: &[Login], config: &Config, project_id: &str) {
    println!(
        "Loaded a synthetic study: {} stories about {} participants in {} waves.",
        study.stories.len(),
        study.participants.len(),
        study.waves.len()
    );
    println!("Address: {}   project: {project_id}", config.public_url);
    for login in logins {
        println!("  {:<20} {}", login.role.name(), login.email);
    }
}

fn load(conn: &mut Conn, framework: &Framework, study: &DemoStudy, accounts: &[(users::User, Role)]) -> anyhow::Result<String> {
    let project = new_project(TITLE, DESCRIPTION);
    projects::insert(conn, &project)?;
    for (user, role) in accounts {
        users::insert(conn, user)?;
        let membership = members::Membership {
            project_id: project.id.clone(),
            user_id: user.id.clone(),
            role: role.name().to_owned(),
            ends_on: (*role == Role::ExternalResearcher).then(|| now().date() + chrono::Duration::days(365)),
            created_at: now(),
        };
        members::set(conn, &membership)?;
    }
    publish(conn, &project.id)?;
    for (i, wave) in study.waves.iter().enumerate() {
        waves::insert(conn, &wave_row(&project.id, i, wave)?)?;
    }
    let ids = load_participants(conn, &project.id, &study.participants)?;
    load_tellers(conn, &project.id, &study.tellers, &ids)?;
    load_stories(conn, &project.id, framework, study)?;
    published::publish(conn, &project.id)?;
    let event =
        Event { project_id: Some(&project.id), actor: "command", action: "project.demo", subject: Some(&project.id), detail: "" };
    record(conn, &event)?;
    Ok(project.id)
}

fn publish(conn: &mut Conn, project_id: &str) -> anyhow::Result<FrameworkRow> {
    let draft = frameworks::begin_draft(conn, project_id, REFERENCE)?;
    frameworks::publish(conn, project_id, draft.version)?;
    Ok(draft)
}

fn wave_row(project_id: &str, index: usize, wave: &DemoWave) -> anyhow::Result<WaveRow> {
    Ok(WaveRow {
        project_id: project_id.to_owned(),
        key: wave.key.clone(),
        ordinal: i32::try_from(index)? + 1,
        label: json!({"nl": wave.label_nl, "en": wave.label_en}).to_string(),
        opens_on: Some(wave.opens_on),
        closes_on: Some(wave.closes_on),
        state: wave.state.to_owned(),
        created_at: now(),
    })
}

/// Answers the ids by code.
fn load_participants(conn: &mut Conn, project_id: &str, people: &[DemoParticipant]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut ids = BTreeMap::new();
    for person in people {
        let row = ParticipantRow {
            project_id: project_id.to_owned(),
            id: Uuid::new_v4().to_string(),
            code: person.code.clone(),
            secret_hash: token_hash(&random(16)),
            first_wave: Some(person.first_wave.clone()),
            status: person.status.to_owned(),
            exit_reason: person.exit_reason.map(|r| if r == "other-track" { "otherTrack" } else { r }.to_owned()),
            exit_month: person.exit_month.clone(),
            attributes: serde_json::to_string(&person.attributes)?,
            created_at: now(),
            updated_at: now(),
            restricted_at: None,
            informed_on: Some(now().date()),
            informed_by: Some("demo".to_owned()),
            informed_way: Some("conversation".to_owned()),
        };
        participants::insert(conn, &row)?;
        for participation in &person.participations {
            let row = ParticipationRow {
                project_id: project_id.to_owned(),
                participant_id: row.id.clone(),
                wave: participation.wave.clone(),
                state: participation.state.to_owned(),
                attributes: serde_json::to_string(&participation.attributes)?,
                updated_at: now(),
            };
            participants::set_participation(conn, &row)?;
        }
        ids.insert(row.code, row.id);
    }
    Ok(ids)
}

fn load_tellers(
    conn: &mut Conn,
    project_id: &str,
    people: &[DemoTeller],
    participants: &BTreeMap<String, String>,
) -> anyhow::Result<()> {
    for teller in people {
        let row = TellerRow {
            project_id: project_id.to_owned(),
            id: Uuid::new_v4().to_string(),
            code: teller.code.clone(),
            secret_hash: token_hash(&random(16)),
            perspective: teller.perspective.clone(),
            created_at: now(),
            withdrawn_at: None,
            restricted_at: None,
        };
        tellers::insert(conn, &row)?;
        for about in teller.participant.iter().chain(&teller.about) {
            let participant = participants.get(about).context("a teller tells about somebody unknown")?;
            tellers::link(conn, project_id, &row.id, participant)?;
        }
    }
    Ok(())
}

fn load_stories(conn: &mut Conn, project_id: &str, framework: &Framework, study: &DemoStudy) -> anyhow::Result<()> {
    let change = projects::next_rebuild(conn, project_id)?;
    let mut ctx = DeliveryContext::default();
    for told in &study.stories {
        let parsed = story::parse(&told.body, framework).map_err(|p| anyhow::anyhow!("story {}: {p}", told.id))?;
        let by = Deliverer::Import("demo".to_owned());
        let mut delivery = Delivery::of(project_id, told.id, &told.body, &parsed, framework, by);
        delivery.received_at = Some(told.received_at.naive_utc());
        stories::deliver(conn, &mut ctx, change, &delivery)?;
        if told.released {
            stories::release_at(conn, project_id, &delivery.id, 1, change)?;
        }
    }
    Ok(())
}

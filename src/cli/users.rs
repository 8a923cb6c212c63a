//! `duiding user`: accounts from the command line, for the first owner and for lost passwords.

use std::io::{BufRead, IsTerminal};

use anyhow::Context;
use clap::Subcommand;
use uuid::Uuid;

use crate::config::Config;
use crate::db::audit::{Event, record};
use crate::db::members::{self, Membership};
use crate::db::users::{self, User};
use crate::db::{Conn, DbError, identities, now, projects, second_factors, sessions, throttles, write_tx};
use crate::domain::canonical::sha256_hex;
use crate::domain::role::Role;
use crate::secrets::{check_password, hash_password, random};

/// What to do with accounts.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Make an account. The password is read from standard input, or made and shown when there is none.
    Create {
        /// Address to log in with.
        #[arg(long)]
        email: String,
        /// Name as others see it.
        #[arg(long)]
        name: String,
        /// May not start projects.
        #[arg(long)]
        no_projects: bool,
        /// Also give a role in this project (its id).
        #[arg(long, requires = "role")]
        project: Option<Uuid>,
        /// owner, coordinator, researcher, externalResearcher, workgroup or facilitator.
        #[arg(long, requires = "project", value_parser = parse_role)]
        role: Option<Role>,
    },
    /// Give an account that is there a role in a project, in place of the one it had.
    Grant {
        /// Address of the account.
        #[arg(long)]
        email: String,
        /// Id of the project.
        #[arg(long)]
        project: Uuid,
        /// owner, coordinator, researcher, externalResearcher, workgroup or facilitator.
        #[arg(long, value_parser = parse_role)]
        role: Role,
    },
    /// Set a new password, remove the second factor, unlink identities and end all sessions of an account.
    Reset {
        /// Address of the account.
        #[arg(long)]
        email: String,
    },
}

fn parse_role(name: &str) -> Result<Role, String> {
    let names = Role::ALL.map(Role::name).join(", ");
    Role::from_name(name).ok_or_else(|| format!("must be one of {names}"))
}

/// Runs a user command.
pub fn run(command: UserCommand, config: &Config) -> anyhow::Result<()> {
    let db = crate::app::open_database(config)?;
    if let UserCommand::Grant { email, project, role } = &command {
        let (email, project) = (email.trim().to_lowercase(), project.to_string());
        let granted = db.run_blocking(|conn| write_tx(conn, |conn| grant(conn, &email, &project, *role)));
        granted.map_err(|e| match e {
            DbError::NotFound => anyhow::anyhow!("--email or --project: there is no such account or project"),
            other => other.into(),
        })?;
        println!("{email} is {} in project {project}", role.name());
        return Ok(());
    }
    let (password, made) = password()?;
    let hash = hash_password(&password)?;
    let email = match command {
        UserCommand::Create { email, name, no_projects, project, role } => {
            let email = email.trim().to_lowercase();
            anyhow::ensure!(email.contains('@'), "--email: {email:?} is not an address");
            let guest = role == Some(Role::ExternalResearcher);
            anyhow::ensure!(!guest, "--role: an external researcher's membership has an end; invite this person instead");
            let user = new_user(&email, &name, hash, !no_projects);
            let place = project.map(|p| p.to_string()).zip(role);
            db.run_blocking(|conn| write_tx(conn, |conn| create(conn, &user, place))).map_err(|e| match e {
                DbError::Conflict(_) => anyhow::anyhow!("--email: there is an account for {email} already"),
                DbError::NotFound => anyhow::anyhow!("--project: there is no such project"),
                other => other.into(),
            })?;
            println!("made an account for {email}");
            email
        }
        UserCommand::Grant { email, .. } => email,
        UserCommand::Reset { email } => {
            let email = email.trim().to_lowercase();
            let removed = db.run_blocking(|conn| write_tx(conn, |conn| reset(conn, &email, &hash)));
            let removed = removed.map_err(|e| match e {
                DbError::NotFound => anyhow::anyhow!("--email: there is no account for {email}"),
                other => other.into(),
            })?;
            println!("set a new password for {email}; all its sessions have ended");
            if removed.factor {
                println!("its second factor was removed; set up a new one after the next login");
            }
            if removed.identities > 0 {
                println!("its identities were unlinked; link them again after the next login");
            }
            email
        }
    };
    if made {
        println!("password for {email}: {password}");
    }
    Ok(())
}

/// A new account that may log in at once.
pub fn new_user(email: &str, name: &str, password_hash: String, may_create_projects: bool) -> User {
    User {
        id: Uuid::new_v4().to_string(),
        email: email.to_owned(),
        name: name.to_owned(),
        password_hash,
        may_create_projects,
        created_at: now(),
        disabled_at: None,
    }
}

fn create(conn: &mut Conn, user: &User, place: Option<(String, Role)>) -> Result<(), DbError> {
    users::insert(conn, user)?;
    let project_id = place.as_ref().map(|(p, _)| p.as_str());
    let event = Event { project_id, actor: "command", action: "user.create", subject: Some(&user.id), detail: "" };
    if let Some((project_id, role)) = &place {
        place_in(conn, project_id, &user.id, *role)?;
    }
    record(conn, &event)
}

fn place_in(conn: &mut Conn, project_id: &str, user_id: &str, role: Role) -> Result<(), DbError> {
    projects::by_id(conn, project_id)?.ok_or(DbError::NotFound)?;
    let membership = Membership {
        project_id: project_id.to_owned(),
        user_id: user_id.to_owned(),
        role: role.name().to_owned(),
        ends_on: None,
        created_at: now(),
    };
    members::set(conn, &membership)
}

fn grant(conn: &mut Conn, email: &str, project_id: &str, role: Role) -> Result<(), DbError> {
    let user = users::by_email(conn, email)?.ok_or(DbError::NotFound)?;
    place_in(conn, project_id, &user.id, role)?;
    let (project_id, subject) = (Some(project_id), Some(user.id.as_str()));
    record(conn, &Event { project_id, actor: "command", action: "member.grant", subject, detail: role.name() })
}

/// What a reset removed: whoever took an account over may have added it.
struct Removed {
    factor: bool,
    identities: usize,
}

fn reset(conn: &mut Conn, email: &str, hash: &str) -> Result<Removed, DbError> {
    let user = users::by_email(conn, email)?.ok_or(DbError::NotFound)?;
    users::set_password(conn, &user.id, hash)?;
    sessions::revoke_all(conn, &user.id)?;
    let removed =
        Removed { factor: second_factors::remove(conn, &user.id)?, identities: identities::unlink_all(conn, &user.id)? };
    throttles::clear(conn, &sha256_hex(format!("account {email}")))?;
    let detail = match (removed.factor, removed.identities > 0) {
        (true, true) => "second factor removed, identities unlinked",
        (true, false) => "second factor removed",
        (false, true) => "identities unlinked",
        (false, false) => "",
    };
    record(conn, &Event::outside("command", "password.reset", Some(&user.id), detail))?;
    Ok(removed)
}

/// The first line of standard input, unless that is a terminal or empty: then a random one that is shown.
fn password() -> anyhow::Result<(String, bool)> {
    let input = std::io::stdin();
    let mut line = String::new();
    if !input.is_terminal() {
        input.lock().read_line(&mut line).context("cannot read the password from standard input")?;
    }
    let typed = line.trim_end_matches(['\n', '\r']);
    if typed.is_empty() {
        return Ok((random(18), true));
    }
    check_password(typed).map_err(|why| anyhow::anyhow!("password: {why}"))?;
    Ok((typed.to_owned(), false))
}

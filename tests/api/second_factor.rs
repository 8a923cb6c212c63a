//! The second factor at login: set up, asked for, used once, lost and found again.

use chrono::Utc;
use duiding::config::SecondFactor;
use duiding::db::{DbError, second_factors};
use duiding::domain::role::Role;
use duiding::domain::second_factor::STEP_SECONDS;
use duiding::secrets::{Sealed, Secrets, open};
use serde_json::{Value, json};
use totp_rs::{Algorithm, Secret, TOTP};

use crate::helpers::{Answer, PASSWORD, TestApp, start, story};
use crate::own_sessions::trail;
use crate::sessions::{logged_in, login, refresh, reset, tokens};

/// Somebody's authenticator app.
pub struct Phone(TOTP);

impl Phone {
    /// The code that it shows now, or some steps from now.
    pub fn shows(&self, steps: i64) -> String {
        self.0.generate(u64::try_from(Utc::now().timestamp() + steps * STEP_SECONDS).unwrap())
    }
}

async fn begin(app: &TestApp, token: &str) -> Phone {
    let begun = app.post("/v1/me/second-factor", token, &json!({"currentPassword": PASSWORD})).await.expect(201);
    let secret = begun["secret"].as_str().unwrap();
    assert!(begun["uri"].as_str().unwrap().contains(&format!("secret={secret}")));
    let bytes = Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
    Phone(TOTP::new_unchecked(Algorithm::SHA1, 6, 1, 30, bytes, None, String::new()))
}

/// Sets it up; the code of this moment is used up by that, the next one works. Answers phone and recovery codes.
pub async fn set_up(app: &TestApp, token: &str) -> (Phone, Vec<String>) {
    let phone = begin(app, token).await;
    let confirmed = app.post("/v1/me/second-factor/_confirm", token, &json!({"code": phone.shows(0)})).await.expect(200);
    let codes = confirmed["recoveryCodes"].as_array().unwrap();
    (phone, codes.iter().map(|c| c.as_str().unwrap().to_owned()).collect())
}

async fn login_with(app: &TestApp, email: &str, code: &str) -> Answer {
    app.post("/v1/sessions", "", &json!({"email": email, "password": PASSWORD, "code": code})).await
}

async fn state_of(app: &TestApp, token: &str) -> (bool, i64) {
    let me = app.get("/v1/me", token).await.expect(200);
    (me["secondFactor"]["active"].as_bool().unwrap(), me["secondFactor"]["recoveryCodesLeft"].as_i64().unwrap())
}

#[actix_web::test]
async fn it_is_on_after_a_first_code_and_then_asked_for_at_every_login() {
    let app = start().await;
    let (id, token) = app.user("careful@example.org").await;
    let wrong = app.post("/v1/me/second-factor", &token, &json!({"currentPassword": "not the password at all"})).await;
    wrong.problem(401, "unauthorised");
    begin(&app, &token).await;
    assert_eq!(state_of(&app, &token).await, (false, 0));
    logged_in(&app, "careful@example.org").await;

    let (phone, codes) = set_up(&app, &token).await;
    assert_eq!((codes.len(), state_of(&app, &token).await), (10, (true, 10)));
    login(&app, "careful@example.org", PASSWORD).await.problem(401, "secondFactorNeeded");
    login(&app, "careful@example.org", "not the password at all").await.problem(401, "unauthorised");
    let code = phone.shows(1);
    let (access, _) = tokens(&login_with(&app, " Careful@example.org", &code).await.expect(201));
    app.get("/v1/me", &access).await.expect(200);
    login_with(&app, "careful@example.org", &code).await.problem(401, "wrongCode");
    login_with(&app, "careful@example.org", &phone.shows(-4)).await.problem(401, "wrongCode");

    app.post("/v1/me/second-factor", &token, &json!({"currentPassword": PASSWORD})).await.problem(409, "secondFactorOn");
    let again = app.post("/v1/me/second-factor/_confirm", &token, &json!({"code": "123456"})).await;
    again.problem(409, "nothingToConfirm");
    let told = trail(&app).await;
    for event in ["secondFactor.begin done", "secondFactor.confirm done", "session.create refused"] {
        assert!(told.contains(&format!("{event} {id}")), "{event}: {told:?}");
    }
}

#[actix_web::test]
async fn a_new_beginning_replaces_one_that_was_not_confirmed() {
    let app = start().await;
    let (_, token) = app.user("twice@example.org").await;
    let nothing = app.post("/v1/me/second-factor/_confirm", &token, &json!({"code": "123456"})).await;
    nothing.problem(409, "nothingToConfirm");
    let first = begin(&app, &token).await;
    let second = begin(&app, &token).await;
    let confirm = async |code: String| app.post("/v1/me/second-factor/_confirm", &token, &json!({"code": code})).await;
    confirm(first.shows(0)).await.problem(401, "wrongCode");
    confirm("abcdefgh".to_owned()).await.problem(401, "wrongCode");
    assert_eq!(state_of(&app, &token).await, (false, 0));
    confirm(second.shows(0)).await.expect(200);
}

#[actix_web::test]
async fn of_logins_at_once_with_one_code_one_gets_in() {
    let app = start().await;
    let (_, token) = app.user("busy@example.org").await;
    let (phone, codes) = set_up(&app, &token).await;
    for code in [phone.shows(1), codes[0].clone()] {
        let answers = futures_util::future::join_all((0..4).map(|_| login_with(&app, "busy@example.org", &code))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 401, 401, 401], "{answers:?}");
    }
}

#[actix_web::test]
async fn wrong_codes_are_counted_like_wrong_passwords_and_the_password_alone_forgets_nothing() {
    let app = start().await;
    let (_, token) = app.user("target@example.org").await;
    let (phone, _) = set_up(&app, &token).await;
    for _ in 0..10 {
        login(&app, "target@example.org", PASSWORD).await.problem(401, "secondFactorNeeded");
        login_with(&app, "target@example.org", "no code at all").await.problem(401, "wrongCode");
    }
    login_with(&app, "target@example.org", &phone.shows(1)).await.problem(429, "tooManyFailures");
    app.get("/v1/me", &token).await.expect(200);
}

#[actix_web::test]
async fn guesses_at_once_are_no_more_than_guesses_one_by_one() {
    let app = start().await;
    let (_, token) = app.user("target@example.org").await;
    set_up(&app, &token).await;
    let answers = futures_util::future::join_all((0..16).map(|_| login_with(&app, "target@example.org", "no code at all"))).await;
    let looked_at = answers.iter().filter(|a| a.status == 401).count();
    assert_eq!(looked_at, 10, "{answers:?}");
    assert!(answers.iter().all(|a| a.status == 401 || a.status == 429));
}

#[actix_web::test]
async fn a_recovery_code_works_once_and_new_ones_replace_the_old() {
    let app = start().await;
    let (id, token) = app.user("lost@example.org").await;
    let (_, codes) = set_up(&app, &token).await;
    login_with(&app, "lost@example.org", &codes[0].to_uppercase().replace('-', " ")).await.expect(201);
    login_with(&app, "lost@example.org", &codes[0]).await.problem(401, "wrongCode");
    assert_eq!(state_of(&app, &token).await, (true, 9));
    assert!(trail(&app).await.contains(&format!("recoveryCode.use done {id}")));

    let body = json!({"currentPassword": PASSWORD, "code": codes[1]});
    let made = app.post("/v1/me/second-factor/recovery-codes", &token, &body).await.expect(200);
    assert_eq!(state_of(&app, &token).await, (true, 10));
    login_with(&app, "lost@example.org", &codes[2]).await.problem(401, "wrongCode");
    login_with(&app, "lost@example.org", made["recoveryCodes"][0].as_str().unwrap()).await.expect(201);
}

#[actix_web::test]
async fn a_recovery_code_of_somebody_else_does_not_work() {
    let app = start().await;
    let (_, one) = app.user("one@example.org").await;
    let (_, other) = app.user("other@example.org").await;
    let (_, codes) = set_up(&app, &one).await;
    set_up(&app, &other).await;
    login_with(&app, "other@example.org", &codes[0]).await.problem(401, "wrongCode");
}

#[actix_web::test]
async fn it_goes_with_password_and_code_only() {
    let app = start().await;
    let (_, token) = app.user("leaver@example.org").await;
    let remove = async |body: Value| app.post("/v1/me/second-factor/_remove", &token, &body).await;
    remove(json!({"currentPassword": PASSWORD, "code": "123456"})).await.problem(409, "secondFactorOff");
    let (phone, _) = set_up(&app, &token).await;
    assert_eq!(remove(json!({"currentPassword": PASSWORD})).await.errors(), ["$.code required"]);
    remove(json!({"currentPassword": PASSWORD, "code": "no code at all"})).await.problem(401, "wrongCode");
    remove(json!({"currentPassword": "not the password at all", "code": phone.shows(1)})).await.problem(401, "unauthorised");
    assert_eq!(state_of(&app, &token).await, (true, 10));
    remove(json!({"currentPassword": PASSWORD, "code": phone.shows(1)})).await.expect(204);
    assert_eq!(state_of(&app, &token).await, (false, 0));
    logged_in(&app, "leaver@example.org").await;
}

#[actix_web::test]
async fn a_new_password_needs_the_code_as_well() {
    let app = start().await;
    let (_, token) = app.user("changer@example.org").await;
    let (phone, _) = set_up(&app, &token).await;
    let mut body = json!({"currentPassword": PASSWORD, "newPassword": "quite another secret sentence"});
    app.put("/v1/me/password", &token, &body).await.problem(401, "secondFactorNeeded");
    body["code"] = json!(phone.shows(1));
    let (access, _) = tokens(&app.put("/v1/me/password", &token, &body).await.expect(201));
    assert_eq!(state_of(&app, &access).await, (true, 10), "the second factor stays");
}

#[actix_web::test]
async fn an_invitation_to_a_known_account_needs_the_code_as_well() {
    let app = start().await;
    let study = app.study().await;
    let (_, token) = app.user("known@example.org").await;
    let (phone, _) = set_up(&app, &token).await;
    let body = json!({"email": "known@example.org", "role": "researcher"});
    let made = app.post(&study.path("/invitations"), study.token(Role::Owner), &body).await.expect(201);
    let mut body = json!({"code": made["code"], "email": "known@example.org", "password": PASSWORD});
    app.post("/v1/invitations/_accept", "", &body).await.problem(401, "secondFactorNeeded");
    app.get(&study.base, &token).await.problem(404, "notFound");
    body["secondFactorCode"] = json!(phone.shows(1));
    app.post("/v1/invitations/_accept", "", &body).await.expect(201);
    assert_eq!(app.get(&study.base, &token).await.expect(200)["role"], "researcher");
}

#[actix_web::test]
async fn a_reset_on_the_server_removes_it_and_says_so() {
    let app = start().await;
    let (_, token) = app.user("locked@example.org").await;
    set_up(&app, &token).await;
    let said = reset(&app, "locked@example.org", PASSWORD);
    assert!(said.contains("second factor was removed"), "{said}");
    let (access, _) = logged_in(&app, "locked@example.org").await;
    assert_eq!(state_of(&app, &access).await, (false, 0));
    assert!(!reset(&app, "locked@example.org", PASSWORD).contains("second factor"));
}

#[actix_web::test]
async fn the_database_alone_does_not_show_the_secret_and_a_new_key_takes_it_over() {
    let app = start().await;
    let (id, token) = app.user("secret@example.org").await;
    let (phone, codes) = set_up(&app, &token).await;
    let row = async || {
        let id = id.clone();
        app.state.db.run(move |conn| Ok::<_, DbError>(second_factors::get(conn, &id)?.unwrap())).await.unwrap()
    };
    let before = row().await;
    let sealed = Sealed { kid: before.key_id.clone(), text: before.sealed.clone() };
    assert_eq!(open(&app.state.keys.get(), &id, &sealed).unwrap(), phone.0.secret);
    assert!(open(&app.state.keys.get(), "somebody else", &sealed).is_err());
    assert!(!before.sealed.contains(&phone.0.get_secret_base32()) && !before.sealed.contains(&codes[0]));

    let minute_ago = Utc::now() - chrono::Duration::minutes(1);
    Secrets::change(&app.state.config.secrets_file, |s| _ = s.rotate(minute_ago, false)).unwrap();
    app.state.keys.look();
    login_with(&app, "secret@example.org", &phone.shows(1)).await.expect(201);
    let after = row().await;
    assert_eq!(after.key_id, app.state.keys.get().encryption_keys[0].kid);
    assert_ne!((&after.key_id, &after.sealed), (&before.key_id, &before.sealed));
    let sealed = Sealed { kid: after.key_id, text: after.sealed };
    assert_eq!(open(&app.state.keys.get(), &id, &sealed).unwrap(), phone.0.secret);
}

#[actix_web::test]
async fn where_it_is_required_people_without_it_may_only_set_it_up() {
    let app = start().await;
    let study = app.study().await;
    let (researcher, owner) = (study.token(Role::Researcher), study.token(Role::Owner));
    let body = json!({"name": "R", "scopes": ["project:read"], "days": 1});
    let personal = app.post(&study.path("/tokens"), researcher, &body).await.expect(201)["token"].clone();
    let personal = personal.as_str().unwrap();
    let device = app.device(&study).await;
    let app = app.restart_with(|config| config.second_factor = SecondFactor::Required).await;

    for token in [researcher, personal] {
        for path in [&study.base, &study.path("/waves"), "/v1/projects/5c1f7a52-6f0f-4d0b-9f43-5f7f7f0f9a11"] {
            app.get(path, token).await.problem(403, "secondFactorNeeded");
        }
        app.get("/v1/projects", token).await.problem(403, "secondFactorNeeded");
    }
    app.put(&study.story(uuid::Uuid::new_v4()), researcher, &story(None)).await.problem(403, "secondFactorNeeded");
    app.put(&study.story(uuid::Uuid::new_v4()), &device, &story(None)).await.expect(201);
    app.get("/v1/me/sessions", researcher).await.expect(200);
    assert_eq!(app.get("/v1/me", researcher).await.expect(200)["secondFactor"]["required"], true);

    set_up(&app, researcher).await;
    for token in [researcher, personal] {
        app.get(&study.base, token).await.expect(200);
    }
    app.get("/v1/projects", researcher).await.expect(200);
    app.get("/v1/projects", owner).await.problem(403, "secondFactorNeeded");

    app.user("new@example.org").await;
    let (access, next) = logged_in(&app, "new@example.org").await;
    app.get("/v1/framework-templates", &access).await.problem(403, "secondFactorNeeded");
    let (access, _) = tokens(&refresh(&app, &next).await.expect(201));
    app.delete("/v1/sessions/current", &access).await.expect(204);
}

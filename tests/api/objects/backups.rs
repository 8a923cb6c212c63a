//! A backup of a server with a bucket, restored into another bucket and into a folder.

use actix_web::rt::task::spawn_blocking;
use duiding::backup::{self, Options};
use duiding::config::Attachments;

use super::*;
use crate::helpers::config;

#[actix_web::test]
async fn a_backup_has_the_objects_and_is_restored_anywhere() {
    let app = start().await;
    if bucket(&app).is_none() || app.state.db.kind() != Kind::Sqlite {
        return;
    }
    let study = app.study().await;
    let device = app.device(&study).await;
    let (whole, begun) = (recording(50, 9 * 1024 * 1024), recording(51, 300));
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&whole, &begun]).await;
    for from in [0, 5 * 1024 * 1024] {
        let to = whole.len().min(from + 5 * 1024 * 1024);
        send(&app, &paths[0], &device, from as u64, &whole[from..to]).await.expect(200);
    }
    send(&app, &paths[1], &device, 0, &begun[..100]).await.expect(200);
    let (settings, folder) = (app.state.config.clone(), app.folder.path().join("backup"));
    let to = folder.clone();
    let made = spawn_blocking(move || backup::make(&settings, &to)).await.unwrap().unwrap();
    assert_eq!((made.attachments, made.manifest.lost.len()), (2, 0));
    assert!(backup::verify(&folder).wrong.is_empty());
    for into_folder in [false, true] {
        let place = tempfile::tempdir().unwrap();
        let mut restored = config(&place);
        if into_folder {
            restored.attachments = Attachments::Folder;
        }
        std::fs::copy(&app.state.config.erasures_file, &restored.erasures_file).unwrap();
        let (settings, from) = (restored.clone(), folder.clone());
        spawn_blocking(move || backup::restore(&settings, &from, Options::default())).await.unwrap().unwrap();
        let again = start_with(restored, place).await;
        let researcher = again.member(&study.id, Role::Researcher).await;
        let content = again.request(reqwest::Method::GET, &format!("{}/content", paths[0]), &researcher);
        assert!(content.send().await.unwrap().bytes().await.unwrap() == whole);
        send(&again, &paths[1], &device, 100, &begun[100..]).await.expect(200);
        let content = again.request(reqwest::Method::GET, &format!("{}/content", paths[1]), &researcher);
        assert!(content.send().await.unwrap().bytes().await.unwrap() == begun);
    }
    // What another database may name is not touched.
    let (mut settings, from) = (app.state.config.clone(), folder.clone());
    let place = tempfile::tempdir().unwrap();
    (settings.data_dir, settings.database_url) = (place.path().to_owned(), place.path().join("new").display().to_string());
    settings.erasures_file = app.state.config.erasures_file.clone();
    let refused = spawn_blocking(move || backup::restore(&settings, &from, Options::default())).await.unwrap().unwrap_err();
    assert!(refused.to_string().contains("there are objects in s3://duiding/"), "{refused}");
}

//! Files that only their owner can read, and that are there whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

use anyhow::Context;
use tempfile::NamedTempFile;

/// Makes a folder, and those above it that are missing, for its owner only: stories or keys will be in it. One that is
/// there is left as it is.
pub fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes a file that only its owner can read. It is there whole or not at all: a process that is killed on the way
/// leaves no half file, which no later start would understand. Errors: the file is there already or cannot be made.
pub fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = staged(path, text)?;
    file.persist_noclobber(path).map_err(|e| e.error).with_context(|| format!("cannot make {}", path.display()))?;
    note_name(path)
}

/// Puts a file in the place of one that is there, for the same owner: a reader sees the old one or the new one. Errors:
/// it cannot be made, or not for that owner.
pub fn replace_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = staged(path, text)?;
    let (old, new) = (fs::metadata(path)?, file.as_file().metadata()?);
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        // Whoever is root here would otherwise take the file away from the server.
        let given = chown(file.path(), Some(old.uid()), Some(old.gid()));
        given.with_context(|| format!("{} belongs to somebody else; do this as its owner", path.display()))?;
    }
    file.persist(path).map_err(|e| e.error).with_context(|| format!("cannot replace {}", path.display()))?;
    note_name(path)
}

/// Keeps other processes from changing a file until the answer is dropped. The lock is a file of its own, because the
/// file itself is replaced. Errors: the lock cannot be made.
pub fn locked(path: &Path) -> anyhow::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let opened = File::options().write(true).create(true).truncate(false).mode(0o600).open(&name);
    let file = opened.with_context(|| format!("cannot make {}", Path::new(&name).display()))?;
    file.lock().with_context(|| format!("cannot lock {}", Path::new(&name).display()))?;
    Ok(file)
}

/// The text in a temporary file beside its place, on disk; for its owner only from the start.
fn staged(path: &Path, text: &str) -> anyhow::Result<NamedTempFile> {
    let folder = folder_of(path);
    make_private_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut file = NamedTempFile::new_in(folder).with_context(|| format!("cannot make {}", path.display()))?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all());
    written.with_context(|| format!("cannot write {}", path.display()))?;
    Ok(file)
}

/// Makes sure that the name is on disk too.
fn note_name(path: &Path) -> anyhow::Result<()> {
    let folder = folder_of(path);
    let named = File::open(folder).and_then(|folder| folder.sync_all());
    named.with_context(|| format!("cannot write {}", folder.display()))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secrets;

    #[test]
    fn a_private_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let text = "secret ".repeat(20_000);
        for i in 0..50 {
            let path = folder.path().join(i.to_string());
            let seen = path.clone();
            // Whoever looks at any moment, as a start after a kill does, sees what will stay.
            let looker = std::thread::spawn(move || {
                loop {
                    if let Ok(text) = fs::read_to_string(&seen) {
                        return text;
                    }
                }
            });
            write_private(&path, &text).unwrap();
            assert!(looker.join().unwrap() == text);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 50, "nothing is left behind");
    }

    #[test]
    fn a_private_file_is_for_its_owner_and_never_written_over() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("secret");
        write_private(&path, "one").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let refused = write_private(&path, "other").unwrap_err();
        assert!(refused.to_string().contains("secret"), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    }

    #[test]
    fn a_folder_that_we_make_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let settings = [("DUIDING_DATA_DIR".to_owned(), data.display().to_string())];
        let config = crate::config::Config::from(|name| settings.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()));
        crate::app::prepare_database(&config.unwrap()).unwrap();
        assert_eq!(mode(&data), 0o700);
        let theirs = folder.path().join("theirs");
        fs::create_dir(&theirs).unwrap();
        let before = mode(&theirs);
        make_private_folder(&theirs).unwrap();
        assert_eq!(mode(&theirs), before, "a folder that is there is left as it is");
    }

    #[test]
    fn the_secrets_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/secrets.json");
        let made = Secrets::load_or_create(&path).unwrap();
        let read = Secrets::load_or_create(&path).unwrap();
        assert_eq!(made.signing_keys[0].secret, read.signing_keys[0].secret);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_replaced_is_never_seen_half_or_by_others() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let texts = ["a".repeat(100_000), "b".repeat(100_000)];
        write_private(&path, &texts[0]).unwrap();
        let (seen, known) = (path.clone(), texts.clone());
        let looker = std::thread::spawn(move || (0..300).all(|_| known.contains(&fs::read_to_string(&seen).unwrap())));
        for i in 0..40 {
            replace_private(&path, &texts[i % 2]).unwrap();
        }
        assert!(looker.join().unwrap());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }
}

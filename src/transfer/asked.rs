//! What was asked and compared, in words: minutes are read by people who know no keys.

use super::{TransferError, published};
use crate::db::Conn;
use crate::domain::framework::Framework;

/// The words of the newest published framework of a project, in one language.
pub struct Asked {
    framework: Option<Framework>,
    dutch: bool,
}

impl Asked {
    /// Reads them; before the first framework is published there are none. Errors: those of the database.
    pub fn read(conn: &mut Conn, project_id: &str, dutch: bool) -> Result<Self, TransferError> {
        Ok(Self { framework: published(conn, project_id)?.pop().map(|(_, framework)| framework), dutch })
    }

    fn language(&self) -> &'static str {
        if self.dutch { "nl" } else { "en" }
    }

    /// The question of a signifier. `None` for one that the framework does not have any more.
    pub fn question(&self, key: &str) -> Option<String> {
        let found = self.framework.as_ref()?.signifiers.iter().find(|s| s.key == key)?;
        Some(found.question.get(self.language()).to_owned())
    }

    /// What a view is split by: `wave`, `waveSamePeople`, `perspective`, or `attribute:` and a key. `None` for what the
    /// framework does not have any more.
    pub fn comparison(&self, by: &str) -> Option<String> {
        let say = |nl: &str, en: &str| Some(if self.dutch { nl } else { en }.to_owned());
        match by {
            "wave" => say("meetmoment", "wave"),
            "waveSamePeople" => say("meetmoment (dezelfde mensen)", "wave (the same people)"),
            "perspective" => say("wie kijkt", "whose view"),
            _ => {
                let key = by.strip_prefix("attribute:")?;
                let found = self.framework.as_ref()?.attributes.iter().find(|a| a.key == key)?;
                Some(found.label.get(self.language()).to_owned())
            }
        }
    }
}

//! Roles, what each may do in a project, and the scopes that narrow a token.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a member of a project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Plans, invites, sets retention and thresholds; reads no stories (may be the tellers' employer).
    Owner,
    /// Runs the fieldwork: participants, tellers, codes, response; reads no stories.
    Coordinator,
    /// Designs the framework, releases and redacts, analyses and exports.
    Researcher,
    /// As researcher, on released and pseudonymised data only.
    ExternalResearcher,
    /// Explores patterns with small-cell protection and reads released, permitted stories.
    Workgroup,
    /// Collects stories for the assignments given.
    Facilitator,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] =
        [Role::Owner, Role::Coordinator, Role::Researcher, Role::ExternalResearcher, Role::Workgroup, Role::Facilitator];

    /// What this role may do in its project.
    pub fn capabilities(self) -> &'static [Capability] {
        use Capability::*;
        match self {
            Self::Owner => &[ReadProject, EditProject, ManageMembers, EditWaves, ReadResponse, ReadAudit],
            Self::Coordinator => {
                &[ReadProject, EditWaves, ManageParticipants, ReadParticipants, ManageDevices, ReadResponse, WithdrawByCode]
            }
            Self::Researcher => &[
                ReadProject,
                EditFramework,
                EditWaves,
                ReadParticipants,
                ReadReleased,
                ReadRaw,
                EditStories,
                WithdrawByCode,
                DeliverStories,
                Analyse,
                EditRegions,
                Workshop,
                ImportData,
                ExportData,
                ReadResponse,
                ConsentThreshold,
            ],
            Self::ExternalResearcher => &[ReadProject, ReadReleased, Analyse, ExportData, ReadResponse],
            Self::Workgroup => &[ReadProject, ReadReleased, Analyse, EditRegions, Workshop],
            Self::Facilitator => &[ReadProject, DeliverStories],
        }
    }

    /// Whether the role may do this.
    pub fn may(self, capability: Capability) -> bool {
        self.capabilities().contains(&capability)
    }

    /// Who sees what: which protection the analysis applies.
    pub fn audience(self) -> Audience {
        match self {
            Self::Researcher => Audience::Researcher,
            Self::ExternalResearcher => Audience::ExternalResearcher,
            _ => Audience::Workgroup,
        }
    }

    /// The name used in JSON and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Coordinator => "coordinator",
            Self::Researcher => "researcher",
            Self::ExternalResearcher => "externalResearcher",
            Self::Workgroup => "workgroup",
            Self::Facilitator => "facilitator",
        }
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }
}

/// Whom an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Audience {
    /// Sees everything in analysis.
    Researcher,
    /// Sees released stories only.
    ExternalResearcher,
    /// Small cells are protected.
    Workgroup,
}

impl Audience {
    /// Whose kept findings somebody of this audience may read: their own, and those made for a workgroup. What was
    /// computed for others may hold numbers that are withheld here.
    pub fn reads_pins_of(self) -> &'static [Audience] {
        match self {
            Self::Researcher => &[Self::Researcher, Self::Workgroup],
            Self::ExternalResearcher => &[Self::ExternalResearcher, Self::Workgroup],
            Self::Workgroup => &[Self::Workgroup],
        }
    }

    /// Whether somebody of this audience may read a finding that was kept for another.
    pub fn reads_pin_of(self, kept_for: Audience) -> bool {
        self.reads_pins_of().contains(&kept_for)
    }
}

/// A verb on a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// See the project, its waves and published frameworks.
    ReadProject,
    /// Change the project, its retention and thresholds.
    EditProject,
    /// Invite and remove members, give them personal tokens' limits.
    ManageMembers,
    /// Plan, open and close waves.
    EditWaves,
    /// Write, check and publish frameworks.
    EditFramework,
    /// Register participants and tellers, print codes, see the link between them.
    ManageParticipants,
    /// Read pseudonymous participants and their attributes.
    ReadParticipants,
    /// Counts of who told, per wave and perspective.
    ReadResponse,
    /// Enrol and revoke devices.
    ManageDevices,
    /// Hand in stories.
    DeliverStories,
    /// Read released stories.
    ReadReleased,
    /// Read every story, raw.
    ReadRaw,
    /// Release, redact, translate, correct, withdraw, accept held stories.
    EditStories,
    /// Withdraw the one story whose code a teller shows, without reading it.
    WithdrawByCode,
    /// Ask for summaries.
    Analyse,
    /// Keep, change and remove regions of figures and lenses with a name; keep and remove findings.
    EditRegions,
    /// Take part in workshops.
    Workshop,
    /// Load files.
    ImportData,
    /// Take files out.
    ExportData,
    /// Agree, as a researcher, to a lower threshold that the owner asks for.
    ConsentThreshold,
    /// Read the audit trail.
    ReadAudit,
}

/// What a personal access token may be used for. A token never does more than its owner may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum Scope {
    /// Read the project, waves, frameworks and response.
    #[serde(rename = "project:read")]
    ProjectRead,
    /// Read stories that the owner of the token may read.
    #[serde(rename = "stories:read")]
    StoriesRead,
    /// Hand in and import stories.
    #[serde(rename = "stories:write")]
    StoriesWrite,
    /// Ask for summaries.
    #[serde(rename = "analysis:read")]
    AnalysisRead,
    /// Take files out.
    #[serde(rename = "export:read")]
    ExportRead,
}

impl Scope {
    /// Every scope with its name.
    pub const ALL: [(Scope, &'static str); 5] = [
        (Scope::ProjectRead, "project:read"),
        (Scope::StoriesRead, "stories:read"),
        (Scope::StoriesWrite, "stories:write"),
        (Scope::AnalysisRead, "analysis:read"),
        (Scope::ExportRead, "export:read"),
    ];

    /// The name used in JSON and in the database.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(s, _)| *s == self).map_or("", |(_, n)| n)
    }

    /// The scope with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(s, _)| *s)
    }

    /// Whether a token with this scope may use the capability (if its owner has it).
    pub fn covers(self, capability: Capability) -> bool {
        use Capability::*;
        match self {
            Self::ProjectRead => matches!(capability, ReadProject | ReadResponse),
            Self::StoriesRead => matches!(capability, ReadProject | ReadReleased | ReadRaw),
            Self::StoriesWrite => matches!(capability, ReadProject | DeliverStories | ImportData),
            Self::AnalysisRead => matches!(capability, ReadProject | Analyse),
            Self::ExportRead => matches!(capability, ReadProject | ExportData),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_who_may_be_an_employer_reads_stories() {
        for role in [Role::Owner, Role::Coordinator, Role::Facilitator] {
            for forbidden in [Capability::ReadRaw, Capability::ReadReleased, Capability::ExportData, Capability::Analyse] {
                assert!(!role.may(forbidden), "{role:?} {forbidden:?}");
            }
        }
    }

    #[test]
    fn only_researchers_read_raw_stories_and_only_coordinators_link_people() {
        for role in Role::ALL {
            assert_eq!(role.may(Capability::ReadRaw), role == Role::Researcher);
            assert_eq!(role.may(Capability::ManageParticipants), role == Role::Coordinator);
        }
    }

    #[test]
    fn names_round_trip() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
        for (scope, name) in Scope::ALL {
            assert_eq!(Scope::from_name(name), Some(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), name);
        }
    }
}

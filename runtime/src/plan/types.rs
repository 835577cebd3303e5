//! The types of a plan. Everything that shows or runs a plan reads these: text, JSON, SQL script, apply.

use super::entry_change::EntryChange;
use super::suspected::SuspectedRename;
use super::unit::Unit;
use crate::catalog::Name;
use crate::change::{Change, ColumnAlteration, Hazard, Risk, Statement, StepIsolation};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a run will do, and has not done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// The format of a saved plan ([`Plan::FORMAT`]).
    #[serde(default)]
    pub format: u32,
    /// The dialect it is for: `sqlite`.
    pub dialect: String,
    /// The namespace it is for.
    pub namespace: String,
    /// Fingerprint of the model (rule S1).
    pub fingerprint: String,
    /// Fingerprint of the live catalog that it was made against (rule P3).
    pub live: String,
    /// What happens to each table and view, in the order in which it happens.
    pub entries: Vec<Entry>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Which steps succeed or fail together, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Unit>,
    /// An older binary is speaking: nothing will be done (rule S6).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub superseded: bool,
    /// What an older binary needs and the database does not have (rule S6): its run is an error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
    /// The settings of the session that the statements rely on: `search_path`, `"public", pg_temp`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub session_settings: Vec<(String, String)>,
    /// What is in the database and is unmanaged: `table "x"`, `index "y" on "x"`. Never touched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmanaged: Vec<String>,
    /// It was made for online mode: each entry is a transaction of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub online: bool,
    /// What other namespaces manage, by namespace: `table "x"`. Never touched.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other_namespaces: BTreeMap<String, Vec<String>>,
}

/// One table or view and what happens to it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// What it is about.
    #[serde(flatten)]
    pub object: ObjectRef,
    /// What happens to it.
    pub status: EntryStatus,
    /// Its earlier name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// Names of added columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns_added: Vec<String>,
    /// Renamed columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns_renamed: Vec<Renamed>,
    /// Altered columns, one item a property.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns_altered: Vec<ColumnAlteration>,
    /// Names of dropped columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns_dropped: Vec<String>,
    /// Names of created indexes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes_created: Vec<String>,
    /// Names of dropped indexes; one whose definition changes is in both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes_dropped: Vec<String>,
    /// Added foreign keys: `(author_id) → users(id)`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys_added: Vec<String>,
    /// Dropped foreign keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys_dropped: Vec<String>,
    /// Labels that an enum type gets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels_added: Vec<String>,
    /// Labels of an enum type that get another name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels_renamed: Vec<Renamed>,
    /// Labels that an enum type loses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels_dropped: Vec<String>,
    /// What else changes: options, checks, the primary key, names of parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_changes: Vec<EntryChange>,
    /// The table is rebuilt, rows kept unless `destructive`; or the enum type is, and its columns are altered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recreated: bool,
    /// Something is destroyed: rows, a column, the whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub destructive: bool,
    /// About how many rows the table has, where a step locks it and the database knows without counting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_rows: Option<u64>,
    /// Rows that a drop destroys (rule T5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_lost: Option<u64>,
    /// Values that column drops destroy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values_lost: Vec<ValuesLost>,
    /// What is not done, and why (rules O1, P1, C3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Withheld>,
    /// Columns that shall be required and stay nullable until their NULLs are gone (rule C3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns_pending: Vec<String>,
    /// What goes while something alike comes: perhaps the model means a rename.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspected_renames: Vec<SuspectedRename>,
    /// What the user should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What is wrong with it; the status is then `Error`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// What is unmanaged of this table: `column "x"`, `index "y"`. Never touched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmanaged: Vec<String>,
}

impl Entry {
    /// In sync, about that object.
    pub(crate) fn of(kind: EntryKind, name: &Name) -> Self {
        Self { object: ObjectRef { kind, name: name.clone() }, ..Self::default() }
    }

    /// The name of its object, with the schema where it has one, to be shown.
    pub fn name(&self) -> String {
        self.object.name.to_string()
    }

    /// Whether it is a table, a view or a type.
    pub fn kind(&self) -> EntryKind {
        self.object.kind
    }
}

/// An object of the database: what kind of object it is, and its name. As JSON: `kind`, `schema` where it has one, `name`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "ObjectDocument", into = "ObjectDocument")]
#[non_exhaustive]
pub struct ObjectRef {
    /// Table, view or type.
    pub kind: EntryKind,
    /// Its name.
    pub name: Name,
}

/// The form of an [`ObjectRef`] in a document.
#[derive(Serialize, Deserialize)]
struct ObjectDocument {
    kind: EntryKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
    name: String,
}

impl From<ObjectDocument> for ObjectRef {
    fn from(document: ObjectDocument) -> Self {
        Self { kind: document.kind, name: Name { schema: document.schema, name: document.name } }
    }
}

impl From<ObjectRef> for ObjectDocument {
    fn from(object: ObjectRef) -> Self {
        Self { kind: object.kind, schema: object.name.schema, name: object.name.name }
    }
}

/// The kinds of objects that an entry may be about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum EntryKind {
    #[default]
    Table,
    View,
    /// A view that is only checked: its errors are advisory (rules V5, R4).
    ExternalView,
    /// A table that is only checked: its errors are advisory.
    ExternalTable,
    /// An enum type.
    Type,
}

impl EntryKind {
    /// Whether it is only checked.
    pub fn is_external(self) -> bool {
        matches!(self, Self::ExternalView | Self::ExternalTable)
    }
}

/// What happens to a table or view (rule R2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum EntryStatus {
    Create,
    Alter,
    Drop,
    #[default]
    InSync,
    Error,
}

/// An old and a new name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Renamed {
    pub from: String,
    pub to: String,
}

/// Values that the drop of a column destroys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ValuesLost {
    /// The column.
    pub column: String,
    /// Rows in which it is not NULL.
    pub rows: u64,
}

/// Something that is not done, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Withheld {
    /// `drop column "bio"`
    pub what: String,
    /// `safe mode`, in words for the user.
    pub why: String,
    /// Why, as far as a decision hangs on it.
    #[serde(default)]
    pub reason: WithheldReason,
}

/// What keeps something from being done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WithheldReason {
    /// Safe mode holds it back: a later run without it does it (rule P1).
    SafeMode,
    /// This database does not have it (rule O1).
    Unsupported,
    /// Something that stays still needs it.
    #[default]
    InUse,
}

impl Withheld {
    /// Something that is not done for that reason; `detail`: more about it, may be empty.
    pub(crate) fn new(what: String, reason: WithheldReason, detail: &str) -> Self {
        let why = match (reason, detail) {
            (WithheldReason::SafeMode, "") => "safe mode".to_owned(),
            (WithheldReason::SafeMode, detail) => format!("safe mode: {detail}"),
            (WithheldReason::Unsupported, _) => "not supported by this database".to_owned(),
            (WithheldReason::InUse, detail) => detail.to_owned(),
        };
        Self { what, why, reason }
    }
}

/// One change and how it is done. In online mode a change may have several steps, one after another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// Index of its entry.
    pub entry: usize,
    /// The change.
    pub change: Change,
    /// The statements.
    pub statements: Vec<Statement>,
    /// Risk.
    #[serde(default)]
    pub risk: Risk,
    /// Hazards, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hazards: Vec<Hazard>,
    /// When it fails, only this step is rolled back and its entry's other changes are kept (rule I2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// The lock that it takes on the table, in the database's own words, where it has such locks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<String>,
    /// When it is done, and in which transaction.
    #[serde(default, skip_serializing_if = "StepIsolation::is_unit")]
    pub isolation: StepIsolation,
    /// What takes back what it leaves behind when it fails, or a later step of the same change (online mode).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compensation: Vec<String>,
}

impl Step {
    /// A step that is done with its entry.
    pub(crate) fn new(entry: usize, change: Change, statements: Vec<Statement>) -> Self {
        Self {
            entry,
            change,
            statements,
            risk: Risk::Safe,
            hazards: Vec::new(),
            optional: false,
            lock: None,
            isolation: StepIsolation::Unit,
            compensation: Vec::new(),
        }
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            format: Self::FORMAT,
            dialect: Default::default(),
            namespace: Default::default(),
            fingerprint: Default::default(),
            live: Default::default(),
            entries: Default::default(),
            steps: Default::default(),
            units: Default::default(),
            superseded: false,
            lacks: Vec::new(),
            session_settings: Vec::new(),
            unmanaged: Default::default(),
            online: false,
            other_namespaces: Default::default(),
        }
    }
}

impl Plan {
    /// The format in which this version writes a plan as JSON. A plan of another format is refused: a new one is made in seconds.
    pub const FORMAT: u32 = 3;

    /// Nothing to do and nothing wrong.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && !self.has_errors()
    }

    /// Whether an entry that counts has errors (those of external views are advisory, rule R4).
    pub fn has_errors(&self) -> bool {
        self.entries.iter().any(|entry| !entry.object.kind.is_external() && !entry.errors.is_empty())
    }

    /// The highest risk of any step.
    pub fn risk(&self) -> Risk {
        self.steps.iter().map(|step| step.risk).max().unwrap_or_default()
    }

    /// The entry of the table, view or type that is shown under that name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name() == name)
    }

    /// Every statement, in order.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.steps.iter().flat_map(|step| &step.statements)
    }
}

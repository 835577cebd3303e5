//! Descriptors → model: embedded structs are spread out, field paths become physical names.

mod column;
mod probe;
mod table;
mod view;

pub use probe::{AsTable, AsView, Model, NotAModel, Probe};

use super::{Schema, Table, View};
use crate::descriptor::{DbTable, ModelDef, TableDef, ViewDef};
use std::collections::BTreeMap;

impl Schema {
    /// A model of these tables and views, sorted by namespace and name.
    pub fn new(tables: Vec<Table>, views: Vec<View>) -> Self {
        let mut schema = Self { tables, views, problems: Vec::new() };
        schema.sort();
        schema
    }

    /// The model of these descriptors: what [`schema!`](crate::schema) expands to.
    ///
    /// Naming one model twice is naming it once. Contradictions are kept in the result and told by [`Schema::validate`].
    pub fn from_models(models: &[ModelDef]) -> Self {
        let mut builder = Builder::default();
        for model in models {
            match *model {
                ModelDef::Table(table) => builder.table(table()),
                ModelDef::View(view) => builder.view(view()),
            }
        }
        builder.finish()
    }

    /// The model of a single table.
    pub fn of<T: DbTable>() -> Self {
        Self::from_models(&[ModelDef::Table(T::table)])
    }

    /// The model of everything that derives `DbTable` or `DbView`, is linked into this binary and is in no space: a program with one
    /// database needs none.
    ///
    /// A crate that nothing of is used is not linked: name one of its items to have its models.
    #[cfg(feature = "registry")]
    pub fn registered() -> Self {
        Self::from_models(&registered_models(|space| space.is_none()))
    }

    /// As [`Schema::registered`], whatever the space: for tests that put all into one database.
    #[cfg(feature = "registry")]
    pub fn registered_everywhere() -> Self {
        Self::from_models(&registered_models(|_| true))
    }

    /// The spaces of the registered models, sorted.
    #[cfg(feature = "registry")]
    pub fn registered_spaces() -> Vec<&'static str> {
        use crate::registry::Registered;
        let spaces = inventory::iter::<Registered>.into_iter().filter_map(Registered::space);
        spaces.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// As [`Schema::registered`], of the models that say `#[db(space = "…")]` with that space: a database of their own.
    #[cfg(feature = "registry")]
    pub fn registered_in(space: &str) -> Self {
        Self::from_models(&registered_models(|found| found == Some(space)))
    }

    pub(super) fn sort(&mut self) {
        self.tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        self.views.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    }
}

/// The registered models of the spaces asked for, in the order of their Rust paths: the linker's order must not reach a user.
#[cfg(feature = "registry")]
fn registered_models(wanted: impl Fn(Option<&str>) -> bool) -> Vec<ModelDef> {
    let mut models: Vec<_> = inventory::iter::<crate::registry::Registered>
        .into_iter()
        .filter(|registered| wanted(registered.space()))
        .map(|registered| match registered.0 {
            ModelDef::Table(table) => (table().rust_path, registered.0),
            ModelDef::View(view) => (view().rust_path, registered.0),
        })
        .collect();
    models.sort_by_key(|(path, _)| *path);
    models.into_iter().map(|(_, model)| model).collect()
}

/// A name as the least discerning of the databases compares it: SQLite and MySQL may fold ASCII letters.
type FoldedName = (Option<String>, String);

#[derive(Default)]
struct Builder {
    schema: Schema,
    /// Who has which name: kind, name, Rust path, address of the descriptor.
    names: BTreeMap<FoldedName, Claim>,
}

struct Claim {
    kind: &'static str,
    name: &'static str,
    path: &'static str,
    descriptor: usize,
}

impl Builder {
    fn table(&mut self, def: &'static TableDef) {
        let claim =
            Claim { kind: "table", name: def.name, path: def.rust_path, descriptor: std::ptr::from_ref(def).addr() };
        if self.claim(def.schema, claim) {
            self.schema.tables.push(table::table(def, &mut self.schema.problems));
        }
    }

    fn view(&mut self, def: &'static ViewDef) {
        let claim =
            Claim { kind: "view", name: def.name, path: def.rust_path, descriptor: std::ptr::from_ref(def).addr() };
        if self.claim(def.schema, claim) {
            self.schema.views.push(view::view(def, &mut self.schema.problems));
        }
    }

    /// Whether the name is free. One descriptor named twice is left out in silence, two descriptors of one name are a problem.
    fn claim(&mut self, schema: Option<&str>, new: Claim) -> bool {
        let key = (schema.map(str::to_owned), new.name.to_owned());
        let Some(old) = self.names.get(&key) else {
            self.names.insert(key, new);
            return true;
        };
        if old.descriptor != new.descriptor {
            let what = format!("{} and {} both are named {:?}", old.path, new.path, new.name);
            let remedy =
                if old.kind == new.kind { old.kind.to_owned() } else { format!("{} or {}", old.kind, new.kind) };
            self.schema.problems.push(format!("{what}: give one of them another name with #[db({remedy} = \"…\")]"));
        }
        false
    }

    fn finish(mut self) -> Schema {
        self.schema.sort();
        self.schema
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests;

//! The steps of a plan as nodes of the graph: one for each object and kind of change.

use super::Strength::Required;
use super::{Cycle, Graph, Group, Unit};
use crate::catalog::{ForeignKey, Name, View};
use crate::change::Change;
use crate::diff::folded;
use crate::diff::table::TableKind;
use crate::plan::build::Planner;
use crate::plan::types::Step;
use std::collections::{BTreeMap, BTreeSet};

/// The steps of a plan as a graph.
pub(super) struct StepGraph<'p, 'a> {
    pub(super) planner: &'p Planner<'a>,
    pub(super) graph: Graph,
    /// The steps by node; `None`: a barrier.
    pub(super) steps: Vec<Option<Step>>,
    /// By entry.
    pub(super) chains: Vec<Chain>,
    /// Nodes that drop a view, and those that create one, by its name.
    pub(super) dropped_views: BTreeMap<Name, usize>,
    pub(super) created_views: BTreeMap<Name, usize>,
    /// Views that are created by entries of their own.
    defined_views: BTreeSet<Name>,
    /// Nodes that drop a foreign key, by table and name.
    pub(super) dropped_keys: BTreeMap<(Name, Option<String>), usize>,
}

/// The nodes of one entry that stay in the order in which the planner made them. Between drops of dependents, which another entry may
/// share, there is no order: all come after the node before them and before the node after them.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    pub(super) nodes: Vec<usize>,
    /// The last node that is no drop of a dependent.
    last: Option<usize>,
    /// The drops after it.
    drops: Vec<usize>,
}

impl Chain {
    /// What has to be done before a node that comes next.
    pub(super) fn ends(&self) -> &[usize] {
        if self.drops.is_empty() { self.last.as_slice() } else { &self.drops }
    }

    /// Adds a node; those that have to be done before it.
    fn push(&mut self, node: usize, drops_dependent: bool) -> Vec<usize> {
        if drops_dependent && self.nodes.contains(&node) {
            return Vec::new();
        }
        self.nodes.push(node);
        if drops_dependent {
            self.drops.push(node);
            return self.last.into_iter().collect();
        }
        let before = self.ends().to_vec();
        self.last = Some(node);
        self.drops.clear();
        before
    }
}

/// What is done, in order.
pub(crate) struct Arranged {
    pub(crate) steps: Vec<Step>,
    pub(crate) units: Vec<ArrangedUnit>,
}

/// A unit: its steps by position, and what it needs.
pub(crate) struct ArrangedUnit {
    pub(crate) steps: Vec<usize>,
    pub(crate) entries: Vec<usize>,
    pub(crate) depends_on: BTreeSet<usize>,
}

/// Puts the steps of a planner in order.
///
/// # Errors
/// The entries of steps that need each other in a circle.
pub(crate) fn arrange(planner: &Planner<'_>) -> Result<Arranged, Vec<usize>> {
    let mut steps = StepGraph::new(planner);
    steps.add_all();
    steps.connect();
    let units = steps.graph.arrange();
    match units {
        Ok(units) => Ok(steps.arranged(units)),
        Err(Cycle(nodes)) => {
            let entries: BTreeSet<usize> =
                nodes.iter().filter_map(|node| steps.steps[*node].as_ref()).map(|step| step.entry).collect();
            Err(entries.into_iter().collect())
        }
    }
}

impl<'p, 'a> StepGraph<'p, 'a> {
    fn new(planner: &'p Planner<'a>) -> Self {
        Self {
            planner,
            graph: Graph::default(),
            steps: Vec::new(),
            chains: vec![Chain::default(); planner.entries.len()],
            dropped_views: BTreeMap::new(),
            created_views: BTreeMap::new(),
            defined_views: BTreeSet::new(),
            dropped_keys: BTreeMap::new(),
        }
    }

    pub(super) fn key(&self, name: &Name) -> Name {
        folded(self.planner.dialect, name)
    }

    pub(super) fn node(&mut self, group: Group, step: Option<Step>) -> usize {
        self.steps.push(step);
        self.graph.node(group)
    }

    /// Every step becomes a node, in the order of the entries; one that another entry has as well meets it.
    fn add_all(&mut self) {
        let planner = self.planner;
        // A view that goes for good, or changes, needs no suspension.
        for (entry, steps) in planner.steps.iter().enumerate() {
            for step in steps.iter().filter(|step| matches!(step.change, Change::DropView { .. })) {
                self.add_drop(entry, step);
            }
        }
        for step in planner.steps.iter().flatten() {
            if let Change::CreateView { view } | Change::ReplaceView { view } = &step.change {
                self.defined_views.insert(self.key(&view.name));
            }
        }
        for (entry, steps) in planner.steps.iter().enumerate() {
            for step in steps {
                self.add(entry, step);
            }
        }
        for step in &planner.at_unit_end {
            self.add_at_end(step);
        }
    }

    fn add_drop(&mut self, entry: usize, step: &Step) {
        let Change::DropView { name, .. } = &step.change else { return };
        let name = self.key(name);
        if let Some(known) = self.dropped_views.get(&name) {
            let other = self.steps[*known].as_ref().map_or(entry, |step| step.entry);
            self.graph.couple(entry, other);
            return;
        }
        let node = self.node(Group::Entry(entry), Some(step.clone()));
        self.dropped_views.insert(name, node);
    }

    /// Adds a step to the chain of its entry.
    fn add(&mut self, entry: usize, step: &Step) {
        let node = match &step.change {
            Change::DropView { name, .. } => self.dropped_views.get(&self.key(name)).copied(),
            Change::SuspendView { view } => {
                let name = self.key(&view.name);
                let node = self.shared(entry, step, self.dropped_views.get(&name).copied());
                self.dropped_views.insert(name, node);
                Some(node)
            }
            Change::RestoreView { view } => return self.add_restore(entry, step, view),
            Change::CreateView { view } | Change::ReplaceView { view } => {
                let node = self.node(Group::Entry(entry), Some(step.clone()));
                // The view's own definition is what it is restored to.
                if let Some(known) = self.created_views.insert(self.key(&view.name), node) {
                    self.steps[known] = None;
                    self.graph.edge(known, node, Required);
                }
                Some(node)
            }
            Change::DropForeignKey { table, foreign_key } | Change::SuspendForeignKey { table, foreign_key } => {
                let key = (self.key(table), foreign_key.name.clone());
                let node = self.shared(entry, step, self.dropped_keys.get(&key).copied());
                self.dropped_keys.insert(key, node);
                Some(node)
            }
            Change::AddForeignKey { table, foreign_key } if is_new_key(self.planner, table, foreign_key) => {
                Some(self.node(Group::Detachable(entry), Some(step.clone())))
            }
            _ => Some(self.node(Group::Entry(entry), Some(step.clone()))),
        };
        let Some(node) = node else { return };
        let before = match &step.change {
            // Nothing of an entry waits for a key that may come later.
            Change::AddForeignKey { .. } | Change::RestoreForeignKey { .. } => self.chains[entry].ends().to_vec(),
            Change::DropView { .. }
            | Change::SuspendView { .. }
            | Change::DropForeignKey { .. }
            | Change::SuspendForeignKey { .. } => self.chains[entry].push(node, true),
            _ => self.chains[entry].push(node, false),
        };
        for first in before {
            self.graph.edge(first, node, Required);
        }
    }

    /// A node that another entry may have made already: the entries then succeed or fail together.
    fn shared(&mut self, entry: usize, step: &Step, known: Option<usize>) -> usize {
        match known {
            Some(node) => {
                if let Some(other) = self.steps[node].as_ref().map(|step| step.entry) {
                    self.graph.couple(entry, other);
                }
                node
            }
            None => self.node(Group::Entry(entry), Some(step.clone())),
        }
    }

    /// A view that comes back does so once all that it makes way for is done, and nothing of the entry waits for it.
    fn add_restore(&mut self, entry: usize, step: &Step, view: &View) {
        let name = self.key(&view.name);
        if self.goes_for_good(&name) {
            return;
        }
        let known = self.created_views.get(&name).copied();
        let node = self.shared(entry, step, known);
        self.created_views.insert(name, node);
        for first in self.chains[entry].ends() {
            self.graph.edge(*first, node, Required);
        }
    }

    /// Whether a view is dropped in this run and not created again by its own entry.
    fn goes_for_good(&self, name: &Name) -> bool {
        let dropped = self.dropped_views.get(name).and_then(|node| self.steps[*node].as_ref());
        let dropped = dropped.is_some_and(|step| matches!(step.change, Change::DropView { .. }));
        dropped && !self.defined_views.contains(name)
    }

    /// A step that is done once all entries that its own is coupled with are.
    fn add_at_end(&mut self, step: &Step) {
        let node = match &step.change {
            Change::RestoreView { view } => {
                let name = self.key(&view.name);
                if self.goes_for_good(&name) {
                    return;
                }
                let known = self.created_views.get(&name).copied();
                let node = self.shared(step.entry, step, known);
                self.created_views.insert(name, node);
                node
            }
            _ => self.node(Group::Entry(step.entry), Some(step.clone())),
        };
        let coupled = self.planner.coupled.iter().filter(|(a, _)| *a == step.entry).map(|(_, b)| *b);
        for entry in coupled.chain([step.entry]) {
            for first in self.chains[entry].ends() {
                self.graph.edge(*first, node, Required);
            }
        }
    }

    /// The units with their steps, in order.
    fn arranged(self, units: Vec<Unit>) -> Arranged {
        let mut steps = Vec::new();
        let mut arranged: Vec<ArrangedUnit> = Vec::with_capacity(units.len());
        // Of a unit whose steps have all met those of others nothing is left.
        let mut places: Vec<BTreeSet<usize>> = Vec::with_capacity(units.len());
        let mut all = self.steps;
        for unit in units {
            let own: Vec<Step> = unit.nodes.iter().filter_map(|node| all[*node].take()).collect();
            let depends_on: BTreeSet<usize> =
                unit.depends_on.iter().flat_map(|at| places[*at].iter().copied()).collect();
            if own.is_empty() {
                places.push(depends_on);
                continue;
            }
            places.push(BTreeSet::from([arranged.len()]));
            let entries: BTreeSet<usize> = own.iter().map(|step| step.entry).collect();
            let from = steps.len();
            steps.extend(own.into_iter().map(|step| Step { optional: step.optional || unit.detached, ..step }));
            arranged.push(ArrangedUnit {
                steps: (from..steps.len()).collect(),
                entries: entries.into_iter().collect(),
                depends_on,
            });
        }
        Arranged { steps, units: arranged }
    }
}

/// Whether that foreign key is new, so that it may be added later than all else of its entry.
fn is_new_key(planner: &Planner<'_>, table: &Name, key: &ForeignKey) -> bool {
    let diff = planner.diff_of.get(&folded(planner.dialect, table));
    diff.is_some_and(|diff| diff.kind == TableKind::Create || diff.foreign_keys.added.contains(key))
}

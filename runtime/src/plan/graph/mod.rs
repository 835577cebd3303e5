//! The one graph from which the order of all steps comes.
//!
//! A node is one step: one object and one kind of change, so that two roads to it meet. An edge says that one step needs another to be
//! done before. Steps of one entry, entries that are coupled, and whatever needs each other in a circle are one *unit*: what succeeds or
//! fails together. [`nodes`] and [`edges`] make it of the steps of a plan; this file knows nothing of databases.

mod edges;
mod nodes;
pub(crate) mod sort;

pub(crate) use nodes::{Arranged, ArrangedUnit, arrange};

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

/// How much an edge insists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// The order is only better so. Within one unit it gives way where it would close a cycle.
    Preferred,
    /// The one cannot be done before the other.
    Required,
}

/// Steps, by number, and what they need.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// The group of each node before the units are formed: the entry that it belongs to.
    groups: Vec<Group>,
    edges: BTreeMap<(usize, usize), Strength>,
    coupled: Vec<(usize, usize)>,
}

/// What a node belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// It succeeds or fails with the other steps of that entry.
    Entry(usize),
    /// As `Entry`, and it may be done by itself where it closes a cycle of entries: a foreign key that is added later.
    Detachable(usize),
    /// No step at all: only for edges to go through.
    Barrier,
}

/// Nodes in the order in which they are done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) nodes: Vec<usize>,
    /// Units, by position, that have to succeed before.
    pub(crate) depends_on: BTreeSet<usize>,
    /// It is the one detached node.
    pub(crate) detached: bool,
}

/// Steps that need each other in a circle which nothing cuts: their nodes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cycle(pub(crate) Vec<usize>);

impl Graph {
    /// Adds a node; nodes that no edge puts in order stay in the order in which they were added.
    pub(crate) fn node(&mut self, group: Group) -> usize {
        self.groups.push(group);
        self.groups.len() - 1
    }

    /// `then` needs `first` to be done.
    pub(crate) fn edge(&mut self, first: usize, then: usize, strength: Strength) {
        if first != then {
            let known = self.edges.entry((first, then)).or_insert(strength);
            *known = (*known).max(strength);
        }
    }

    /// The two succeed or fail together.
    pub(crate) fn couple(&mut self, a: usize, b: usize) {
        self.coupled.push((a, b));
    }

    /// The units in the order in which they are done, each with its nodes in order.
    ///
    /// # Errors
    /// A cycle of required edges, by its members.
    pub(crate) fn arrange(&self) -> Result<Vec<Unit>, Cycle> {
        let mut detached = BTreeSet::new();
        let mut unit_of = self.units(&detached);
        let closing = self.closing(&unit_of);
        if !closing.is_empty() {
            detached = self.that_part(&closing);
            unit_of = self.units(&detached);
        }
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (node, unit) in unit_of.iter().enumerate() {
            members.entry(*unit).or_default().push(node);
        }
        let number: BTreeMap<usize, usize> = members.keys().enumerate().map(|(at, unit)| (*unit, at)).collect();
        let between: BTreeSet<(usize, usize)> = self
            .edges
            .keys()
            .map(|(first, then)| (number[&unit_of[*first]], number[&unit_of[*then]]))
            .filter(|(first, then)| first != then)
            .collect();
        // Units are strongly connected components: between them there is no cycle.
        let order = sort::topological(members.len(), &between).map_err(|rest| Cycle(rest.into_iter().collect()))?;
        let mut nodes: Vec<Vec<usize>> = members.into_values().collect();
        let place: BTreeMap<usize, usize> = order.iter().enumerate().map(|(place, unit)| (*unit, place)).collect();
        let mut units = Vec::with_capacity(order.len());
        for unit in &order {
            let within = self.sort_unit(std::mem::take(&mut nodes[*unit]))?;
            let is_detached = within.iter().any(|node| detached.contains(node));
            units.push(Unit { nodes: within, depends_on: BTreeSet::new(), detached: is_detached });
        }
        for (first, then) in between {
            units[place[&then]].depends_on.insert(place[&first]);
        }
        Ok(self.without_barriers(units))
    }

    /// The unit of each node: its least member.
    fn units(&self, detached: &BTreeSet<usize>) -> Vec<usize> {
        let mut sets = sort::DisjointSets::new(self.groups.len());
        let mut first_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (node, group) in self.groups.iter().enumerate() {
            if let Group::Entry(entry) | Group::Detachable(entry) = group
                && !detached.contains(&node)
            {
                sets.join(*first_of.entry(*entry).or_insert(node), node);
            }
        }
        for (a, b) in &self.coupled {
            if let (Some(a), Some(b)) = (first_of.get(a), first_of.get(b)) {
                sets.join(*a, *b);
            }
        }
        let root: Vec<usize> = (0..self.groups.len()).map(|node| sets.root(node)).collect();
        let edges: BTreeSet<(usize, usize)> = self.edges.keys().map(|(a, b)| (root[*a], root[*b])).collect();
        let component = sort::components(self.groups.len(), &edges);
        root.into_iter().map(|root| component[root]).collect()
    }

    /// The detachable nodes whose edges hold a unit of several entries together.
    fn closing(&self, unit_of: &[usize]) -> BTreeSet<usize> {
        let detachable = |node: &usize| matches!(self.groups[*node], Group::Detachable(_));
        let entry = |node: usize| match self.groups[node] {
            Group::Entry(entry) | Group::Detachable(entry) => Some(entry),
            Group::Barrier => None,
        };
        let within = self.edges.keys().filter(|(first, then)| {
            detachable(then) && unit_of[*first] == unit_of[*then] && entry(*first) != entry(*then)
        });
        within.map(|(_, then)| *then).collect()
    }

    /// Of these detachable nodes those without which the entries they join are different units. The others stay where they are.
    fn that_part(&self, closing: &BTreeSet<usize>) -> BTreeSet<usize> {
        let unit_of = self.units(closing);
        let own = |node: usize| {
            let entry = |group: &Group| match group {
                Group::Entry(entry) | Group::Detachable(entry) => Some(*entry),
                Group::Barrier => None,
            };
            let of_entry = |(other, group): (usize, &Group)| {
                (entry(group) == entry(&self.groups[node]) && !closing.contains(&other)).then_some(unit_of[other])
            };
            self.groups.iter().enumerate().find_map(of_entry)
        };
        let joins = |node: &usize| {
            let needed = self.edges.keys().filter(|(_, then)| then == node).map(|(first, _)| unit_of[*first]);
            let own = own(*node);
            needed.into_iter().any(|unit| Some(unit) != own)
        };
        closing.iter().copied().filter(joins).collect()
    }

    fn sort_unit(&self, members: Vec<usize>) -> Result<Vec<usize>, Cycle> {
        let at: BTreeMap<usize, usize> = members.iter().enumerate().map(|(at, node)| (*node, at)).collect();
        let edges = |least: Strength| -> BTreeSet<(usize, usize)> {
            let within = members.iter().flat_map(|node| self.edges.range((*node, 0)..=(*node, usize::MAX)));
            let kept = within.filter(|(_, strength)| **strength >= least);
            kept.filter_map(|((first, then), _)| Some((*at.get(first)?, *at.get(then)?))).collect()
        };
        let named = |order: Vec<usize>| order.into_iter().map(|at| members[at]).collect::<Vec<usize>>();
        if let Ok(order) = sort::topological(members.len(), &edges(Strength::Preferred)) {
            return Ok(named(order));
        }
        match sort::topological(members.len(), &edges(Strength::Required)) {
            Ok(order) => Ok(named(order)),
            Err(rest) => Err(Cycle(named(rest))),
        }
    }

    /// Takes the barriers out; what depends on one depends on what it depends on.
    fn without_barriers(&self, units: Vec<Unit>) -> Vec<Unit> {
        let mut kept: Vec<Unit> = Vec::with_capacity(units.len());
        let mut places: Vec<BTreeSet<usize>> = Vec::with_capacity(units.len());
        for mut unit in units {
            unit.depends_on = unit.depends_on.iter().flat_map(|at| places[*at].iter().copied()).collect();
            unit.nodes.retain(|node| self.groups[*node] != Group::Barrier);
            if unit.nodes.is_empty() {
                places.push(unit.depends_on);
            } else {
                places.push(BTreeSet::from([kept.len()]));
                kept.push(unit);
            }
        }
        kept
    }
}

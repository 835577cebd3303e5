use super::Strength::{Preferred, Required};
use super::*;

/// Nodes of these entries; edges by position.
fn graph(entries: &[usize], edges: &[(usize, usize)]) -> Graph {
    let mut graph = Graph::default();
    for entry in entries {
        graph.node(Group::Entry(*entry));
    }
    for (first, then) in edges {
        graph.edge(*first, *then, Required);
    }
    graph
}

fn nodes(units: &[Unit]) -> Vec<Vec<usize>> {
    units.iter().map(|unit| unit.nodes.clone()).collect()
}

#[test]
fn what_nothing_orders_stays_as_it_was_added() {
    let units = graph(&[0, 1, 2], &[]).arrange().unwrap();
    assert_eq!(nodes(&units), [[0], [1], [2]]);
    assert!(units.iter().all(|unit| unit.depends_on.is_empty()));
}

#[test]
fn a_name_is_freed_before_it_is_taken() {
    // 0: `a` becomes `b`; 1: `b` becomes `c`; 2: `c` is dropped.
    let units = graph(&[0, 1, 2], &[(1, 0), (2, 1)]).arrange().unwrap();
    assert_eq!(nodes(&units), [[2], [1], [0]]);
    assert_eq!(units[2].depends_on, BTreeSet::from([1]));
}

#[test]
fn a_dependent_that_goes_and_comes_back_shares_the_unit_of_what_it_makes_way_for() {
    // Entry 0 drops a view and creates it again; entry 1 alters the table in between; entry 2 has nothing to do with them.
    let units = graph(&[0, 0, 1, 2], &[(0, 1), (0, 2), (2, 1)]).arrange().unwrap();
    assert_eq!(nodes(&units), [vec![0, 2, 1], vec![3]]);
}

#[test]
fn a_ring_of_renamed_tables_is_one_unit_and_its_renames_come_first() {
    // Each of forty entries renames its table, drops its key and adds it again to the next one under its new name.
    const RING: usize = 40;
    let entries: Vec<usize> = (0..RING * 3).map(|node| node / 3).collect();
    let mut edges = Vec::new();
    for at in 0..RING {
        edges.extend([(at * 3, at * 3 + 1), (at * 3 + 1, at * 3 + 2)]);
        edges.push(((at + 1) % RING * 3, at * 3 + 2));
    }
    let units = graph(&entries, &edges).arrange().unwrap();
    assert_eq!(units.len(), 1);
    let place = |node: usize| units[0].nodes.iter().position(|other| *other == node).unwrap();
    for (first, then) in edges {
        assert!(place(first) < place(then), "{first} before {then}");
    }
}

#[test]
fn a_new_key_that_closes_a_cycle_is_added_by_itself() {
    // Two tables that are created, each with a key to the other.
    let mut graph = Graph::default();
    for entry in 0..2 {
        graph.node(Group::Entry(entry));
        graph.node(Group::Detachable(entry));
    }
    for (first, then) in [(0, 1), (2, 3), (0, 3), (2, 1)] {
        graph.edge(first, then, Required);
    }
    let units = graph.arrange().unwrap();
    assert_eq!(nodes(&units), [[0], [2], [1], [3]]);
    assert_eq!(units.iter().map(|unit| unit.detached).collect::<Vec<_>>(), [false, false, true, true]);
    assert_eq!(units[2].depends_on, BTreeSet::from([0, 1]));
}

#[test]
fn a_new_key_without_a_cycle_stays_with_its_table() {
    let mut graph = Graph::default();
    let child = graph.node(Group::Entry(0));
    let key = graph.node(Group::Detachable(0));
    let parent = graph.node(Group::Entry(1));
    graph.edge(child, key, Required);
    graph.edge(parent, key, Required);
    assert_eq!(nodes(&graph.arrange().unwrap()), [vec![parent], vec![child, key]]);
}

#[test]
fn coupled_entries_are_one_unit() {
    let mut graph = graph(&[0, 1, 2], &[]);
    graph.couple(0, 2);
    assert_eq!(nodes(&graph.arrange().unwrap()), [vec![0, 2], vec![1]]);
}

#[test]
fn a_preference_gives_way_within_a_unit() {
    let mut graph = graph(&[0, 1], &[]);
    graph.edge(0, 1, Preferred);
    graph.edge(1, 0, Preferred);
    assert_eq!(nodes(&graph.arrange().unwrap()), [[0, 1]]);
    let mut graph = Graph::default();
    let (a, b) = (graph.node(Group::Entry(0)), graph.node(Group::Entry(1)));
    graph.edge(b, a, Preferred);
    assert_eq!(nodes(&graph.arrange().unwrap()), [[1], [0]]);
}

#[test]
fn a_cycle_that_nothing_cuts_names_its_members() {
    let found = graph(&[0, 1, 2, 3], &[(0, 1), (1, 2), (2, 1), (2, 3)]).arrange();
    assert_eq!(found, Err(Cycle(vec![1, 2])));
}

#[test]
fn what_waits_for_a_barrier_waits_for_all_that_comes_before_it() {
    let mut graph = Graph::default();
    let (first, second) = (graph.node(Group::Entry(0)), graph.node(Group::Entry(1)));
    let rename = graph.node(Group::Entry(2));
    let barrier = graph.node(Group::Barrier);
    graph.edge(first, barrier, Required);
    graph.edge(second, barrier, Required);
    graph.edge(barrier, rename, Required);
    let units = graph.arrange().unwrap();
    assert_eq!(nodes(&units), [[first], [second], [rename]]);
    assert_eq!(units[2].depends_on, BTreeSet::from([0, 1]));
}

#[test]
fn ten_thousand_in_a_row_are_no_trouble() {
    const COUNT: usize = 10_000;
    let entries: Vec<usize> = (0..COUNT).collect();
    let edges: Vec<(usize, usize)> = (1..COUNT).map(|at| (at, at - 1)).collect();
    let units = graph(&entries, &edges).arrange().unwrap();
    assert_eq!(units.first().map(|unit| unit.nodes.clone()), Some(vec![COUNT - 1]));
}

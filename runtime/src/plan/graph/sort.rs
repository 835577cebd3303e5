//! Orders and components of small graphs, without recursion: a chain of ten thousand tables is no reason to overflow the stack.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// The nodes `0..count`, each after those that it needs; of several that could be next, the least. Linear but for the heap.
///
/// # Errors
/// The nodes of the cycles that are left, in order.
pub(crate) fn topological(count: usize, edges: &BTreeSet<(usize, usize)>) -> Result<Vec<usize>, Vec<usize>> {
    let mut waits = vec![0_usize; count];
    for (_, then) in edges {
        waits[*then] += 1;
    }
    let mut ready: BinaryHeap<Reverse<usize>> = (0..count).filter(|node| waits[*node] == 0).map(Reverse).collect();
    let mut sorted = Vec::with_capacity(count);
    while let Some(Reverse(node)) = ready.pop() {
        sorted.push(node);
        for (_, then) in edges.range((node, 0)..=(node, usize::MAX)) {
            waits[*then] -= 1;
            if waits[*then] == 0 {
                ready.push(Reverse(*then));
            }
        }
    }
    if sorted.len() == count { Ok(sorted) } else { Err(on_cycles(count, edges, &waits)) }
}

/// Of the nodes that are left, those that are on a cycle and do not only wait for one.
fn on_cycles(count: usize, edges: &BTreeSet<(usize, usize)>, waits: &[usize]) -> Vec<usize> {
    let left = |node: usize| waits[node] > 0;
    let within: BTreeSet<(usize, usize)> = edges.iter().copied().filter(|(a, b)| left(*a) && left(*b)).collect();
    let component = components(count, &within);
    let mut size = vec![0_usize; count];
    component.iter().for_each(|root| size[*root] += 1);
    (0..count).filter(|node| left(*node) && size[component[*node]] > 1).collect()
}

/// The strongly connected component of each node, named by its least member (Tarjan).
pub(crate) fn components(count: usize, edges: &BTreeSet<(usize, usize)>) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let mut index = vec![UNSEEN; count];
    let mut low = vec![0; count];
    let mut on_stack = vec![false; count];
    let mut component = vec![UNSEEN; count];
    let (mut stack, mut next) = (Vec::new(), 0);
    for start in 0..count {
        if index[start] != UNSEEN {
            continue;
        }
        let mut calls = vec![(start, edges.range((start, 0)..=(start, usize::MAX)))];
        (index[start], low[start], on_stack[start]) = (next, next, true);
        next += 1;
        stack.push(start);
        while let Some((node, successors)) = calls.last_mut() {
            let node = *node;
            match successors.next() {
                Some((_, then)) if index[*then] == UNSEEN => {
                    (index[*then], low[*then], on_stack[*then]) = (next, next, true);
                    next += 1;
                    stack.push(*then);
                    calls.push((*then, edges.range((*then, 0)..=(*then, usize::MAX))));
                }
                Some((_, then)) if on_stack[*then] => low[node] = low[node].min(index[*then]),
                Some(_) => {}
                None => {
                    calls.pop();
                    if let Some((parent, _)) = calls.last() {
                        low[*parent] = low[*parent].min(low[node]);
                    }
                    if low[node] == index[node] {
                        close(node, &mut stack, &mut on_stack, &mut component);
                    }
                }
            }
        }
    }
    component
}

/// Takes a whole component off the stack.
fn close(root: usize, stack: &mut Vec<usize>, on_stack: &mut [bool], component: &mut [usize]) {
    let from = stack.iter().rposition(|node| *node == root).unwrap_or(0);
    let members = stack.split_off(from);
    let least = members.iter().copied().min().unwrap_or(root);
    for member in members {
        on_stack[member] = false;
        component[member] = least;
    }
}

/// Sets of nodes that grow together.
pub(crate) struct DisjointSets(Vec<usize>);

impl DisjointSets {
    pub(crate) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The least member of the set.
    pub(crate) fn root(&mut self, node: usize) -> usize {
        let mut root = node;
        while self.0[root] != root {
            root = self.0[root];
        }
        let mut at = node;
        while self.0[at] != root {
            at = std::mem::replace(&mut self.0[at], root);
        }
        root
    }

    pub(crate) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
